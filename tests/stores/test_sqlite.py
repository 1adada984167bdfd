"""The store in SQLite."""

from __future__ import annotations

import functools
import gc
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from contracts.store import (
    NOW,
    PATIENCE,
    LastingStoreContract,
    StoreContract,
    a_challenge,
    count_up,
    count_up_in_four_processes,
    read,
    write,
)
from sms2fa import SqliteStore
from sms2fa.account import Account
from sms2fa.errors import InvalidInput, StoreError
from sms2fa.stores import Case, sqlite


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> Iterator[SqliteStore]:
        with SqliteStore(":memory:") as store:
            yield store

    def test_two_stores_in_memory_know_nothing_of_each_other(self, store: SqliteStore) -> None:
        write(store, Case(a_challenge()))
        with SqliteStore(":memory:") as other:
            assert read(other) == Case()


class TestInAFile(LastingStoreContract):
    @pytest.fixture
    def store(self, path: Path) -> Iterator[SqliteStore]:
        with SqliteStore(path) as store:
            yield store

    @pytest.fixture
    def reopen(self, path: Path) -> Iterator[Callable[[], SqliteStore]]:
        with ExitStack() as stack:
            yield lambda: stack.enter_context(SqliteStore(path))

    def test_a_path_may_be_text(self, store: SqliteStore, path: Path) -> None:
        count_up(store, 1)
        with SqliteStore(str(path)) as other:
            assert read(other).account.total == 1


def test_processes_that_open_a_new_file_at_once_lose_no_increment(tmp_path: Path) -> None:
    stores = [functools.partial(SqliteStore, tmp_path / f"{number}.db") for number in range(10)]
    count_up_in_four_processes(stores, times=5)
    for open_store in stores:
        with open_store() as store:
            assert read(store).account.total == 20


FORK = """
import os, sys
from contracts.store import count_up, read
from sms2fa import SqliteStore
from sms2fa.errors import StoreError

store = SqliteStore(sys.argv[1])
count_up(store, 1)
child = os.fork()
if not child:
    try:
        count_up(store, 10)
        store.close()
    except StoreError:
        os._exit(3)
    os._exit(0)
count_up(store, 10)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(status, read(store).account.total)
store.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(("where", "expected"), [("file", "0 21"), (":memory:", "3 11")])
def test_a_forked_process_opens_the_file_anew_and_is_refused_a_store_in_memory(
    path: Path, where: str, expected: str
) -> None:
    arguments = [sys.executable, "-W", "error", "-c", FORK, str(path) if where == "file" else where]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.stdout.strip(), done.stderr) == (expected, "")


def test_a_reader_of_a_new_file_is_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM sqlite_master").fetchall()
        waits: list[float] = []

        def wait(seconds: float) -> None:
            waits.append(seconds)
            if reader.in_transaction:
                reader.execute("COMMIT")

        monkeypatch.setattr(sqlite.time, "sleep", wait)
        SqliteStore(path).close()
    assert waits


# SQLite remembers in the memory of a process which locks it holds: a child must not inherit this.
FORK_FROM_A_BUSY_PROCESS = """
import os, sys, threading
from contracts.store import count_up
from sms2fa import SqliteStore
from sms2fa.errors import StoreError

store = SqliteStore(sys.argv[1])
inside, forked = threading.Event(), threading.Event()

def slow(case):
    inside.set()
    forked.wait(0.3)  # a fork that waits for us lets this run out
    return case, None

thread = threading.Thread(target=store.transact, args=("bob", "login", slow))
thread.start()
inside.wait()
child = os.fork()
if not child:
    try:
        count_up(store, 1)
    except StoreError:
        os._exit(3)
    os._exit(0)
forked.set()
thread.join()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
PARENT_CLOSES_FIRST = """
import os, sys
from contracts.store import count_up, read
from sms2fa import SqliteStore

store = SqliteStore(sys.argv[1])
count_up(store, 1)
ready, wake = os.pipe()
opened, tell = os.pipe()
child = os.fork()
if not child:
    read(store)
    os.write(tell, b"x")
    os.read(ready, 1)
    count_up(store, 1)
    os._exit(0)
os.read(opened, 1)
store.close()
os.write(wake, b"x")
os.waitpid(child, 0)
with SqliteStore(sys.argv[1]) as another:
    print(read(another).account.total)
"""
THREADS_FORK_AT_ONCE = """
import os, sys, threading
from contracts.store import count_up, read
from sms2fa import SqliteStore

stores = [SqliteStore(sys.argv[1]) for _ in range(2)]
together = threading.Barrier(3)

def fork():
    for _ in range(10):
        together.wait()
        child = os.fork()
        if not child:
            count_up(stores[0], 1)
            os._exit(0)
        os.waitpid(child, 0)

threads = [threading.Thread(target=fork) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(read(stores[1]).account.total)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(FORK_FROM_A_BUSY_PROCESS, "0", id="another thread was in a transaction"),
        pytest.param(PARENT_CLOSES_FIRST, "2", id="the parent closes first"),
        pytest.param(THREADS_FORK_AT_ONCE, "30", id="three threads fork at once"),
    ],
)
def test_what_a_forked_process_writes_is_neither_refused_nor_lost(path: Path, script: str, expected: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.stdout.strip() == expected, done.stderr


@pytest.mark.parametrize(
    "made",
    ["CREATE TABLE theirs (id)", "PRAGMA application_id = 1196437323", "PRAGMA user_version = 1"],
)
def test_the_file_of_another_program_is_refused_and_left_as_it_was(path: Path, made: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(made)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another's"):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_a_file_of_another_version_is_refused_and_left_as_it_was(path: Path) -> None:
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match="version"):
        SqliteStore(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (999,)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(path: Path) -> None:
    path.write_text("a letter to my grandmother, and no database\n" * 50)
    before = path.read_bytes()
    with pytest.raises(StoreError):
        SqliteStore(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("where", ["missing/store.db", "."])
def test_a_place_without_a_file_is_refused(tmp_path: Path, where: str) -> None:
    with pytest.raises(StoreError):
        SqliteStore(tmp_path / where)


def test_a_store_that_is_dropped_closes_its_file(path: Path) -> None:
    log = path.with_name(path.name + "-wal")  # SQLite takes it away with the last connection
    store = SqliteStore(path)
    count_up(store, 1)
    assert log.exists()
    del store
    gc.collect()
    assert not log.exists()


@pytest.mark.parametrize(
    ("column", "spoiled"),
    [
        ("accounts SET failures", "nonsense"),
        ("accounts SET failures", '["login"]'),
        ("accounts SET failures", '{"login": "many"}'),
        ("accounts SET failures", '{"login": -500}'),
        ("accounts SET locked_at", "yesterday"),
        ("challenges SET state", "odd"),
        ("challenges SET created_at", 1e300),
        ("sends SET times", b"seven b"),
    ],
)
def test_a_spoiled_record_is_an_error_that_tells_nothing_of_it(path: Path, column: str, spoiled: object) -> None:
    with SqliteStore(path) as store:
        write(store, Case(a_challenge(), Account({"login": 1}), ((NOW,),)), counters=[b"counter"])
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"UPDATE {column} = ?", (spoiled,))
            connection.commit()
        with pytest.raises(StoreError, match="cannot be read") as caught:
            read(store, counters=[b"counter"])
        assert str(spoiled) not in str(caught.value)
        read(store, "another")  # the transaction was ended


def test_a_case_that_cannot_be_written_whole_is_not_written_at_all_and_the_error_tells_nothing_of_it(
    path: Path,
) -> None:
    with SqliteStore(path) as store:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TABLE accounts")
            connection.execute("CREATE TABLE accounts (account, failures, locked_at, verified_at NOT NULL)")
        secret = replace(a_challenge("mallory"), pin_digest=b"042917")
        with pytest.raises(StoreError) as caught:
            write(store, Case(secret, Account({"login": 1})), "mallory")
        assert read(store, "mallory") == Case()
    told: list[str] = []
    error: BaseException | None = caught.value
    while error is not None:
        told.append(f"{error!r} {vars(error)}")
        error = error.__context__
    assert len(told) >= 2  # ours and SQLite's; Python 3.13 adds one that a test before it had handled
    assert not [words for words in told if "042917" in words or "mallory" in words]


def test_a_transaction_inside_a_transaction_is_refused_and_writes_nothing(path: Path) -> None:
    with SqliteStore(path) as store:

        def step(case: Case) -> tuple[Case, None]:
            write(store, Case(a_challenge(challenge_id="inner")))
            return Case(a_challenge(challenge_id="outer")), None

        with pytest.raises(StoreError):
            store.transact("alice", "login", step)
        assert read(store) == Case()


def test_rubbish_goes_an_hour_after_it_ended_and_failures_never(path: Path) -> None:
    with SqliteStore(path) as store:
        old = Case(a_challenge("old"), Account({"login": 1}), ((NOW,),))
        write(store, old, "old", counters=[b"old"])
        late = NOW + timedelta(hours=26)
        fresh = replace(a_challenge("new"), created_at=late, expires_at=late + timedelta(minutes=5))
        write(store, Case(fresh, sends=((late,),)), "new", counters=[b"new"])
        assert read(store, "old", counters=[b"old"]) == Case(None, Account({"login": 1}), ((),))
        assert read(store, "new", counters=[b"new"]).challenge == fresh


def test_what_ended_less_than_an_hour_ago_stays(path: Path) -> None:
    with SqliteStore(path) as store:
        write(store, Case(a_challenge("old")), "old", counters=[])
        soon = NOW + timedelta(minutes=64)
        fresh = replace(a_challenge("new"), created_at=soon, expires_at=soon)
        write(store, Case(fresh, sends=((soon,),)), "new", counters=[b"new"])
        assert read(store, "old").challenge is not None


def test_no_statement_of_a_transaction_scans_a_table(path: Path) -> None:
    executed: list[str] = []
    with SqliteStore(path) as store, closing(sqlite3.connect(path)) as connection:
        store._connection.set_trace_callback(executed.append)
        write(store, Case(a_challenge(), Account({"login": 1}), ((NOW,),)), counters=[b"counter"])
        plans = {
            words: str(connection.execute(f"EXPLAIN QUERY PLAN {words}").fetchall())
            for words in executed
            if words.startswith(("SELECT", "UPDATE", "DELETE"))
        }
    assert sum(words.startswith("DELETE") for words in plans) == 2  # the rubbish
    for words, plan in plans.items():
        assert "SEARCH" in plan, words
        assert "SCAN" not in plan, words


def test_a_step_that_changes_nothing_writes_as_many_rows_as_one_that_counts(path: Path) -> None:
    with SqliteStore(path) as store:
        write(store, Case(a_challenge()))
        rows = []
        for case in (Case(replace(a_challenge(), wrong_tries=1), Account({"login": 1})), None):
            before = store._connection.total_changes
            store.transact("alice", "login", lambda old, new=case: (new or old, None))
            rows.append(store._connection.total_changes - before)
    assert rows == [2, 2]


@pytest.mark.parametrize(("synchronous", "level"), [("NORMAL", 1), ("FULL", 2)])
def test_it_waits_for_the_disk_as_asked(path: Path, synchronous: str, level: int) -> None:
    with SqliteStore(path, synchronous=synchronous) as store:
        assert store._connection.execute("PRAGMA synchronous").fetchone() == (level,)


def test_it_refuses_to_wait_in_a_way_that_can_lose_the_file(path: Path) -> None:
    with pytest.raises(InvalidInput, match="NORMAL or FULL"):
        SqliteStore(path, synchronous="OFF")


def test_a_file_of_another_program_is_refused_though_its_version_is_ours(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(StoreError, match="another's"):
        SqliteStore(path)


def test_a_relative_path_stays_where_it_was_when_the_folder_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with SqliteStore("store.db") as store:
        assert str(tmp_path / "store.db") in repr(store)


def test_no_path_is_refused_instead_of_a_file_that_nobody_finds_again() -> None:
    with pytest.raises(InvalidInput, match="path of a file"):
        SqliteStore("")


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "COMMIT"])
def test_an_interrupt_at_any_statement_leaves_the_store_usable(
    path: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    class Interrupted:
        def __init__(self, cursor: sqlite3.Cursor) -> None:
            self.cursor, self.connection = cursor, cursor.connection

        def execute(self, text: str, *values: object) -> sqlite3.Cursor:
            result = self.cursor.execute(text, *values)
            if text == statement:
                raise KeyboardInterrupt
            return result

    with SqliteStore(path) as store:
        with monkeypatch.context() as patch:
            patch.setattr(store, "_cursor", Interrupted(store._cursor))
            with pytest.raises(KeyboardInterrupt):
                count_up(store, 1)
        count_up(store, 1)
        assert read(store).account.total in (1, 2)
