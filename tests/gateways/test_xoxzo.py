"""The gateway to Xoxzo: free-form text on the sandbox, and a provider that goes wrong in every way."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.parse
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Queue

import pytest
import requests
from xoxzo.cloudpy import XoxzoClient, cloudpy

from contracts.gateway import (
    MESSAGE,
    PATIENCE,
    PHONE,
    PIN,
    SID,
    SOON,
    TOKEN,
    ReportingGateway,
    ScriptedProvider,
    XoxzoContract,
    always,
    during_pauses,
    gateway_on,
    http,
    in_turn,
    nobody_there,
    secrets_in,
    told_by,
)
from sms2fa import ManualClock, Message, XoxzoGateway
from sms2fa.errors import (
    CountryNotAllowed,
    CredentialsRefused,
    GatewayError,
    GatewayRefused,
    InvalidInput,
    MessageNotFound,
    MessageRefused,
    NotEnoughCredit,
    OutcomeUnknown,
    RateLimited,
    RecipientRefused,
    TwoFactorError,
    UnreadableAnswer,
)
from sms2fa.gateways import DeliveryStatus, Receipt
from sms2fa.sandbox import XoxzoSandbox
from sms2fa.sandbox.accounts import TEST_TEXT, Kind
from sms2fa.sandbox.carrier import CarrierRules, Delivery, Ending, SandboxMessage
from sms2fa.sandbox.faults import FaultKind

CALLER = "815012345678"
HTML = "<html><body>Please log in to the wifi</body></html>"
REQUIRED = ["This field is required."]


class TestFreeForm(XoxzoContract):
    redirected = UnreadableAnswer, None  # it is followed as a GET, which lists older messages

    def route(self, gateway: XoxzoGateway, template_id: int) -> XoxzoGateway:
        return gateway

    def handed_over(self, sandbox: XoxzoSandbox) -> Sequence[SandboxMessage]:
        return sandbox.messages

    def test_the_text_arrives_as_it_was_given(self, gateway: XoxzoGateway, sandbox: XoxzoSandbox) -> None:
        text = "PIN 042917 & more = 100 % «確認» 🙂\nnext line + plus"
        gateway.send(Message(text), to=PHONE)
        (message,) = sandbox.messages
        assert (message.text, message.sender) == (text, "XOXZO")

    def test_the_sender_is_the_one_of_the_gateway(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox
    ) -> None:
        at(sender="SHOP").send(MESSAGE, to=PHONE)
        assert sandbox.messages[-1].sender == "SHOP"

    @pytest.mark.parametrize("sender", ["", "ELEVEN-CHAR", "1234567890123456"])
    def test_a_sender_that_is_none_sends_nothing_and_is_named(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox, sender: str
    ) -> None:
        error = self.refusal(sandbox, at(sender=sender))
        assert (type(error), error.status, error.field) == (MessageRefused, 400, "sender")

    def test_a_standard_account_may_not_send_freely(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox
    ) -> None:
        error = self.refusal(sandbox, at(sandbox.add_account(Kind.STANDARD)))
        assert (type(error), error.status, error.field) == (MessageRefused, 403, None)

    def test_the_pin_of_an_unpaid_account_never_arrives(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox
    ) -> None:
        assert at(sandbox.add_account(Kind.UNPAID)).send(MESSAGE, to=PHONE).msgid
        assert sandbox.messages[-1].text == TEST_TEXT

    def test_credit_runs_out_in_the_middle(self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox) -> None:
        gateway = at(sandbox.add_account(credit=25))  # a message of one part costs 10
        for _ in range(2):
            gateway.send(MESSAGE, to=PHONE)
        with pytest.raises(NotEnoughCredit):
            gateway.send(MESSAGE, to=PHONE)
        assert len(sandbox.messages) == 2

    @pytest.mark.parametrize(
        ("ending", "status"), [(Ending.FAILED, DeliveryStatus.FAILED), (Ending.LOST, DeliveryStatus.DELIVERING)]
    )
    def test_what_the_carrier_says_is_told(
        self,
        gateway: XoxzoGateway,
        sandbox: XoxzoSandbox,
        clock: ManualClock,
        ending: Ending,
        status: DeliveryStatus,
    ) -> None:
        sandbox.rules = CarrierRules(delivery=Delivery(ending=ending))
        msgid = gateway.send(MESSAGE, to=PHONE).msgid
        clock.advance(seconds=120)
        assert gateway.receipt(msgid).status is status

    def test_a_message_that_was_given_up_may_still_go_out(
        self, at: Callable[..., ReportingGateway], sandbox: XoxzoSandbox
    ) -> None:
        arrived: Queue[SandboxMessage] = Queue()
        sandbox.listen(arrived.put)
        hasty = at(timeout=SOON)
        sandbox.faults.add(FaultKind.DELAYED, seconds=PATIENCE)
        with pytest.raises(OutcomeUnknown):
            hasty.send(MESSAGE, to=PHONE)
        assert sandbox.messages == []
        sandbox.faults.clear()
        assert PIN in arrived.get(timeout=PATIENCE).text

    def test_of_many_messages_from_many_threads_none_is_lost_or_doubled(
        self, gateway: XoxzoGateway, sandbox: XoxzoSandbox
    ) -> None:
        texts = [f"This is message {number}." for number in range(200)]
        with ThreadPoolExecutor(20) as pool:
            receipts = list(pool.map(lambda text: gateway.send(Message(text), to=PHONE), texts))
        assert {message.msgid: message.text for message in sandbox.messages} == {
            receipt.msgid: text for receipt, text in zip(receipts, texts, strict=True)
        }
        assert len(sandbox.messages) == 200


SENDS: dict[str, Callable[[XoxzoGateway], Receipt]] = {
    "free-form": lambda gateway: gateway.send(MESSAGE, to=PHONE),
    "template": lambda gateway: gateway.send_template(1, MESSAGE, to=PHONE),
    "voice": lambda gateway: gateway.call(MESSAGE, to=PHONE, caller=CALLER),
}
ASKS: dict[str, Callable[[XoxzoGateway], Receipt]] = {
    "message": lambda gateway: gateway.receipt("1"),
    "call": lambda gateway: gateway.call_receipt("1"),
}
each_send = pytest.mark.parametrize("send", SENDS.values(), ids=SENDS)
each_ask = pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)

DROPPED = b""
ACCEPTED = http(201, [{"msgid": "1", "callid": "1"}])
DELIVERED = http(200, {"status": "DELIVERED"})
LIST = http(200, [{"msgid": "of-an-older-message", "callid": "of-an-older-call", "status": "DELIVERED"}])

ANSWERS: list[tuple[bytes, type[GatewayError], int | None, str | None]] = [
    (http(400, {"recipient": ["Invalid recipient."]}), RecipientRefused, 400, "recipient"),
    (http(400, {"message": REQUIRED}), MessageRefused, 400, "message"),
    (http(400, {"sender": REQUIRED}), MessageRefused, 400, "sender"),
    (http(400, HTML), MessageRefused, 400, None),
    (http(401, {"detail": "Invalid sid/token"}), CredentialsRefused, 401, None),
    (http(401), CredentialsRefused, 401, None),
    (http(403, {"non_field_errors": ["Not enough credits, required: 20"]}), NotEnoughCredit, 403, None),
    (http(403, {"non_field_errors": ["Country not allowed"]}), CountryNotAllowed, 403, None),
    (http(404, HTML), GatewayRefused, 404, None),
    (http(429, {"detail": "Request was throttled."}), RateLimited, 429, None),
    (http(500, HTML), OutcomeUnknown, 500, None),
    (http(502), OutcomeUnknown, 502, None),
    (http(204), OutcomeUnknown, 204, None),
    (DROPPED, OutcomeUnknown, None, None),
    (ACCEPTED[:-4], OutcomeUnknown, None, None),  # dropped in the middle of the answer
    (b"SSH-2.0-OpenSSH_9.2\r\n", OutcomeUnknown, None, None),  # another service at this port
]
NO_MSGID = [
    *("", HTML, [], [{}], {}, ["1"], 1, None, True),
    *({name: "1"} for name in ("msgid", "callid")),
    *([{"msgid": id_, "callid": id_}] for id_ in ("", None, 1, ["1"], {"id": "1"})),
    [[{"msgid": "1", "callid": "1"}]],
    [{"id": "1"}],
]


class TestEachWayOfSending:
    @each_send
    @pytest.mark.parametrize(("answer", "kind", "status", "field"), ANSWERS)
    def test_the_error_says_what_can_be_done(
        self,
        provider: ScriptedProvider,
        send: Callable[[XoxzoGateway], Receipt],
        answer: bytes,
        kind: type[GatewayError],
        status: int | None,
        field: str | None,
    ) -> None:
        provider.reply = always(answer)
        with pytest.raises(GatewayError) as caught:
            send(provider.gateway)
        assert (type(caught.value), caught.value.status, caught.value.field) == (kind, status, field)
        assert len(provider.requests) == 1  # nothing that reached the provider is sent a second time

    @each_send
    @pytest.mark.parametrize("body", NO_MSGID, ids=repr)
    def test_there_is_no_success_without_a_msgid(
        self, provider: ScriptedProvider, send: Callable[[XoxzoGateway], Receipt], body: object
    ) -> None:
        provider.reply = always(http(201, body))
        with pytest.raises(UnreadableAnswer):
            send(provider.gateway)
        assert len(provider.requests) == 1

    @each_send
    @pytest.mark.parametrize(
        "found",
        [
            pytest.param(http(200), id="nothing"),
            pytest.param(http(200, HTML), id="a page"),
            pytest.param(http(200, []), id="an empty list"),
            pytest.param(LIST, id="the list"),
            pytest.param(http(405, {"detail": "Method Not Allowed."}), id="no such method"),
        ],
    )
    def test_a_redirect_is_taken_neither_for_a_receipt_nor_for_a_refusal(
        self, provider: ScriptedProvider, send: Callable[[XoxzoGateway], Receipt], found: bytes
    ) -> None:
        # requests follows it as a GET; at the same path that is the list of the messages sent before.
        provider.reply = lambda request: http(302, location="?") if request.startswith("POST") else found
        with pytest.raises(OutcomeUnknown):
            send(provider.gateway)
        assert [request.split()[0] for request in provider.requests].count("POST") == 1

    @each_send
    @pytest.mark.parametrize("location", ["http://[::1", "http://127.0.0.1:99999/", "ftp://127.0.0.1/", "http://"])
    def test_a_redirect_that_leads_nowhere_leaves_the_outcome_unknown(
        self, provider: ScriptedProvider, send: Callable[[XoxzoGateway], Receipt], location: str
    ) -> None:
        provider.reply = always(http(302, location=location))
        with pytest.raises(OutcomeUnknown):
            send(provider.gateway)

    @each_send
    def test_an_answer_too_deep_to_be_read_leaves_the_outcome_unknown(
        self, provider: ScriptedProvider, send: Callable[[XoxzoGateway], Receipt]
    ) -> None:
        provider.reply = always(http(201, "[" * 100_000))
        with pytest.raises(OutcomeUnknown):
            send(provider.gateway)

    @each_send
    def test_an_answer_that_drips_is_not_waited_for(
        self, provider: ScriptedProvider, send: Callable[[XoxzoGateway], Receipt]
    ) -> None:
        provider.reply = provider.drip
        with pytest.raises(OutcomeUnknown):
            send(gateway_on(provider.url, timeout=0.2))

    @each_send
    def test_an_answer_that_does_not_come_is_not_waited_for(
        self, provider: ScriptedProvider, send: Callable[[XoxzoGateway], Receipt]
    ) -> None:
        provider.reply = provider.hang
        with pytest.raises(OutcomeUnknown):
            send(gateway_on(provider.url, timeout=SOON))

    @each_send
    @pytest.mark.parametrize("waits", [(), (0,), (0, 0), (0, 0, 0, 0)])
    def test_a_refused_connection_is_tried_once_and_once_more_after_each_pause(
        self,
        provider: ScriptedProvider,
        send: Callable[[XoxzoGateway], Receipt],
        monkeypatch: pytest.MonkeyPatch,
        waits: Sequence[float],
    ) -> None:
        gateway = gateway_on(nobody_there(), retry_waits=waits)
        pauses = during_pauses(monkeypatch)
        with pytest.raises(GatewayRefused):
            send(gateway)
        assert len(pauses) == len(waits)

    @each_send
    def test_no_error_tells_a_number_or_a_pin_even_where_the_server_echoes_the_request(
        self, provider: ScriptedProvider, send: Callable[[XoxzoGateway], Receipt]
    ) -> None:
        for status in (400, 401, 403, 404, 429, 500):
            provider.reply = lambda request, status=status: http(
                status, {"detail": urllib.parse.unquote_plus(request.partition("\r\n\r\n")[2])}
            )
            with pytest.raises(GatewayError) as caught:
                send(provider.gateway)
            assert secrets_in(told_by(caught.value)) == []

    @each_send
    def test_no_error_tells_a_credential_even_where_the_server_echoes_it(
        self, provider: ScriptedProvider, send: Callable[[XoxzoGateway], Receipt]
    ) -> None:
        provider.reply = always(http(401, {"detail": f"Invalid sid/token: {SID}/{TOKEN}"}))
        with pytest.raises(CredentialsRefused) as caught:
            send(provider.gateway)
        assert secrets_in(told_by(caught.value)) == []


class TestEachWayOfAsking:
    @each_ask
    @pytest.mark.parametrize(
        "trouble", [http(429), http(500), http(502, HTML), http(503), http(504), DROPPED, DELIVERED[:-4]]
    )
    def test_trouble_that_passes_is_outlived(
        self, provider: ScriptedProvider, ask: Callable[[XoxzoGateway], Receipt], trouble: bytes
    ) -> None:
        provider.reply = in_turn(trouble, trouble, DELIVERED)
        assert ask(provider.gateway) == Receipt("1", DeliveryStatus.DELIVERED)
        assert len(provider.requests) == 3

    @each_ask
    @pytest.mark.parametrize(
        ("trouble", "kind", "status"),
        [
            (http(429), RateLimited, 429),
            (http(500, HTML), UnreadableAnswer, 500),
            (http(504), UnreadableAnswer, 504),
            (DROPPED, UnreadableAnswer, None),
        ],
    )
    def test_trouble_that_stays_is_met_three_times_and_told(
        self,
        provider: ScriptedProvider,
        ask: Callable[[XoxzoGateway], Receipt],
        trouble: bytes,
        kind: type[GatewayError],
        status: int | None,
    ) -> None:
        provider.reply = always(trouble)
        with pytest.raises(GatewayError) as caught:
            ask(provider.gateway)
        assert (type(caught.value), caught.value.status, caught.value.field) == (kind, status, None)
        assert len(provider.requests) == 3

    @each_ask
    @pytest.mark.parametrize(
        ("answer", "kind", "status"),
        [
            (http(404, {"detail": "Not found."}), MessageNotFound, 404),
            (http(404, HTML), MessageNotFound, 404),
            (http(401, {"detail": "Invalid sid/token"}), CredentialsRefused, 401),
            (http(403, {"detail": "no"}), MessageRefused, 403),
            *(
                (http(200, body), UnreadableAnswer, None)
                for body in ("", HTML, {}, {"status": 1}, {"status": None}, [{"status": "OK"}], [], "OK", 1)
            ),
        ],
    )
    def test_a_definite_answer_is_asked_for_once(
        self,
        provider: ScriptedProvider,
        ask: Callable[[XoxzoGateway], Receipt],
        answer: bytes,
        kind: type[GatewayError],
        status: int | None,
    ) -> None:
        provider.reply = always(answer)
        with pytest.raises(GatewayError) as caught:
            ask(provider.gateway)
        assert (type(caught.value), caught.value.status, caught.value.field) == (kind, status, None)
        assert len(provider.requests) == 1

    @each_ask
    @pytest.mark.parametrize("reply", ["hang", "drip"])
    def test_an_answer_that_takes_too_long_is_not_waited_for_and_says_nothing_of_sending(
        self, provider: ScriptedProvider, ask: Callable[[XoxzoGateway], Receipt], reply: str
    ) -> None:
        provider.reply = getattr(provider, reply)
        with pytest.raises(UnreadableAnswer, match="ask again"):
            ask(gateway_on(provider.url, timeout=SOON))

    @each_ask
    @pytest.mark.parametrize(
        ("word", "status"),
        [
            *((word, DeliveryStatus[word]) for word in ("QUEUED", "DELIVERING", "DELIVERED", "FAILED")),
            ("OK", DeliveryStatus.DELIVERED),  # the help page's word; the rest are the blog's
            ("FAIL", DeliveryStatus.FAILED),
            ("ANSWERED", DeliveryStatus.DELIVERING),
            ("COMPLETED", DeliveryStatus.DELIVERED),
            ("delivered", DeliveryStatus.DELIVERED),
            ("TELEPORTED", DeliveryStatus.UNKNOWN),
            ("", DeliveryStatus.UNKNOWN),
        ],
    )
    def test_both_sets_of_status_words_are_read_and_an_unknown_word_is_unknown(
        self, provider: ScriptedProvider, ask: Callable[[XoxzoGateway], Receipt], word: str, status: DeliveryStatus
    ) -> None:
        provider.reply = always(http(200, {"status": word}))
        assert ask(provider.gateway) == Receipt("1", status)

    @pytest.mark.parametrize("msgid", ["", "../../voice/calls", "a/b", "a?b", "a b", "a\n", "é", None, 1])
    @pytest.mark.parametrize("method", ["receipt", "call_receipt"])
    def test_a_msgid_cannot_lead_elsewhere(self, provider: ScriptedProvider, msgid: str, method: str) -> None:
        provider.reply = always(DELIVERED)
        with pytest.raises(InvalidInput) as caught:
            getattr(provider.gateway, method)(msgid)
        assert caught.value.field == "msgid"
        assert provider.requests == []

    @pytest.mark.parametrize("id_", ["1234567890", "a-b_c", "a.b"])
    def test_whatever_send_gave_can_be_asked_for(self, provider: ScriptedProvider, id_: str) -> None:
        provider.reply = in_turn(http(201, [{"msgid": id_}]), DELIVERED)
        assert provider.gateway.receipt(provider.gateway.send(MESSAGE, to=PHONE).msgid).msgid == id_


class TestWhatTheCallerGives:
    ENVIRON = {"XOXZO_API_SID": SID, "XOXZO_API_AUTH_TOKEN": TOKEN}  # noqa: RUF012 - nobody writes to it

    @pytest.mark.parametrize("missing", [{"XOXZO_API_SID"}, {"XOXZO_API_AUTH_TOKEN"}, set(ENVIRON)])
    @pytest.mark.parametrize("empty", [True, False])
    def test_from_env_names_what_is_missing_and_tells_nothing_of_what_is_there(
        self, monkeypatch: pytest.MonkeyPatch, missing: set[str], empty: bool
    ) -> None:
        for name, value in self.ENVIRON.items():
            monkeypatch.setenv(name, value)
        for name in missing:
            monkeypatch.setenv(name, "") if empty else monkeypatch.delenv(name)
        with pytest.raises(InvalidInput) as caught:
            XoxzoGateway.from_env()
        assert set(re.findall("XOXZO_[A-Z_]+", str(caught.value).partition("missing")[2])) == missing
        assert secrets_in(told_by(caught.value)) == []

    def test_from_env_is_live_and_at_xoxzo(self) -> None:
        gateway = XoxzoGateway.from_env(self.ENVIRON)
        assert gateway.live is True
        assert repr(gateway) == "XoxzoGateway('https://api.xoxzo.com', LIVE)"

    def test_the_variables_alone_make_nothing_live(
        self, sandbox: XoxzoSandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, value in self.ENVIRON.items():
            monkeypatch.setenv(name, value)
        assert gateway_on(sandbox.url, sandbox.sid, sandbox.auth_token).live is False

    def test_no_representation_shows_a_credential(self) -> None:
        for gateway in (XoxzoGateway(SID, TOKEN), XoxzoGateway(SID, TOKEN, api_host="http://127.0.0.1:1")):
            assert secrets_in([f"{gateway} {gateway!r}"]) == []

    def test_a_text_that_cannot_be_encoded_is_refused_within_our_own_errors(self, provider: ScriptedProvider) -> None:
        provider.reply = always(ACCEPTED)
        with pytest.raises(TwoFactorError):  # a UnicodeEncodeError shows the whole text, PIN included
            provider.gateway.send(Message(f"Your PIN is {PIN} \ud800"), to=PHONE)

    def test_a_template_id_that_is_none_is_refused_within_our_own_errors(self, provider: ScriptedProvider) -> None:
        with pytest.raises(InvalidInput):
            provider.gateway.send_template("../../otp", MESSAGE, to=PHONE)
        assert provider.requests == []


class TestTheLibrariesBelow:
    def test_neither_requests_nor_the_client_is_changed_by_a_gateway_that_is_used(self) -> None:
        # In a process of its own, where nothing of ours was imported before.
        program = """
import sys
import requests, requests.adapters, requests.api, requests.sessions, xoxzo.cloudpy, xoxzo.cloudpy.cloudpy
import urllib3.connectionpool, urllib3.poolmanager, socket
watched = [requests, requests.api, requests.sessions, requests.Session, requests.adapters.HTTPAdapter,
           xoxzo.cloudpy, xoxzo.cloudpy.cloudpy, xoxzo.cloudpy.XoxzoClient, xoxzo.cloudpy.cloudpy.XoxzoResponse,
           urllib3.connectionpool.HTTPConnectionPool, urllib3.poolmanager.PoolManager]
before = [dict(vars(one)) for one in watched]
timeout = socket.getdefaulttimeout()
assert "sms2fa" not in sys.modules
from contracts.gateway import MESSAGE, PHONE
from sms2fa import XoxzoGateway
from sms2fa.sandbox import XoxzoSandbox
with XoxzoSandbox() as sandbox:
    gateway = XoxzoGateway(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)
    gateway.receipt(gateway.send(MESSAGE, to=PHONE).msgid)
    gateway.call_receipt(gateway.call(MESSAGE, to=PHONE, caller="815012345678").msgid)
for one, old in zip(watched, before):
    new = {name: value for name, value in vars(one).items() if name in old}
    assert new.keys() == old.keys() and all(new[name] is old[name] for name in old), one
assert socket.getdefaulttimeout() is timeout
print("unchanged")
"""
        folder = str(next(path for path in sys.path if path.endswith("tests")))
        done = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, {folder!r})\n{program}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.stdout == "unchanged\n", done.stderr

    def test_requests_and_the_client_are_the_same_objects_after_a_failure(self, provider: ScriptedProvider) -> None:
        watched = [requests.api, requests.Session, requests.adapters.HTTPAdapter, cloudpy, XoxzoClient]
        before = [dict(vars(one)) for one in watched]
        provider.reply = provider.hang
        with pytest.raises(OutcomeUnknown):
            gateway_on(provider.url, timeout=SOON).send(MESSAGE, to=PHONE)
        assert [dict(vars(one)) for one in watched] == before

    def test_the_client_carries_what_it_can(self, provider: ScriptedProvider) -> None:
        provider.reply = always(ACCEPTED)
        for send in SENDS.values():
            send(provider.gateway)
        kinds = [re.findall("(?i)content-type: (.*)\r", request)[0] for request in provider.requests]
        form = "application/x-www-form-urlencoded"
        assert kinds == [form, "application/json", form]
        assert [request.split()[1] for request in provider.requests] == [
            "/sms/messages/",
            "/sms/templates/1/messages/",
            "/voice/simple/playbacks/",
        ]
