from __future__ import annotations

import gc
import weakref

import pytest

from sms2fa import ManualClock, SystemClock
from sms2fa.errors import InvalidInput
from sms2fa.widgets.pulse import look_at_all, pulse_of, push


class Wrist:
    told = 0

    def time_passed(self) -> None:
        self.told += 1


@pytest.fixture
def wrist(clock: ManualClock) -> Wrist:
    wrist = Wrist()
    pulse_of(clock).follow(wrist)
    return wrist


def test_a_push_is_told_once(clock: ManualClock, wrist: Wrist) -> None:
    push(clock, 5)
    look_at_all()
    assert wrist.told == 1


def test_a_push_by_others_is_seen_when_one_looks(clock: ManualClock, wrist: Wrist) -> None:
    clock.advance(seconds=5)
    assert wrist.told == 0
    look_at_all()
    assert wrist.told == 1


def test_a_clock_that_was_turned_back_is_told_too(clock: ManualClock, wrist: Wrist) -> None:
    now = clock.now()
    push(clock, 5)
    clock.set(now)
    look_at_all()
    assert wrist.told == 2


def test_a_clock_does_not_go_back_by_a_push(clock: ManualClock, wrist: Wrist) -> None:
    with pytest.raises(InvalidInput):
        push(clock, -1)
    assert wrist.told == 0


def test_the_time_of_this_machine_is_not_told() -> None:
    clock, wrist = SystemClock(), Wrist()
    pulse_of(clock).follow(wrist)
    look_at_all()
    assert wrist.told == 0


def test_it_keeps_neither_clock_nor_follower() -> None:
    clock, wrist = ManualClock(), Wrist()
    pulse_of(clock).follow(wrist)
    gone = weakref.ref(wrist), weakref.ref(clock)
    del wrist
    gc.collect()
    assert gone[0]() is None
    del clock
    gc.collect()
    assert gone[1]() is None
