"""What every gateway has to do, whoever carries the messages."""

from __future__ import annotations

from typing import Protocol

import pytest

from sms2fa import ManualClock, Message, PhoneNumber, parse_phone
from sms2fa.errors import CredentialsRefused, MessageNotFound, RecipientRefused
from sms2fa.gateways import DeliveryStatus, Gateway, Receipt

MESSAGE = Message("This is Xoxzo. Your PIN is 0429175386.")
PHONE = parse_phone("+818012345678")


class ReportingGateway(Gateway, Protocol):
    """A gateway that can be asked what became of a message."""

    def receipt(self, msgid: str) -> Receipt: ...


def wrong(pin: str) -> str:
    """Another PIN of the same length."""
    return f"{(int(pin) + 1) % 10 ** len(pin):0{len(pin)}d}"


class GatewayContract:
    """Inherit, and give the four fixtures. No phone may ring: the gateway is not live."""

    @pytest.fixture
    def gateway(self) -> ReportingGateway:
        """A gateway that accepts messages, and delivers them by `clock`."""
        raise NotImplementedError

    @pytest.fixture
    def stranger(self) -> ReportingGateway:
        """The same gateway with credentials that are wrong."""
        raise NotImplementedError

    @pytest.fixture
    def refused(self) -> PhoneNumber:
        """A recipient that the provider does not send to."""
        raise NotImplementedError

    def test_it_is_not_live(self, gateway: ReportingGateway) -> None:
        assert gateway.live is False

    def test_an_accepted_message_has_a_msgid_of_its_own(self, gateway: ReportingGateway) -> None:
        receipts = [gateway.send(MESSAGE, to=PHONE) for _ in range(2)]
        assert all(isinstance(receipt, Receipt) and receipt.msgid for receipt in receipts)
        assert receipts[0].msgid != receipts[1].msgid

    def test_accepted_is_not_delivered(self, gateway: ReportingGateway) -> None:
        receipt = gateway.send(MESSAGE, to=PHONE)
        assert receipt.status is DeliveryStatus.QUEUED
        assert gateway.receipt(receipt.msgid) == receipt

    def test_the_receipt_follows_the_delivery(self, gateway: ReportingGateway, clock: ManualClock) -> None:
        msgid = gateway.send(MESSAGE, to=PHONE).msgid
        seen: list[DeliveryStatus] = []
        for _ in range(240):  # delivery is usually within two minutes
            seen.append(gateway.receipt(msgid).status)
            if seen[-1] is DeliveryStatus.DELIVERED:
                break
            clock.advance(seconds=0.5)
        assert list(dict.fromkeys(seen)) == [
            DeliveryStatus.QUEUED,
            DeliveryStatus.DELIVERING,
            DeliveryStatus.DELIVERED,
        ]

    def test_an_unknown_msgid_is_not_found(self, gateway: ReportingGateway) -> None:
        with pytest.raises(MessageNotFound):
            gateway.receipt("unknown")

    def test_a_recipient_that_is_refused_is_named_as_the_field(
        self, gateway: ReportingGateway, refused: PhoneNumber
    ) -> None:
        with pytest.raises(RecipientRefused) as caught:
            gateway.send(MESSAGE, to=refused)
        assert caught.value.field == "recipient"

    def test_wrong_credentials_are_refused(self, stranger: ReportingGateway) -> None:
        with pytest.raises(CredentialsRefused):
            stranger.send(MESSAGE, to=PHONE)
        with pytest.raises(CredentialsRefused):
            stranger.receipt("unknown")
