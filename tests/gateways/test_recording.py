"""The gateway that keeps what it is given."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contracts.gateway import MESSAGE, PHONE, PIN, GatewayContract
from sms2fa import ManualClock, Message, PhoneNumber, parse_phone
from sms2fa.errors import CredentialsRefused, MessageNotFound, OutcomeUnknown, RecipientRefused
from sms2fa.gateways import DeliveryStatus
from sms2fa.gateways.recording import RecordingGateway, Sent


class TestRecording(GatewayContract):
    @pytest.fixture
    def gateway(self) -> RecordingGateway:
        return RecordingGateway()

    @pytest.fixture
    def stranger(self) -> RecordingGateway:
        stranger = RecordingGateway()
        stranger.then = CredentialsRefused("expected the SID and auth token", status=401)
        return stranger

    @pytest.fixture
    def refused(self, gateway: RecordingGateway) -> PhoneNumber:
        gateway.then = RecipientRefused("expected another recipient", status=400, field="recipient")
        return PHONE

    @pytest.fixture
    def heard(self, gateway: RecordingGateway) -> Callable[[], str]:
        return lambda: gateway.sent[-1].message.text

    def carry_on(self, gateway: RecordingGateway, msgid: str, clock: ManualClock) -> None:
        words = list(DeliveryStatus)
        gateway.report(msgid, words[words.index(gateway.receipt(msgid).status) + 1])


@pytest.fixture
def gateway() -> RecordingGateway:
    return RecordingGateway()


def test_what_was_handed_over_is_kept_oldest_first(gateway: RecordingGateway) -> None:
    other, number = Message("another"), parse_phone("+12025550123")
    first, second = gateway.send(MESSAGE, to=PHONE), gateway.send(other, to=number)
    assert gateway.sent == [Sent(MESSAGE, PHONE, first.msgid), Sent(other, number, second.msgid)]


def test_the_pins_are_those_that_compose_wrote(gateway: RecordingGateway) -> None:
    gateway.send(MESSAGE, to=PHONE)
    assert gateway.pins == [PIN]


def test_an_exception_is_raised_once_the_message_is_taken_down(gateway: RecordingGateway) -> None:
    gateway.then = OutcomeUnknown("no answer")
    with pytest.raises(OutcomeUnknown) as caught:
        gateway.send(MESSAGE, to=PHONE)
    assert caught.value is gateway.then
    assert gateway.pins == [PIN]


def test_a_function_is_called_once_the_message_is_taken_down(gateway: RecordingGateway) -> None:
    seen: list[list[str]] = []
    gateway.then = lambda: seen.append(gateway.pins)
    assert gateway.send(MESSAGE, to=PHONE).status is DeliveryStatus.QUEUED
    assert seen == [[PIN]]


def test_a_message_whose_send_failed_has_no_receipt(gateway: RecordingGateway) -> None:
    gateway.then = OutcomeUnknown("no answer")
    with pytest.raises(OutcomeUnknown):
        gateway.send(MESSAGE, to=PHONE)
    with pytest.raises(MessageNotFound):
        gateway.receipt(gateway.sent[0].msgid)


def test_only_a_message_that_was_sent_can_be_reported_on(gateway: RecordingGateway) -> None:
    with pytest.raises(MessageNotFound):
        gateway.report("1", DeliveryStatus.FAILED)
    msgid = gateway.send(MESSAGE, to=PHONE).msgid
    gateway.report(msgid, DeliveryStatus.FAILED)
    assert gateway.receipt(msgid).status is DeliveryStatus.FAILED


def test_it_plays_a_gateway_that_is_live_where_it_is_told(gateway: RecordingGateway) -> None:
    gateway.live = True
    assert gateway.live is True


def test_what_was_handed_over_shows_neither_pin_nor_full_number(gateway: RecordingGateway) -> None:
    gateway.send(MESSAGE, to=PHONE)
    assert not [secret for secret in (PIN, PHONE.e164[1:]) if secret in repr(gateway.sent)]
