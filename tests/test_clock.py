"""Time is an argument: a clock that stands, is pushed, and is set back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sms2fa import ManualClock, SystemClock
from sms2fa.errors import InvalidInput

NINE = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("clock", [SystemClock(), ManualClock(), ManualClock(NINE)])
def test_every_clock_tells_aware_utc(clock: SystemClock | ManualClock) -> None:
    assert clock.now().tzinfo is UTC


def test_the_system_clock_tells_the_time_of_this_machine() -> None:
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)


def test_a_manual_clock_begins_at_its_creation_unless_told() -> None:
    before = datetime.now(UTC)
    assert before <= ManualClock().now() <= datetime.now(UTC)
    assert ManualClock(NINE).now() == NINE


def test_a_manual_clock_stands_still_until_it_is_pushed() -> None:
    clock = ManualClock()
    assert clock.now() == clock.now()


@pytest.mark.parametrize("seconds", [0, 1, 0.000001, 59.5, 86_400, 10**9])
def test_a_push_moves_the_clock_by_exactly_so_much(seconds: float) -> None:
    clock = ManualClock(NINE)
    clock.advance(seconds=seconds)
    assert clock.now() == NINE + timedelta(seconds=seconds)


def test_pushes_add_up() -> None:
    clock = ManualClock(NINE)
    for _ in range(60):
        clock.advance(seconds=1)
    assert clock.now() == NINE + timedelta(minutes=1)


@pytest.mark.parametrize("seconds", [-1, -0.000001])
def test_a_push_back_is_refused_and_moves_nothing(seconds: float) -> None:
    clock = ManualClock(NINE)
    with pytest.raises(ValueError, match=r"set\(\)"):
        clock.advance(seconds=seconds)
    assert clock.now() == NINE


def test_set_turns_the_clock_back_and_forward() -> None:
    clock = ManualClock(NINE)
    clock.set(NINE - timedelta(days=1))
    assert clock.now() == NINE - timedelta(days=1)
    clock.set(NINE + timedelta(days=1))
    assert clock.now() == NINE + timedelta(days=1)


def test_other_time_zones_are_turned_into_utc() -> None:
    tokyo = NINE.astimezone(timezone(timedelta(hours=9)))
    clock = ManualClock(tokyo)
    assert clock.now() == NINE
    assert clock.now().isoformat() == "2026-11-01T09:00:00+00:00"
    clock.set(tokyo + timedelta(hours=1))
    assert clock.now().isoformat() == "2026-11-01T10:00:00+00:00"


def test_a_moment_without_time_zone_is_refused_and_moves_nothing() -> None:
    clock = ManualClock(NINE)
    naive = NINE.replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        ManualClock(naive)
    with pytest.raises(ValueError, match="aware"):
        clock.set(naive)
    assert clock.now() == NINE


def test_what_a_clock_refuses_is_an_error_of_the_tree_that_names_its_field() -> None:
    with pytest.raises(InvalidInput) as caught:
        ManualClock(NINE).advance(seconds=-1)
    assert caught.value.field == "seconds"
    with pytest.raises(InvalidInput):
        ManualClock(NINE.replace(tzinfo=None))


def test_a_manual_clock_shows_its_time() -> None:
    assert repr(ManualClock(NINE)) == "ManualClock(2026-11-01T09:00:00+00:00)"
