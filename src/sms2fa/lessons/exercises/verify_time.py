"""An exercise of notebook 03: the moment at which a PIN runs out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.probes import Case, Finding, Raises, try_case, try_cases

NOTEBOOK = "03_verify_the_pin"

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

EXERCISES = (VERIFY_2,)
