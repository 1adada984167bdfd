"""Two more ways to reach a subscriber through Xoxzo, each a gateway: an approved template, and a voice call."""

from __future__ import annotations

from dataclasses import dataclass, field

from sms2fa.gateways import Receipt
from sms2fa.gateways.xoxzo import XoxzoGateway
from sms2fa.message import Message
from sms2fa.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class ByTemplate:
    """Sends an approved template, for an account that may not send free-form text.

    Attributes:
        gateway: the account.
        template_id: of a template whose placeholders are among the message's variables: ``pin`` and ``service``
            where `sms2fa.compose` made it.
    """

    gateway: XoxzoGateway
    template_id: int

    @property
    def live(self) -> bool:
        """Whether a message goes to a real phone."""
        return self.gateway.live

    def send(self, message: Message, *, to: PhoneNumber) -> Receipt:
        """See `XoxzoGateway.send_template`."""
        return self.gateway.send_template(self.template_id, message, to=to)

    def receipt(self, msgid: str) -> Receipt:
        """See `XoxzoGateway.receipt`."""
        return self.gateway.receipt(msgid)


@dataclass(frozen=True, slots=True)
class ByVoice:
    """Calls, and reads the PIN out twice, digit by digit: where an SMS does not arrive, or cannot be read.

    Attributes:
        gateway: the account.
        caller: the number to show, where the carrier lets it.
        language: of the voice.
    """

    gateway: XoxzoGateway
    caller: str = field(repr=False)
    language: str = "en"

    @property
    def live(self) -> bool:
        """Whether a real phone rings."""
        return self.gateway.live

    def send(self, message: Message, *, to: PhoneNumber) -> Receipt:
        """See `XoxzoGateway.call`."""
        return self.gateway.call(message, to=to, caller=self.caller, language=self.language)

    def receipt(self, callid: str) -> Receipt:
        """See `XoxzoGateway.call_receipt`."""
        return self.gateway.call_receipt(callid)
