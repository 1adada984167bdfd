"""The sandbox served on loopback: reached by the real client, and gone when it is closed or dropped."""

from __future__ import annotations

import gc
import logging
import os
import socket
import threading
import time
import weakref
from urllib.parse import urlsplit

import pytest
import requests
from xoxzo.cloudpy import XoxzoClient

from sms2fa import ManualClock, TwoFactorError
from sms2fa.sandbox import XoxzoSandbox
from sms2fa.sandbox.carrier import SandboxMessage

PATIENCE = 60  # seconds until something that hangs fails the test
FORM = {"message": "Hello", "recipient": "+818012345678", "sender": "XOXZO"}
PROXY_NAMES = ("NO_PROXY", "no_proxy")


def client_of(sandbox: XoxzoSandbox) -> XoxzoClient:
    return XoxzoClient(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)


def is_served(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE):
            return True
    except ConnectionRefusedError:
        return False


class TestClients:
    def test_the_real_client_sends_asks_and_lists(self, sandbox: XoxzoSandbox, clock: ManualClock) -> None:
        client = client_of(sandbox)
        sent = client.send_sms(**FORM)
        assert (sent.errors, sent.messages) == (None, [{"msgid": sandbox.messages[0].msgid}])
        clock.advance(seconds=60)
        status = client.get_sms_delivery_status(sent.messages[0]["msgid"])
        assert (status.errors, status.message["status"]) == (None, "DELIVERED")
        for sent_date in (None, "=2026-11-01", ">=2026-11-01", "<=2026-11-01"):
            assert client.get_sent_sms_list(sent_date).messages == [status.message]
        assert client.get_sent_sms_list(">2026-11-01").messages == []

    def test_the_real_client_is_told_what_is_wrong(self, sandbox: XoxzoSandbox) -> None:
        client = client_of(sandbox)
        refused = client.send_sms(**{**FORM, "recipient": "+8108012345678"})
        assert (refused.errors, list(refused.message)) == (400, ["recipient"])
        assert client.get_sms_delivery_status("unknown").errors == 404
        beyond = client.get_sent_sms_list("=1999-12-31")
        assert (beyond.errors, beyond.message) == (400, {"sent_date": ["Invalid sent_date"]})
        stranger = XoxzoClient(sandbox.sid, "wrong", api_host=sandbox.url).send_sms(**FORM)
        assert (stranger.errors, stranger.message) == (401, {"detail": "Invalid sid/token"})

    def test_plain_requests_will_do(self, sandbox: XoxzoSandbox) -> None:
        auth, address = (sandbox.sid, sandbox.auth_token), f"{sandbox.url}/sms/messages/"
        answer = requests.post(address, data=FORM, auth=auth, timeout=PATIENCE)
        assert (answer.status_code, answer.json()) == (201, [{"msgid": sandbox.messages[0].msgid}])
        shown = requests.get(f"{address}{sandbox.messages[0].msgid}/", auth=auth, timeout=PATIENCE).json()
        assert shown["url"] == f"{address}{sandbox.messages[0].msgid}/"
        listed = requests.get(address, params={"sent_date>": "2026-11-01"}, auth=auth, timeout=PATIENCE)
        assert listed.json() == [shown]

    def test_the_app_needs_no_socket(self, clock: ManualClock) -> None:
        sandbox = XoxzoSandbox(clock)
        answer = sandbox.app.test_client().post("/sms/messages/", data=FORM, auth=(sandbox.sid, sandbox.auth_token))
        assert (answer.status_code, answer.json) == (201, [{"msgid": sandbox.messages[0].msgid}])

    def test_a_listener_hears_of_a_message_and_one_that_raises_does_not_break_the_api(
        self, sandbox: XoxzoSandbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        heard: list[SandboxMessage] = []

        def broken(message: SandboxMessage) -> None:
            raise RuntimeError("the phone fell into the water")

        sandbox.listen(broken)
        sandbox.listen(heard.append)
        with caplog.at_level(logging.DEBUG):
            assert client_of(sandbox).send_sms(**FORM).errors is None
        assert heard == sandbox.messages
        assert "the phone fell into the water" in caplog.text

    def test_requests_are_logged_and_not_printed(
        self, sandbox: XoxzoSandbox, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG, "sms2fa"):
            client_of(sandbox).send_sms(**FORM)
        assert capfd.readouterr() == ("", "")
        assert "POST /sms/messages/" in caplog.text


class TestOpenAndClose:
    def test_two_sandboxes_know_nothing_of_each_other(self, sandbox: XoxzoSandbox) -> None:
        with XoxzoSandbox() as other:
            assert client_of(other).send_sms(**FORM).errors is None
            assert (len(other.messages), len(sandbox.messages)) == (1, 0)
            assert (other.url, other.sid, other.auth_token) != (sandbox.url, sandbox.sid, sandbox.auth_token)
            stranger = XoxzoClient(sandbox.sid, sandbox.auth_token, api_host=other.url)
            assert stranger.send_sms(**FORM).errors == 401

    def test_it_is_served_on_loopback_alone(self, sandbox: XoxzoSandbox) -> None:
        assert urlsplit(sandbox.url).hostname == "127.0.0.1"

    def test_a_closed_sandbox_says_so_serves_no_more_and_keeps_its_messages(self, sandbox: XoxzoSandbox) -> None:
        client_of(sandbox).send_sms(**FORM)
        url = sandbox.url
        sandbox.close()
        sandbox.close()
        with pytest.raises(TwoFactorError, match="closed"):
            _ = sandbox.url
        assert not is_served(url)
        assert [message.text for message in sandbox.messages] == ["Hello"]
        assert "closed" in repr(sandbox)

    def test_it_opens_again_with_its_messages_and_credentials(self, sandbox: XoxzoSandbox) -> None:
        client_of(sandbox).send_sms(**FORM)
        sandbox.close()
        sandbox.open()
        assert sandbox.open() is sandbox  # twice is fine
        assert client_of(sandbox).send_sms(**FORM).errors is None
        assert len(sandbox.messages) == 2

    def test_a_sandbox_that_is_dropped_takes_its_server_with_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("NO_PROXY", raising=False)
        sandbox = XoxzoSandbox().open()
        url = sandbox.url
        assert is_served(url)
        del sandbox
        gc.collect()
        assert not is_served(url)
        assert "NO_PROXY" not in os.environ

    def test_a_sandbox_that_is_dropped_with_its_phone_takes_its_server_with_it(self) -> None:
        class Phone:
            def __init__(self, sandbox: XoxzoSandbox) -> None:
                self.sandbox = sandbox
                sandbox.listen(self.hear)

            def hear(self, message: SandboxMessage) -> None: ...

        phone = Phone(XoxzoSandbox().open())
        url, kept = phone.sandbox.url, weakref.ref(phone.sandbox)
        try:
            assert is_served(url)
            del phone
            gc.collect()
            assert not is_served(url)
        finally:
            if (sandbox := kept()) is not None:
                sandbox.close()

    def test_no_thread_is_left_after_twenty_rounds(self) -> None:
        before = set(threading.enumerate())
        for _ in range(20):
            with XoxzoSandbox() as sandbox:
                assert client_of(sandbox).send_sms(**FORM).errors is None
        deadline = time.monotonic() + PATIENCE
        for thread in set(threading.enumerate()) - before:  # one may still say goodbye to its client
            thread.join(max(0, deadline - time.monotonic()))
        assert set(threading.enumerate()) <= before


class TestProxies:
    @pytest.mark.parametrize("before", [(None, None), ("a.example", None), (None, "b.example"), ("a", "b"), ("", "")])
    def test_no_proxy_names_loopback_while_a_sandbox_is_open_and_is_as_before_then(
        self, monkeypatch: pytest.MonkeyPatch, before: tuple[str | None, str | None]
    ) -> None:
        for name, value in zip(PROXY_NAMES, before, strict=True):
            monkeypatch.delenv(name, raising=False)
            if value is not None:
                monkeypatch.setenv(name, value)
        first, second = XoxzoSandbox().open(), XoxzoSandbox().open()
        try:
            for _ in range(2):
                for name, value in zip(PROXY_NAMES, before, strict=True):
                    assert os.environ[name].split(",") == [*filter(None, [value]), "127.0.0.1"]
                first.close()
        finally:
            first.close()
            second.close()
        assert tuple(os.environ.get(name) for name in PROXY_NAMES) == before

    @pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
    def test_a_dead_proxy_does_not_matter(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as dead:
            address = f"http://127.0.0.1:{dead.getsockname()[1]}"
        monkeypatch.setenv(name, address)
        with XoxzoSandbox() as sandbox:
            assert client_of(sandbox).send_sms(**FORM).errors is None

    def test_a_no_proxy_for_everything_keeps_its_meaning(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in PROXY_NAMES:
            monkeypatch.setenv(name, "*")
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        with XoxzoSandbox() as sandbox:
            assert client_of(sandbox).send_sms(**FORM).errors is None
            assert requests.utils.get_environ_proxies("http://provider.example") == {}
