"""Calls that are waited on for a limited time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from contracts.gateway import MESSAGE, PATIENCE, PHONE, SOON, ScriptedProvider, gateway_on, http
from sms2fa.errors import CredentialsRefused, OutcomeUnknown, ProviderUnreachable
from sms2fa.gateways.limits import MOST_ABANDONED, LimitedCalls


class Hanging:
    """Calls that end when they are told."""

    def __init__(self) -> None:
        self.back = threading.Event()
        self.workers: list[threading.Thread] = []

    def __call__(self) -> str:
        self.workers.append(threading.current_thread())
        self.back.wait(PATIENCE)
        return "late"

    def end(self) -> None:
        self.back.set()
        for worker in self.workers:
            worker.join(PATIENCE)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    hanging = Hanging()
    yield hanging
    hanging.end()


@pytest.fixture
def calls() -> LimitedCalls:
    return LimitedCalls()


def abandon(calls: LimitedCalls, request: Callable[[], object], times: int) -> None:
    for _ in range(times):
        with pytest.raises(OutcomeUnknown):
            calls.call(request, SOON)


def test_what_the_call_gives_comes_back(calls: LimitedCalls) -> None:
    assert calls.call(lambda: "answer", PATIENCE) == "answer"


def test_an_error_of_ours_comes_back_as_it_is(calls: LimitedCalls) -> None:
    error = CredentialsRefused("no")

    def fail() -> None:
        raise error

    with pytest.raises(CredentialsRefused) as caught:
        calls.call(fail, PATIENCE)
    assert caught.value is error


def test_any_other_error_is_an_unknown_outcome_without_its_words(calls: LimitedCalls) -> None:
    def fail() -> None:
        raise ValueError("Your PIN is 042917")

    with pytest.raises(OutcomeUnknown, match="ValueError") as caught:
        calls.call(fail, PATIENCE)
    assert "042917" not in f"{caught.value!r} {caught.value.__context__!r} {caught.value.__cause__!r}"


def test_a_call_runs_in_a_worker_that_does_not_keep_the_program_alive(calls: LimitedCalls) -> None:
    worker = calls.call(threading.current_thread, PATIENCE)
    assert worker is not threading.current_thread()
    assert worker.daemon


def test_a_call_that_takes_longer_may_have_sent_something(calls: LimitedCalls, hanging: Hanging) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        calls.call(hanging, SOON)
    assert (type(caught.value), caught.value.status, caught.value.__cause__) == (OutcomeUnknown, None, None)


@pytest.mark.parametrize("seconds", [0, -1])
def test_no_time_left_is_no_time(calls: LimitedCalls, hanging: Hanging, seconds: float) -> None:
    with pytest.raises(OutcomeUnknown):
        calls.call(hanging, seconds)


def test_with_eight_abandoned_calls_a_ninth_is_refused_and_not_made(calls: LimitedCalls, hanging: Hanging) -> None:
    abandon(calls, hanging, times=8)
    made: list[str] = []
    with pytest.raises(ProviderUnreachable) as caught:
        calls.call(lambda: made.append("made"), PATIENCE)
    assert (made, caught.value.status) == ([], None)
    assert MOST_ABANDONED == 8


def test_with_seven_abandoned_calls_another_is_made(calls: LimitedCalls, hanging: Hanging) -> None:
    abandon(calls, hanging, times=7)
    assert calls.call(lambda: "answer", PATIENCE) == "answer"


def test_calls_that_were_answered_in_time_make_no_room(calls: LimitedCalls, hanging: Hanging) -> None:
    for _ in range(20):
        calls.call(lambda: "answer", PATIENCE)
    abandon(calls, hanging, times=8)
    with pytest.raises(ProviderUnreachable):
        calls.call(lambda: "answer", PATIENCE)


def test_each_abandoned_call_that_ends_makes_room_for_one(calls: LimitedCalls, hanging: Hanging) -> None:
    first = Hanging()
    abandon(calls, first, times=1)
    abandon(calls, hanging, times=7)
    first.end()
    abandon(calls, hanging, times=1)
    with pytest.raises(ProviderUnreachable):
        calls.call(lambda: "answer", PATIENCE)


def test_an_abandoned_call_that_ends_with_an_error_makes_room_too(calls: LimitedCalls) -> None:
    class Failing(Hanging):
        def __call__(self) -> str:
            super().__call__()
            raise ValueError("too late for anybody to hear")

    failing = Failing()
    abandon(calls, failing, times=8)
    failing.end()
    assert calls.call(lambda: "answer", PATIENCE) == "answer"


def test_once_they_have_ended_eight_more_can_be_abandoned_and_no_more(calls: LimitedCalls) -> None:
    for _ in range(3):
        hanging = Hanging()
        abandon(calls, hanging, times=8)
        with pytest.raises(ProviderUnreachable):
            calls.call(hanging, PATIENCE)
        hanging.end()
    assert calls.call(lambda: "answer", PATIENCE) == "answer"


def test_calls_that_are_waited_on_are_not_counted_however_many(calls: LimitedCalls) -> None:
    together = threading.Barrier(20)
    with ThreadPoolExecutor(20) as pool:
        numbers = list(pool.map(lambda _: calls.call(lambda: together.wait(PATIENCE), PATIENCE), range(20)))
    assert sorted(numbers) == list(range(20))


def test_answers_do_not_get_mixed_up(calls: LimitedCalls) -> None:
    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(lambda n: calls.call(lambda: n, PATIENCE), range(500))) == list(range(500))


class TestThroughTheGateway:
    def test_a_provider_that_hangs_is_given_up_eight_times_and_tried_again_when_it_is_back(
        self, provider: ScriptedProvider
    ) -> None:
        gateway, before = gateway_on(provider.url, timeout=SOON), set(threading.enumerate())
        provider.reply = provider.hang
        for number in range(8):
            with pytest.raises(OutcomeUnknown):
                gateway.receipt("1") if number % 2 else gateway.send(MESSAGE, to=PHONE)
        hanging = [thread for thread in set(threading.enumerate()) - before if thread.name == "xoxzo-call"]
        for call in (
            lambda: gateway.send(MESSAGE, to=PHONE),
            lambda: gateway.send_template(1, MESSAGE, to=PHONE),
            lambda: gateway.call(MESSAGE, to=PHONE, caller="815012345678"),
        ):
            with pytest.raises(ProviderUnreachable):
                call()
        with pytest.raises(ProviderUnreachable):
            gateway.receipt("1")
        provider.released.set()
        for thread in hanging:
            thread.join(PATIENCE)
        assert len(provider.requests) == 8
        gateway._connection.timeout = PATIENCE  # so that a slow machine is no provider that hangs
        provider.reply = lambda request: http(201, [{"msgid": "1"}])
        assert gateway.send(MESSAGE, to=PHONE).msgid == "1"

    def test_one_gateway_pays_not_for_another(self, provider: ScriptedProvider) -> None:
        provider.reply = provider.hang
        hasty = gateway_on(provider.url, timeout=SOON)
        for _ in range(8):
            with pytest.raises(OutcomeUnknown):
                hasty.send(MESSAGE, to=PHONE)
        provider.reply = lambda request: http(201, [{"msgid": "1"}])
        assert provider.gateway.send(MESSAGE, to=PHONE).msgid == "1"
