"""Wrong PINs by the hundred: so many are tried as the rules say, and the rest are refused by name."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from contracts.gateway import wrong
from contracts.store import PATIENCE
from contracts.workers import PHONE, Fleet, OpenStore, a_verifier, outcome, stored_account, stored_challenge
from sms2fa import Challenge, Outcome, Verifier
from sms2fa.errors import SendRefused
from sms2fa.gateways.recording import RecordingGateway
from sms2fa.stores import Store

SIZE, THREADS = 200, 50

Burst = Callable[[Verifier, list[Challenge], str], Counter[Outcome | str]]


def burst_of_threads(verifier: Verifier, challenges: list[Challenge], pin: str) -> Counter[Outcome | str]:
    """The same PIN, typed by fifty threads that begin at the same moment, on one challenge after another."""
    ready = threading.Barrier(THREADS)

    def submit(thread: int) -> list[Outcome | str]:
        ready.wait(PATIENCE)
        each = SIZE // THREADS
        return [outcome(verifier, challenges[(thread + turn) % len(challenges)], pin) for turn in range(each)]

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(one for outcomes in pool.map(submit, range(THREADS), timeout=PATIENCE) for one in outcomes)


def burst_again_and_again(store: Store, burst: Burst, times: int) -> None:
    """Each burst with a fresh PIN, as long as one is sent."""
    gateway = RecordingGateway()
    verifier = a_verifier(store, gateway=gateway)
    seen, refusals = [], []
    for _ in range(times):
        try:
            challenge = verifier.start(account="alice", phone=PHONE)
        except SendRefused as error:
            refusals.append(error.reason)
        seen.append(burst(verifier, [challenge], wrong(gateway.pins[-1])))
    assert seen == [
        {Outcome.WRONG_PIN: 5, Outcome.TOO_MANY_TRIES: SIZE - 5},
        {Outcome.WRONG_PIN: 5, Outcome.LOCKED: SIZE - 5},
        *[{Outcome.LOCKED: SIZE}] * (times - 2),
    ]
    assert refusals == ["locked"] * (times - 2)
    assert (stored_account(store).total, stored_challenge(store).wrong_tries) == (10, 5)


@pytest.mark.parametrize("times", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_of_bursts_of_threads_five_wrong_pins_each_are_tried_and_ten_in_all(store: Store, times: int) -> None:
    burst_again_and_again(store, burst_of_threads, times)


@pytest.mark.parametrize(("fleet", "times"), [(4, 3), pytest.param(8, 10, marks=pytest.mark.slow)], indirect=["fleet"])
@pytest.mark.parametrize("new_data", ["file", "redis"], indirect=True)
def test_of_bursts_of_processes_five_wrong_pins_each_are_tried_and_ten_in_all(
    open_store: OpenStore, store: Store, fleet: Fleet, times: int
) -> None:
    def burst(_: Verifier, challenges: list[Challenge], pin: str) -> Counter[Outcome | str]:
        return Counter(fleet.check(open_store, [(challenges[0], [pin] * (SIZE // fleet.size))])[0])

    burst_again_and_again(store, burst, times)


@pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.slow)])
def test_of_a_burst_over_the_challenges_of_four_purposes_ten_wrong_pins_are_tried(store: Store, times: int) -> None:
    """Each challenge has tries left: it is the account that has none."""
    gateway = RecordingGateway()
    verifier = a_verifier(store, gateway=gateway)
    for _ in range(times):
        challenges = [
            verifier.start(account="alice", phone=PHONE, purpose=purpose)
            for purpose in ("login", "enrol", "pay", "tell")
        ]
        outcomes = burst_of_threads(verifier, challenges, "0" * 10)
        assert outcomes[Outcome.WRONG_PIN] == 10
        assert set(outcomes) <= {Outcome.WRONG_PIN, Outcome.TOO_MANY_TRIES, Outcome.LOCKED}
        assert stored_account(store).total == 10
        verifier.recover("alice")
