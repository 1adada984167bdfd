"""Faults on demand: in process, and through the real client."""

from __future__ import annotations

import json
import logging

import pytest
import requests
from werkzeug.test import TestResponse

from sandbox.callers import FORM, MESSAGES, PATIENCE, PHONE, TEXT, Caller, client_of, in_thread
from sms2fa import ManualClock
from sms2fa.errors import InvalidInput
from sms2fa.sandbox import FaultKind, XoxzoSandbox
from sms2fa.sandbox.faults import Fault, Faults

INSTEAD = [  # of the API's answer
    *(FaultKind.DROPPED, FaultKind.TOO_MANY_REQUESTS, FaultKind.SERVER_ERROR, FaultKind.BAD_GATEWAY),
    *(FaultKind.GATEWAY_TIMEOUT, FaultKind.HTML, FaultKind.EMPTY, FaultKind.REDIRECT),
]
SPOILED = [FaultKind.DELAYED, FaultKind.DROPPED_IN_BODY, FaultKind.TRUNCATED, FaultKind.LISTED]

THROTTLED_AND_DONE = (FaultKind.TOO_MANY_REQUESTS, True)  # which there is not


@pytest.fixture
def inside(clock: ManualClock) -> XoxzoSandbox:
    """A sandbox that is called in process."""
    return XoxzoSandbox(clock, seed=1)


def send(sandbox: XoxzoSandbox) -> TestResponse:
    return Caller(sandbox.app.test_client(), sandbox.account).send()


def seconds_of(kind: FaultKind) -> float:
    return 0.001 if kind is FaultKind.DELAYED else 0


class TestInProcess:
    def test_every_kind_is_tested(self) -> None:
        assert {*INSTEAD, *SPOILED} == set(FaultKind)

    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            (FaultKind.TOO_MANY_REQUESTS, 429),
            (FaultKind.SERVER_ERROR, 500),
            (FaultKind.BAD_GATEWAY, 502),
            (FaultKind.GATEWAY_TIMEOUT, 504),
            (FaultKind.HTML, 200),
            (FaultKind.EMPTY, 200),
            (FaultKind.REDIRECT, 302),
        ],
    )
    def test_an_answer_instead_of_the_apis_has_the_status_that_it_says(
        self, inside: XoxzoSandbox, kind: FaultKind, status: int
    ) -> None:
        inside.faults.add(kind)
        assert send(inside).status_code == status
        assert inside.messages == []

    def test_throttling_is_told_in_the_documented_words(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.TOO_MANY_REQUESTS)
        assert list(send(inside).json) == ["detail"]

    @pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.BAD_GATEWAY, FaultKind.HTML])
    def test_a_page_is_no_json(self, inside: XoxzoSandbox, kind: FaultKind) -> None:
        inside.faults.add(kind)
        answer = send(inside)
        assert answer.mimetype == "text/html"
        assert answer.text.lstrip().startswith("<")

    def test_an_empty_answer_has_no_body(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.EMPTY)
        assert send(inside).data == b""

    def test_a_redirect_leads_to_the_same_path(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.REDIRECT)
        assert send(inside).headers["Location"] == MESSAGES

    def test_a_dropped_connection_raises_as_there_is_no_socket(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.DROPPED)
        with pytest.raises(ConnectionAbortedError):
            send(inside)
        assert inside.messages == []

    def test_one_dropped_in_the_body_raises_when_the_body_is_read(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.DROPPED_IN_BODY)
        answer = send(inside)
        assert answer.status_code == 201
        with pytest.raises(ConnectionAbortedError):
            _ = answer.data
        assert len(inside.messages) == 1

    def test_a_truncated_answer_is_the_beginning_of_the_right_one(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.TRUNCATED)
        answer = send(inside)
        whole = json.dumps([{"msgid": inside.messages[0].msgid}], separators=(",", ":"))
        assert whole.startswith(answer.text)
        assert 0 < len(answer.text) < len(whole)
        with pytest.raises(json.JSONDecodeError):
            json.loads(answer.text)

    def test_a_listed_answer_is_a_list_around_the_right_one(self, inside: XoxzoSandbox) -> None:
        msgid = send(inside).json[0]["msgid"]
        inside.faults.add(FaultKind.LISTED)
        answer = Caller(inside.app.test_client(), inside.account).get(f"{MESSAGES}{msgid}/")
        assert [shown["msgid"] for shown in answer.json] == [msgid]

    def test_a_delayed_answer_is_the_right_one(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.DELAYED, seconds=0.001)
        assert send(inside).json == [{"msgid": inside.messages[0].msgid}]

    @pytest.mark.parametrize(
        ("kind", "accepted"),
        [
            (kind, accepted)
            for kind in FaultKind
            for accepted in (False, True)
            if (kind, accepted) != THROTTLED_AND_DONE
        ],
    )
    def test_the_sms_goes_out_where_it_is_told_to_or_the_apis_own_answer_is_spoiled(
        self, inside: XoxzoSandbox, kind: FaultKind, accepted: bool
    ) -> None:
        heard: list[str] = []
        inside.listen(lambda message: heard.append(message.text))
        inside.faults.add(kind, accepted=accepted, seconds=seconds_of(kind))
        try:
            _ = send(inside).data
        except ConnectionAbortedError:
            assert kind in {FaultKind.DROPPED, FaultKind.DROPPED_IN_BODY}
        assert heard == ([TEXT] if accepted or kind in SPOILED else [])
        assert len(inside.messages) == len(heard)

    def test_what_the_api_refuses_is_not_sent_although_the_fault_says_accepted(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.BAD_GATEWAY, accepted=True)
        caller = Caller(inside.app.test_client(), inside.account)
        assert caller.send(recipient="nobody").status_code == 502
        assert inside.messages == []


class TestThroughTheRealClient:
    @pytest.mark.parametrize(
        ("kind", "errors"),
        [
            (FaultKind.TOO_MANY_REQUESTS, 429),
            (FaultKind.SERVER_ERROR, 500),
            (FaultKind.BAD_GATEWAY, 502),
            (FaultKind.GATEWAY_TIMEOUT, 504),
        ],
    )
    def test_a_status_is_the_error(self, sandbox: XoxzoSandbox, kind: FaultKind, errors: int) -> None:
        sandbox.faults.add(kind)
        assert client_of(sandbox).send_sms(**FORM).errors == errors
        assert client_of(sandbox).get_sms_delivery_status("msgid").errors == errors
        assert client_of(sandbox).get_sent_sms_list().errors == errors

    @pytest.mark.parametrize("accepted", [False, True])
    def test_a_dropped_connection_is_a_connection_error(self, sandbox: XoxzoSandbox, accepted: bool) -> None:
        sandbox.faults.add(FaultKind.DROPPED, accepted=accepted)
        answer = client_of(sandbox).send_sms(**FORM)
        assert answer.errors == 499
        assert type(answer.message["http_error"]) is requests.ConnectionError
        assert len(sandbox.messages) == int(accepted)

    def test_one_dropped_in_the_body_breaks_off(self, sandbox: XoxzoSandbox) -> None:
        sandbox.faults.add(FaultKind.DROPPED_IN_BODY)
        answer = client_of(sandbox).send_sms(**FORM)
        assert answer.errors == 499
        assert type(answer.message["http_error"]) is requests.exceptions.ChunkedEncodingError
        assert len(sandbox.messages) == 1

    @pytest.mark.parametrize("kind", [FaultKind.HTML, FaultKind.EMPTY, FaultKind.TRUNCATED])
    def test_what_is_no_json_looks_like_a_success_with_nothing_in_it(
        self, sandbox: XoxzoSandbox, kind: FaultKind
    ) -> None:
        sandbox.faults.add(kind)
        answer = client_of(sandbox).send_sms(**FORM)
        assert (answer.errors, answer.message, answer.messages) == (None, None, [])
        assert len(sandbox.messages) == int(kind is FaultKind.TRUNCATED)

    def test_a_list_where_an_object_is_due_lands_in_messages(self, sandbox: XoxzoSandbox) -> None:
        client = client_of(sandbox)
        msgid = client.send_sms(**FORM).messages[0]["msgid"]
        sandbox.faults.add(FaultKind.LISTED)
        answer = client.get_sms_delivery_status(msgid)
        assert (answer.errors, answer.message) == (None, {})
        assert [shown["msgid"] for shown in answer.messages] == [msgid]

    def test_a_redirect_is_followed_as_a_get_and_brings_the_list_of_what_was_sent_before(
        self, sandbox: XoxzoSandbox
    ) -> None:
        client = client_of(sandbox)
        msgid = client.send_sms(**FORM).messages[0]["msgid"]
        sandbox.faults.add(FaultKind.REDIRECT, times=1)
        answer = client.send_sms(**FORM)
        assert answer.errors is None
        assert [message["msgid"] for message in answer.messages] == [msgid]
        assert len(sandbox.messages) == 1

    def test_a_redirect_without_an_end_is_given_up(self, sandbox: XoxzoSandbox) -> None:
        sandbox.faults.add(FaultKind.REDIRECT)
        answer = client_of(sandbox).send_sms(**FORM)
        assert (answer.errors, type(answer.message["http_error"])) == (499, requests.TooManyRedirects)

    def test_a_delayed_answer_hangs_until_the_faults_are_cleared_and_is_the_right_one(
        self, sandbox: XoxzoSandbox
    ) -> None:
        sandbox.faults.add(FaultKind.DELAYED, seconds=PATIENCE * 10, times=1)
        slow = in_thread(lambda: client_of(sandbox).send_sms(**FORM))
        while sandbox.faults._faults:  # until it was struck
            assert not slow.done()
        assert client_of(sandbox).send_sms(**FORM).errors is None  # the next one is not
        assert not slow.done()
        sandbox.faults.clear()
        assert slow.result(PATIENCE).errors is None
        assert len(sandbox.messages) == 2

    def test_a_sandbox_that_closes_lets_delayed_answers_come_at_once(self, clock: ManualClock) -> None:
        with XoxzoSandbox(clock) as sandbox:
            sandbox.faults.add(FaultKind.DELAYED, seconds=PATIENCE * 10, times=1)
            slow = in_thread(lambda: client_of(sandbox).send_sms(**FORM))
            while sandbox.faults._faults:
                assert not slow.done()
        assert slow.result(PATIENCE).errors is None

    def test_after_a_close_and_an_open_a_delay_that_is_still_set_is_kept(self, sandbox: XoxzoSandbox) -> None:
        sandbox.faults.add(FaultKind.DELAYED, seconds=PATIENCE * 10, times=1, path=MESSAGES)
        sandbox.close()
        sandbox.open()
        slow = in_thread(lambda: client_of(sandbox).send_sms(**FORM))
        while sandbox.faults._faults:
            assert not slow.done()
        for _ in range(20):  # others are answered meanwhile
            assert client_of(sandbox).get_sent_sms_list().errors is None
        assert not slow.done()
        sandbox.faults.clear()
        assert slow.result(PATIENCE).errors is None

    @pytest.mark.parametrize("kind", FaultKind)
    def test_no_fault_writes_a_secret_into_the_log(
        self,
        sandbox: XoxzoSandbox,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
        kind: FaultKind,
    ) -> None:
        sandbox.faults.add(kind, seconds=seconds_of(kind), times=1)
        with caplog.at_level(logging.DEBUG):
            client_of(sandbox).send_sms(**FORM)
            client_of(sandbox).send_sms(**FORM)
        # a body that nobody read before the drop is one more request to werkzeug, which would log it
        assert not [secret for secret in ("8012345678", "042917", sandbox.auth_token) if secret in caplog.text]
        assert capfd.readouterr() == ("", "")


class TestWhenTheyStrike:
    def test_by_count(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.BAD_GATEWAY, times=2)
        assert [send(inside).status_code for _ in range(4)] == [502, 502, 201, 201]

    def test_without_a_count_always_until_they_are_cleared(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.BAD_GATEWAY)
        assert {send(inside).status_code for _ in range(20)} == {502}
        inside.faults.clear()
        assert send(inside).status_code == 201

    def test_by_path(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.BAD_GATEWAY, path="/sms/messages/abc")
        caller = Caller(inside.app.test_client(), inside.account)
        assert [
            caller.get(path).status_code for path in ("/sms/messages/", "/sms/messages/abcd/", "/sms/templates/")
        ] == [
            *(200, 502, 200),
        ]
        assert send(inside).status_code == 201

    def test_requests_of_other_paths_do_not_use_up_the_count(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.BAD_GATEWAY, path="/otp/", times=1)
        caller = Caller(inside.app.test_client(), inside.account)
        assert [send(inside).status_code, caller.get("/otp/").status_code, caller.get("/otp/").status_code] == [
            *(201, 502, 404),
        ]

    def test_the_oldest_that_fits_strikes_and_one_strikes_at_a_time(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.BAD_GATEWAY, times=1)
        inside.faults.add(FaultKind.TOO_MANY_REQUESTS, times=1)
        assert [send(inside).status_code for _ in range(3)] == [502, 429, 201]

    def test_they_strike_before_the_credentials_are_looked_at(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.BAD_GATEWAY)
        assert inside.app.test_client().get(MESSAGES).status_code == 502

    def test_by_rate_the_same_seed_makes_the_same_pattern(self, clock: ManualClock) -> None:
        def pattern(seed: int | None) -> list[int]:
            sandbox = XoxzoSandbox(clock, seed=seed)
            sandbox.faults.add(FaultKind.BAD_GATEWAY, rate=0.3)
            return [send(sandbox).status_code for _ in range(60)]

        first = pattern(7)
        assert first == pattern(7)
        assert set(first) == {201, 502}
        assert first.count(502) < first.count(201)
        assert any(pattern(seed) != first for seed in range(5))

    def test_a_rate_and_a_count_strike_that_often_and_no_more(self, inside: XoxzoSandbox) -> None:
        inside.faults.add(FaultKind.BAD_GATEWAY, rate=0.5, times=3)
        assert [send(inside).status_code for _ in range(60)].count(502) == 3

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"rate": 0}, "rate"),
            ({"rate": -0.1}, "rate"),
            ({"rate": 1.01}, "rate"),
            ({"rate": float("nan")}, "rate"),
            ({"times": 0}, "times"),
            ({"kind": FaultKind.TOO_MANY_REQUESTS, "accepted": True}, "accepted"),
            ({"times": -1}, "times"),
            ({"seconds": 1}, "seconds"),
            ({"kind": FaultKind.DELAYED}, "seconds"),
            ({"kind": FaultKind.DELAYED, "seconds": -1}, "seconds"),
            ({"kind": FaultKind.DELAYED, "seconds": float("nan")}, "seconds"),
            ({"kind": FaultKind.DELAYED, "seconds": float("inf")}, "seconds"),
            ({"path": "sms/messages/"}, "path"),
        ],
    )
    def test_what_cannot_strike_is_refused_at_once(self, wrong: dict[str, object], field: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            Faults().add(**{"kind": FaultKind.BAD_GATEWAY, **wrong})
        assert caught.value.field == field

    def test_a_kind_may_be_given_by_its_value_and_an_unknown_one_is_refused(self) -> None:
        assert Fault(FaultKind("429")).kind is FaultKind.TOO_MANY_REQUESTS
        with pytest.raises(ValueError, match="418"):
            Faults().add("418")


def test_threads_use_up_a_count_exactly(inside: XoxzoSandbox) -> None:
    inside.faults.add(FaultKind.BAD_GATEWAY, times=10)
    workers = [in_thread(lambda: [send(inside).status_code for _ in range(10)]) for _ in range(4)]
    statuses = [status for worker in workers for status in worker.result(PATIENCE)]
    assert (statuses.count(502), statuses.count(201)) == (10, 30)
    assert {message.recipient for message in inside.messages} == {PHONE}
