"""Exercises of notebook 01: a PIN is text, and read as people type it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.learner import run
from sms2fa.lessons.probes import Case, Finding, Raises, result_rows, try_cases

NOTEBOOK = "01_generate_a_pin"

_A_NUMBER = (
    "Your PIN is the number 4217, not the text '004217': a number has no zeros at its front, and 000042 "
    "would become 42."
)
_NO_ZEROS = (
    "The zeros at the front are missing. One PIN in ten would come out too short for the form that asks for six."
)
_FIXED_ZEROS = "Two zeros go in front of every number: right for 4217, wrong for 42. Fill up to six digits instead."
_SPACES = "Your text is filled with spaces. They look like nothing on the phone; put a 0 before the width."
_AT_THE_END = "Your zeros stand at the end, so 42 and 420 give the same PIN. They belong at the front."

PIN_1 = Exercise(
    id="pin-1",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="A PIN is text",
    answer="as_pin",
    statement="""Write a number below 1,000,000 as a **one-time PIN**: a text of six digits, zeros at the front kept.

Worked example, with four digits: `f"{42:04d}"` gives `'0042'`. Now six: `as_pin(4217)` gives \
`'004217'`.""",
    stub='''def as_pin(number):
    """The number as a text of six digits."""
    return ...  # your code here
''',
    hints=(
        "In an f-string, what stands after the colon says how a value is written.",
        "`04d` in the example means: a whole number (d), four wide, filled up with 0. Which number do you change?",
    ),
    solution='''def as_pin(number):
    """The number as a text of six digits."""
    return f"{number:06d}"
''',
    mistakes=(
        Mistake("returns the number", "def as_pin(number):\n    return number\n", _A_NUMBER),
        Mistake("turns it into text as it is", "def as_pin(number):\n    return str(number)\n", _NO_ZEROS),
        Mistake("puts two zeros in front", 'def as_pin(number):\n    return "00" + str(number)\n', _FIXED_ZEROS),
        Mistake("fills with spaces", 'def as_pin(number):\n    return f"{number:6d}"\n', _SPACES),
        Mistake("fills at the end", 'def as_pin(number):\n    return str(number).ljust(6, "0")\n', _AT_THE_END),
    ),
    why="As text the PIN is the same for the SMS, the form and the comparison. As a number, one in ten would be lost.",
    judge=lambda answer: try_cases(
        answer,
        "as_pin",
        (
            Case(
                (4217,),
                "004217",
                ((4217, _A_NUMBER), ("4217", _NO_ZEROS), ("  4217", _SPACES), ("421700", _AT_THE_END)),
            ),
            Case((42,), "000042", (("0042", _FIXED_ZEROS), ("42", _NO_ZEROS))),
            Case((0,), "000000"),
            Case((999_999,), "999999"),
        ),
    ),
)

_AS_NUMBER = "Your function turns the PIN into a number, and '042917' is 42917 then: the zero at the front is gone."
_INSIDE = "The space stands in the middle, where `strip` does not reach. Take it out before you count the digits."
_UNCHANGED = "The digits of a Japanese keyboard came through as they were. They look alike, but `'０' == '0'` is False."
_FINDS_DIGITS = (
    "Your function picks digits out of anything. This was no PIN, and a typing mistake would be counted as a wrong try."
)
_FILLED_UP = "Your function filled up the digit that was missing. Nobody typed that PIN: raise ValueError instead."
_REPEATS = (
    "Your error repeats what was typed. Errors end up in logs, and a PIN with a typing mistake is nearly the PIN."
)
_ANY_SCRIPT = (
    "Your function reads digits of other scripts too, here Arabic ones. Those of a Japanese keyboard are fine, and "
    "ASCII; anything else is malformed."
)
_NONE = "Your function returned None for what is no PIN. A caller may compare it by mistake: raise ValueError."
_ARABIC = "".join(chr(0x660 + int(digit)) for digit in "042917")  # Arabic-Indic digits


def _judge_pin_4(answer: Callable[..., Any]) -> Finding | None:
    refused = Raises(ValueError)
    cases = (
        Case(("042917",), "042917", ((42917, _AS_NUMBER),)),
        Case((" 042917 ",), "042917"),
        Case(("042 917",), "042917", ((refused, _INSIDE), ("042 917", _INSIDE))),
        Case(("042-917",), "042917"),
        Case(("０４２９１７",), "042917", (("０４２９１７", _UNCHANGED),)),
        Case(("42917",), refused, ((None, _NONE), ("042917", _FILLED_UP))),
        Case(("+042917",), refused, ((None, _NONE), ("042917", _FINDS_DIGITS))),
        Case(("my PIN is 042917",), refused, ((None, _NONE), ("042917", _FINDS_DIGITS))),
        Case(("O42917",), refused, ((None, _NONE), ("42917", _FINDS_DIGITS))),
        Case(
            ("0429170",),
            refused,
            ((None, _NONE), ("042917", "Your function cut off a digit. Seven digits are no PIN.")),
        ),
        Case(("",), refused, ((None, _NONE),)),
        Case((_ARABIC,), refused, ((None, _NONE), ("042917", _ANY_SCRIPT), (_ARABIC, _ANY_SCRIPT))),
    )
    if finding := try_cases(answer, "read_pin", cases):
        return finding
    for typed in ("O42917", "42917"):
        raised = run(answer, typed)
        if typed in raised.words:
            return Finding(_REPEATS, (("tried", f"read_pin({typed!r})"), *result_rows(raised)))
    return None


PIN_4 = Exercise(
    id="pin-4",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="A PIN as people type it",
    answer="read_pin",
    statement="""Read a **PIN** as people type it. `read_pin(typed)` returns six digits as text.

Spaces and hyphens are fine, and so are the digits of a Japanese keyboard (０ to ９). Anything else, or \
another number of digits, is malformed: raise ValueError, and do not repeat in the error what was \
typed. Write it yourself, without `normalize_pin`; compare the two afterwards.""",
    stub='''def read_pin(typed):
    """Six digits as text; ValueError where that is not what was typed."""
    return ...  # your code here, on as many lines as you like
''',
    hints=(
        (
            "Three steps: translate the full-width digits, take out spaces and hyphens, then look whether six "
            "digits are left."
        ),
        'For the first step: `typed.translate(str.maketrans("０１２３４５６７８９", "0123456789"))`.',
        (
            "For the last: `len(digits) == 6 and digits.isascii() and digits.isdecimal()`. If not, raise with "
            "words of your own."
        ),
    ),
    solution='''FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def read_pin(typed):
    """Six digits as text; ValueError where that is not what was typed."""
    digits = typed.translate(FULL_WIDTH).replace(" ", "").replace("-", "")
    if len(digits) == 6 and digits.isascii() and digits.isdecimal():
        return digits
    raise ValueError("expected six digits")
''',
    mistakes=(
        Mistake("makes a number", "def read_pin(typed):\n    return int(typed)\n", _AS_NUMBER),
        Mistake(
            "takes the blanks at the ends only",
            "def read_pin(typed):\n    digits = typed.strip()\n    if len(digits) != 6:\n"
            '        raise ValueError("expected six digits")\n    return digits\n',
            _INSIDE,
        ),
        Mistake(
            "trusts isdigit",
            'def read_pin(typed):\n    digits = typed.replace(" ", "").replace("-", "")\n'
            "    if len(digits) == 6 and digits.isdigit():\n        return digits\n"
            '    raise ValueError("expected six digits")\n',
            _UNCHANGED,
        ),
        Mistake(
            "picks out the digits",
            "import unicodedata\n\n\ndef read_pin(typed):\n"
            '    digits = "".join(c for c in unicodedata.normalize("NFKC", typed) if c.isdigit())\n'
            '    if len(digits) == 6:\n        return digits\n    raise ValueError("expected six digits")\n',
            _FINDS_DIGITS,
        ),
        Mistake(
            "reads the digits of any script",
            'def read_pin(typed):\n    kept = [c for c in typed if c not in " -"]\n'
            "    if len(kept) == 6 and all(c.isdecimal() for c in kept):\n"
            '        return "".join(str(int(c)) for c in kept)\n    raise ValueError("expected six digits")\n',
            _ANY_SCRIPT,
        ),
        Mistake(
            "repeats what was typed",
            "import unicodedata\n\n\ndef read_pin(typed):\n"
            '    digits = unicodedata.normalize("NFKC", typed).replace(" ", "").replace("-", "")\n'
            "    if len(digits) == 6 and digits.isascii() and digits.isdecimal():\n        return digits\n"
            '    raise ValueError(f"not a PIN: {typed}")\n',
            _REPEATS,
        ),
    ),
    why=(
        "People copy a PIN in many ways, and all of them let the right one in. What is no PIN costs no try "
        "and fills no log."
    ),
    judge=_judge_pin_4,
)

EXERCISES = (PIN_1, PIN_4)
