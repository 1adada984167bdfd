"""A gateway that keeps what it is given: for tests of code that sends."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from sms2fa.errors import MessageNotFound
from sms2fa.gateways import DeliveryStatus, Receipt
from sms2fa.message import Message
from sms2fa.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was handed over."""

    message: Message
    to: PhoneNumber
    msgid: str


class RecordingGateway:
    """Takes each message down, and then does what it is told.

    Attributes:
        live: False; set it to play a gateway that sends real SMS.
        sent: what was handed over, oldest first.
        then: what happens once a message is taken down: an exception is raised, a function is called.
    """

    def __init__(self) -> None:
        self.live = False
        self.sent: list[Sent] = []
        self.then: Callable[[], None] | BaseException | None = None
        self._msgids = itertools.count(1)
        self._statuses: dict[str, DeliveryStatus] = {}

    @property
    def pins(self) -> list[str]:
        """The PINs that `compose` wrote, oldest first."""
        return [sent.message.variables["pin"] for sent in self.sent]

    def send(self, message: Message, *, to: PhoneNumber) -> Receipt:
        """Take a message down."""
        sent = Sent(message, to, str(next(self._msgids)))
        self.sent.append(sent)
        if isinstance(self.then, BaseException):
            raise self.then
        if self.then is not None:
            self.then()
        return Receipt(sent.msgid, self._statuses.setdefault(sent.msgid, DeliveryStatus.QUEUED))

    def receipt(self, msgid: str) -> Receipt:
        """What `report` said of a message last. Raises MessageNotFound for a msgid that was not given out."""
        if msgid not in self._statuses:
            raise MessageNotFound("expected a msgid that send() returned")
        return Receipt(msgid, self._statuses[msgid])

    def report(self, msgid: str, status: DeliveryStatus) -> None:
        """Play the carrier that says what became of a message."""
        self._statuses[self.receipt(msgid).msgid] = status
