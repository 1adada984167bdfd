"""Delivery reports: to a real HTTP server on this machine, and to nobody else."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from urllib.parse import parse_qs

import pytest

from sandbox.callers import MESSAGES, PATIENCE, PHONE, TEXT, Caller, client_of, drain, in_thread
from sms2fa import ManualClock
from sms2fa.sandbox import CarrierRules, Delivery, Ending, XoxzoSandbox
from sms2fa.sandbox.callbacks import Callback, Callbacks

OTHER_HOSTS = [
    "http://provider.example/dlr",
    "https://provider.example/dlr",
    "http://192.0.2.1/dlr",
    "http://0.0.0.0/dlr",
    "http://127.0.0.1.provider.example/dlr",
    "http://127.0.0.1@provider.example/dlr",
    "http://localhost:80@provider.example/dlr",
    "http://provider.example#@127.0.0.1/dlr",
    "http://provider.example?@127.0.0.1/dlr",
    "http://localhost.provider.example/dlr",
    "http://[2001:db8::1]/dlr",
    "ftp://127.0.0.1/dlr",
    "file:///etc/hosts",
    "//127.0.0.1/dlr",
    "127.0.0.1/dlr",
    "http:///dlr",
    "http://[::1/dlr",
    "not an address",
    " ",
]


class Receiver:
    """A learner's own service: takes reports, and answers as it is told."""

    def __init__(self) -> None:
        self.taken: SimpleQueue[dict[str, str]] = SimpleQueue()
        self.statuses: list[int] = []  # of the next answers; then 200
        self.location = ""
        self.may_answer = threading.Event()
        self.may_answer.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                receiver.taken.put({name: values[0] for name, values in parse_qs(body, True).items()})
                receiver.may_answer.wait(PATIENCE)
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/dlr"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.may_answer.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def callbacks(clock: ManualClock) -> Callbacks:
    return Callbacks(clock)


@pytest.fixture
def inside(clock: ManualClock) -> XoxzoSandbox:
    """A sandbox without threads: what is due runs when it is told to."""
    return XoxzoSandbox(clock)


def caller_in(sandbox: XoxzoSandbox) -> Caller:
    return Caller(sandbox.app.test_client(), sandbox.account)


def later(sandbox: XoxzoSandbox, clock: ManualClock, seconds: float) -> None:
    clock.advance(seconds=seconds)
    sandbox.run_due()


def report(callbacks: Callbacks, url: str) -> None:
    callbacks.plan(url, callbacks.agenda.clock.now(), lambda: {"status": "DELIVERED"})
    callbacks.agenda.run_due()


class TestReports:
    def test_an_sms_is_reported_once_when_its_status_is_final_with_its_fields(
        self, inside: XoxzoSandbox, clock: ManualClock, receiver: Receiver
    ) -> None:
        caller = caller_in(inside)
        msgid = caller.sent(callbackurl=receiver.url, tags="login")
        later(inside, clock, 2.999)
        assert inside.callbacks == []
        later(inside, clock, 0.001)
        later(inside, clock, 3600)
        (callback,) = inside.callbacks
        assert (callback.url, callback.status, callback.problem) == (receiver.url, 200, "")
        shown = caller.get(f"{MESSAGES}{msgid}/").json
        assert callback.fields == shown
        assert drain(receiver.taken, 1) == [{name: str(value) for name, value in shown.items()}]
        assert receiver.taken.empty()

    def test_a_call_is_reported_when_it_has_ended(
        self, inside: XoxzoSandbox, clock: ManualClock, receiver: Receiver
    ) -> None:
        fields = {"caller": "+12025550123", "recipient": PHONE, "tts_message": "0, 4", "tts_lang": "en"}
        caller_in(inside).post("/voice/simple/playbacks/", {**fields, "callbackurl": receiver.url})
        later(inside, clock, 19.999)
        assert inside.callbacks == []
        later(inside, clock, 0.001)
        (taken,) = drain(receiver.taken, 1)
        assert (taken["callid"], taken["status"], taken["duration"]) == (inside.calls[0].callid, "COMPLETED", "17")

    @pytest.mark.parametrize(
        ("delivery", "seconds", "status"),
        [
            (Delivery(ending=Ending.FAILED), 3, "FAILED"),
            (Delivery(late=timedelta(minutes=2)), 120, "DELIVERED"),
            (Delivery(ending=Ending.FAILED, late=timedelta(minutes=2)), 120, "FAILED"),
        ],
    )
    def test_a_failure_and_a_late_delivery_are_reported_at_their_moment(
        self,
        inside: XoxzoSandbox,
        clock: ManualClock,
        receiver: Receiver,
        delivery: Delivery,
        seconds: float,
        status: str,
    ) -> None:
        inside.rules = CarrierRules(delivery)
        caller_in(inside).sent(callbackurl=receiver.url)
        later(inside, clock, seconds - 0.001)
        assert inside.callbacks == []
        later(inside, clock, 0.001)
        assert [callback.fields["status"] for callback in inside.callbacks] == [status]

    def test_a_lost_message_is_never_reported(
        self, inside: XoxzoSandbox, clock: ManualClock, receiver: Receiver
    ) -> None:
        inside.rules = CarrierRules(Delivery(ending=Ending.LOST))
        caller_in(inside).sent(callbackurl=receiver.url)
        later(inside, clock, 90 * 86400)
        assert inside.callbacks == []

    def test_without_an_address_nothing_is_reported(self, inside: XoxzoSandbox, clock: ManualClock) -> None:
        caller_in(inside).sent()
        caller_in(inside).sent(callbackurl="")
        later(inside, clock, 3600)
        assert inside.callbacks == []

    def test_an_open_sandbox_reports_by_itself(
        self, sandbox: XoxzoSandbox, clock: ManualClock, receiver: Receiver
    ) -> None:
        msgid = client_of(sandbox).send_sms(TEXT, PHONE, "XOXZO", callbackurl=receiver.url).messages[0]["msgid"]
        clock.advance(seconds=3)
        (taken,) = drain(receiver.taken, 1)
        assert (taken["msgid"], taken["status"]) == (msgid, "DELIVERED")
        assert taken["url"] == f"{sandbox.url}{MESSAGES}{msgid}/"

    @pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1"])
    def test_every_name_of_this_machine_will_do(self, callbacks: Callbacks, receiver: Receiver, name: str) -> None:
        report(callbacks, f"http://{name}:{receiver.port}/dlr")
        assert [callback.status for callback in callbacks.made] == [200]

    def test_a_proxy_is_not_asked(
        self, callbacks: Callbacks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        report(callbacks, receiver.url)
        assert [callback.status for callback in callbacks.made] == [200]


class TestRetries:
    def test_there_are_three_tries_by_the_clock(
        self, callbacks: Callbacks, clock: ManualClock, receiver: Receiver
    ) -> None:
        receiver.statuses = [500, 404, 503]
        report(callbacks, receiver.url)
        for seconds, tries in [(4.999, 1), (0.001, 2), (29.999, 2), (0.001, 3), (86400, 3)]:
            clock.advance(seconds=seconds)
            callbacks.agenda.run_due()
            assert len(callbacks.made) == tries
        assert [(callback.status, callback.problem) for callback in callbacks.made] == [
            (500, "HTTP status 500"),
            (404, "HTTP status 404"),
            (503, "HTTP status 503"),
        ]

    def test_after_a_success_there_is_no_other_try(
        self, callbacks: Callbacks, clock: ManualClock, receiver: Receiver
    ) -> None:
        receiver.statuses = [500, 204]
        report(callbacks, receiver.url)
        for _ in range(3):
            clock.advance(seconds=60)
            callbacks.agenda.run_due()
        assert [callback.status for callback in callbacks.made] == [500, 204]

    def test_nobody_there_is_tried_again_too(self, callbacks: Callbacks, clock: ManualClock) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            url = f"http://127.0.0.1:{closed.getsockname()[1]}/dlr"
        report(callbacks, url)
        for _ in range(3):
            clock.advance(seconds=60)
            callbacks.agenda.run_due()
        assert [(callback.status, callback.problem) for callback in callbacks.made] == [(None, "ConnectionError")] * 3

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_not_followed_and_is_a_failure(
        self, callbacks: Callbacks, clock: ManualClock, receiver: Receiver, status: int
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as elsewhere:
            receiver.location = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/elsewhere"
            receiver.statuses = [status, 200]
            report(callbacks, receiver.url)
            elsewhere.setblocking(False)
            with pytest.raises(BlockingIOError):
                elsewhere.accept()
        clock.advance(seconds=5)
        callbacks.agenda.run_due()
        assert [callback.status for callback in callbacks.made] == [status, 200]
        assert callbacks.made[0].problem

    def test_the_fields_are_those_of_the_moment_of_each_try(
        self, callbacks: Callbacks, clock: ManualClock, receiver: Receiver
    ) -> None:
        receiver.statuses = [500]
        callbacks.plan(receiver.url, clock.now(), lambda: {"now": clock.now().isoformat()})
        begun = clock.now()
        callbacks.agenda.run_due()
        clock.advance(seconds=5)
        callbacks.agenda.run_due()
        assert [callback.fields["now"] for callback in callbacks.made] == [
            begun.isoformat(),
            (begun + timedelta(seconds=5)).isoformat(),
        ]


class TestOtherHosts:
    @pytest.mark.parametrize("url", [*OTHER_HOSTS, "http://provider.example\\@127.0.0.1/dlr"])
    def test_no_other_host_is_ever_called(
        self, callbacks: Callbacks, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, url: str
    ) -> None:
        called: list[object] = []

        def look_up(host: object, *_: object, **__: object) -> list[object]:
            called.append(host)
            raise socket.gaierror("no name is looked up in this test")

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        report(callbacks, url)
        clock.advance(seconds=3600)
        callbacks.agenda.run_due()
        assert called == []
        assert [(callback.url, callback.status, callback.problem) for callback in callbacks.made] == [
            (url, None, "not on this machine")
        ]

    def test_the_api_takes_another_hosts_address_all_the_same(self, inside: XoxzoSandbox, clock: ManualClock) -> None:
        caller_in(inside).sent(callbackurl="https://service.example/dlr")
        later(inside, clock, 3)
        assert [callback.problem for callback in inside.callbacks] == ["not on this machine"]

    @pytest.mark.parametrize("url", ["http://127.0.0.1:99999/", "http://localhost:port/", "http://127.0.0.1:-1/"])
    def test_an_address_that_is_none_is_a_failure_and_no_crash(
        self, callbacks: Callbacks, caplog: pytest.LogCaptureFixture, url: str
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            report(callbacks, url)
        assert [callback.status for callback in callbacks.made] == [None]
        assert callbacks.made[0].problem
        assert "Traceback" not in caplog.text


def test_the_newest_1000_tries_are_remembered(callbacks: Callbacks) -> None:
    for number in range(1_003):
        callbacks.plan(f"http://provider.example/{number}", callbacks.agenda.clock.now(), dict)
    callbacks.agenda.run_due()
    assert [callback.url.rpartition("/")[2] for callback in callbacks.made] == [str(n) for n in range(3, 1_003)]


def test_a_closed_sandbox_reports_no_more(sandbox: XoxzoSandbox, clock: ManualClock, receiver: Receiver) -> None:
    client = client_of(sandbox)
    for _ in range(5):
        assert client.send_sms(TEXT, PHONE, "XOXZO", callbackurl=receiver.url).errors is None
    receiver.may_answer.clear()
    clock.advance(seconds=3)
    drain(receiver.taken, 1)  # the first report is under way
    server = sandbox._server
    assert server is not None
    closing = in_thread(sandbox.close)
    assert server._stopped.wait(PATIENCE)
    receiver.may_answer.set()
    closing.result(PATIENCE)
    assert receiver.taken.empty()


def test_what_is_logged_and_shown_has_neither_text_nor_full_number(
    inside: XoxzoSandbox, clock: ManualClock, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.statuses = [500]
    with caplog.at_level(logging.DEBUG):
        caller_in(inside).sent(callbackurl=receiver.url)
        caller_in(inside).sent(callbackurl="http://provider.example/")
        later(inside, clock, 3)
    assert "HTTP status 500" in caplog.text
    assert "not on this machine" in caplog.text
    assert not [secret for secret in ("8012345678", "042917", inside.auth_token) if secret in caplog.text]


def test_the_representation_shows_no_full_number() -> None:
    callback = Callback("http://127.0.0.1/", {"recipient": PHONE}, 200)
    assert "8012345678" not in repr(callback)
