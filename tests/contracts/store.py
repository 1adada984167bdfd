"""What every store has to do, whatever it is made of."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest
from msgspec.structs import replace

from sms2fa.account import Account
from sms2fa.challenge import Challenge, State
from sms2fa.errors import StoreError
from sms2fa.stores import Case, Counter, Store

NOW = datetime(2026, 11, 1, 9, 0, 0, 999_999, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PATIENCE = 60  # seconds until a thread or process that hangs fails the test


class Barrier(Protocol):
    """A barrier of threads or of processes."""

    def wait(self, timeout: float | None = None) -> int: ...


def a_challenge(account: str = "alice", purpose: str = "login", challenge_id: str = "id") -> Challenge:
    return Challenge(
        id=challenge_id,
        account=account,
        purpose=purpose,
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=5),
        pin_digest=bytes(range(32)),
        pair_digest=bytes(range(255, 239, -1)),
    )


def rows(keys: Sequence[bytes]) -> list[Counter]:
    return [Counter(key, timedelta(hours=24)) for key in keys]


def read(store: Store, account: str = "alice", purpose: str = "login", counters: Sequence[bytes] = ()) -> Case:
    return store.transact(account, purpose, lambda case: (case, case), rows(counters))


def write(
    store: Store, case: Case, account: str = "alice", purpose: str = "login", counters: Sequence[bytes] = ()
) -> None:
    store.transact(account, purpose, lambda before: (case, None), rows(counters))


def count_up(store: Store, times: int, account: str = "alice", counters: Sequence[bytes] = (b"shared",)) -> None:
    """Add failures to the account and as many sends to the counters."""

    def step(case: Case) -> tuple[Case, None]:
        failures = {"login": case.account.failures.get("login", 0) + 1}
        sends = tuple((*before, NOW) for before in case.sends)
        return replace(case, account=replace(case.account, failures=failures), sends=sends), None

    for _ in range(times):
        store.transact(account, "login", step, rows(counters))


def open_and_count_up(open_store: Callable[[], Store], ready: Barrier, times: int) -> None:
    """For a thread, or for a process of its own: open the store at the moment when all others do, and count."""
    ready.wait(PATIENCE)
    store = open_store()
    try:
        count_up(store, times)
    finally:
        store.close()


def open_each_and_count_up(open_stores: Sequence[Callable[[], Store]], ready: Barrier, times: int) -> None:
    for open_store in open_stores:
        open_and_count_up(open_store, ready, times)


def count_up_in_four_processes(stores: Sequence[Callable[[], Store]], times: int) -> None:
    """All four open the same stores at once; each adds so many failures to each."""
    context = multiprocessing.get_context("spawn")
    work = (stores, context.Barrier(4), times)
    processes = [context.Process(target=open_each_and_count_up, args=work, daemon=True) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
    assert [process.exitcode for process in processes] == [0] * 4


class StoreContract:
    """Inherit, and give the fixture `store`."""

    @pytest.fixture
    def store(self) -> Store:
        """An empty store."""
        raise NotImplementedError

    def test_what_nobody_wrote_is_empty(self, store: Store) -> None:
        assert read(store, counters=[b"one", b"two"]) == Case(None, Account(), ((), ()))

    def test_the_result_of_the_step_comes_back(self, store: Store) -> None:
        assert store.transact("alice", "login", lambda case: (case, "result")) == "result"

    @pytest.mark.parametrize(
        "challenge",
        [
            *(pytest.param(replace(a_challenge(), state=state), id=state) for state in State),
            pytest.param(replace(a_challenge(), expires_at=None), id="no end"),
            pytest.param(replace(a_challenge(), created_at=NOW.replace(microsecond=1)), id="one microsecond"),
            pytest.param(replace(a_challenge(), expires_at=NOW + MICROSECOND), id="whole second"),
            pytest.param(replace(a_challenge(), wrong_tries=5, sends=4), id="counts"),
            pytest.param(replace(a_challenge(), pin_digest=b"\0\n'\xff" * 8, pair_digest=bytes(16)), id="any bytes"),
        ],
    )
    def test_each_field_of_a_challenge_comes_back_as_it_was_written(self, store: Store, challenge: Challenge) -> None:
        write(store, Case(challenge))
        assert read(store).challenge == challenge

    @pytest.mark.parametrize(
        "account",
        [
            Account({"login": 3, "enrol": 99, "変更 'x' \"y\"": 1}),
            Account(locked_at=NOW),
            Account(verified_at=NOW.replace(microsecond=1)),
            Account({"login": 1}, NOW, NOW + MICROSECOND),
        ],
    )
    def test_each_field_of_an_account_comes_back_as_it_was_written(self, store: Store, account: Account) -> None:
        write(store, Case(account=account))
        assert read(store, purpose="another").account == account

    def test_sends_come_back_as_they_were_written_twins_included(self, store: Store) -> None:
        sends = ((NOW, NOW, NOW + MICROSECOND), (), tuple(NOW + index * MICROSECOND for index in range(100)))
        write(store, Case(sends=sends), counters=[b"a", b"\0\xff", b"c"])
        assert read(store, counters=[b"a", b"\0\xff", b"c"]).sends == sends

    def test_every_moment_comes_back_in_utc(self, store: Store) -> None:
        write(store, Case(a_challenge(), Account({}, NOW, NOW), ((NOW,),)), counters=[b"a"])
        case = read(store, counters=[b"a"])
        assert case.challenge is not None
        moments = [case.challenge.created_at, case.challenge.expires_at, *case.sends[0]]
        moments += [case.account.locked_at, case.account.verified_at]
        assert [moment and moment.tzinfo for moment in moments] == [UTC] * 5

    @pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()], ids=["error", "interrupt"])
    def test_a_step_that_raises_writes_nothing_and_its_error_passes_through(
        self, store: Store, error: BaseException
    ) -> None:
        before = Case(a_challenge(), Account({"login": 1}), ((NOW,),))
        write(store, before, counters=[b"a"])

        def step(case: Case) -> tuple[Case, None]:
            raise error

        with pytest.raises(type(error)) as caught:
            store.transact("alice", "login", step, rows([b"a"]))
        assert caught.value is error
        assert read(store, counters=[b"a"]) == before

    def test_a_newer_challenge_takes_the_place_of_the_older_of_its_account_and_purpose_alone(
        self, store: Store
    ) -> None:
        pairs = [("alice", "login"), ("alice", "enrol"), ("bob", "login")]
        for account, purpose in pairs:
            write(store, Case(a_challenge(account, purpose, "old")), account, purpose)
        write(store, Case(a_challenge(challenge_id="new")))
        assert [read(store, *pair).challenge for pair in pairs] == [
            a_challenge(challenge_id="new"),
            a_challenge("alice", "enrol", "old"),
            a_challenge("bob", "login", "old"),
        ]

    @pytest.mark.parametrize(
        ("one", "other"),
        [(("a", "b:c"), ("a:b", "c")), (("a", "bc"), ("ab", "c")), (("Alice", "x"), ("alice", "x"))],
    )
    def test_names_that_look_alike_are_different(
        self, store: Store, one: tuple[str, str], other: tuple[str, str]
    ) -> None:
        write(store, Case(a_challenge(*one), Account({"login": 1})), *one)
        assert read(store, *other) == Case()

    @pytest.mark.parametrize("name", ["x" * 256, "漢字 é", "'; DROP TABLE accounts; --", "*?[a]{}%\\"])
    def test_any_printable_name_will_do(self, store: Store, name: str) -> None:
        write(store, Case(a_challenge(name, name), Account({name: 1})), name, name)
        assert read(store, name, name) == Case(a_challenge(name, name), Account({name: 1}))

    def test_counters_are_independent_of_each_other_and_of_the_account(self, store: Store) -> None:
        write(store, Case(sends=((NOW,), (NOW, NOW))), counters=[b"one", b"two"])
        write(store, Case(sends=((),)), counters=[b"one"])
        assert read(store, "bob", "enrol", [b"two", b"one", b"three"]).sends == ((NOW, NOW), (), ())

    def test_threads_lose_no_increment_of_one_account(self, store: Store) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: count_up(store, 25), range(8)))
        case = read(store, counters=[b"shared"])
        assert (case.account.total, len(case.sends[0])) == (200, 200)

    def test_threads_of_different_accounts_lose_no_send_of_a_shared_counter(self, store: Store) -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda name: count_up(store, 15, name, [name.encode(), b"day"]), ["ann", "bob", "cy", "dan"]))
        assert len(read(store, counters=[b"day"]).sends[0]) == 60

    def test_a_closed_store_lets_nobody_in_and_closes_twice(self, store: Store) -> None:
        store.close()
        store.close()
        with pytest.raises(StoreError):
            read(store)


class LastingStoreContract(StoreContract):
    """The same for a store that remembers when it is closed; give the fixture `reopen` too."""

    @pytest.fixture
    def reopen(self) -> Callable[[], Store]:
        """A function that opens one more store on the data of `store`; the fixture closes what it opened."""
        raise NotImplementedError

    def test_what_was_written_outlives_the_store(self, store: Store, reopen: Callable[[], Store]) -> None:
        case = Case(a_challenge(), Account({"login": 9}, NOW, NOW), ((NOW, NOW + MICROSECOND),))
        write(store, case, counters=[b"a"])
        store.close()
        assert read(reopen(), counters=[b"a"]) == case

    def test_stores_on_the_same_data_lose_no_increment(self, store: Store, reopen: Callable[[], Store]) -> None:
        ready = threading.Barrier(3)
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda _: open_and_count_up(reopen, ready, 15), range(3)))
        assert read(store).account.total == 45
