"""The pulse of a clock: whoever pushes it, everything that goes by it is told.

A `ManualClock` tells nobody that it was pushed. A push by a widget is known here; one by a cell is seen when the cell
has run.
"""

from __future__ import annotations

from typing import Protocol
from weakref import WeakKeyDictionary, WeakSet, ref

from sms2fa.clock import Clock, ManualClock
from sms2fa.widgets.cells import NOTEBOOK


class Follower(Protocol):
    """What goes by a clock."""

    def time_passed(self) -> None:
        """The clock shows another time."""
        ...


class Pulse:
    """One for each clock; see `pulse_of`. It holds neither the clock nor its followers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = ref(clock)
        self._followers: WeakSet[Follower] = WeakSet()
        self._seen = clock.now()

    def follow(self, follower: Follower) -> None:
        """Tell it from now on."""
        self._followers.add(follower)

    def look(self) -> None:
        """Tell the followers if the clock was pushed. The time of this machine passes by itself, and is not told."""
        clock = self._clock()
        if not isinstance(clock, ManualClock) or clock.now() == self._seen:
            return
        self._seen = clock.now()
        for follower in list(self._followers):
            follower.time_passed()


_pulses: WeakKeyDictionary[Clock, Pulse] = WeakKeyDictionary()


def pulse_of(clock: Clock) -> Pulse:
    """The pulse of that clock."""
    return _pulses.setdefault(clock, Pulse(clock))


def push(clock: ManualClock, seconds: float) -> None:
    """Push a clock forward, and tell everything that goes by it. Raises InvalidInput for a negative number."""
    pulse = pulse_of(clock)
    clock.advance(seconds=seconds)
    pulse.look()


def look_at_all() -> None:
    """A cell has run: perhaps it pushed a clock."""
    for pulse in list(_pulses.values()):
        pulse.look()


NOTEBOOK.after_each_cell(look_at_all)
