"""Exercises of notebook 02: the parts that a text is billed as, and the last line that binds a PIN to a site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.learner import run
from sms2fa.lessons.probes import (
    ANYTHING,
    Case,
    Finding,
    judge_result,
    matches,
    result_rows,
    shown_call,
    try_case,
    try_cases,
)

NOTEBOOK = "02_send_the_sms"

_TABLES = """ASCII_PARTS = (140, 264, 396, 528, 660)
OTHER_PARTS = (70, 132, 198, 264, 330, 396, 462, 528, 594, 660)
"""
_TOO_EARLY = "A text of 140 characters fills its part to the last one. It is still one part."
_FULL_PARTS = "140 characters are the room of a message of one part only. In a longer one each part holds 132 or less."
_ONE_TABLE = (
    "This text has a character outside ASCII, so it goes by the other table: 70 characters fill a part, not 140."
)
_BYTES = "You count bytes. Xoxzo counts characters, and the curly apostrophe is one character of three bytes."
_ASCII_TOO = "This text is ASCII alone: spaces and full stops belong to it. 140 of its characters fill a part, not 70."
_ON_THE_AIR = "You count segments on the air, by the alphabet of the phone network. Xoxzo bills by its own table."


def _judge_sms_3(answer: Callable[..., Any]) -> Finding | None:
    first = (
        Case(("Your PIN is 042917.",), 1),
        Case(("Your PIN is 042917. " * 5,), 1, ((2, _ASCII_TOO),)),
        Case(("x" * 140,), 1, ((2, _TOO_EARLY),)),
    )
    if finding := try_cases(answer, "parts", first):
        return finding
    bytes_counted = run(answer, "’" * 24) == 2  # 24 characters, 72 bytes
    segments = [run(answer, text) for text in ("x" * 141, "x" * 161, "é" * 71, "€" * 81)] == [1, 2, 1, 2]
    on_the_air = ((1, _ON_THE_AIR),) if segments else ()
    return try_cases(
        answer,
        "parts",
        (
            Case(("x" * 141,), 2, on_the_air),
            Case(("x" * 69 + "’",), 1, ((2, _BYTES),) if bytes_counted else ()),
            Case(("x" * 70 + "’",), 2, ((1, _ONE_TABLE),)),
            Case(("x" * 264,), 2),
            Case(("x" * 265,), 3, ((2, _FULL_PARTS),)),
            Case(("é" * 71,), 2, ((1, _ONE_TABLE),)),
            Case(("’" * 133,), 3),
            Case(("x" * 660,), 5),
            Case(("あ" * 660,), 10),
        ),
    )


SMS_3 = Exercise(
    id="sms-3",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="Count the parts of a message",
    answer="parts",
    statement="""How many **parts** does Xoxzo bill for a text? The tables say how many characters fit into one part, \
into two, and so on: the first for texts of ASCII alone, the second for all others.

`parts(text)` gets a text of 1 to 660 characters. Write it yourself, without `count_segments`; compare the two \
afterwards.""",
    stub=_TABLES
    + '''

def parts(text):
    """How many parts Xoxzo bills for this text."""
    table = ...  # which of the two?
    count = ...  # how many of its entries are too small for this text?
    return count + 1
''',
    hints=(
        "A text knows whether it is ASCII alone: `text.isascii()`.",
        (
            "An entry is too small where `room < len(text)`. Go through the table and count those: `sum(... for "
            "room in table)`."
        ),
    ),
    solution=_TABLES
    + '''

def parts(text):
    """How many parts Xoxzo bills for this text."""
    table = ASCII_PARTS if text.isascii() else OTHER_PARTS
    count = sum(room < len(text) for room in table)
    return count + 1
''',
    mistakes=(
        Mistake("begins a part too early", "def parts(text):\n    return len(text) // 140 + 1\n", _TOO_EARLY),
        Mistake(
            "gives each part 140",
            (
                "from math import ceil\n\n\ndef parts(text):\n"
                "    return ceil(len(text) / (140 if text.isascii() else 70))\n"
            ),
            _FULL_PARTS,
        ),
        Mistake(
            "knows one table",
            f"{_TABLES}\n\ndef parts(text):\n    return 1 + sum(room < len(text) for room in ASCII_PARTS)\n",
            _ONE_TABLE,
        ),
        Mistake(
            "counts bytes",
            f"{_TABLES}\n\ndef parts(text):\n    table = ASCII_PARTS if text.isascii() else OTHER_PARTS\n"
            "    return 1 + sum(room < len(text.encode()) for room in table)\n",
            _BYTES,
        ),
        Mistake(
            "asks for letters and digits",
            f"{_TABLES}\n\ndef parts(text):\n    table = ASCII_PARTS if text.isalnum() else OTHER_PARTS\n"
            "    return 1 + sum(room < len(text) for room in table)\n",
            _ASCII_TOO,
        ),
        Mistake(
            "counts segments",
            "from sms2fa import count_segments\n\n\ndef parts(text):\n    return count_segments(text).gsm_parts\n",
            _ON_THE_AIR,
        ),
    ),
    why="You know the price of a message before it is sent, and which character doubled it.",
    judge=_judge_sms_3,
)

_SAME_LINE = "The binding has to be a line of its own: put a newline (`\\n`) before the @."
_NO_HASH = "The PIN needs a # in front. Without it a browser does not know which word is the PIN."
_AN_ADDRESS = "After the @ comes the bare domain, without `https://` and without a slash."
_NOT_LAST = "The binding has to be the last line. Below it stands more text, so a browser does not look at it."


def _judge_sms_5(answer: Callable[..., Any]) -> Finding | None:
    for arguments in (
        ("Your PIN is 042917.", "shop.example", "042917"),
        ("This is Xoxzo. Your PIN is 004217. Tell it to nobody.", "login.shop.example", "004217"),
    ):
        if finding := try_case(answer, "bound", Case(arguments, ANYTHING)):
            return finding
        text, host, pin = arguments
        call, got, wanted = shown_call("bound", arguments), run(answer, *arguments), f"{text}\n@{host} #{pin}"
        if not isinstance(got, str) or matches(got, wanted):
            finding = judge_result(call, got, wanted)
        else:
            finding = Finding(
                _about_last_line(got, *arguments), (("tried", call), *result_rows(got), ("expected", repr(wanted)))
            )
        if finding:
            return finding
    return None


def _about_last_line(got: str, text: str, host: str, pin: str) -> str:
    last = got.splitlines()[-1] if got else ""
    if "://" in got:
        return _AN_ADDRESS
    if f"@{host} #{pin}" in got.splitlines()[:-1]:
        return _NOT_LAST
    if last == f"@{host} {pin}":
        return _NO_HASH
    if last.endswith(f"@{host} #{pin}") and not last.startswith("@"):
        return _SAME_LINE
    if last == f"@{host} #{pin}":
        return "The last line is right. Above it the text should stand as it was, and nothing else."
    return f"The last line is {last!r}. Expected '@{host} #{pin}'."


SMS_5 = Exercise(
    id="sms-5",
    notebook=NOTEBOOK,
    level=Level.EXTRA,
    title="Bind the PIN to your site",
    answer="bound",
    statement="""A browser offers to fill in a **PIN** from an SMS, but on the right site alone, if the last line of \
the message is `@`, the bare domain, one space, `#` and the PIN. A phishing site gets no such offer.

`bound(text, host, pin)` returns the text with that line below it.""",
    stub='''def bound(text, host, pin):
    """The text, and below it the line that binds the PIN to the site."""
    return ...  # your code here
''',
    hints=(
        "Three things in one f-string: the text, a newline, and the last line.",
        'The last line for shop.example and 042917 is `"@shop.example #042917"`. A newline is `"\\n"`.',
    ),
    solution='''def bound(text, host, pin):
    """The text, and below it the line that binds the PIN to the site."""
    return f"{text}\\n@{host} #{pin}"
''',
    mistakes=(
        Mistake(
            "stays on the same line", 'def bound(text, host, pin):\n    return f"{text} @{host} #{pin}"\n', _SAME_LINE
        ),
        Mistake("forgets the #", 'def bound(text, host, pin):\n    return f"{text}\\n@{host} {pin}"\n', _NO_HASH),
        Mistake(
            "writes an address",
            'def bound(text, host, pin):\n    return f"{text}\\n@https://{host} #{pin}"\n',
            _AN_ADDRESS,
        ),
        Mistake("puts it first", 'def bound(text, host, pin):\n    return f"@{host} #{pin}\\n{text}"\n', _NOT_LAST),
    ),
    why="The browser fills in the PIN on your site alone. A person in a hurry is helped to notice the wrong one.",
    judge=_judge_sms_5,
)

EXERCISES = (SMS_3, SMS_5)
