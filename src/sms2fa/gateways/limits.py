"""Calls that are waited on for a limited time, by whatever client makes them.

`xoxzo.cloudpy` sets no timeout, and the one of `requests` begins anew with every byte. So a call runs in a worker
thread that is waited on; neither library is patched.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

from sms2fa.errors import OutcomeUnknown, ProviderUnreachable, TwoFactorError

T = TypeVar("T")

MOST_ABANDONED = 8  # calls that hang; with more of them a hanging provider would eat the memory


class LimitedCalls:
    """Makes calls, and abandons those that take too long."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._abandoned = 0

    def call(self, request: Callable[[], T], seconds: float) -> T:
        """Make a call in a thread of its own, and wait for it.

        Raises:
            OutcomeUnknown: where it takes longer (it goes on behind our back), or fails in a way that nobody foresaw.
            ProviderUnreachable: where eight earlier calls still hang; this one is not made.
        """
        with self._lock:
            if self._abandoned >= MOST_ABANDONED:
                raise ProviderUnreachable(f"{MOST_ABANDONED} earlier calls to Xoxzo still hang; try again later")
        answers: SimpleQueue[T | Exception] = SimpleQueue()
        finished = threading.Event()
        given_up = threading.Event()

        def work() -> None:
            try:
                answers.put(request())
            except Exception as error:  # noqa: BLE001 - handed to the caller, below
                answers.put(error)
            with self._lock:
                finished.set()
                if given_up.is_set():
                    self._abandoned -= 1

        threading.Thread(target=work, name="xoxzo-call", daemon=True).start()
        try:
            answer = answers.get(timeout=max(0, seconds))
        except Empty:
            with self._lock:
                if not finished.is_set():
                    given_up.set()
                    self._abandoned += 1
            raise OutcomeUnknown("no answer from Xoxzo in time; the SMS may have gone out or not") from None
        if isinstance(answer, TwoFactorError):
            raise answer
        if isinstance(answer, Exception):  # without its words, which may hold the text
            raise OutcomeUnknown(
                f"the call to Xoxzo failed ({type(answer).__name__}); the SMS may have gone out or not"
            )
        return answer
