"""An exercise of notebook 03: a comparison whose time tells nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.exercises.watched import Log, watched
from sms2fa.lessons.learner import run
from sms2fa.lessons.probes import Case, Finding, Raises, try_cases

NOTEBOOK = "03_verify_the_pin"

_STOPS_EARLY = (
    "`==` stops at the first character that differs, so its time tells how much of the PIN was right. "
    "Use `hmac.compare_digest`, which looks at all of them."
)
_LOOP_STOPS = "Your loop stops at the first digit that differs: a PIN whose first digit is wrong is answered sooner."
_NUMBERS = (
    "'42917' and '042917' are the same for your function, as they are for numbers. A PIN is text: compare it as text."
)
_NOT_ASCII = (
    "`compare_digest` raises TypeError for a text with other characters than ASCII, such as the digits of a Japanese "
    "keyboard. Encode both: it takes bytes of any kind."
)
_SHORTEST_ENDS = (
    "Texts of different lengths are the same for your function. If you use `zip`: it ends with the shorter text. "
    "Compare the lengths too."
)
_ONE_SIDE = "Bytes and a text meet in your function, and Python compares two of a kind only. Encode both."
_MIXED = ("combination of types", "bytes-like object is required, not 'str'")  # what Python says then
_NO_CHARACTER = (
    "Your encoding does not have all characters, so the digits of a Japanese keyboard raise UnicodeEncodeError. "
    "`.encode()` without a name is UTF-8, which has them all."
)
_LEFT_OUT = (
    "'042917é' and '042917' are the same for your function, so something was left out of what was typed. `.encode()` "
    'without `"ignore"` keeps every character.'
)


def _comparisons(answer: Callable[..., Any], typed: str) -> Log:
    """The lengths of what was compared with `==` while the function looked at a PIN."""
    log: Log = []
    run(answer, watched("042917", log), watched(typed, log))
    return log


def _judge_verify_1(answer: Callable[..., Any]) -> Finding | None:
    finding = try_cases(
        answer,
        "same",
        (
            Case(("042917", "042917"), True, tuple((Raises(TypeError, words), _ONE_SIDE) for words in _MIXED)),
            Case(("042917", "042918"), False),
            Case(("042917", "942917"), False),
            Case(("042917", "42917"), False, ((True, _NUMBERS),)),
            Case(
                ("042917", "０４２９１７"),
                False,
                ((Raises(TypeError, "non-ASCII"), _NOT_ASCII), (Raises(UnicodeEncodeError), _NO_CHARACTER)),
            ),
            Case(("042917", ""), False, ((True, _SHORTEST_ENDS),)),
            Case(("042917", "0429170"), False, ((True, _SHORTEST_ENDS),)),
            Case(("042917", "042917é"), False, ((True, _LEFT_OUT),)),
        ),
    )
    if finding:
        return finding
    first_wrong, last_wrong = _comparisons(answer, "942917"), _comparisons(answer, "042918")
    if any(length > 1 for length in first_wrong):
        return Finding(_STOPS_EARLY, (("tried", "same('042917', '942917')"), ("compared with ==", "the whole PIN")))
    if first_wrong != last_wrong:
        rows = (
            ("first digit wrong", f"{len(first_wrong)} of 6 digits compared"),
            ("last digit wrong", f"{len(last_wrong)} of 6 digits compared"),
        )
        return Finding(_LOOP_STOPS, rows)
    return None


_SAME = "def same(pin, typed):\n"

VERIFY_1 = Exercise(
    id="verify-1",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="Compare in constant time",
    answer="same",
    statement="""Say whether the **PIN** that was typed is the right one, **in constant time**: a wrong PIN is \
answered equally fast wherever it differs.

`same(pin, typed)` gets two texts and returns True or False, whatever was typed.""",
    stub='''import hmac


def same(pin, typed):
    """Whether they are equal; the time tells nothing about where they differ."""
    return hmac.compare_digest(..., ...)  # what goes in here?
''',
    hints=(
        "`compare_digest` raises TypeError for texts that are not ASCII alone. Which other type does it take?",
        "Turn both into bytes: `pin.encode()`, and the same for what was typed.",
    ),
    solution='''import hmac


def same(pin, typed):
    """Whether they are equal; the time tells nothing about where they differ."""
    return hmac.compare_digest(pin.encode(), typed.encode())
''',
    mistakes=(
        Mistake("compares with ==", f"{_SAME}    return pin == typed\n", _STOPS_EARLY),
        Mistake("compares bytes with ==", f"{_SAME}    return pin.encode() == typed.encode()\n", _STOPS_EARLY),
        Mistake("compares numbers", f"{_SAME}    return int(pin) == int(typed)\n", _NUMBERS),
        Mistake(
            "hands texts to compare_digest",
            f"import hmac\n\n\n{_SAME}    return hmac.compare_digest(pin, typed)\n",
            _NOT_ASCII,
        ),
        Mistake(
            "encodes one side",
            f"import hmac\n\n\n{_SAME}    return hmac.compare_digest(pin.encode(), typed)\n",
            _ONE_SIDE,
        ),
        Mistake(
            "encodes as ASCII",
            f'import hmac\n\n\n{_SAME}    return hmac.compare_digest(pin.encode("ascii"), typed.encode("ascii"))\n',
            _NO_CHARACTER,
        ),
        Mistake(
            "leaves out what is not ASCII",
            f"import hmac\n\n\n{_SAME}"
            '    return hmac.compare_digest(pin.encode("ascii", "ignore"), typed.encode("ascii", "ignore"))\n',
            _LEFT_OUT,
        ),
        Mistake(
            "leaves a loop early",
            f"{_SAME}    if len(pin) != len(typed):\n        return False\n"
            "    for a, b in zip(pin, typed):\n        if a != b:\n            return False\n    return True\n",
            _LOOP_STOPS,
        ),
        Mistake(
            "forgets the length",
            f"{_SAME}    wrong = 0\n    for a, b in zip(pin, typed):\n        wrong += a != b\n    return wrong == 0\n",
            _SHORTEST_ENDS,
        ),
    ),
    why=(
        "The time of the answer tells nothing. The package compares keyed digests in the same way, and "
        "always all of them."
    ),
    judge=_judge_verify_1,
)

EXERCISES = (VERIFY_1,)
