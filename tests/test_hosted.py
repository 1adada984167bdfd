"""The other way: Xoxzo makes, sends and checks the code."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from contracts.gateway import (
    PATIENCE,
    PHONE,
    PRINTED,
    SENDING,
    SID,
    SOON,
    TOKEN,
    TRUNK_ZERO,
    ScriptedProvider,
    always,
    during_pauses,
    error_of_one,
    http,
    pin_in,
    secrets_in,
    told_by,
    wrong,
)
from sms2fa import ManualClock, Outcome, PhoneNumber, parse_phone
from sms2fa.errors import (
    CountryNotAllowed,
    CredentialsRefused,
    GatewayError,
    GatewayRefused,
    InvalidInput,
    MessageRefused,
    NotEnoughCredit,
    OutcomeUnknown,
    ProviderUnreachable,
    RecipientRefused,
    UnreadableAnswer,
)
from sms2fa.hosted import HostedChallenge, XoxzoOtpVerifier
from sms2fa.sandbox import XoxzoSandbox, server
from sms2fa.sandbox.accounts import SandboxAccount
from sms2fa.sandbox.faults import FaultKind

WEBSITE = "shop.example"
MakeHosted = Callable[..., XoxzoOtpVerifier]


def hosted_on(host: str, sid: str = SID, auth_token: str = TOKEN, **options: Any) -> XoxzoOtpVerifier:
    options = {"website": WEBSITE, "timeout": PATIENCE, "retry_waits": (0, 0), **options}
    return XoxzoOtpVerifier(sid, auth_token, api_host=host, **options)


@pytest.fixture(autouse=True)
def closing_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred sandboxes are closed here, one after another."""
    monkeypatch.setattr(server, "_POLL", 0.002)


@pytest.fixture
def at(sandbox: XoxzoSandbox) -> MakeHosted:
    """Makes a hosted verifier of an account of the sandbox, by default its own one."""

    def make(account: SandboxAccount | None = None, **options: Any) -> XoxzoOtpVerifier:
        account = account or sandbox.account
        return hosted_on(sandbox.url, account.sid, account.auth_token, **options)

    return make


@pytest.fixture
def hosted(at: MakeHosted) -> XoxzoOtpVerifier:
    hosted = at()
    hosted.register()
    return hosted


@pytest.fixture
def challenge(hosted: XoxzoOtpVerifier) -> HostedChallenge:
    return hosted.start(phone=PHONE)


@pytest.fixture
def code(sandbox: XoxzoSandbox, challenge: HostedChallenge) -> str:
    """The code that the phone shows."""
    return pin_in(sandbox.messages[-1].text)


class TestOnTheSandbox:
    def test_registering_twice_is_fine(self, hosted: XoxzoOtpVerifier) -> None:
        hosted.register()
        assert hosted.start(phone=PHONE).id

    def test_the_code_goes_to_the_phone_and_the_challenge_names_the_message(
        self, hosted: XoxzoOtpVerifier, sandbox: XoxzoSandbox
    ) -> None:
        challenge = hosted.start(phone=PHONE)
        (message,) = sandbox.messages
        assert (message.recipient, message.msgid) == (PHONE.e164, challenge.id)
        assert challenge.phone == PHONE

    def test_the_code_works_once(self, hosted: XoxzoOtpVerifier, challenge: HostedChallenge, code: str) -> None:
        verdicts = [hosted.check(challenge, code) for _ in range(2)]
        assert [verdict.outcome for verdict in verdicts] == [Outcome.VERIFIED, Outcome.WRONG_PIN]
        assert [bool(verdict) for verdict in verdicts] == [True, False]

    def test_spaces_around_the_code_do_not_matter(
        self, hosted: XoxzoOtpVerifier, challenge: HostedChallenge, code: str
    ) -> None:
        assert hosted.check(challenge, f" {code}\n")

    def test_a_wrong_code_lets_nobody_in_and_the_right_one_still_does(
        self, hosted: XoxzoOtpVerifier, challenge: HostedChallenge, code: str
    ) -> None:
        assert hosted.check(challenge, wrong(code)).outcome is Outcome.WRONG_PIN
        assert hosted.check(challenge, code)

    def test_after_five_wrong_codes_the_right_one_is_void(
        self, hosted: XoxzoOtpVerifier, challenge: HostedChallenge, code: str
    ) -> None:
        for _ in range(5):
            assert hosted.check(challenge, wrong(code)).outcome is Outcome.WRONG_PIN
        assert hosted.check(challenge, code).outcome is Outcome.WRONG_PIN

    @pytest.mark.parametrize(("seconds", "verified"), [(599, True), (600, False)])
    def test_the_code_expires_by_the_clock(
        self,
        hosted: XoxzoOtpVerifier,
        challenge: HostedChallenge,
        code: str,
        clock: ManualClock,
        seconds: int,
        verified: bool,
    ) -> None:
        clock.advance(seconds=seconds)
        assert bool(hosted.check(challenge, code)) is verified

    def test_a_newer_code_makes_the_older_one_void(
        self, hosted: XoxzoOtpVerifier, challenge: HostedChallenge, code: str, sandbox: XoxzoSandbox
    ) -> None:
        newer = hosted.start(phone=PHONE)
        assert hosted.check(challenge, code).outcome is Outcome.WRONG_PIN
        assert hosted.check(newer, pin_in(sandbox.messages[-1].text))

    def test_a_code_works_for_its_own_phone_and_challenge_alone(
        self, hosted: XoxzoOtpVerifier, challenge: HostedChallenge, code: str
    ) -> None:
        other = hosted.start(phone=parse_phone("+12025550123"))
        assert hosted.check(other, code).outcome is Outcome.WRONG_PIN
        assert hosted.check(challenge, code)

    @pytest.mark.parametrize(
        "pin",
        [
            *(
                "",
                " ",
                "12a456",
                "12 456",
                "-12345",
                "+12345",
                "1.5",
                "1" * 33,
                "１２３４５６",
                "١٢٣",
                "²",
                "\ud800",
                "\0",
            ),
            *(b"123456", None, 123456, 1.5, ["1"], {}, True),
        ],
        ids=ascii,
    )
    def test_what_is_no_code_is_malformed_and_not_asked_about(self, pin: object) -> None:
        hosted = hosted_on("http://127.0.0.1:1")  # where nobody listens
        assert hosted.check(HostedChallenge("1", PHONE), pin).outcome is Outcome.MALFORMED

    def test_what_is_no_code_costs_no_try(
        self, hosted: XoxzoOtpVerifier, challenge: HostedChallenge, code: str
    ) -> None:
        for _ in range(6):
            assert hosted.check(challenge, "12a456").outcome is Outcome.MALFORMED
        assert hosted.check(challenge, code)

    def test_a_challenge_that_is_not_there_lets_nobody_in(self, hosted: XoxzoOtpVerifier, code: str) -> None:
        assert hosted.check(HostedChallenge("unknown", PHONE), code).outcome is Outcome.WRONG_PIN

    def test_it_is_not_live(self, hosted: XoxzoOtpVerifier) -> None:
        assert hosted.live is False


class TestRefusals:
    def refusal(self, sandbox: XoxzoSandbox, hosted: XoxzoOtpVerifier, phone: PhoneNumber = PHONE) -> GatewayRefused:
        """The refusal that a start earns. Nothing was sent."""
        with pytest.raises(GatewayRefused) as caught:
            hosted.start(phone=phone)
        assert sandbox.messages == []
        return caught.value

    def test_a_website_that_nobody_registered_is_named(self, at: MakeHosted, sandbox: XoxzoSandbox) -> None:
        error = self.refusal(sandbox, at())
        assert (type(error), error.status, error.field) == (MessageRefused, 400, "website")

    def test_a_website_of_another_account_sends_nothing(
        self, at: MakeHosted, hosted: XoxzoOtpVerifier, sandbox: XoxzoSandbox
    ) -> None:
        stranger = at(sandbox.add_account())
        stranger.register()  # Xoxzo's words are the same as for our own
        assert self.refusal(sandbox, stranger).field == "website"

    def test_a_code_of_another_account_lets_nobody_in(
        self, at: MakeHosted, sandbox: XoxzoSandbox, challenge: HostedChallenge, code: str
    ) -> None:
        assert at(sandbox.add_account()).check(challenge, code).outcome is Outcome.WRONG_PIN

    def test_a_recipient_that_is_refused_is_named(self, hosted: XoxzoOtpVerifier, sandbox: XoxzoSandbox) -> None:
        error = self.refusal(sandbox, hosted, TRUNK_ZERO)
        assert (type(error), error.status, error.field) == (RecipientRefused, 400, "phone_number")

    @pytest.mark.parametrize(
        ("account", "kind"), [({"credit": 9}, NotEnoughCredit), ({"countries": ["US"]}, CountryNotAllowed)]
    )
    def test_credit_and_country_are_needed(
        self, at: MakeHosted, sandbox: XoxzoSandbox, account: dict[str, Any], kind: type[GatewayRefused]
    ) -> None:
        hosted = at(sandbox.add_account(**account))
        hosted.register()
        error = self.refusal(sandbox, hosted)
        assert (type(error), error.status, error.field) == (kind, 403, None)

    def test_wrong_credentials_do_nothing(self, sandbox: XoxzoSandbox, challenge: HostedChallenge, code: str) -> None:
        stranger = hosted_on(sandbox.url, sandbox.sid, "wrong")
        for call in (
            stranger.register,
            lambda: stranger.start(phone=PHONE),
            lambda: stranger.check(challenge, code),
        ):
            with pytest.raises(CredentialsRefused) as caught:
                call()
            assert (caught.value.status, caught.value.field) == (401, None)
        assert len(sandbox.messages) == 1

    @pytest.mark.parametrize("number", PRINTED, ids=str)
    def test_live_refuses_each_number_that_is_printed_in_the_course_before_any_request(
        self, number: PhoneNumber
    ) -> None:
        hosted = hosted_on("https://provider.invalid", retry_waits=())
        assert hosted.live is True
        with pytest.raises(RecipientRefused) as caught:  # a request would be ProviderUnreachable
            hosted.start(phone=number)
        assert (caught.value.status, caught.value.field) == (None, "phone_number")
        assert number.e164 not in str(caught.value)

    @pytest.mark.parametrize("website", ["", None, 5])
    def test_a_website_that_is_none_is_refused_at_once(self, website: object) -> None:
        with pytest.raises(InvalidInput) as caught:
            hosted_on("http://127.0.0.1:1", website=website)
        assert caught.value.field == "website"


# One that is followed would be a GET; a list is no answer to a request for one code.
FAULTS = [*SENDING, (FaultKind.REDIRECT, False, OutcomeUnknown, 302), (FaultKind.REDIRECT, True, OutcomeUnknown, 302)]


class TestFaults:
    @pytest.mark.parametrize(("fault", "accepted", "kind", "status"), FAULTS)
    def test_the_error_of_a_start_promises_no_more_than_what_happened(
        self,
        hosted: XoxzoOtpVerifier,
        sandbox: XoxzoSandbox,
        fault: FaultKind,
        accepted: bool,
        kind: type[GatewayError],
        status: int | None,
    ) -> None:
        error = error_of_one(fault, sandbox, lambda: hosted.start(phone=PHONE), accepted=accepted)
        assert len(sandbox.messages) == accepted
        assert (type(error), error.status, error.field) == (kind, status, None)

    @pytest.mark.parametrize(("fault", "accepted", "kind", "status"), FAULTS)
    def test_a_fault_while_checking_raises_and_lets_nobody_in(
        self,
        hosted: XoxzoOtpVerifier,
        sandbox: XoxzoSandbox,
        challenge: HostedChallenge,
        code: str,
        fault: FaultKind,
        accepted: bool,
        kind: type[GatewayError],
        status: int | None,
    ) -> None:
        error = error_of_one(fault, sandbox, lambda: hosted.check(challenge, code), accepted=accepted)
        assert (type(error), error.status, error.field) == (kind, status, None)
        assert "SMS" not in str(error)  # checking sends nothing
        assert bool(hosted.check(challenge, code)) is not accepted  # used up where the API did its work

    @pytest.mark.parametrize(("fault", "accepted", "kind", "status"), FAULTS)
    def test_a_fault_while_registering_raises_and_registering_again_helps(
        self,
        at: MakeHosted,
        sandbox: XoxzoSandbox,
        fault: FaultKind,
        accepted: bool,
        kind: type[GatewayError],
        status: int | None,
    ) -> None:
        hosted = at()
        error = error_of_one(fault, sandbox, hosted.register, accepted=accepted)
        assert (type(error), error.status) == (kind, status)
        hosted.register()
        assert hosted.start(phone=PHONE).id

    def test_an_answer_that_takes_its_time_is_not_waited_for_and_lets_nobody_in(
        self, at: MakeHosted, sandbox: XoxzoSandbox, challenge: HostedChallenge, code: str
    ) -> None:
        hasty = at(timeout=SOON)
        sandbox.faults.add(FaultKind.DELAYED, seconds=PATIENCE)
        with pytest.raises(OutcomeUnknown) as caught:
            hasty.start(phone=PHONE)
        assert (type(caught.value), caught.value.status) == (OutcomeUnknown, None)
        with pytest.raises(OutcomeUnknown) as caught:
            hasty.check(challenge, code)
        assert "SMS" not in str(caught.value)  # checking sends nothing

    def test_a_provider_that_refuses_connections_is_unreachable_and_lets_nobody_in(
        self, hosted: XoxzoOtpVerifier, sandbox: XoxzoSandbox, challenge: HostedChallenge, code: str
    ) -> None:
        with sandbox.refusing_connections():
            for call in (
                hosted.register,
                lambda: hosted.start(phone=PHONE),
                lambda: hosted.check(challenge, code),
            ):
                with pytest.raises(ProviderUnreachable):
                    call()
        assert hosted.check(challenge, code)

    def test_a_sandbox_that_is_closed_is_unreachable(
        self, hosted: XoxzoOtpVerifier, sandbox: XoxzoSandbox, challenge: HostedChallenge, code: str
    ) -> None:
        sandbox.close()
        with pytest.raises(ProviderUnreachable):
            hosted.check(challenge, code)


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as provider:
        yield provider


class TestAnswers:
    @pytest.mark.parametrize(
        "body",
        [
            *("", "<html></html>", [], ["verified"], [{"message": "OTP verified successfully."}], 1, True, None, "OK"),
            *({}, {"code": ["Invalid code."]}, {"verified": False}, {"message": "Invalid code."}, {"detail": "no"}),
        ],
        ids=repr,
    )
    def test_whoever_is_let_in_was_said_to_be_verified(self, provider: ScriptedProvider, body: object) -> None:
        provider.reply = always(http(200, body))
        with pytest.raises(UnreadableAnswer):
            hosted_on(provider.url).check(HostedChallenge("1", PHONE), "123456")

    @pytest.mark.parametrize("status", [202, 204, 302, 400, 403, 404, 500])
    def test_no_other_status_lets_anybody_in_whatever_it_says(self, provider: ScriptedProvider, status: int) -> None:
        provider.reply = always(http(status, {"message": "OTP verified successfully."}))
        with pytest.raises(GatewayError):
            hosted_on(provider.url).check(HostedChallenge("1", PHONE), "123456")

    @pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
    def test_only_a_400_about_the_code_is_a_wrong_code(self, provider: ScriptedProvider, status: int) -> None:
        provider.reply = always(http(status, {"code": ["Invalid code."]}))
        with pytest.raises(GatewayError):
            hosted_on(provider.url).check(HostedChallenge("1", PHONE), "123456")

    @pytest.mark.parametrize(
        "body",
        ["", "<html></html>", [], [{"msgid": "1"}], {}, {"msgid": ""}, {"msgid": 1}, {"msgid": None}, "1"],
        ids=repr,
    )
    def test_there_is_no_challenge_without_a_msgid(self, provider: ScriptedProvider, body: object) -> None:
        provider.reply = always(http(201, body))
        with pytest.raises(UnreadableAnswer):
            hosted_on(provider.url).start(phone=PHONE)
        assert len(provider.requests) == 1

    @pytest.mark.parametrize("reply", ["hang", "drip"])
    def test_an_answer_that_takes_too_long_is_not_waited_for(self, provider: ScriptedProvider, reply: str) -> None:
        provider.reply = getattr(provider, reply)
        hasty = hosted_on(provider.url, timeout=SOON)
        for call in (hasty.register, lambda: hasty.start(phone=PHONE)):
            with pytest.raises(OutcomeUnknown):
                call()

    def test_only_a_connection_that_did_not_come_about_is_tried_again(
        self, provider: ScriptedProvider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pauses = during_pauses(monkeypatch)
        for answer in (b"", http(500), http(429), http(401)):
            provider.reply = always(answer)
            for call in (
                lambda: hosted_on(provider.url).start(phone=PHONE),
                lambda: hosted_on(provider.url).check(HostedChallenge("1", PHONE), "123456"),
            ):
                with pytest.raises(GatewayError):
                    call()
        assert (len(provider.requests), pauses) == (8, [])


class TestSecrets:
    def test_the_representation_says_website_and_what_is_live_alone(self) -> None:
        assert repr(hosted_on("http://127.0.0.1:1")) == "XoxzoOtpVerifier('shop.example', not live)"
        assert repr(hosted_on("https://provider.invalid")) == "XoxzoOtpVerifier('shop.example', LIVE)"

    def test_nothing_that_is_shown_logged_raised_or_pickled_tells_one(
        self,
        at: MakeHosted,
        hosted: XoxzoOtpVerifier,
        sandbox: XoxzoSandbox,
        challenge: HostedChallenge,
        code: str,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        hasty = at(timeout=SOON)
        told = [f"{hosted} {hosted!r}", f"{challenge} {challenge!r}", repr(hosted.check(challenge, wrong(code)))]
        for fault in FaultKind:
            sandbox.faults.clear()
            sandbox.faults.add(fault, times=2, seconds=PATIENCE if fault is FaultKind.DELAYED else 0)
            one = hasty if fault is FaultKind.DELAYED else hosted
            for call in (lambda one=one: one.start(phone=PHONE), lambda one=one: one.check(challenge, code)):
                with pytest.raises(GatewayError) as caught:
                    call()
                told += told_by(caught.value)
        told.append(caplog.text)
        assert secrets_in(told, sandbox.sid, sandbox.auth_token) == []
        assert not [text for text in told if code in text]

    def test_no_error_tells_one_even_where_the_server_echoes_the_request(self, provider: ScriptedProvider) -> None:
        code = "042917"
        for status in (400, 401, 403, 404, 429, 500):
            provider.reply = lambda request, status=status: http(
                status, {"detail": request.partition("\r\n\r\n")[2], "phone_number": [PHONE.e164]}
            )
            for call in (
                lambda: hosted_on(provider.url).start(phone=PHONE),
                lambda: hosted_on(provider.url).check(HostedChallenge("1", PHONE), code),
            ):
                with pytest.raises(GatewayError) as caught:
                    call()
                told = told_by(caught.value)
                assert secrets_in(told) == []
                assert not [text for text in told if code in text]
