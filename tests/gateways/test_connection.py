"""A connection to Xoxzo, or to its sandbox: address, credentials, time limit and retries."""

from __future__ import annotations

import base64
import json
import pickle
import socket
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from types import SimpleNamespace

import pytest
from requests import exceptions

from contracts.gateway import (
    MESSAGE,
    PATIENCE,
    PHONE,
    SID,
    SOON,
    TOKEN,
    ScriptedProvider,
    always,
    during_pauses,
    gateway_on,
    http,
    secrets_in,
    told_by,
)
from sms2fa import XoxzoGateway
from sms2fa.errors import InvalidInput, OutcomeUnknown, ProviderUnreachable
from sms2fa.gateways import connection
from sms2fa.gateways.answers import Answer, may_pass, nothing_was_sent
from sms2fa.gateways.connection import Connection
from sms2fa.hosted import XoxzoOtpVerifier
from sms2fa.sandbox import XoxzoSandbox

LOCAL = "http://127.0.0.1:1"
NO_CONNECTION = Answer(None, error=exceptions.ConnectTimeout())
DROPPED = Answer(None, error=exceptions.ConnectionError())
GOOD = Answer(201, [{"msgid": "1"}])


def answers(*them: Answer) -> tuple[Callable[[], Answer], list[Answer]]:
    """A request that gets these answers in turn, and those that are left."""
    left = list(them)
    return lambda: left.pop(0), left


def a_connection(timeout: float = PATIENCE, retry_waits: tuple[float, ...] = (0, 0)) -> Connection:
    return Connection(SID, TOKEN, LOCAL, timeout, retry_waits)


class TestAddress:
    @pytest.mark.parametrize(
        "host", ["api.xoxzo.com", "192.0.2.1", "localhost.example", "127.0.0.1.example", "0.0.0.0", "[::ffff:7f00:1]"]
    )
    def test_http_over_the_network_is_refused(self, host: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            XoxzoGateway(SID, TOKEN, api_host=f"http://{host}")
        assert caught.value.field == "api_host"

    @pytest.mark.parametrize(
        "host",
        [
            "",
            "api.xoxzo.com",
            "ftp://127.0.0.1",
            "file:///etc",
            "https://",
            "https://sid:secret@api.xoxzo.com",
            "https://:secret@api.xoxzo.com",
            "https://secret@api.xoxzo.com",
            "http://127.0.0.1@provider.invalid",
            "http://127.0.0.1/?a",
            "http://127.0.0.1/#a",
            "http://127.0.0.1:99999",
            "http://127.0.0.1:abc",
            "http://[::1",
            5,
            b"http://127.0.0.1",
        ],
    )
    def test_an_address_that_is_none_is_refused_without_a_word_of_it(self, host: object) -> None:
        with pytest.raises(InvalidInput, match="expected") as caught:
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
            ("http://127.9.9.9:5000", False),
            ("http://localhost:5000/", False),
            ("http://LOCALHOST:5000/", False),
            ("http://[::1]:5000", False),
            ("https://127.0.0.1:5000", False),
        ],
    )
    def test_live_unless_the_host_is_loopback(self, host: str | None, live: bool) -> None:
        assert XoxzoGateway(SID, TOKEN, api_host=host).live is live
        assert XoxzoOtpVerifier(SID, TOKEN, "shop.example", api_host=host).live is live

    def test_a_slash_at_the_end_does_not_matter(self, provider: ScriptedProvider) -> None:
        provider.reply = always(http(201, [{"msgid": "1"}]))
        gateway_on(f"{provider.url}/").send(MESSAGE, to=PHONE)
        assert provider.requests[0].startswith("POST /sms/messages/ ")

    def test_a_closed_sandbox_is_never_reached_through_a_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        with socket.create_server(("127.0.0.1", 0)) as proxy:
            proxy.setblocking(False)
            for name in ("HTTP_PROXY", "http_proxy"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.getsockname()[1]}")
            with XoxzoSandbox() as sandbox:
                gateway = gateway_on(sandbox.url, sandbox.sid, sandbox.auth_token)
            with pytest.raises(ProviderUnreachable, match="no sandbox is open"):
                gateway.send(MESSAGE, to=PHONE)
            with pytest.raises(BlockingIOError):
                proxy.accept()


class TestWhatTheCallerGives:
    @pytest.mark.parametrize(
        "given", [{"sid": ""}, {"sid": None}, {"auth_token": ""}, {"auth_token": b"x"}, {"auth_token": "トークン"}]
    )
    def test_credentials_that_cannot_work_are_refused_at_once(self, given: dict[str, str]) -> None:
        with pytest.raises(InvalidInput) as caught:
            XoxzoGateway(**{"sid": SID, "auth_token": TOKEN, **given})
        assert caught.value.field == next(iter(given))
        assert secrets_in(told_by(caught.value)) == []

    @pytest.mark.parametrize("timeout", [0, -1, None, "5", float("inf"), float("nan"), 3601])
    def test_a_timeout_that_is_none_is_refused_at_once(self, timeout: object) -> None:
        with pytest.raises(InvalidInput, match="expected a timeout") as caught:
            XoxzoGateway(SID, TOKEN, timeout=timeout)
        assert caught.value.field == "timeout"

    @pytest.mark.parametrize("waits", [(-1,), ("1",), (float("nan"),)])
    def test_a_wait_that_is_none_is_refused_at_once(self, waits: object) -> None:
        with pytest.raises(InvalidInput) as caught:
            XoxzoGateway(SID, TOKEN, api_host=LOCAL, retry_waits=waits)
        assert caught.value.field == "retry_waits"

    def test_ten_seconds_are_waited_where_nothing_else_is_said(self) -> None:
        assert XoxzoGateway(SID, TOKEN)._connection.timeout == 10
        assert XoxzoOtpVerifier(SID, TOKEN, "shop.example")._connection.timeout == 10

    def test_no_representation_shows_a_credential_and_it_says_what_is_live(self) -> None:
        assert repr(a_connection()) == "Connection('http://127.0.0.1:1', not live)"
        assert repr(Connection(SID, TOKEN, None, 10, ())) == "Connection('https://api.xoxzo.com', LIVE)"

    def test_it_is_not_pickled_with_its_credentials(self) -> None:
        with pytest.raises(TypeError):
            pickle.dumps(a_connection())


class TestRetries:
    def test_a_good_answer_is_not_asked_for_again(self) -> None:
        request, left = answers(GOOD, GOOD)
        assert a_connection().call(request, nothing_was_sent) is GOOD
        assert left == [GOOD]

    def test_what_sent_nothing_is_tried_again_until_it_is_answered(self) -> None:
        request, left = answers(NO_CONNECTION, NO_CONNECTION, GOOD, GOOD)
        assert a_connection().call(request, nothing_was_sent) is GOOD
        assert left == [GOOD]

    def test_the_last_answer_stands_where_no_pause_is_left(self) -> None:
        request, left = answers(NO_CONNECTION, NO_CONNECTION, NO_CONNECTION, GOOD)
        assert a_connection().call(request, nothing_was_sent) is NO_CONNECTION
        assert left == [GOOD]

    @pytest.mark.parametrize("answer", [DROPPED, *(Answer(status) for status in (401, 404, 429, 500))])
    def test_what_may_have_been_sent_is_not_sent_again(self, answer: Answer) -> None:
        request, left = answers(answer, GOOD)
        assert a_connection().call(request, nothing_was_sent) is answer
        assert left == [GOOD]

    @pytest.mark.parametrize("answer", [NO_CONNECTION, DROPPED, Answer(429), Answer(503)])
    def test_a_question_may_be_asked_again(self, answer: Answer) -> None:
        request, left = answers(answer, GOOD, GOOD)
        assert a_connection().call(request, may_pass) is GOOD
        assert left == [GOOD]

    def test_without_waits_there_is_one_try(self) -> None:
        request, left = answers(NO_CONNECTION, GOOD)
        assert a_connection(retry_waits=()).call(request, nothing_was_sent) is NO_CONNECTION
        assert left == [GOOD]

    def test_the_pauses_are_spread_below_the_waits_and_grow_with_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pauses = during_pauses(monkeypatch)
        for _ in range(50):
            a_connection(retry_waits=(1, 4)).call(lambda: NO_CONNECTION, nothing_was_sent)
        first, second = pauses[::2], pauses[1::2]
        assert 0.5 <= min(first) < max(first) <= 1
        assert 2 <= min(second) < max(second) <= 4
        assert len(set(pauses)) > 50

    def test_a_call_that_is_given_up_is_not_made_again(self) -> None:
        made = threading.Semaphore(0)
        back = threading.Event()

        def hang() -> Answer:
            made.release()
            back.wait(PATIENCE)
            return GOOD

        with pytest.raises(OutcomeUnknown):
            a_connection(timeout=SOON).call(hang, may_pass)
        assert made.acquire(timeout=PATIENCE)
        assert not made.acquire(blocking=False)
        back.set()


class TestTotalTime:
    @pytest.fixture
    def now(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
        """Time that passes in pauses alone."""
        now = SimpleNamespace(seconds=1000.0)
        during = SimpleNamespace(
            monotonic=lambda: now.seconds, sleep=lambda seconds: setattr(now, "seconds", now.seconds + seconds)
        )
        monkeypatch.setattr(connection, "time", during)
        return now

    def test_no_pause_leads_beyond_the_limit(self, now: SimpleNamespace) -> None:
        request, left = answers(*[NO_CONNECTION] * 100)
        assert a_connection(10, retry_waits=(4,) * 99).call(request, nothing_was_sent) is NO_CONNECTION
        assert now.seconds <= 1010
        assert 94 <= len(left) <= 97  # pauses of 2 to 4 seconds in 10

    def test_a_pause_that_would_lead_beyond_the_limit_is_not_begun(self, now: SimpleNamespace) -> None:
        assert a_connection(10, retry_waits=(60,)).call(lambda: NO_CONNECTION, nothing_was_sent) is NO_CONNECTION
        assert now.seconds == 1000

    def test_a_later_try_has_what_is_left_of_the_time(
        self, now: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        limited, given = a_connection(10, retry_waits=(2, 2)), []

        def call(request: Callable[[], Answer], seconds: float) -> Answer:
            given.append(seconds)
            now.seconds += 1  # that the try took
            return request()

        monkeypatch.setattr(limited._calls, "call", call)
        limited.call(lambda: NO_CONNECTION, nothing_was_sent)
        assert given[0] == 10
        assert [before - after > 1 for before, after in pairwise(given)] == [True, True]

    def test_a_later_try_that_hangs_is_given_up_too(self) -> None:
        back = threading.Event()
        tries = iter([lambda: NO_CONNECTION, lambda: GOOD if back.wait(PATIENCE) else DROPPED])
        with pytest.raises(OutcomeUnknown):
            a_connection(timeout=SOON * 10).call(lambda: next(tries)(), nothing_was_sent)
        back.set()


class TestPost:
    @pytest.fixture
    def posting(self, provider: ScriptedProvider) -> Connection:
        return Connection(SID, TOKEN, provider.url, PATIENCE, ())

    def test_it_carries_the_fields_as_json_and_the_credentials_as_basic_authentication(
        self, provider: ScriptedProvider, posting: Connection
    ) -> None:
        provider.reply = always(http(201, {"msgid": "1"}))
        assert posting.post("/otp/request/", {"website": "shop.example", "code": "確認"}) == Answer(201, {"msgid": "1"})
        head, _, body = provider.requests[0].partition("\r\n\r\n")
        assert head.startswith("POST /otp/request/ HTTP/1.1\r\n")
        assert f"Authorization: Basic {base64.b64encode(f'{SID}:{TOKEN}'.encode()).decode()}" in head.splitlines()
        assert json.loads(body) == {"website": "shop.example", "code": "確認"}

    @pytest.mark.parametrize("text", ["", "<html></html>", '{"a": '])
    def test_a_body_that_is_no_json_is_none(self, provider: ScriptedProvider, posting: Connection, text: str) -> None:
        provider.reply = always(http(200, text))
        assert posting.post("/", {}) == Answer(200, None)

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_it_follows_no_redirect(self, provider: ScriptedProvider, posting: Connection, status: int) -> None:
        provider.reply = always(http(status, location="?"))
        assert posting.post("/", {}).status == status
        assert len(provider.requests) == 1

    def test_no_answer_comes_with_its_reason(self, provider: ScriptedProvider, posting: Connection) -> None:
        answer = posting.post("/", {})
        assert (answer.status, answer.body) == (None, None)
        assert isinstance(answer.error, exceptions.ConnectionError)
