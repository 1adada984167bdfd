"""The gateway to Xoxzo: on the sandbox, and with a provider that goes wrong in every way."""

from __future__ import annotations

import json
import re
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from typing import cast

import pytest

from contracts.gateway import MESSAGE, PHONE, GatewayContract
from sms2fa import Message, PhoneNumber, XoxzoGateway, parse_phone
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
    ProviderUnreachable,
    RateLimited,
    RecipientRefused,
    UnreadableAnswer,
)
from sms2fa.gateways import DeliveryStatus
from sms2fa.phone import example_mobile
from sms2fa.sandbox import XoxzoSandbox

SID, TOKEN = "the-sid", "the-auth-token"
PATIENCE = 60  # seconds until something that hangs fails the test


class TestXoxzoOnTheSandbox(GatewayContract):
    @pytest.fixture
    def gateway(self, sandbox: XoxzoSandbox) -> XoxzoGateway:
        return XoxzoGateway(sandbox.sid, sandbox.auth_token, api_host=sandbox.url, timeout=PATIENCE)

    @pytest.fixture
    def stranger(self, sandbox: XoxzoSandbox) -> XoxzoGateway:
        return XoxzoGateway(sandbox.sid, "wrong", api_host=sandbox.url, timeout=PATIENCE)

    @pytest.fixture
    def refused(self) -> PhoneNumber:
        return PhoneNumber("+8108012345678", "JP")  # parse_phone would not make it

    def test_the_message_arrives_as_it_was_given(self, gateway: XoxzoGateway, sandbox: XoxzoSandbox) -> None:
        msgid = gateway.send(MESSAGE, to=PHONE).msgid
        (message,) = sandbox.messages
        assert (message.text, message.recipient, message.sender) == (MESSAGE.text, PHONE.e164, "XOXZO")
        assert message.msgid == msgid

    @pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:1"], ids=["no proxy", "a dead proxy"])
    def test_a_sandbox_that_is_closed_is_unreachable(
        self, gateway: XoxzoGateway, sandbox: XoxzoSandbox, monkeypatch: pytest.MonkeyPatch, proxy: str
    ) -> None:
        sandbox.close()
        for name in ("HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, proxy if "http" in name.lower() else "")
        with pytest.raises(ProviderUnreachable):
            gateway.send(MESSAGE, to=PHONE)


def always(answer: bytes) -> Callable[[str], bytes]:
    return lambda request: answer


class Provider(socketserver.ThreadingTCPServer):
    """A server on loopback that answers with whatever bytes it is told; with none it drops the connection."""

    allow_reuse_address = True
    daemon_threads = False  # closing waits for them

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = always(b"")
        self.gateway = XoxzoGateway(SID, TOKEN, api_host=f"http://127.0.0.1:{self.server_address[1]}", timeout=PATIENCE)


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.rfile.readline() or b"\r\n\r\n"
        length = re.search(rb"content-length: ([0-9]+)", head.lower())
        body = self.rfile.read(int(length[1])) if length else b""
        self.wfile.write(cast(Provider, self.server).reply((head + body).decode()))


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Provider() as provider:
        thread = threading.Thread(target=provider.serve_forever, args=(0.01,))
        thread.start()
        yield provider
        provider.shutdown()
        thread.join()


def http(status: int, body: object = "", location: str = "") -> bytes:
    """An answer: text as HTML, anything else as JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    kind = "text/html" if isinstance(body, str) else "application/json"
    head = f"HTTP/1.0 {status} Status\r\nContent-Type: {kind}\r\nContent-Length: {len(text.encode())}\r\n"
    return (head + (f"Location: {location}\r\n" if location else "") + f"\r\n{text}").encode()


HTML = "<html><body>Please log in to the wifi</body></html>"
REQUIRED = ["This field is required."]
FAULTS: list[tuple[bytes, type[GatewayError], int | None, str | None]] = [
    (http(400, {"recipient": ["Invalid recipient."]}), RecipientRefused, 400, "recipient"),
    (http(400, {"message": REQUIRED}), MessageRefused, 400, "message"),
    (http(400, {"sender": REQUIRED}), MessageRefused, 400, "sender"),
    (http(400, HTML), MessageRefused, 400, None),
    (http(400, ["no"]), MessageRefused, 400, None),
    (http(401, {"detail": "Invalid sid/token"}), CredentialsRefused, 401, None),
    (http(401), CredentialsRefused, 401, None),
    (http(403, {"non_field_errors": ["Not enough credits, required: 20"]}), NotEnoughCredit, 403, None),
    (http(403, {"non_field_errors": ["Country not allowed"]}), CountryNotAllowed, 403, None),
    (http(403, {"detail": "Free-form text is not allowed"}), MessageRefused, 403, None),
    (http(404, HTML), GatewayRefused, 404, None),
    (http(429, {"detail": "Request was throttled."}), RateLimited, 429, None),
    (http(500, {"detail": "Server Error"}), OutcomeUnknown, 500, None),
    (http(500, HTML), OutcomeUnknown, 500, None),
    (http(502), OutcomeUnknown, 502, None),
    (http(499, {"http_error": "of the server itself"}), OutcomeUnknown, None, None),
    (b"", OutcomeUnknown, None, None),  # dropped after the request had gone out
    (http(201, [{"msgid": "1"}])[:-4], OutcomeUnknown, None, None),  # dropped in the middle of the answer
    (b"SSH-2.0-OpenSSH_9.2\r\n", OutcomeUnknown, None, None),  # another service at this port
    *((http(201, body), UnreadableAnswer, None, None) for body in ("", HTML, [], [{}], {}, {"msgid": "1"}, ["1"], 1)),
    *((http(201, [{"msgid": msgid}]), UnreadableAnswer, None, None) for msgid in ("", None, 1, ["1"])),
    (http(204), OutcomeUnknown, 204, None),
]


class TestFaultsOfTheProvider:
    @pytest.mark.parametrize(("answer", "kind", "status", "field"), FAULTS)
    def test_send_says_what_can_be_done(
        self, provider: Provider, answer: bytes, kind: type[GatewayError], status: int | None, field: str | None
    ) -> None:
        provider.reply = always(answer)
        with pytest.raises(kind) as caught:
            provider.gateway.send(MESSAGE, to=PHONE)
        assert (caught.value.status, caught.value.field) == (status, field)  # a field of the request, or None

    @pytest.mark.parametrize(
        "found",
        [
            pytest.param(http(200), id="nothing"),
            pytest.param(http(200, HTML), id="a page"),
            pytest.param(http(200, [{"msgid": "of-an-older-message", "status": "DELIVERED"}]), id="the list"),
        ],
    )
    def test_a_redirect_is_never_taken_for_a_receipt(self, provider: Provider, found: bytes) -> None:
        # requests follows it as a GET; at the same path that is the list of the messages sent before.
        provider.reply = lambda request: http(302, location="?") if request.startswith("POST") else found
        with pytest.raises(OutcomeUnknown):
            provider.gateway.send(MESSAGE, to=PHONE)

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (http(404), MessageNotFound),
            (http(500, HTML), OutcomeUnknown),
            (b"", OutcomeUnknown),
            *((http(200, body), UnreadableAnswer) for body in ("", HTML, {}, {"status": 1}, [{"status": "OK"}], "OK")),
        ],
    )
    def test_a_receipt_says_so_too(self, provider: Provider, answer: bytes, kind: type[GatewayError]) -> None:
        provider.reply = always(answer)
        with pytest.raises(kind):
            provider.gateway.receipt("msgid")

    @pytest.mark.parametrize(
        ("word", "status"),
        [
            *((word, DeliveryStatus[word]) for word in ("QUEUED", "DELIVERING", "DELIVERED", "FAILED")),
            ("OK", DeliveryStatus.DELIVERED),
            ("FAIL", DeliveryStatus.FAILED),
            ("delivered", DeliveryStatus.DELIVERED),
            ("TELEPORTED", DeliveryStatus.UNKNOWN),
        ],
    )
    def test_both_sets_of_status_words_are_read_and_an_unknown_word_is_unknown(
        self, provider: Provider, word: str, status: DeliveryStatus
    ) -> None:
        provider.reply = always(http(200, {"status": word}))
        assert provider.gateway.receipt("msgid").status is status

    @pytest.mark.parametrize(
        "body",
        [
            {"recipient": ["+818012345678 is not allowed"]},
            {"detail": "no message to 818012345678"},
            {"recipient": {"to": "080-1234-5678"}},
            {"message": ["Hello (80) 1234.5678", "+81 80 1234 5678"]},
            {"+818012345678": REQUIRED},
        ],
    )
    def test_an_error_tells_no_full_number_even_where_the_server_echoes_it(
        self, provider: Provider, body: dict[str, object]
    ) -> None:
        for status in (400, 401, 403, 500):
            provider.reply = always(http(status, body))
            with pytest.raises(GatewayError) as caught:
                provider.gateway.send(MESSAGE, to=PHONE)
            told = f"{caught.value!r} {vars(caught.value)} {caught.value.__context__!r}"
            assert "8012345678" not in re.sub("[^0-9]", "", told)

    @pytest.mark.parametrize("pin", ["4827", "042917", "042 917", "0429175386"])
    def test_an_error_tells_no_pin_even_where_the_server_echoes_it(self, provider: Provider, pin: str) -> None:
        provider.reply = always(http(400, {"message": [f"Similar text: Your PIN is {pin}."]}))
        with pytest.raises(MessageRefused) as caught:
            provider.gateway.send(MESSAGE, to=PHONE)
        assert pin not in f"{caught.value!r} {vars(caught.value)}"

    def test_a_provider_that_hangs_is_given_up_eight_times_and_tried_again_when_it_is_back(
        self, provider: Provider
    ) -> None:
        back = threading.Event()
        provider.reply = lambda request: http(201, [{"msgid": "1"}]) if back.wait(PATIENCE) else b""
        gateway, before = provider.gateway, set(threading.enumerate())
        try:
            gateway._connection.timeout = 0.05
            for _ in range(8):
                with pytest.raises(OutcomeUnknown):
                    gateway.send(MESSAGE, to=PHONE)
            hanging = set(threading.enumerate()) - before
            gateway._connection.timeout = PATIENCE  # a ninth call that went out would hang for as long
            with pytest.raises(ProviderUnreachable):
                gateway.send(MESSAGE, to=PHONE)
            with pytest.raises(ProviderUnreachable):
                gateway.receipt("1")
        finally:
            back.set()
        for thread in hanging:
            thread.join(PATIENCE)
        assert gateway.send(MESSAGE, to=PHONE).msgid == "1"


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
        assert not [secret for secret in (SID, TOKEN) if secret in str(caught.value)]

    def test_from_env_is_live(self) -> None:
        assert XoxzoGateway.from_env(self.ENVIRON).live is True

    @pytest.mark.parametrize("number", ["+818012345678", "+12025550100", "+12025550123", "+12025550199"])
    def test_live_refuses_each_number_that_is_printed_in_the_course_before_any_request(self, number: str) -> None:
        gateway = XoxzoGateway(SID, TOKEN, api_host="https://provider.invalid", timeout=PATIENCE)
        with pytest.raises(RecipientRefused) as caught:  # a request would be ProviderUnreachable
            gateway.send(MESSAGE, to=PhoneNumber(number, "ZZ"))
        assert number not in str(caught.value)

    @pytest.mark.parametrize(
        "host", ["api.xoxzo.com", "192.0.2.1", "localhost.example", "127.0.0.1.example", "0.0.0.0"]
    )
    def test_http_over_the_network_is_refused(self, host: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            XoxzoGateway(SID, TOKEN, api_host=f"http://{host}")
        assert caught.value.field == "api_host"

    @pytest.mark.parametrize(
        "host",
        ["api.xoxzo.com", "ftp://127.0.0.1", "https://", "https://sid:secret@api.xoxzo.com", "http://127.0.0.1/?a"],
    )
    def test_an_address_that_is_none_is_refused_without_a_word_of_it(self, host: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            XoxzoGateway(SID, TOKEN, api_host=host)
        assert caught.value.field == "api_host"
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize(
        ("host", "live"),
        [
            (None, True),
            ("https://api.xoxzo.com", True),
            ("https://127.0.0.1.example", True),
            ("http://127.0.0.1:5000", False),
            ("http://localhost:5000/", False),
            ("http://[::1]:5000", False),
        ],
    )
    def test_live_unless_the_host_is_loopback(self, host: str | None, live: bool) -> None:
        assert XoxzoGateway(SID, TOKEN, api_host=host).live is live

    @pytest.mark.parametrize(
        "given", [{"sid": ""}, {"sid": None}, {"auth_token": ""}, {"auth_token": "トークン"}, {"timeout": 0}]
    )
    def test_what_cannot_work_is_refused_at_once(self, given: dict[str, str]) -> None:
        with pytest.raises(InvalidInput) as caught:
            XoxzoGateway(**{"sid": SID, "auth_token": TOKEN, **given})
        assert caught.value.field == next(iter(given))

    @pytest.mark.parametrize("msgid", ["", "../../voice/calls", "a/b", "a?b", "a b", "é"])
    def test_a_msgid_cannot_lead_elsewhere(self, provider: Provider, msgid: str) -> None:
        provider.reply = always(http(200, {"status": "DELIVERED"}))
        with pytest.raises(InvalidInput) as caught:
            provider.gateway.receipt(msgid)
        assert caught.value.field == "msgid"

    def test_no_representation_shows_a_credential(self) -> None:
        for gateway in (XoxzoGateway(SID, TOKEN), XoxzoGateway(SID, TOKEN, api_host="http://127.0.0.1:1")):
            assert not [secret for secret in (SID, TOKEN) if secret in f"{gateway} {gateway!r}"]


@pytest.mark.parametrize("host", ["http://127.0.0.1:99999", "http://127.0.0.1:abc", "http://[::1", 5])
def test_an_address_that_is_none_is_refused_before_anything_is_sent(host: object) -> None:
    with pytest.raises(InvalidInput, match="expected api_host"):
        XoxzoGateway("sid", "token", api_host=host)


@pytest.mark.parametrize("timeout", [0, -1, None, "5", float("inf"), float("nan")])
def test_a_timeout_that_is_none_is_refused_before_anything_is_sent(timeout: object) -> None:
    with pytest.raises(InvalidInput, match="expected a timeout"):
        XoxzoGateway("sid", "token", timeout=timeout)


def test_a_closed_sandbox_is_never_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0.1)
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        with XoxzoSandbox() as sandbox:
            gateway = XoxzoGateway(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)
        with pytest.raises(ProviderUnreachable, match="no sandbox is open"):
            gateway.send(Message("Your PIN is 042917"), to=parse_phone("+818012345678"))
        with pytest.raises(TimeoutError):
            proxy.accept()


@pytest.mark.parametrize("region", ["GB", "DE", "FR", "IN"])
def test_live_refuses_the_examples_that_errors_print(region: str) -> None:
    number = parse_phone(example_mobile(region), region)
    with pytest.raises(RecipientRefused, match="printed in the course"):
        XoxzoGateway("sid", "token").send(Message("text"), to=number)
