"""Clocks: time is an argument, so that a lesson or a test can push it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sms2fa.errors import InvalidInput


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """The present moment, an aware UTC datetime."""
        ...


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """The present moment, an aware UTC datetime."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is pushed.

    Args:
        start: an aware datetime; by default the moment of creation.

    >>> clock = ManualClock(datetime(2026, 11, 1, 9, 0, tzinfo=UTC))
    >>> clock.advance(seconds=90)
    >>> clock.now().isoformat()
    '2026-11-01T09:01:30+00:00'
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._now = _aware(start or datetime.now(UTC))

    def now(self) -> datetime:
        """The moment that the clock shows, an aware UTC datetime."""
        with self._lock:
            return self._now

    def advance(self, *, seconds: float) -> None:
        """Push the clock forward. Raises ValueError for a negative number: use ``set`` to go back."""
        if seconds < 0:
            raise InvalidInput(f"expected seconds >= 0, got {seconds}; use set() to turn a clock back", field="seconds")
        with self._lock:
            self._now += timedelta(seconds=seconds)

    def set(self, moment: datetime) -> None:
        """Show another moment, earlier ones included. Raises ValueError for a datetime without time zone."""
        with self._lock:
            self._now = _aware(moment)

    def __repr__(self) -> str:
        return f"ManualClock({self.now().isoformat()})"


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise InvalidInput("expected an aware datetime such as datetime(2026, 11, 1, tzinfo=UTC)", field="moment")
    return moment.astimezone(UTC)
