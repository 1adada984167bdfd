"""Two more ways through Xoxzo: an approved template, and a voice call."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest

from contracts.gateway import (
    MESSAGE,
    PHONE,
    PIN,
    ReportingGateway,
    XoxzoContract,
    an_approved_template,
    gateway_on,
)
from sms2fa import ManualClock, Message, XoxzoGateway
from sms2fa.errors import GatewayRefused, MessageRefused, OutcomeUnknown
from sms2fa.gateways import DeliveryStatus
from sms2fa.gateways.routes import ByTemplate, ByVoice
from sms2fa.sandbox import XoxzoSandbox
from sms2fa.sandbox.accounts import TEST_TEXT, Kind
from sms2fa.sandbox.calls import SandboxCall
from sms2fa.sandbox.carrier import CarrierRules, Delivery, Ending, SandboxMessage

CALLER = "815012345678"
DIGITS = ", ".join(PIN)


class TestByTemplate(XoxzoContract):
    redirected = OutcomeUnknown, 302  # it is not followed

    def route(self, gateway: XoxzoGateway, template_id: int) -> ByTemplate:
        return ByTemplate(gateway, template_id)

    def handed_over(self, sandbox: XoxzoSandbox) -> Sequence[SandboxMessage]:
        return sandbox.messages

    @pytest.mark.parametrize(
        "content", ["{service}: {pin}", "{{service}}: {{pin}}"], ids=["the documentation's", "the blog's"]
    )
    def test_the_placeholders_are_filled_by_name(self, sandbox: XoxzoSandbox, content: str) -> None:
        template_id = an_approved_template(sandbox, sandbox.account, content)
        ByTemplate(gateway_on(sandbox.url, sandbox.sid, sandbox.auth_token), template_id).send(MESSAGE, to=PHONE)
        assert sandbox.messages[-1].text == f"Xoxzo: {PIN}"

    def test_the_sender_is_the_one_of_the_account(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox
    ) -> None:
        at(sender="SHOP").send(MESSAGE, to=PHONE)
        assert sandbox.messages[-1].sender == "SHOP"

    def test_a_standard_account_sends_by_template_what_it_may_not_send_freely(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox
    ) -> None:
        account = sandbox.add_account(Kind.STANDARD)
        with pytest.raises(MessageRefused) as caught:
            gateway_on(sandbox.url, account.sid, account.auth_token).send(MESSAGE, to=PHONE)
        assert (caught.value.status, caught.value.field, sandbox.messages) == (403, None, [])
        at(account).send(MESSAGE, to=PHONE)
        assert PIN in sandbox.messages[-1].text

    def test_the_pin_of_an_unpaid_account_never_arrives(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox
    ) -> None:
        assert at(sandbox.add_account(Kind.UNPAID)).send(MESSAGE, to=PHONE).msgid
        assert sandbox.messages[-1].text == TEST_TEXT

    def test_a_template_that_waits_for_approval_sends_nothing(self, gateway: ByTemplate, sandbox: XoxzoSandbox) -> None:
        changed = sandbox.app.test_client().patch(
            f"/sms/templates/{gateway.template_id}/",
            json={"content": "Another: {pin}"},
            auth=(sandbox.sid, sandbox.auth_token),
        )
        assert changed.get_json()["status"] == "PENDING"
        error = self.refusal(sandbox, gateway)
        assert (type(error), error.status, error.field) == (MessageRefused, 400, None)

    def test_a_placeholder_without_a_value_sends_nothing_and_names_the_variables(self, sandbox: XoxzoSandbox) -> None:
        template_id = an_approved_template(sandbox, sandbox.account, "{pin} for {somebody}")
        gateway = ByTemplate(gateway_on(sandbox.url, sandbox.sid, sandbox.auth_token), template_id)
        error = self.refusal(sandbox, gateway)
        assert (type(error), error.status, error.field) == (MessageRefused, 400, "variables")

    def test_a_template_that_is_not_there_or_not_ours_sends_nothing(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox
    ) -> None:
        foreign = an_approved_template(sandbox, sandbox.add_account())
        for template_id in (foreign, 999):
            gateway = ByTemplate(gateway_on(sandbox.url, sandbox.sid, sandbox.auth_token), template_id)
            error = self.refusal(sandbox, gateway)
            assert (type(error), error.status, error.field) == (GatewayRefused, 404, None)

    def test_a_delivery_that_fails_is_told(
        self, gateway: ByTemplate, sandbox: XoxzoSandbox, clock: ManualClock
    ) -> None:
        sandbox.rules = CarrierRules(delivery=Delivery(ending=Ending.FAILED))
        msgid = gateway.send(MESSAGE, to=PHONE).msgid
        clock.advance(seconds=120)
        assert gateway.receipt(msgid).status is DeliveryStatus.FAILED


class TestByVoice(XoxzoContract):
    redirected = OutcomeUnknown, 405  # it is followed as a GET, which there is none of

    def route(self, gateway: XoxzoGateway, template_id: int) -> ByVoice:
        return ByVoice(gateway, CALLER)

    def handed_over(self, sandbox: XoxzoSandbox) -> Sequence[SandboxCall]:
        return sandbox.calls

    def test_the_digits_are_spelled_and_said_twice(self, gateway: ByVoice, sandbox: XoxzoSandbox) -> None:
        gateway.send(MESSAGE, to=PHONE)
        (call,) = sandbox.calls
        assert call.text == f"This is Xoxzo. Your PIN is: {DIGITS}. Once more: {DIGITS}."
        assert re.findall("[0-9]{2}", call.text) == []

    def test_a_text_without_a_spoken_form_is_read_out_as_it_is(self, gateway: ByVoice, sandbox: XoxzoSandbox) -> None:
        gateway.send(Message("Good morning"), to=PHONE)
        assert sandbox.calls[-1].text == "Good morning"

    @pytest.mark.parametrize("language", ["en", "ja"])
    def test_caller_and_language_are_those_of_the_route(self, sandbox: XoxzoSandbox, language: str) -> None:
        gateway = gateway_on(sandbox.url, sandbox.sid, sandbox.auth_token)
        ByVoice(gateway, CALLER, language).send(MESSAGE, to=PHONE)
        assert (sandbox.calls[-1].caller, sandbox.calls[-1].language) == (CALLER, language)

    def test_english_is_spoken_where_no_language_is_given(self, gateway: ByVoice, sandbox: XoxzoSandbox) -> None:
        gateway.send(MESSAGE, to=PHONE)
        assert sandbox.calls[-1].language == "en"

    @pytest.mark.parametrize(("caller", "language", "field"), [("", "en", "caller"), (CALLER, "", "tts_lang")])
    def test_what_is_missing_calls_nobody_and_is_named(
        self, sandbox: XoxzoSandbox, caller: str, language: str, field: str
    ) -> None:
        gateway = ByVoice(gateway_on(sandbox.url, sandbox.sid, sandbox.auth_token), caller, language)
        error = self.refusal(sandbox, gateway)
        assert (type(error), error.status, error.field) == (MessageRefused, 400, field)

    def test_a_call_is_no_message(self, gateway: ByVoice, sandbox: XoxzoSandbox) -> None:
        callid = gateway.send(MESSAGE, to=PHONE).msgid
        assert sandbox.messages == []
        with pytest.raises(GatewayRefused):
            gateway.gateway.receipt(callid)

    def test_a_standard_account_may_call(self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox) -> None:
        at(sandbox.add_account(Kind.STANDARD)).send(MESSAGE, to=PHONE)
        assert pin_is_spoken(sandbox.calls[-1])

    def test_a_call_costs_twenty_credits(self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox) -> None:
        assert "required: 20" in str(self.refusal(sandbox, at(sandbox.add_account(credit=19))))
        at(sandbox.add_account(credit=20)).send(MESSAGE, to=PHONE)
        assert pin_is_spoken(sandbox.calls[-1])

    def test_the_caller_is_not_shown_in_full(self) -> None:
        route = ByVoice(gateway_on("http://127.0.0.1:1"), PHONE.e164)
        assert PHONE.e164[1:] not in f"{route} {route!r}"


def pin_is_spoken(call: SandboxCall) -> bool:
    return call.text.count(DIGITS) == 2


@pytest.mark.parametrize("host", ["http://127.0.0.1:1", "https://provider.invalid"])
def test_a_route_is_live_where_its_gateway_is(host: str) -> None:
    gateway = gateway_on(host)
    assert [ByTemplate(gateway, 1).live, ByVoice(gateway, CALLER).live] == [gateway.live] * 2


def test_a_route_may_be_taken_where_another_one_failed(sandbox: XoxzoSandbox) -> None:
    gateway = gateway_on(sandbox.url, sandbox.sid, sandbox.auth_token, sender="SENDER-TOO-LONG")
    with pytest.raises(MessageRefused) as caught:
        gateway.send(MESSAGE, to=PHONE)
    assert (caught.value.status, caught.value.field) == (400, "sender")
    ByVoice(gateway, CALLER).send(MESSAGE, to=PHONE)
    assert (sandbox.messages, pin_is_spoken(sandbox.calls[-1])) == ([], True)
