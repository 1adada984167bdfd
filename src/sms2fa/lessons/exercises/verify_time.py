"""An exercise of notebook 03: the moment at which a PIN runs out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.learner import run
from sms2fa.lessons.probes import Case, Finding, Raises, try_cases

NOTEBOOK = "03_verify_the_pin"

_STILL_WORKS = "At exactly five minutes your PIN still works. The lifetime is over then: `>=`, not `>`."
_ONE_MOMENT = "Your PIN works again a moment after its end. Once its lifetime is over it stays expired: `>=`, not `==`."
_SECONDS_OF_A_DAY = (
    "Your PIN works again after a day. If you use `.seconds`: it leaves out the days. Compare whole timedeltas, or "
    "`.total_seconds()`."
)
_OTHER_CLOCK = (
    "Your function looks at the clock of this machine. Use `now`: then a test, or a lesson, can push the time."
)
_TURNED_ROUND = "Your answer is the other way round: True means that the PIN has run out."
_NAIVE = (
    "A moment without a time zone, such as `datetime.now()`, cannot be compared with one that has one. You have `now`."
)
_WITH_A_NUMBER = (
    "Your function compares a timedelta with a number, and Python cannot. `lifetime` is a timedelta: compare with that."
)
_OF_ITS_OWN = "Your function answers the same whatever `lifetime` is. It is not always five minutes: use `lifetime`."

_CREATED = datetime(2018, 5, 2, 9, 0, tzinfo=UTC)  # long past, so that another clock shows
_LATER = _CREATED.replace(year=2118)  # long to come
_LIFE = timedelta(minutes=5)
_SECOND, _MOMENT = timedelta(seconds=1), timedelta(microseconds=1)
_LIVES = {"5 minutes": _LIFE, "10 minutes": 2 * _LIFE, "90 seconds": timedelta(seconds=90), "2 days": timedelta(days=2)}


def _case(words: str, after: timedelta, *known: tuple[Any, str], life: str = "5 minutes") -> Case:
    moments = (_CREATED, _LIVES[life], _CREATED + after)
    return Case(moments, after >= _LIVES[life], known, f"expired(created_at, {life}, now)", words)


def _judge_verify_2(answer: Callable[..., Any]) -> Finding | None:
    def said(after: timedelta, life: timedelta = _LIFE, created: datetime = _CREATED) -> Any:
        return run(answer, created, life, created + after)

    clocks = [[said(after, created=created) for after in (_SECOND, 2 * _LIFE)] for created in (_CREATED, _LATER)]
    if all(isinstance(each, bool) for clock in clocks for each in clock) and clocks[0] != clocks[1]:
        rows = (
            ("1 second after it was made", f"in 2018 {clocks[0][0]}, in 2118 {clocks[1][0]}"),
            ("expected", "False"),
        )
        return Finding(_OTHER_CLOCK, rows)
    early = _case(
        "1 second after it was made",
        _SECOND,
        (Raises(TypeError, "offset-naive"), _NAIVE),
        *((Raises(TypeError, f"'datetime.timedelta' and '{kind}'"), _WITH_A_NUMBER) for kind in ("int", "float")),
        *(((True, _TURNED_ROUND),) if clocks[0] == [True, False] else ()),
    )
    one_moment = (said(_LIFE), said(_LIFE + _MOMENT)) == (True, False)
    own = all(said(_LIFE, life) is said(_LIFE) for life in _LIVES.values())
    return try_cases(
        answer,
        "expired",
        (
            early,
            _case("5 minutes and 1 second after it was made", _LIFE + _SECOND, *(((False, _ONE_MOMENT),) * one_moment)),
            _case("1 second before the 5 minutes are full", _LIFE - _SECOND),
            _case("a moment after the 5 minutes are full", _LIFE + _MOMENT),
            _case("5 minutes after it was made", _LIFE, (False, _STILL_WORKS)),
            _case("a day and 1 second after it was made", timedelta(days=1, seconds=1), (False, _SECONDS_OF_A_DAY)),
            _case("a year after it was made", timedelta(days=365)),
            _case(
                "7 minutes after it was made", timedelta(minutes=7), *(((True, _OF_ITS_OWN),) * own), life="10 minutes"
            ),
            _case("10 minutes after it was made", 2 * _LIFE, life="10 minutes"),
            _case("91 seconds after it was made", timedelta(seconds=91), life="90 seconds"),
            _case("89 seconds after it was made", timedelta(seconds=89), life="90 seconds"),
            _case("a day after it was made", timedelta(days=1), life="2 days"),
            _case("3 days after it was made", timedelta(days=3), life="2 days"),
        ),
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
        Mistake("compares with a number of seconds", f"{_EXPIRED}    return now - created_at >= 300\n", _WITH_A_NUMBER),
        Mistake("asks for the one moment", f"{_EXPIRED}    return now == created_at + lifetime\n", _ONE_MOMENT),
        Mistake(
            "has a lifetime of its own",
            f"from datetime import timedelta\n\n\n{_EXPIRED}    return now >= created_at + timedelta(minutes=5)\n",
            _OF_ITS_OWN,
        ),
    ),
    why="A PIN that was read a week later is worth nothing. And since time is an argument, your tests need not wait.",
    judge=_judge_verify_2,
)

EXERCISES = (VERIFY_2,)
