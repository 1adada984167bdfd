"""What a demonstration needs beside the lesson: fifty tries at once, and the PIN that a claimant reads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sms2fa.errors import TwoFactorError
from sms2fa.sandbox import XoxzoSandbox

T = TypeVar("T", bound=Hashable)


def race(check: Callable[[], T], times: int = 50) -> Counter[T]:
    """Call ``check`` so many times at once, each in a thread of its own, and count what comes back."""
    line = Barrier(times)

    def run(_: int) -> T:
        line.wait()  # so that they start together
        return check()

    with ThreadPoolExecutor(times) as pool:
        return Counter(pool.map(run, range(times)))


def newest_pin(sandbox: XoxzoSandbox) -> str:
    """The PIN of the newest SMS, as a claimant reads it from the phone.

    Raises:
        TwoFactorError: where no message holds a PIN.
    """
    for message in reversed(sandbox.messages):
        if found := re.search(r"PIN is ([0-9]+)", message.text):
            return found[1]
    raise TwoFactorError("no SMS with a PIN has arrived yet; run the cell that sends one")
