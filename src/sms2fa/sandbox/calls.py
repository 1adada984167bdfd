"""Voice calls: a recording or a text is played to whoever answers.

Assumed: the status words, the length of a call and its cost; Xoxzo documents the request and its callid.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sms2fa.clock import Clock
from sms2fa.phone import mask_phone

ANSWERED_AFTER = timedelta(seconds=3)  # Assumed.
ENDED_AFTER = timedelta(seconds=20)  # Assumed.
COST = 20  # credits. Assumed; "required: 20" is the documentation's example of too little credit.
_KEPT = 1_000


@dataclass(frozen=True, slots=True, repr=False)
class SandboxCall:
    """A call that the sandbox made.

    Attributes:
        caller, recipient: the numbers.
        text: what is spoken, or "" for a recording.
        language: of the text.
        recording_url: what is played, or "".
        callid: its name at the API.
        started_at: when it was accepted (aware UTC).
        account: the SID of whoever made it.
    """

    caller: str
    recipient: str
    text: str
    language: str
    recording_url: str
    callid: str
    started_at: datetime
    account: str
    _clock: Clock = field(compare=False)

    @property
    def status(self) -> str:
        """QUEUED, then ANSWERED, then COMPLETED, by the sandbox' clock."""
        age = self._clock.now() - self.started_at
        if age >= ENDED_AFTER:
            return "COMPLETED"
        return "ANSWERED" if age >= ANSWERED_AFTER else "QUEUED"

    @property
    def duration(self) -> int:
        """Seconds that were spoken so far."""
        spoken = min(self._clock.now() - self.started_at, ENDED_AFTER) - ANSWERED_AFTER
        return max(0, int(spoken.total_seconds()))

    def __repr__(self) -> str:
        return f"SandboxCall({self.callid} to {mask_phone(self.recipient)}, {self.status})"


class Exchange:
    """Makes calls, and remembers the newest."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: OrderedDict[str, SandboxCall] = OrderedDict()

    def call(
        self, *, caller: str, recipient: str, text: str, language: str, recording_url: str, account: str
    ) -> SandboxCall:
        """Make a call that passed all checks."""
        callid, now = secrets.token_urlsafe(12), self._clock.now()
        call = SandboxCall(caller, recipient, text, language, recording_url, callid, now, account, self._clock)
        with self._lock:
            self._calls[callid] = call
            if len(self._calls) > _KEPT:
                self._calls.popitem(last=False)
        return call

    def find(self, callid: str) -> SandboxCall | None:
        """The call of that name, or None."""
        return self._calls.get(callid)

    def calls(self) -> list[SandboxCall]:
        """The calls that are remembered, oldest first."""
        with self._lock:
            return list(self._calls.values())
