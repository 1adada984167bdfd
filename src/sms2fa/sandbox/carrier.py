"""What happens behind the API: messages are accepted, carried, and reported on, on a clock that can be pushed."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sms2fa.clock import Clock
from sms2fa.errors import InvalidPhoneNumber
from sms2fa.message import count_segments
from sms2fa.phone import mask_phone, parse_phone

DELIVERING_AFTER = timedelta(seconds=1)  # Assumed: Xoxzo says only that delivery is usually within two minutes.
DELIVERED_AFTER = timedelta(seconds=3)
COST_PER_PART = 10  # Assumed unit; the documentation's example has "cost": 10.

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class SandboxMessage:
    """A message that the sandbox accepted.

    Attributes:
        recipient: E.164.
        sender: as the caller gave it.
        text: what the phone shows.
        msgid: its name at the API.
        sent_at: when it was accepted (aware UTC).
        cost: in Xoxzo's credits.
        deliverable: whether its numbering plan lets the recipient receive an SMS.
    """

    recipient: str
    sender: str
    text: str
    msgid: str
    sent_at: datetime
    cost: int
    deliverable: bool
    _clock: Clock = field(compare=False)

    @property
    def status(self) -> str:
        """QUEUED, then DELIVERING, then DELIVERED, by the sandbox' clock; FAILED in the end for a landline."""
        age = self._clock.now() - self.sent_at
        if age >= DELIVERED_AFTER:
            return "DELIVERED" if self.deliverable else "FAILED"
        return "DELIVERING" if age >= DELIVERING_AFTER else "QUEUED"

    def __repr__(self) -> str:
        return f"SandboxMessage({self.msgid} to {mask_phone(self.recipient)}, {self.status})"


Listener = Callable[[SandboxMessage], None]


class Carrier:
    """Accepts messages and hands each to the phones that listen.

    A phone shows a message when it is accepted; the delivery report follows on the clock, as reports do.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._messages: dict[str, SandboxMessage] = {}
        self._listeners: list[Listener] = []

    def accept(self, *, recipient: str, sender: str, text: str) -> SandboxMessage:
        """Take a message that passed all checks."""
        message = SandboxMessage(
            recipient=recipient,
            sender=sender,
            text=text,
            msgid=secrets.token_urlsafe(12),
            sent_at=self.clock.now(),
            cost=COST_PER_PART * (count_segments(text).xoxzo_parts or 1),
            deliverable=_receives_sms(recipient),
            _clock=self.clock,
        )
        with self._lock:
            self._messages[message.msgid] = message
            listeners = list(self._listeners) if message.deliverable else []
        for listener in listeners:
            try:
                listener(message)
            except Exception:  # noqa: BLE001 - a phone that breaks must not break the API
                _log.exception("a listener failed on %r", message)
        return message

    def find(self, msgid: str) -> SandboxMessage | None:
        """The message of that name, or None."""
        with self._lock:
            return self._messages.get(msgid)

    def messages(self) -> list[SandboxMessage]:
        """All messages, oldest first."""
        with self._lock:
            return list(self._messages.values())

    def listen(self, listener: Listener) -> None:
        """Call `listener` with each message to come, from the thread that serves the request."""
        with self._lock:
            self._listeners.append(listener)


def _receives_sms(recipient: str) -> bool:
    try:
        parse_phone(recipient)
    except InvalidPhoneNumber:
        return False
    return True
