"""An exercise of notebook 03: a comparison whose time tells nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.learner import run
from sms2fa.lessons.probes import Case, Finding, Raises, try_cases

NOTEBOOK = "03_verify_the_pin"

_STOPS_EARLY = (
    "`==` stops at the first character that differs, so its time tells how much of the PIN was right. "
    "Use `hmac.compare_digest`, which looks at all of them."
)
_LOOP_STOPS = "Your loop stops at the first digit that differs: a PIN whose first digit is wrong is answered sooner."
_NUMBERS = "You compare numbers, and as numbers '42917' and '042917' are the same. A PIN is text."
_NOT_ASCII = (
    "`compare_digest` raises TypeError for a text with other characters than ASCII, such as the digits of a Japanese "
    "keyboard. Encode both: it takes bytes of any kind."
)
_SHORTEST_ENDS = (
    "`zip` ends with the shorter text, so one digit, or none, is enough to get in. Compare the lengths too."
)


class _Watched(str):
    """A text that counts how often it, or one of its characters, is compared with `==`."""

    log: list[int]

    def __eq__(self, other: object) -> bool:
        self.log.append(len(self))
        return str.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def __iter__(self) -> Iterator[str]:
        return (_watched(character, self.log) for character in str(self))

    def __getitem__(self, place: Any) -> str:
        return _watched(str.__getitem__(self, place), self.log)

    def encode(self, *arguments: Any, **options: Any) -> bytes:
        watched = _WatchedBytes(str.encode(self, *arguments, **options))
        watched.log = self.log
        return watched


class _WatchedBytes(bytes):
    """The same for bytes."""

    log: list[int]

    def __eq__(self, other: object) -> bool:
        self.log.append(len(self))
        return bytes.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = bytes.__hash__


def _watched(text: str, log: list[int]) -> _Watched:
    watched = _Watched(text)
    watched.log = log
    return watched


def _comparisons(answer: Callable[..., Any], typed: str) -> list[int]:
    """The lengths of what was compared with `==` while the function looked at a PIN."""
    log: list[int] = []
    run(answer, _watched("042917", log), _watched(typed, log))
    return log


def _judge_verify_1(answer: Callable[..., Any]) -> Finding | None:
    finding = try_cases(
        answer,
        "same",
        (
            Case(("042917", "042917"), True),
            Case(("042917", "042918"), False),
            Case(("042917", "942917"), False),
            Case(("042917", "42917"), False, ((True, _NUMBERS),)),
            Case(("042917", "０４２９１７"), False, ((Raises(TypeError), _NOT_ASCII), (True, _NUMBERS))),
            Case(("042917", ""), False, ((True, _SHORTEST_ENDS), (Raises(ValueError), _NUMBERS))),
            Case(("042917", "0429170"), False, ((True, _SHORTEST_ENDS),)),
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
