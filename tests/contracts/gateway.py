"""What every gateway has to do, whoever carries the messages; and a provider that answers as it is told."""

from __future__ import annotations

import base64
import json
import logging
import pickle
import re
import socketserver
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from types import SimpleNamespace, TracebackType
from typing import Any, Protocol, cast

import pytest

from sms2fa import ManualClock, PhoneNumber, SqliteStore, Verifier, XoxzoGateway, compose, parse_phone
from sms2fa.errors import (
    CountryNotAllowed,
    CredentialsRefused,
    GatewayError,
    GatewayRefused,
    MessageNotFound,
    NotEnoughCredit,
    OutcomeUnknown,
    ProviderUnreachable,
    RateLimited,
    RecipientRefused,
    UnreadableAnswer,
)
from sms2fa.gateways import DeliveryStatus, Gateway, Receipt, connection
from sms2fa.phone import example_mobile
from sms2fa.sandbox import XoxzoSandbox
from sms2fa.sandbox.accounts import SandboxAccount
from sms2fa.sandbox.calls import SandboxCall
from sms2fa.sandbox.carrier import SandboxMessage
from sms2fa.sandbox.faults import FaultKind
from sms2fa.sandbox.proxies import no_proxy

PIN = "0429175386"
MESSAGE = compose(PIN, timedelta(minutes=5))
PHONE = parse_phone("+818012345678")
TRUNK_ZERO = PhoneNumber("+8108012345678", "JP")  # parse_phone would not make it
SID, TOKEN = "the-sid", "the-auth-token"
PATIENCE = 60  # seconds until something that hangs fails the test
SOON = 0.02  # seconds that a call may take where the answer does not come before the test lets it

PRINTED = [
    *(PhoneNumber(number, "ZZ") for number in ("+818012345678", "+12025550100", "+12025550123", "+12025550199")),
    *(parse_phone(example_mobile(region), region) for region in ("GB", "DE", "FR", "IN")),  # errors print these
]


class ReportingGateway(Gateway, Protocol):
    """A gateway that can be asked what became of a message."""

    def receipt(self, msgid: str, /) -> Receipt: ...


def wrong(pin: str) -> str:
    """Another PIN of the same length."""
    return f"{(int(pin) + 1) % 10 ** len(pin):0{len(pin)}d}"


def pin_in(text: str) -> str:
    """The first six digits that stand together, or are spelled."""
    found = re.search(r"[0-9](?:(?:, )?[0-9]){5}", text)
    assert found is not None, "no PIN arrived"
    return re.sub("[^0-9]", "", found[0])


class GatewayContract:
    """Inherit, and give the four fixtures. No phone may ring: the gateway is not live."""

    @pytest.fixture
    def gateway(self) -> ReportingGateway:
        """A gateway that accepts messages."""
        raise NotImplementedError

    @pytest.fixture
    def stranger(self) -> ReportingGateway:
        """The same gateway with credentials that are wrong."""
        raise NotImplementedError

    @pytest.fixture
    def refused(self) -> PhoneNumber:
        """A recipient that the provider behind `gateway` does not send to."""
        raise NotImplementedError

    @pytest.fixture
    def heard(self) -> Callable[[], str]:
        """A function that gives what the phone showed or said last."""
        raise NotImplementedError

    def carry_on(self, gateway: ReportingGateway, msgid: str, clock: ManualClock) -> None:
        """Let the delivery proceed a little. By default it goes by the clock."""
        clock.advance(seconds=0.5)

    def test_it_is_not_live(self, gateway: ReportingGateway) -> None:
        assert gateway.live is False

    def test_an_accepted_message_has_a_msgid_of_its_own(self, gateway: ReportingGateway) -> None:
        receipts = [gateway.send(MESSAGE, to=PHONE) for _ in range(2)]
        assert all(isinstance(receipt, Receipt) and receipt.msgid for receipt in receipts)
        assert receipts[0].msgid != receipts[1].msgid

    def test_every_digit_of_the_pin_arrives_leading_zero_included(
        self, gateway: ReportingGateway, heard: Callable[[], str]
    ) -> None:
        gateway.send(MESSAGE, to=PHONE)
        assert PIN in re.sub("[^0-9]", "", heard())

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
            self.carry_on(gateway, msgid, clock)
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

    def test_no_representation_shows_a_pin_or_a_full_number(self, gateway: ReportingGateway) -> None:
        receipt = gateway.send(MESSAGE, to=PHONE)
        told = f"{gateway} {gateway!r} {receipt} {receipt!r}"
        assert not [secret for secret in (PIN, PHONE.e164[1:]) if secret in re.sub("[^0-9]", "", told)]

    def test_a_verifier_lets_in_whoever_types_the_pin_that_arrived_and_nobody_else(
        self, gateway: ReportingGateway, heard: Callable[[], str], clock: ManualClock
    ) -> None:
        with SqliteStore(":memory:") as store:
            verifier = Verifier(gateway, store=store, key=bytes(32), clock=clock)
            challenge = verifier.start(account="alice", phone=PHONE)
            pin = pin_in(heard())
            assert not verifier.check(challenge.id, wrong(pin), account="alice")
            assert verifier.check(challenge.id, pin, account="alice")


# What a fault earns whoever sends. A 429 after the work was done cannot be told from an honest one.
SENDING: list[tuple[FaultKind, bool, type[GatewayError], int | None]] = [
    (FaultKind.DROPPED, False, OutcomeUnknown, None),
    (FaultKind.DROPPED, True, OutcomeUnknown, None),
    (FaultKind.TOO_MANY_REQUESTS, False, RateLimited, 429),
    (FaultKind.SERVER_ERROR, False, OutcomeUnknown, 500),
    (FaultKind.SERVER_ERROR, True, OutcomeUnknown, 500),
    (FaultKind.BAD_GATEWAY, False, OutcomeUnknown, 502),
    (FaultKind.BAD_GATEWAY, True, OutcomeUnknown, 502),
    (FaultKind.GATEWAY_TIMEOUT, False, OutcomeUnknown, 504),
    (FaultKind.GATEWAY_TIMEOUT, True, OutcomeUnknown, 504),
    (FaultKind.HTML, False, UnreadableAnswer, None),
    (FaultKind.HTML, True, UnreadableAnswer, None),
    (FaultKind.EMPTY, False, UnreadableAnswer, None),
    (FaultKind.EMPTY, True, UnreadableAnswer, None),
    # These spoil the answer to what was done.
    (FaultKind.DROPPED_IN_BODY, True, OutcomeUnknown, None),
    (FaultKind.TRUNCATED, True, UnreadableAnswer, None),
    (FaultKind.LISTED, True, UnreadableAnswer, None),
]
# What a fault that stays earns whoever asks, and whether one that passes is outlived.
ASKING: list[tuple[FaultKind, bool, type[GatewayError], int | None]] = [
    (FaultKind.DROPPED, True, UnreadableAnswer, None),
    (FaultKind.TOO_MANY_REQUESTS, True, RateLimited, 429),
    (FaultKind.SERVER_ERROR, True, UnreadableAnswer, 500),
    (FaultKind.BAD_GATEWAY, True, UnreadableAnswer, 502),
    (FaultKind.GATEWAY_TIMEOUT, True, UnreadableAnswer, 504),
    (FaultKind.HTML, False, UnreadableAnswer, None),
    (FaultKind.EMPTY, False, UnreadableAnswer, None),
    (FaultKind.REDIRECT, True, UnreadableAnswer, None),
    (FaultKind.DROPPED_IN_BODY, True, UnreadableAnswer, None),
    (FaultKind.TRUNCATED, False, UnreadableAnswer, None),
    (FaultKind.LISTED, False, UnreadableAnswer, None),
]


def error_of_one(
    fault: FaultKind, sandbox: XoxzoSandbox, call: Callable[[], object], *, accepted: bool
) -> GatewayError:
    """What a call raises that meets a fault once. It must not try again: it would meet none, and be accepted."""
    sandbox.faults.add(fault, times=1, accepted=accepted)
    with pytest.raises(GatewayError) as caught:
        call()
    return caught.value


class XoxzoContract(GatewayContract):
    """The same for each way through Xoxzo, on the sandbox that is served: its refusals, and every fault.

    What `GatewayRefused` and `OutcomeUnknown` promise is held against what the sandbox says was sent.
    """

    redirected: tuple[type[GatewayError], int | None]  # what a redirected send earns

    def route(self, gateway: XoxzoGateway, template_id: int) -> ReportingGateway:
        """This way, over that account with that template."""
        raise NotImplementedError

    def handed_over(self, sandbox: XoxzoSandbox) -> Sequence[SandboxMessage | SandboxCall]:
        """What the sandbox accepted by this way."""
        raise NotImplementedError

    @pytest.fixture
    def at(self, sandbox: XoxzoSandbox) -> Callable[..., ReportingGateway]:
        """Makes the gateway of an account of the sandbox, by default its own one."""

        def make(account: SandboxAccount | None = None, **options: Any) -> ReportingGateway:
            account = account or sandbox.account
            template_id = an_approved_template(sandbox, account)
            return self.route(gateway_on(sandbox.url, account.sid, account.auth_token, **options), template_id)

        return make

    @pytest.fixture
    def gateway(self, at: Callable[..., ReportingGateway]) -> ReportingGateway:
        return at()

    @pytest.fixture
    def stranger(self, sandbox: XoxzoSandbox) -> ReportingGateway:
        return self.route(gateway_on(sandbox.url, sandbox.sid, "wrong"), an_approved_template(sandbox, sandbox.account))

    @pytest.fixture
    def refused(self) -> PhoneNumber:
        return TRUNK_ZERO

    @pytest.fixture
    def heard(self, sandbox: XoxzoSandbox) -> Callable[[], str]:
        return lambda: self.handed_over(sandbox)[-1].text

    def refusal(self, sandbox: XoxzoSandbox, gateway: ReportingGateway, to: PhoneNumber = PHONE) -> GatewayRefused:
        """The refusal that a send earns. Nothing was sent."""
        with pytest.raises(GatewayRefused) as caught:
            gateway.send(MESSAGE, to=to)
        assert self.handed_over(sandbox) == []
        return caught.value

    def test_the_message_goes_to_the_recipient_and_the_receipt_names_it(
        self, gateway: ReportingGateway, sandbox: XoxzoSandbox
    ) -> None:
        receipt = gateway.send(MESSAGE, to=PHONE)
        (accepted,) = self.handed_over(sandbox)
        assert accepted.recipient == PHONE.e164
        assert receipt.msgid == (accepted.callid if isinstance(accepted, SandboxCall) else accepted.msgid)

    def test_wrong_credentials_send_nothing_and_ask_nothing(
        self, stranger: ReportingGateway, sandbox: XoxzoSandbox
    ) -> None:
        error = self.refusal(sandbox, stranger)
        assert (type(error), error.status, error.field) == (CredentialsRefused, 401, None)
        with pytest.raises(CredentialsRefused):
            stranger.receipt("unknown")

    def test_a_recipient_with_a_trunk_zero_is_sent_nothing(
        self, gateway: ReportingGateway, sandbox: XoxzoSandbox
    ) -> None:
        error = self.refusal(sandbox, gateway, TRUNK_ZERO)
        assert (type(error), error.status, error.field) == (RecipientRefused, 400, "recipient")

    def test_an_account_without_credit_sends_nothing(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox
    ) -> None:
        error = self.refusal(sandbox, at(sandbox.add_account(credit=9)))
        assert (type(error), error.status, error.field) == (NotEnoughCredit, 403, None)

    def test_a_country_that_the_account_may_not_send_to_is_sent_nothing(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox
    ) -> None:
        account = sandbox.add_account(countries=["US"])
        error = self.refusal(sandbox, at(account))
        assert (type(error), error.status, error.field) == (CountryNotAllowed, 403, None)
        assert at(account).send(MESSAGE, to=parse_phone("+12025550123")).msgid

    def test_a_message_of_another_account_is_not_found(
        self, at: Callable[..., ReportingGateway], gateway: ReportingGateway, sandbox: XoxzoSandbox
    ) -> None:
        msgid = gateway.send(MESSAGE, to=PHONE).msgid
        with pytest.raises(MessageNotFound) as caught:
            at(sandbox.add_account()).receipt(msgid)
        assert (caught.value.status, caught.value.field) == (404, None)

    @pytest.mark.parametrize(("fault", "accepted", "kind", "status"), SENDING)
    def test_the_error_of_a_fault_promises_no_more_than_what_happened(
        self,
        gateway: ReportingGateway,
        sandbox: XoxzoSandbox,
        fault: FaultKind,
        accepted: bool,
        kind: type[GatewayError],
        status: int | None,
    ) -> None:
        error = error_of_one(fault, sandbox, lambda: gateway.send(MESSAGE, to=PHONE), accepted=accepted)
        assert len(self.handed_over(sandbox)) == accepted
        assert (type(error), error.status, error.field) == (kind, status, None)

    @pytest.mark.parametrize("accepted", [False, True])
    def test_a_redirected_send_is_neither_accepted_nor_refused(
        self, gateway: ReportingGateway, sandbox: XoxzoSandbox, accepted: bool
    ) -> None:
        error = error_of_one(FaultKind.REDIRECT, sandbox, lambda: gateway.send(MESSAGE, to=PHONE), accepted=accepted)
        assert len(self.handed_over(sandbox)) == accepted
        assert (type(error), error.status, error.field) == (*self.redirected, None)

    @pytest.mark.parametrize("accepted", [False, True])
    def test_a_send_that_is_redirected_for_ever_ends(
        self, gateway: ReportingGateway, sandbox: XoxzoSandbox, accepted: bool
    ) -> None:
        sandbox.faults.add(FaultKind.REDIRECT, accepted=accepted)
        with pytest.raises(OutcomeUnknown):
            gateway.send(MESSAGE, to=PHONE)

    @pytest.mark.parametrize(("fault", "passes", "kind", "status"), ASKING)
    def test_a_fault_while_asking_is_outlived_or_told(
        self,
        gateway: ReportingGateway,
        sandbox: XoxzoSandbox,
        fault: FaultKind,
        passes: bool,
        kind: type[GatewayError],
        status: int | None,
    ) -> None:
        receipt = gateway.send(MESSAGE, to=PHONE)
        if passes:
            sandbox.faults.add(fault, times=2)
            assert gateway.receipt(receipt.msgid) == receipt
        sandbox.faults.add(fault)
        with pytest.raises(GatewayError) as caught:
            gateway.receipt(receipt.msgid)
        assert (type(caught.value), caught.value.status, caught.value.field) == (kind, status, None)

    def test_an_answer_that_takes_its_time_is_not_waited_for(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox
    ) -> None:
        msgid = at().send(MESSAGE, to=PHONE).msgid
        hasty = at(timeout=SOON)
        sandbox.faults.add(FaultKind.DELAYED, seconds=PATIENCE)
        with pytest.raises(OutcomeUnknown) as caught:
            hasty.send(MESSAGE, to=PHONE)
        assert (type(caught.value), caught.value.status) == (OutcomeUnknown, None)
        with pytest.raises(UnreadableAnswer):
            hasty.receipt(msgid)

    def test_a_provider_that_refuses_connections_is_unreachable_and_was_sent_nothing(
        self, gateway: ReportingGateway, sandbox: XoxzoSandbox
    ) -> None:
        msgid = gateway.send(MESSAGE, to=PHONE).msgid
        with sandbox.refusing_connections():
            for ask in (lambda: gateway.send(MESSAGE, to=PHONE), lambda: gateway.receipt(msgid)):
                with pytest.raises(ProviderUnreachable) as caught:
                    ask()
                assert (caught.value.status, caught.value.field) == (None, None)
        assert len(self.handed_over(sandbox)) == 1

    def test_a_connection_that_comes_about_at_a_later_try_sends_once(
        self, gateway: ReportingGateway, sandbox: XoxzoSandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with ExitStack() as refusing:
            refusing.enter_context(sandbox.refusing_connections())
            pauses = during_pauses(monkeypatch, refusing.close)
            receipt = gateway.send(MESSAGE, to=PHONE)
        assert len(pauses) == 1
        assert len(self.handed_over(sandbox)) == 1
        assert gateway.receipt(receipt.msgid) == receipt

    @pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:1"], ids=["no proxy", "a dead proxy"])
    def test_a_sandbox_that_is_closed_is_unreachable(
        self, gateway: ReportingGateway, sandbox: XoxzoSandbox, monkeypatch: pytest.MonkeyPatch, proxy: str
    ) -> None:
        sandbox.close()
        for name in ("HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, proxy if "http" in name.lower() else "")
        with pytest.raises(ProviderUnreachable):
            gateway.send(MESSAGE, to=PHONE)

    @pytest.mark.parametrize("number", PRINTED, ids=str)
    def test_live_refuses_each_number_that_is_printed_in_the_course_before_any_request(
        self, number: PhoneNumber
    ) -> None:
        gateway = self.route(gateway_on("https://provider.invalid", retry_waits=()), 1)
        assert gateway.live is True
        with pytest.raises(RecipientRefused) as caught:  # a request would be ProviderUnreachable
            gateway.send(MESSAGE, to=number)
        assert (caught.value.status, caught.value.field) == (None, "recipient")
        assert number.e164 not in str(caught.value)

    def test_nothing_that_is_shown_logged_raised_or_pickled_tells_a_secret(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        gateway, hasty = at(), at(timeout=SOON)
        told = [repr(gateway), str(gateway), repr(gateway.send(MESSAGE, to=PHONE))]
        for fault in FaultKind:
            sandbox.faults.clear()
            sandbox.faults.add(fault, times=1, seconds=PATIENCE if fault is FaultKind.DELAYED else 0)
            with pytest.raises(GatewayError) as caught:
                (hasty if fault is FaultKind.DELAYED else gateway).send(MESSAGE, to=PHONE)
            told += told_by(caught.value)
        told += told_by(self.refusal_of_another_kind(sandbox, gateway))
        assert secrets_in([*told, caplog.text], sandbox.sid, sandbox.auth_token) == []
        assert "POST" in caplog.text  # so that there was something to read

    def refusal_of_another_kind(self, sandbox: XoxzoSandbox, gateway: ReportingGateway) -> GatewayError:
        sandbox.faults.clear()
        with pytest.raises(RecipientRefused) as caught:
            gateway.send(MESSAGE, to=TRUNK_ZERO)
        return caught.value


def gateway_on(host: str, sid: str = SID, auth_token: str = TOKEN, **options: Any) -> XoxzoGateway:
    """A gateway that waits long, and pauses not at all."""
    return XoxzoGateway(sid, auth_token, api_host=host, **{"timeout": PATIENCE, "retry_waits": (0, 0), **options})


def an_approved_template(sandbox: XoxzoSandbox, account: SandboxAccount, content: str = "") -> int:
    fields = {"name": "PIN", "content": content or "This is {service}. Your PIN is {pin}."}
    answer = sandbox.app.test_client().post("/sms/templates/", json=fields, auth=(account.sid, account.auth_token))
    return sandbox.approve_template(answer.get_json()["id"]).id


def during_pauses(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None] = lambda: None) -> list[float]:
    """Let something happen in the place of each pause between two tries. Gives the pauses, as they come."""
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        happens()

    monkeypatch.setattr(connection, "time", SimpleNamespace(monotonic=time.monotonic, sleep=pause))
    return pauses


def told_by(error: Exception) -> list[str]:
    """Everything that an error tells: its words, its evidence, what it came from, and its pickle."""
    chain = [error, error.__cause__, error.__context__]
    words = [f"{one!r} {one} {vars(one)}" for one in chain if one is not None]
    return [*words, "".join(traceback.format_exception(error)), pickle.dumps(error).decode("latin-1")]


def secrets_in(texts: Iterable[str], sid: str = SID, auth_token: str = TOKEN) -> list[str]:
    """Those of the secrets that one of the texts tells: credentials, the full number, the PIN."""
    credentials = [sid, auth_token, base64.b64encode(f"{sid}:{auth_token}".encode()).decode()]
    digits = [PIN, PHONE.e164[3:]]
    return [
        secret
        for text in texts
        for secret in credentials + digits
        if secret in text or (secret in digits and secret in re.sub("[^0-9]", "", text))
    ]


Reply = Callable[[str], bytes | Iterable[bytes]]


class ScriptedProvider(socketserver.ThreadingTCPServer):
    """A server on loopback that answers with whatever bytes it is told; with none it drops the connection.

    Attributes:
        reply: what it answers to a request.
        requests: what it was asked, oldest first.
        released: set at the end, so that an answer that hangs does not hang for ever.
    """

    allow_reuse_address = True
    daemon_threads = False  # closing waits for them

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply: Reply = always(b"")
        self.requests: list[str] = []
        self.released = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.gateway = gateway_on(self.url)

    def hang(self, request: str) -> bytes:
        """A reply that comes when the test lets it."""
        self.released.wait(PATIENCE)
        return http(201, [{"msgid": "1", "callid": "1"}])

    def drip(self, request: str) -> Iterable[bytes]:
        """A good answer, byte by byte, with so much space in it that it takes seconds."""
        for byte in http(201, [{"msgid": "1", "callid": "1"}]).replace(b"\r\n\r\n", b"\r\n\r\n" + b" " * 300):
            if self.released.wait(0.01):
                return
            yield bytes([byte])

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), OSError):  # whoever asked has gone
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def __enter__(self) -> ScriptedProvider:
        no_proxy.add()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.002,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.released.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
        no_proxy.remove()


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.rfile.readline() or b"\r\n\r\n"
        length = re.search(rb"content-length: ([0-9]+)", head.lower())
        request = (head + (self.rfile.read(int(length[1])) if length else b"")).decode()
        provider = cast(ScriptedProvider, self.server)
        provider.requests.append(request)
        reply = provider.reply(request)
        for piece in [reply] if isinstance(reply, bytes) else reply:
            self.wfile.write(piece)


def nobody_there() -> str:
    """An address on this machine where nobody listens any more."""
    with ScriptedProvider() as gone:
        return gone.url


def always(answer: bytes) -> Reply:
    return lambda request: answer


def in_turn(*answers: bytes) -> Reply:
    """One answer after another."""
    left = iter(answers)
    return lambda request: next(left)


def http(status: int, body: object = "", location: str = "") -> bytes:
    """An answer: text as HTML, anything else as JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    kind = "text/html" if isinstance(body, str) else "application/json"
    head = f"HTTP/1.0 {status} Status\r\nContent-Type: {kind}\r\nContent-Length: {len(text.encode())}\r\n"
    return (head + (f"Location: {location}\r\n" if location else "") + f"\r\n{text}").encode()
