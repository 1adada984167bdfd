"""Voice calls behind the API."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from sandbox.callers import PHONE
from sms2fa import ManualClock
from sms2fa.sandbox.calls import Exchange, SandboxCall


@pytest.fixture
def exchange(clock: ManualClock) -> Exchange:
    return Exchange(clock)


def call(exchange: Exchange, text: str = "Your PIN is: 0, 4, 2.") -> SandboxCall:
    return exchange.call(
        caller="+12025550123", recipient=PHONE, text=text, language="en", recording_url="", account="the-sid"
    )


@pytest.mark.parametrize(
    ("seconds", "status", "duration"),
    [
        (0, "QUEUED", 0),
        (2.9, "QUEUED", 0),
        (3, "ANSWERED", 0),
        (13.5, "ANSWERED", 10),
        (20, "COMPLETED", 17),
        (86400, "COMPLETED", 17),
    ],
)
def test_status_and_duration_follow_the_clock(
    exchange: Exchange, clock: ManualClock, seconds: float, status: str, duration: int
) -> None:
    made = call(exchange)
    clock.advance(seconds=seconds)
    assert (made.status, made.duration) == (status, duration)


def test_a_call_from_the_future_is_queued(exchange: Exchange, clock: ManualClock) -> None:
    made = call(exchange)
    clock.set(clock.now() - timedelta(hours=1))
    assert (made.status, made.duration) == ("QUEUED", 0)


def test_calls_stand_oldest_first_and_are_found_by_their_callid(exchange: Exchange) -> None:
    made = [call(exchange, str(number)) for number in range(5)]
    assert exchange.calls() == made
    assert [exchange.find(each.callid) for each in made] == made
    assert exchange.find("unknown") is None


def test_only_the_newest_1000_calls_are_remembered(exchange: Exchange) -> None:
    made = [call(exchange, str(number)) for number in range(1_003)]
    assert exchange.calls() == made[3:]
    assert exchange.find(made[0].callid) is None


def test_threads_lose_no_call(exchange: Exchange) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: call(exchange, str(number)), range(200)))
    assert {each.callid for each in exchange.calls()} == {each.callid for each in made}


def test_the_representation_shows_neither_text_nor_full_number(exchange: Exchange) -> None:
    shown = repr(call(exchange))
    assert not [secret for secret in ("0, 4, 2", "8012345678", "2025550123") if secret in shown]
    assert "78" in shown
