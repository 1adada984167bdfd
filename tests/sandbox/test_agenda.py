"""What is due later, by a clock that can be pushed."""

from __future__ import annotations

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from sandbox.callers import PATIENCE
from sms2fa import ManualClock
from sms2fa.sandbox.agenda import Agenda


@pytest.fixture
def agenda(clock: ManualClock) -> Agenda:
    return Agenda(clock)


@pytest.fixture
def ran() -> list[str]:
    return []


def plan(agenda: Agenda, ran: list[str], name: str, seconds: float) -> None:
    agenda.at(agenda.clock.now() + timedelta(seconds=seconds), lambda: ran.append(name))


def test_actions_run_when_they_are_due_in_the_order_of_their_moments(
    agenda: Agenda, clock: ManualClock, ran: list[str]
) -> None:
    for name, seconds in [("last", 9), ("first", 1), ("second", 2), ("also second", 2)]:
        plan(agenda, ran, name, seconds)
    agenda.run_due()
    assert ran == []
    clock.advance(seconds=2)
    agenda.run_due()
    assert ran == ["first", "second", "also second"]
    clock.advance(seconds=7)
    agenda.run_due()
    assert ran[3:] == ["last"]


def test_an_action_runs_once(agenda: Agenda, ran: list[str]) -> None:
    plan(agenda, ran, "it", 0)
    agenda.run_due()
    agenda.run_due()
    assert ran == ["it"]


def test_an_action_may_plan_another_one(agenda: Agenda, ran: list[str]) -> None:
    agenda.at(agenda.clock.now(), lambda: plan(agenda, ran, "the next", 0))
    agenda.run_due()
    assert ran == ["the next"]


def test_an_action_that_raises_is_logged_and_the_next_one_runs(
    agenda: Agenda, ran: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("the phone fell into the water")

    agenda.at(agenda.clock.now(), broken)
    plan(agenda, ran, "the next", 0)
    with caplog.at_level(logging.DEBUG):
        agenda.run_due()
    assert ran == ["the next"]
    assert "the phone fell into the water" in caplog.text


def test_planned_is_set_while_something_stands_on_it(agenda: Agenda, clock: ManualClock, ran: list[str]) -> None:
    assert not agenda.planned.is_set()
    plan(agenda, ran, "it", 1)
    agenda.run_due()
    assert agenda.planned.is_set()
    clock.advance(seconds=1)
    agenda.run_due()
    assert not agenda.planned.is_set()


def test_a_clock_that_is_turned_back_delays_and_loses_nothing(
    agenda: Agenda, clock: ManualClock, ran: list[str]
) -> None:
    plan(agenda, ran, "it", 1)
    begun = clock.now()
    clock.set(begun - timedelta(hours=1))
    agenda.run_due()
    assert ran == []
    clock.set(begun + timedelta(seconds=1))
    agenda.run_due()
    assert ran == ["it"]


def test_threads_run_each_action_once(agenda: Agenda, ran: list[str]) -> None:
    for number in range(400):
        plan(agenda, ran, str(number), 0)
    together = Barrier(4)

    def run() -> None:
        together.wait(PATIENCE)
        agenda.run_due()

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(run) for _ in range(4)]:
            future.result(PATIENCE)
    assert Counter(ran) == Counter(str(number) for number in range(400))
