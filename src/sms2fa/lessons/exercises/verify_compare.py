"""Exercises of notebook 03: a comparison whose time tells nothing, and the moment at which a PIN runs out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.learner import run
from sms2fa.lessons.probes import Case, Finding, Raises, try_case, try_cases

NOTEBOOK = "03_verify_the_pin"

# --- verify-1: constant time ---

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

# --- verify-2: the moment it runs out ---

_STILL_WORKS = "At exactly five minutes your PIN still works. The lifetime is over then: `>=`, not `>`."
_SECONDS_OF_A_DAY = (
    "`.seconds` leaves out the days, so your PIN works again after one day. Compare whole timedeltas, or "
    "`.total_seconds()`."
)
_OTHER_CLOCK = (
    "Your function looks at the clock of this machine. Use `now`: then a test, or a lesson, can push the time."
)
_TURNED_ROUND = "Your answer is the other way round: True means that the PIN has run out."
_NAIVE = "`datetime.now()` has no time zone and cannot be compared with a moment that has one. You have `now`."

_CREATED = datetime(2018, 5, 2, 9, 0, tzinfo=UTC)  # long past, so that another clock shows
_LIFE = timedelta(minutes=5)


def _case(words: str, after: timedelta, *known: tuple[Any, str]) -> Case:
    call = f"expired(created_at, 5 minutes, now), {words}"
    return Case((_CREATED, _LIFE, _CREATED + after), after >= _LIFE, known, call)


def _judge_verify_2(answer: Callable[..., Any]) -> Finding | None:
    second = timedelta(seconds=1)
    early = _case("1 second after it was made", second, (True, _OTHER_CLOCK), (Raises(TypeError), _NAIVE))
    late = _case("5 minutes and 1 second after it was made", _LIFE + second, (False, _OTHER_CLOCK))
    findings = [try_case(answer, "expired", case) for case in (early, late)]
    if findings[0] and findings[0].sentence == _OTHER_CLOCK and findings[1]:
        return Finding(_TURNED_ROUND, findings[0].rows)
    return (
        findings[0]
        or findings[1]
        or try_cases(
            answer,
            "expired",
            (
                _case("1 second before the 5 minutes are full", _LIFE - second),
                _case("5 minutes after it was made", _LIFE, (False, _STILL_WORKS)),
                _case("a day and 1 second after it was made", timedelta(days=1, seconds=1), (False, _SECONDS_OF_A_DAY)),
                _case("a year after it was made", timedelta(days=365)),
            ),
        )
    )


_EXPIRED = "def expired(created_at, lifetime, now):\n"

VERIFY_2 = Exercise(
    id="verify-2",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="Expired at the exact moment",
    answer="expired",
    statement="""A **PIN** works for a while, its **lifetime**. With one of five minutes it still works a \
moment before the five minutes are full.

`expired(created_at, lifetime, now)` returns True where the PIN has run out. `created_at` and `now` are \
aware datetimes, `lifetime` is a timedelta.""",
    stub='''def expired(created_at, lifetime, now):
    """Whether the PIN has run out."""
    expires_at = ...  # the first moment at which it does not work
    return ...  # has that moment come?
''',
    hints=(
        "A datetime and a timedelta can be added.",
        "`expires_at` is the first moment at which it does not work any more. So what if `now` is exactly that moment?",
    ),
    solution='''def expired(created_at, lifetime, now):
    """Whether the PIN has run out."""
    expires_at = created_at + lifetime
    return now >= expires_at
''',
    mistakes=(
        Mistake("lets the last moment in", f"{_EXPIRED}    return now > created_at + lifetime\n", _STILL_WORKS),
        Mistake(
            "forgets the days",
            f"{_EXPIRED}    return (now - created_at).seconds >= lifetime.seconds\n",
            _SECONDS_OF_A_DAY,
        ),
        Mistake(
            "looks at another clock",
            f"from datetime import UTC, datetime\n\n\n{_EXPIRED}"
            "    return datetime.now(UTC) >= created_at + lifetime\n",
            _OTHER_CLOCK,
        ),
        Mistake("says the opposite", f"{_EXPIRED}    return now < created_at + lifetime\n", _TURNED_ROUND),
        Mistake(
            "takes a clock without time zone",
            f"from datetime import datetime\n\n\n{_EXPIRED}    return datetime.now() >= created_at + lifetime\n",
            _NAIVE,
        ),
    ),
    why="A PIN that was read a week later is worth nothing. And since time is an argument, your tests need not wait.",
    judge=_judge_verify_2,
)

EXERCISES = (VERIFY_1, VERIFY_2)
