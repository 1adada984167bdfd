"""Gateways: the services that hand messages to carriers, and what the verifier needs of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sms2fa.message import Message
from sms2fa.phone import PhoneNumber


class DeliveryStatus(StrEnum):
    """What is known of a message. Accepted is not delivered."""

    QUEUED = "QUEUED"
    DELIVERING = "DELIVERING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"  # a word that we do not know


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider says of a message that it accepted."""

    msgid: str
    status: DeliveryStatus


class Gateway(Protocol):
    """What the verifier needs of a gateway."""

    @property
    def live(self) -> bool:
        """Whether a message goes to a real phone."""
        ...

    def send(self, message: Message, *, to: PhoneNumber) -> Receipt:
        """Hand over a message.

        Raises:
            GatewayRefused: nothing was sent.
            OutcomeUnknown: it may have been sent.
        """
        ...
