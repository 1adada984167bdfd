"""What happens behind the API: messages are accepted, carried, and reported on, on a clock that can be pushed."""

from __future__ import annotations

import logging
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from sms2fa.clock import Clock
from sms2fa.errors import InvalidInput, InvalidPhoneNumber
from sms2fa.message import count_segments
from sms2fa.phone import mask_phone, parse_phone
from sms2fa.sandbox.agenda import Agenda
from sms2fa.sandbox.handset import shown_sender

DELIVERING_AFTER = timedelta(seconds=1)  # Assumed: Xoxzo says only that delivery is usually within two minutes.
REPORTED_AFTER = timedelta(seconds=3)
COST_PER_PART = 10  # credits. Assumed: the documentation's example has "cost": 10.

_log = logging.getLogger(__name__)


class Ending(StrEnum):
    """How a delivery ends, in the words of the status."""

    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    LOST = "LOST"  # never arrives, and no carrier ever says so: its status stays DELIVERING


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a carrier does with a message.

    Attributes:
        late: how long after it was accepted the phone has it.
        ending: only what is DELIVERED arrives.
        copies: how often it arrives.
    """

    late: timedelta = timedelta(0)
    ending: Ending = Ending.DELIVERED
    copies: int = 1

    def __post_init__(self) -> None:
        if self.copies < 1 or self.late < timedelta(0):
            raise InvalidInput("expected one copy or more, and a delay of 0 or more", field="delivery")


@dataclass(frozen=True, slots=True)
class CarrierRules:
    """How the carriers behave. The default is a good day; but for `shown_sender`, nothing here happens unasked.

    Attributes:
        delivery: to all numbers that `by_number` does not name.
        by_number: to these, in E.164.
        repeats_dropped_within: the same text (digits aside) to the same number within this time never arrives. Xoxzo
            says "about a minute". None for never.
        kddi: numbers in the network of KDDI, which shows no alphanumeric sender.
    """

    delivery: Delivery = Delivery()
    by_number: Mapping[str, Delivery] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    repeats_dropped_within: timedelta | None = None
    kddi: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class SandboxMessage:
    """A message that the sandbox accepted.

    Attributes:
        recipient: E.164.
        sender: as the caller gave it.
        shown_sender: as the phone shows it.
        text: what the phone shows.
        msgid: its name at the API.
        sent_at: when it was accepted (aware UTC).
        cost: in Xoxzo's credits.
        tags: as the caller gave them.
        account: the SID of whoever sent it.
        delivery: what becomes of it.
    """

    recipient: str
    sender: str
    shown_sender: str
    text: str
    msgid: str
    sent_at: datetime
    cost: int
    tags: str
    account: str
    delivery: Delivery
    _clock: Clock = field(compare=False)

    @property
    def status(self) -> str:
        """QUEUED, then DELIVERING, then DELIVERED or FAILED, by the sandbox' clock."""
        now = self._clock.now()
        if self.reported and now >= self.reported_at:
            return self.delivery.ending.value
        return "DELIVERING" if now - self.sent_at >= DELIVERING_AFTER else "QUEUED"

    @property
    def reported(self) -> bool:
        """Whether the carrier reports in the end. A lost message it never mentions again."""
        return self.delivery.ending is not Ending.LOST

    @property
    def reported_at(self) -> datetime:
        """When the carrier reports (aware UTC)."""
        return self.sent_at + max(self.delivery.late, REPORTED_AFTER)

    @property
    def arrived(self) -> bool:
        """Whether the phone has it."""
        return self.delivery.ending is Ending.DELIVERED and self._clock.now() - self.sent_at >= self.delivery.late

    def __repr__(self) -> str:
        return f"SandboxMessage({self.msgid} to {mask_phone(self.recipient)}, {self.status})"


Listener = Callable[[SandboxMessage], None]


class Carrier:
    """Accepts messages and hands each to the phones that listen.

    A phone shows a message when it is accepted, or later where the rules say so; the delivery report follows on the
    clock, as reports do.

    Args:
        clock: what everything goes by.
        kept: how many messages are remembered; beyond that the oldest are dropped, and counted.

    Attributes:
        rules: how the carriers behave. Give it others at any time.
        agenda: messages that are late.
        dropped: how many messages were forgotten.
    """

    def __init__(self, clock: Clock, kept: int = 10_000) -> None:
        if kept < 1:
            raise InvalidInput(f"expected to keep 1 message or more, got {kept}", field="kept")
        self.clock = clock
        self.rules = CarrierRules()
        self.agenda = Agenda(clock)
        self.dropped = 0
        self._kept = kept
        self._lock = threading.Lock()
        self._messages: OrderedDict[str, SandboxMessage] = OrderedDict()
        self._newest: OrderedDict[tuple[str, str], datetime] = OrderedDict()  # when a text last went to a number
        self._listeners: list[Listener] = []

    def accept(self, *, recipient: str, sender: str, text: str, tags: str = "", account: str = "") -> SandboxMessage:
        """Take a message that passed all checks."""
        message = SandboxMessage(
            recipient=recipient,
            sender=sender,
            shown_sender=shown_sender(sender, recipient, on_kddi=recipient in self.rules.kddi),
            text=text,
            msgid=secrets.token_urlsafe(12),
            sent_at=self.clock.now(),
            cost=cost_of(text),
            tags=tags,
            account=account,
            delivery=self._delivery(recipient, text),
            _clock=self.clock,
        )
        with self._lock:
            self._messages[message.msgid] = message
            if len(self._messages) > self._kept:
                self._messages.popitem(last=False)
                self.dropped += 1
        if message.arrived:
            self._hand_over(message)
        elif message.delivery.ending is Ending.DELIVERED:
            self.agenda.at(message.sent_at + message.delivery.late, lambda: self._hand_over(message))
        return message

    def find(self, msgid: str) -> SandboxMessage | None:
        """The message of that name, or None."""
        with self._lock:
            return self._messages.get(msgid)

    def messages(self) -> list[SandboxMessage]:
        """The messages that are remembered, oldest first."""
        with self._lock:
            return list(self._messages.values())

    def listen(self, listener: Listener) -> None:
        """Call `listener` with each message to come, when it arrives."""
        with self._lock:
            self._listeners.append(listener)

    def _delivery(self, recipient: str, text: str) -> Delivery:
        rules = self.rules
        if not _receives_sms(recipient) or self._repeats(recipient, text, rules.repeats_dropped_within):
            return Delivery(ending=Ending.FAILED)
        return rules.by_number.get(recipient, rules.delivery)

    def _repeats(self, recipient: str, text: str, within: timedelta | None) -> bool:
        if within is None:
            return False
        now, key = self.clock.now(), (recipient, re.sub(r"[0-9]", "0", text))
        with self._lock:
            while self._newest and now - next(iter(self._newest.values())) >= within:
                self._newest.popitem(last=False)
            repeats = key in self._newest and now - self._newest[key] < within
            self._newest[key] = now
            self._newest.move_to_end(key)
        return repeats

    def _hand_over(self, message: SandboxMessage) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners * message.delivery.copies:
            try:
                listener(message)
            except Exception:  # noqa: BLE001 - a phone that breaks must not break the API
                _log.exception("a listener failed on %r", message)


def cost_of(text: str) -> int:
    """Credits for a text, by the parts of Xoxzo's table."""
    return COST_PER_PART * (count_segments(text).xoxzo_parts or 1)


@lru_cache(maxsize=1024)  # a number that is written to again needs no second look at its numbering plan
def _receives_sms(recipient: str) -> bool:
    try:
        parse_phone(recipient)
    except InvalidPhoneNumber:
        return False
    return True
