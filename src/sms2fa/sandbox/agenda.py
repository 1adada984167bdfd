"""What is due later: an SMS that is late, a report to call back with. It goes by a clock that can be pushed."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from datetime import datetime

from sms2fa.clock import Clock

_log = logging.getLogger(__name__)


class Agenda:
    """Actions in the order of their moments.

    Attributes:
        clock: what the moments are compared with.
        planned: set while something is planned, for a thread that waits for it.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.planned = threading.Event()
        self._lock = threading.Lock()
        self._order = itertools.count()
        self._actions: list[tuple[datetime, int, Callable[[], None]]] = []

    def at(self, moment: datetime, action: Callable[[], None]) -> None:
        """Plan an action. It runs in the thread that calls `run_due`."""
        with self._lock:
            heapq.heappush(self._actions, (moment, next(self._order), action))
            self.planned.set()

    def run_due(self, stopped: threading.Event | None = None) -> None:
        """Run what is due by now, until ``stopped`` is set. An action that raises is logged, and the next one runs."""
        while (stopped is None or not stopped.is_set()) and (action := self._next_due()) is not None:
            try:
                action()
            except Exception:  # noqa: BLE001 - one broken phone must not keep the others from theirs
                _log.exception("something on the sandbox' agenda failed")

    def _next_due(self) -> Callable[[], None] | None:
        with self._lock:
            if self._actions and self._actions[0][0] <= self.clock.now():
                return heapq.heappop(self._actions)[2]
            if not self._actions:
                self.planned.clear()
            return None
