"""The sandbox: reached by the real client, curl and plain requests, and gone when it is closed or dropped."""

from __future__ import annotations

import gc
import json
import logging
import os
import shutil
import socket
import subprocess
import threading
import time
import weakref
from collections import Counter
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit

import pytest
import requests
import urllib3
from xoxzo.cloudpy import XoxzoClient

from sandbox.callers import FORM, LANDLINE, MESSAGES, OTHER_PHONE, PATIENCE, PHONE, TEXT, client_of, drain, in_thread
from sms2fa import ManualClock, TwoFactorError
from sms2fa.errors import InvalidInput
from sms2fa.sandbox import CarrierRules, Delivery, Kind, SandboxMessage, XoxzoSandbox
from sms2fa.sandbox.accounts import TEST_TEXT

FDS = Path("/proc/self/fd")


def is_served(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE):
            return True
    except ConnectionRefusedError:
        return False


def curl(sandbox: XoxzoSandbox, *arguments: str) -> object:
    program = shutil.which("curl")
    if program is None:
        missing = "no curl found: install it to see that it works with the sandbox"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    command = [program, "--silent", "--fail-with-body", "-u", f"{sandbox.sid}:{sandbox.auth_token}", *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    return json.loads(answer.stdout)


class TestTheRealClient:
    def test_sends_asks_and_lists(self, sandbox: XoxzoSandbox, clock: ManualClock) -> None:
        client = client_of(sandbox)
        sent = client.send_sms(**FORM)
        assert (sent.errors, sent.messages) == (None, [{"msgid": sandbox.messages[0].msgid}])
        clock.advance(seconds=60)
        status = client.get_sms_delivery_status(sent.messages[0]["msgid"])
        assert (status.errors, status.message["status"]) == (None, "DELIVERED")
        for sent_date in (None, "=2026-11-01", ">=2026-11-01", "<=2026-11-01"):
            assert client.get_sent_sms_list(sent_date).messages == [status.message]
        for sent_date in (">2026-11-01", "<2026-11-01"):
            assert client.get_sent_sms_list(sent_date).messages == []

    def test_is_told_what_is_wrong(self, sandbox: XoxzoSandbox) -> None:
        client = client_of(sandbox)
        refused = client.send_sms(**{**FORM, "recipient": "+8108012345678"})
        assert (refused.errors, list(refused.message)) == (400, ["recipient"])
        assert client.get_sms_delivery_status("unknown").errors == 404
        beyond = client.get_sent_sms_list("=1999-12-31")
        assert (beyond.errors, beyond.message) == (400, {"sent_date": ["Invalid sent_date"]})
        stranger = XoxzoClient(sandbox.sid, "wrong", api_host=sandbox.url).send_sms(**FORM)
        assert (stranger.errors, stranger.message) == (401, {"detail": "Invalid sid/token"})

    def test_makes_calls_of_both_kinds_and_asks_what_became_of_them(
        self, sandbox: XoxzoSandbox, clock: ManualClock
    ) -> None:
        client = client_of(sandbox)
        calls = [
            client.call_simple_playback(OTHER_PHONE, PHONE, "http://service.example/pin.mp3"),
            client.call_tts_playback(OTHER_PHONE, LANDLINE, "Your PIN is: 0, 4, 2.", "en"),
        ]
        assert [call.messages for call in calls] == [[{"callid": made.callid}] for made in sandbox.calls]
        clock.advance(seconds=60)
        for call in calls:
            status = client.get_simple_playback_status(call.messages[0]["callid"])
            assert (status.errors, status.message["status"]) == (None, "COMPLETED")

    def test_meets_accounts_of_every_kind(self, sandbox: XoxzoSandbox) -> None:
        def answer(kind: Kind, **options: object) -> tuple[object, str]:
            account = sandbox.add_account(kind, **options)
            client = XoxzoClient(account.sid, account.auth_token, api_host=sandbox.url)
            sent = client.send_sms(**FORM)
            return sent.errors, json.dumps(sent.message)

        assert answer(Kind.PARTNER, credit=10) == (None, "{}")
        assert answer(Kind.UNPAID) == (None, "{}")
        assert answer(Kind.STANDARD)[0] == 403
        assert answer(Kind.PARTNER, credit=9) == (403, '{"non_field_errors": ["Not enough credits, required: 10"]}')
        assert answer(Kind.PARTNER, countries=["US"]) == (403, '{"non_field_errors": ["Country not allowed"]}')
        assert [message.text for message in sandbox.messages] == [TEXT, TEST_TEXT]

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
    def test_reaches_it_by_every_name_of_this_machine_and_with_a_slash_too_many(
        self, sandbox: XoxzoSandbox, host: str
    ) -> None:
        url = f"http://{host}:{urlsplit(sandbox.url).port}"
        assert XoxzoClient(sandbox.sid, sandbox.auth_token, api_host=url).send_sms(**FORM).errors is None


class TestOtherPrograms:
    def test_plain_requests_will_do(self, sandbox: XoxzoSandbox) -> None:
        auth, address = (sandbox.sid, sandbox.auth_token), f"{sandbox.url}{MESSAGES}"
        answer = requests.post(address, data=FORM, auth=auth, timeout=PATIENCE)
        assert (answer.status_code, answer.json()) == (201, [{"msgid": sandbox.messages[0].msgid}])
        shown = requests.get(f"{address}{sandbox.messages[0].msgid}/", auth=auth, timeout=PATIENCE).json()
        assert shown["url"] == f"{address}{sandbox.messages[0].msgid}/"
        listed = requests.get(address, params={"sent_date>": "2026-11-01"}, auth=auth, timeout=PATIENCE)
        assert listed.json() == [shown]

    def test_templates_and_codes_by_plain_requests(self, sandbox: XoxzoSandbox) -> None:
        with requests.Session() as session:
            session.auth = (sandbox.sid, sandbox.auth_token)

            def post(path: str, fields: dict[str, object]) -> tuple[int, object]:
                answer = session.post(f"{sandbox.url}{path}", json=fields, timeout=PATIENCE)
                return answer.status_code, answer.json()

            status, made = post("/sms/templates/", {"name": "login", "content": "Your PIN is {pin}."})
            assert status == 201
            sms = {"recipient": PHONE, "sender": "XOXZO", "variables": {"pin": "042917"}}
            path = f"/sms/templates/{made['id']}/messages/"
            assert post(path, sms)[0] == 400
            assert sandbox.approve_template(made["id"]).status == "APPROVED"
            assert post(path, sms) == (201, [{"msgid": sandbox.messages[0].msgid}])
            assert sandbox.messages[0].text == TEXT
            site = {"website": "shop.example", "phone_number": PHONE}
            assert post("/otp/register-website/", site)[0] == 201
            assert post("/otp/request/", site)[0] == 201
            code = "".join(filter(str.isdecimal, sandbox.messages[1].text))
            assert post("/otp/verify/", {**site, "code": code})[0] == 200

    def test_curl_sends_asks_and_lists(self, sandbox: XoxzoSandbox) -> None:
        form = [part for name, value in FORM.items() for part in ("--data-urlencode", f"{name}={value}")]
        sent = curl(sandbox, *form, f"{sandbox.url}{MESSAGES}")
        assert sent == [{"msgid": sandbox.messages[0].msgid}]
        assert sandbox.messages[0].text == TEXT
        shown = curl(sandbox, f"{sandbox.url}{MESSAGES}{sandbox.messages[0].msgid}/")
        assert curl(sandbox, f"{sandbox.url}{MESSAGES}?sent_date>=2026-11-01") == [shown]

    def test_curl_sends_json(self, sandbox: XoxzoSandbox) -> None:
        header, body = ("-H", "Content-Type: application/json"), ("-d", json.dumps(FORM))
        assert curl(sandbox, *header, *body, f"{sandbox.url}{MESSAGES}") == [{"msgid": sandbox.messages[0].msgid}]

    def test_the_app_needs_no_socket_and_no_thread(self, clock: ManualClock) -> None:
        before = set(threading.enumerate())
        sandbox = XoxzoSandbox(clock)
        answer = sandbox.app.test_client().post(MESSAGES, data=FORM, auth=(sandbox.sid, sandbox.auth_token))
        assert (answer.status_code, answer.json) == (201, [{"msgid": sandbox.messages[0].msgid}])
        assert set(threading.enumerate()) == before
        assert is_served("http://127.0.0.1:1") is False  # what the next line relies on
        with pytest.raises(TwoFactorError, match="closed"):
            _ = sandbox.url

    def test_both_ways_in_lead_to_the_same_messages(self, sandbox: XoxzoSandbox) -> None:
        client_of(sandbox).send_sms(**FORM)
        listed = sandbox.app.test_client().get(MESSAGES, auth=(sandbox.sid, sandbox.auth_token)).json
        assert [message["msgid"] for message in listed] == [sandbox.messages[0].msgid]


class TestMessages:
    def test_they_stand_oldest_first_with_what_was_sent(self, sandbox: XoxzoSandbox) -> None:
        for number in range(3):
            client_of(sandbox).send_sms(**{**FORM, "message": str(number)})
        assert [(message.text, message.recipient, message.sender) for message in sandbox.messages] == [
            (str(number), PHONE, "XOXZO") for number in range(3)
        ]
        assert {message.status for message in sandbox.messages} == {"QUEUED"}
        assert {message.account for message in sandbox.messages} == {sandbox.sid}

    def test_beyond_what_is_kept_the_oldest_are_dropped_and_counted(self, clock: ManualClock) -> None:
        with XoxzoSandbox(clock, kept=2) as sandbox:
            for number in range(5):
                client_of(sandbox).send_sms(**{**FORM, "message": str(number)})
            assert ([message.text for message in sandbox.messages], sandbox.dropped) == (["3", "4"], 3)

    def test_it_keeps_one_message_at_least(self) -> None:
        with pytest.raises(InvalidInput):
            XoxzoSandbox(kept=0)

    def test_a_template_that_is_not_there_cannot_be_approved(self, sandbox: XoxzoSandbox) -> None:
        with pytest.raises(InvalidInput):
            sandbox.approve_template(1)

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

    def test_a_late_one_is_heard_when_the_clock_is_pushed_and_not_before(
        self, sandbox: XoxzoSandbox, clock: ManualClock
    ) -> None:
        heard: SimpleQueue[SandboxMessage] = SimpleQueue()
        sandbox.listen(heard.put)
        sandbox.rules = CarrierRules(by_number={PHONE: Delivery(late=timedelta(minutes=2))})
        assert sandbox.rules.by_number[PHONE].late == timedelta(minutes=2)
        client_of(sandbox).send_sms(**FORM)
        client_of(sandbox).send_sms(**{**FORM, "recipient": OTHER_PHONE})
        assert [message.recipient for message in drain(heard, 1)] == [OTHER_PHONE]
        clock.advance(seconds=120)
        assert [message.recipient for message in drain(heard, 1)] == [PHONE]
        assert heard.empty()

    def test_in_process_what_is_late_is_delivered_when_it_is_asked_for(self, clock: ManualClock) -> None:
        sandbox, heard = XoxzoSandbox(clock), list[SandboxMessage]()
        sandbox.listen(heard.append)
        sandbox.rules = CarrierRules(Delivery(late=timedelta(minutes=2)))
        sandbox.app.test_client().post(MESSAGES, data=FORM, auth=(sandbox.sid, sandbox.auth_token))
        clock.advance(seconds=120)
        sandbox.run_due()
        assert heard == sandbox.messages

    @pytest.mark.parametrize(
        ("threads", "each"),
        [(20, 5), pytest.param(20, 50, marks=pytest.mark.slow)],
        ids=["100 sends", "1000 sends"],
    )
    def test_of_sends_from_20_threads_none_is_lost_or_doubled(
        self, sandbox: XoxzoSandbox, threads: int, each: int
    ) -> None:
        heard: SimpleQueue[str] = SimpleQueue()
        sandbox.listen(lambda message: heard.put(message.text))

        def send(thread: int) -> list[str]:
            client = client_of(sandbox)
            answers = [client.send_sms(**{**FORM, "message": f"{thread}/{number}"}) for number in range(each)]
            return [answer.messages[0]["msgid"] for answer in answers]

        senders = [in_thread(lambda thread=thread: send(thread)) for thread in range(threads)]
        msgids = [msgid for sender in senders for msgid in sender.result(PATIENCE)]
        texts = Counter(f"{thread}/{number}" for thread in range(threads) for number in range(each))
        assert Counter(message.text for message in sandbox.messages) == texts
        assert Counter(drain(heard, threads * each)) == texts
        assert sorted(msgids) == sorted(message.msgid for message in sandbox.messages)
        assert len(set(msgids)) == threads * each


class TestRefusingConnections:
    def test_every_call_is_refused_and_afterwards_the_address_is_the_same(self, sandbox: XoxzoSandbox) -> None:
        client, url = client_of(sandbox), sandbox.url
        with sandbox.refusing_connections():
            for answer in (client.send_sms(**FORM), client.get_sent_sms_list(), client.get_sms_delivery_status("a")):
                assert answer.errors == 499
                error = answer.message["http_error"]
                assert isinstance(error, requests.ConnectionError)
                assert isinstance(error.args[0].reason, urllib3.exceptions.NewConnectionError)
        assert sandbox.url == url
        assert client.send_sms(**FORM).errors is None
        assert len(sandbox.messages) == 1

    def test_it_accepts_again_after_an_exception(self, sandbox: XoxzoSandbox) -> None:
        with pytest.raises(RuntimeError), sandbox.refusing_connections():
            raise RuntimeError
        assert client_of(sandbox).send_sms(**FORM).errors is None

    def test_a_closed_sandbox_cannot(self, clock: ManualClock) -> None:
        with pytest.raises(TwoFactorError, match="closed"), XoxzoSandbox(clock).refusing_connections():
            pass

    def test_it_may_be_closed_meanwhile(self, clock: ManualClock) -> None:
        sandbox = XoxzoSandbox(clock).open()
        with sandbox.refusing_connections():
            url = sandbox.url
            sandbox.close()
        assert not is_served(url)

    def test_one_in_another_refuses_until_the_outer_one_ends(self, sandbox: XoxzoSandbox) -> None:
        with sandbox.refusing_connections():
            with sandbox.refusing_connections():
                assert not is_served(sandbox.url)
            assert not is_served(sandbox.url)
        assert is_served(sandbox.url)


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
        assert [message.text for message in sandbox.messages] == [TEXT]
        assert "closed" in repr(sandbox)

    def test_it_opens_again_with_its_messages_and_credentials(self, sandbox: XoxzoSandbox) -> None:
        client_of(sandbox).send_sms(**FORM)
        sandbox.close()
        sandbox.open()
        assert sandbox.open() is sandbox  # twice is fine
        assert client_of(sandbox).send_sms(**FORM).errors is None
        assert len(sandbox.messages) == 2

    def test_it_opens_at_a_port_that_is_chosen_and_says_where_that_is_taken(self, sandbox: XoxzoSandbox) -> None:
        port = urlsplit(sandbox.url).port or 0
        other = XoxzoSandbox()
        with pytest.raises(TwoFactorError, match=f"{port} is not"):
            other.open(port)
        sandbox.close()
        assert urlsplit(other.open(port).url).port == port
        other.close()

    def test_a_listener_may_close_it(self, sandbox: XoxzoSandbox) -> None:
        url = sandbox.url
        sandbox.listen(lambda message: sandbox.close())
        client_of(sandbox).send_sms(**FORM)
        assert not is_served(url)

    def test_one_that_is_dropped_takes_its_server_and_its_threads_with_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("NO_PROXY", raising=False)
        before = set(threading.enumerate())
        sandbox = XoxzoSandbox().open()
        sandbox.rules = CarrierRules(Delivery(late=timedelta(days=1)))  # something stays on the agenda
        client_of(sandbox).send_sms(**FORM, callbackurl="http://127.0.0.1:1/")
        url = sandbox.url
        own = set(threading.enumerate()) - before
        assert is_served(url)
        del sandbox
        deadline = time.monotonic() + PATIENCE
        while is_served(url):  # a thread may be looking at the agenda just now
            gc.collect()
            assert time.monotonic() < deadline
        for thread in own:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        assert "NO_PROXY" not in os.environ

    def test_one_that_is_dropped_with_its_phone_takes_its_server_with_it(self) -> None:
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

    @pytest.mark.parametrize("rounds", [10, pytest.param(200, marks=pytest.mark.slow)])
    def test_no_thread_and_no_socket_is_left_after_many_rounds(self, rounds: int) -> None:
        gc.collect()
        before = set(threading.enumerate())
        sockets = open_sockets()
        for _ in range(rounds):
            with XoxzoSandbox() as sandbox:
                assert client_of(sandbox).send_sms(**FORM).errors is None
                with sandbox.refusing_connections():
                    assert client_of(sandbox).send_sms(**FORM).errors == 499
        deadline = time.monotonic() + PATIENCE
        for thread in set(threading.enumerate()) - before:  # one may still say goodbye to its client
            thread.join(max(0, deadline - time.monotonic()))
        assert set(threading.enumerate()) <= before
        assert open_sockets() <= sockets


def open_sockets() -> int:
    """How many this process has, where the system tells."""
    if not FDS.exists():
        return 0
    found = 0
    for descriptor in FDS.iterdir():
        try:
            found += str(descriptor.readlink()).startswith("socket:")
        except FileNotFoundError:  # the one that looks at the folder
            continue
    return found


def test_what_is_shown_and_logged_has_neither_text_nor_full_number_nor_credential(
    sandbox: XoxzoSandbox, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        client = client_of(sandbox)
        client.send_sms(**FORM)
        client.send_sms(**{**FORM, "recipient": f"{PHONE}0"})
        client.call_tts_playback(OTHER_PHONE, PHONE, TEXT, "en")
        client.get_sms_delivery_status(sandbox.messages[0].msgid)
        client.get_sent_sms_list()
        XoxzoClient("wrong", "wrong", api_host=sandbox.url).send_sms(**FORM)
    shown = f"{sandbox!r} {sandbox} {sandbox.messages} {sandbox.calls} {sandbox.account!r} {sandbox.rules}"
    secrets = ("8012345678", "2025550123", "042917", sandbox.sid, sandbox.auth_token)
    assert not [secret for secret in secrets if secret in caplog.text + shown]
    assert sandbox.url in repr(sandbox)
    assert capfd.readouterr() == ("", "")
