"""Many at the same moment: a PIN lets one of them in, and a brake lets through as many as it says."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

import pytest

from contracts.store import PATIENCE
from contracts.workers import FREE, PHONE, Fleet, OpenStore, a_verifier, outcome
from sms2fa import Challenge, Outcome
from sms2fa.errors import SendRefused
from sms2fa.gateways.recording import RecordingGateway
from sms2fa.stores import Store

THREADS = 50

SHORT_AND_FULL = pytest.mark.parametrize("rounds", [5, pytest.param(100, marks=pytest.mark.slow)])
# Two stores on the same data: as in two processes of a web server.
ONE_AND_TWO_STORES = pytest.mark.parametrize(
    ("new_data", "count"), [("memory", 1), ("file", 1), ("file", 2), ("redis", 1), ("redis", 2)], indirect=["new_data"]
)


@pytest.fixture
def stores(open_store: OpenStore, count: int) -> Iterator[list[Store]]:
    with ExitStack() as stack:
        yield [stack.enter_context(open_store()) for _ in range(count)]


@pytest.fixture
def gateway() -> RecordingGateway:
    return RecordingGateway()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool


def at_once(pool: ThreadPoolExecutor, works: Sequence[Callable[[], object]]) -> list[object]:
    """The results of works that began at the same moment."""
    ready = threading.Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        ready.wait(PATIENCE)
        return work()

    return [begun.result(PATIENCE) for begun in [pool.submit(begin, work) for work in works]]


def sent_or_not(send: Callable[..., Challenge], *arguments: str, **names: str) -> str:
    try:
        send(*arguments, **names)
    except SendRefused as error:
        return error.reason
    return "sent"


@SHORT_AND_FULL
@ONE_AND_TWO_STORES
def test_of_fifty_threads_one_is_verified(
    stores: list[Store], gateway: RecordingGateway, pool: ThreadPoolExecutor, rounds: int
) -> None:
    verifiers = [a_verifier(store, gateway=gateway) for store in stores]
    for _ in range(rounds):
        challenge = verifiers[0].start(account="alice", phone=PHONE)
        works = [partial(outcome, verifier, challenge, gateway.pins[-1]) for verifier in verifiers]
        outcomes = Counter(at_once(pool, works * (THREADS // len(works))))
        assert outcomes == {Outcome.VERIFIED: 1, Outcome.ALREADY_USED: THREADS - 1}


@pytest.mark.parametrize(("fleet", "rounds"), [(4, 2), pytest.param(8, 20, marks=pytest.mark.slow)], indirect=["fleet"])
@pytest.mark.parametrize("new_data", ["file", "redis"], indirect=True)
def test_of_several_processes_one_is_verified(
    open_store: OpenStore, gateway: RecordingGateway, fleet: Fleet, rounds: int
) -> None:
    with open_store() as store:
        verifier = a_verifier(store, gateway=gateway)
        challenges = [verifier.start(account=f"user {number}", phone=PHONE) for number in range(rounds)]
    outcomes = fleet.check(open_store, [(one, [pin]) for one, pin in zip(challenges, gateway.pins, strict=True)])
    assert [Counter(one) for one in outcomes] == [{Outcome.VERIFIED: 1, Outcome.ALREADY_USED: fleet.size - 1}] * rounds


@SHORT_AND_FULL
@ONE_AND_TWO_STORES
def test_a_pin_that_meets_its_resend_is_used_or_void_and_never_both(
    stores: list[Store], gateway: RecordingGateway, pool: ThreadPoolExecutor, rounds: int
) -> None:
    """Where the PIN was first, the resend is refused; where the resend was first, the PIN does not work."""
    one, other = a_verifier(stores[0], gateway=gateway), a_verifier(stores[-1], gateway=gateway)
    where = {"account": "alice", "purpose": "login"}
    for _ in range(rounds):
        challenge = one.start(phone=PHONE, **where)
        pin = gateway.pins[-1]
        typed, sent = at_once(
            pool,
            [
                partial(outcome, one, challenge, pin),
                partial(sent_or_not, other.resend, challenge.id, phone=PHONE, **where),
            ],
        )
        assert (typed, sent) in [
            (Outcome.VERIFIED, "unknown"),
            (Outcome.UNKNOWN, "sent"),  # typed while the SMS was on its way
            (Outcome.WRONG_PIN, "sent"),
        ]
        assert outcome(one, challenge, pin) is (Outcome.ALREADY_USED if sent == "unknown" else Outcome.WRONG_PIN)
        one.recover("alice")


@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.slow)])
@ONE_AND_TWO_STORES
def test_of_fifty_accounts_that_send_to_one_number_ten_may(
    stores: list[Store], gateway: RecordingGateway, pool: ThreadPoolExecutor, rounds: int
) -> None:
    verifiers = [a_verifier(store, replace(FREE, sends_per_number=10), gateway) for store in stores]
    for number in range(rounds):
        works = [
            partial(
                sent_or_not,
                verifiers[user % len(verifiers)].start,
                account=f"user {user}",
                phone=f"+8180123456{number:02}",
            )
            for user in range(THREADS)
        ]
        assert Counter(at_once(pool, works)) == {"sent": 10, "number": THREADS - 10}
        assert len(gateway.pins) == 10 * (number + 1)
