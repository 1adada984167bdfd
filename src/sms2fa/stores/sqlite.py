"""A store in SQLite: in memory or in one file, safe for threads and processes."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
import weakref
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, TypeVar

from sms2fa.account import Account
from sms2fa.challenge import Challenge, State
from sms2fa.errors import InvalidInput, StoreError
from sms2fa.sending import Sends
from sms2fa.stores import KEPT, Case, Counter, Step, codec

T = TypeVar("T")

_APPLICATION = 0x534D5332  # "SMS2", in `PRAGMA application_id`
_VERSION = 1  # of the schema, in `PRAGMA user_version`
_BUSY = 10.0  # seconds to wait for another process before giving up
_STATES = {state.value: state for state in State}
_SHORTEST_WAIT, _LONGEST_WAIT = 0.004, 0.05  # seconds between two tries for the file
_SWEPT = 4  # rows of rubbish that go with each new challenge: more than one comes in, so that none piles up
_SCHEMA = """
    CREATE TABLE challenges (
        account TEXT NOT NULL, purpose TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL,
        created_at REAL NOT NULL, expires_at REAL, pin_digest BLOB NOT NULL, pair_digest BLOB NOT NULL,
        wrong_tries INTEGER NOT NULL, sends INTEGER NOT NULL,
        PRIMARY KEY (account, purpose)
    ) WITHOUT ROWID;
    CREATE TABLE accounts (
        account TEXT PRIMARY KEY, failures TEXT NOT NULL, locked_at REAL, verified_at REAL
    ) WITHOUT ROWID;
    CREATE TABLE sends (counter BLOB PRIMARY KEY, times BLOB NOT NULL, ends_at REAL NOT NULL) WITHOUT ROWID;
    CREATE INDEX challenges_by_end ON challenges (expires_at) WHERE expires_at IS NOT NULL;
    CREATE INDEX sends_by_end ON sends (ends_at);
    CREATE TABLE idle (row INTEGER PRIMARY KEY, writes INTEGER NOT NULL);
    INSERT INTO idle VALUES (0, 0), (1, 0)
"""

READ_CHALLENGE = (
    "SELECT id, created_at, expires_at, pin_digest, pair_digest, state, wrong_tries, sends"
    " FROM challenges WHERE account = ? AND purpose = ?"
)
READ_ACCOUNT = "SELECT failures, locked_at, verified_at FROM accounts WHERE account = ?"
UPDATE_CHALLENGE = "UPDATE challenges SET state = ?, wrong_tries = ?, sends = ? WHERE account = ? AND purpose = ?"
WRITE_ACCOUNT = "INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)"


class SqliteStore:
    """Challenges, failures and sends in SQLite.

    One connection behind a lock, and each transaction begins with the right to write: so threads and processes take
    turns instead of failing with "database is locked".

    Args:
        path: a file, made where it is missing, or ":memory:" for this object alone.
        synchronous: "NORMAL" or "FULL". With NORMAL a commit survives the death of the process; a power cut may take
            the newest commits with it, so that a PIN used in the last moment could be used again, or a failure is
            not counted. FULL waits for the disk at each commit, and is several times slower.

    A process may fork: parent and child open the file anew. A fork from inside a step leaves the child a closed store.

    Raises:
        StoreError: where the file cannot be opened, or was made by another version or another program.
    """

    def __init__(self, path: str | Path, *, synchronous: Literal["NORMAL", "FULL"] = "NORMAL") -> None:
        if synchronous not in ("NORMAL", "FULL"):
            raise InvalidInput(f"expected synchronous NORMAL or FULL, got {synchronous!r}", field="synchronous")
        if not str(path):
            raise InvalidInput("expected the path of a file, or ':memory:'", field="path")
        # Absolute, since a daemon that forks and changes its folder must not open another, empty file.
        self._path = ":memory:" if str(path) == ":memory:" else str(Path(path).absolute())
        self._synchronous = synchronous
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._closed = False
        _stores.add(self)
        with self._lock:
            self._open()

    def transact(self, account: str, purpose: str, step: Step[T], counters: Sequence[Counter] = ()) -> T:
        """See `sms2fa.stores.Store.transact`."""
        with self._lock:
            if self._connection is None:
                self._open_again()
            cursor = self._cursor
            try:
                try:  # around BEGIN too: an interrupt right after it must not leave the transaction open
                    _until_free(cursor, "BEGIN IMMEDIATE")
                    before = _read(cursor, account, purpose, counters)
                    after, result = step(before)
                    _write(cursor, account, before, after, counters)
                    cursor.execute("COMMIT")
                except BaseException:
                    if cursor.connection.in_transaction:  # SQLite itself rolls back after some errors
                        cursor.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise StoreError(f"SQLite could not answer: {error}") from error
        return result

    def close(self) -> None:
        """Close the connection. Closing twice is fine; a closed store raises StoreError when used."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection, self._closed = None, True

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_connection", None) is not None:
            self.close()

    def __repr__(self) -> str:
        return f"SqliteStore({self._path!r})"

    def _open(self) -> None:
        try:
            connection = sqlite3.connect(
                self._path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=32
            )
        except sqlite3.Error as error:
            raise StoreError(f"expected a file that can be opened as a database: {error}") from error
        cursor = connection.cursor()  # one for all: to make one for each statement costs as much as a small statement
        try:
            _make_schema(cursor)
            # Several processes that open a new file at once can meet "database is locked" here.
            _until_free(cursor, "PRAGMA journal_mode = WAL")
            cursor.execute(f"PRAGMA synchronous = {self._synchronous}")
        except sqlite3.Error as error:
            connection.close()
            raise StoreError(f"expected a file that can be opened as a database: {error}") from error
        except StoreError:
            connection.close()
            raise
        self._connection, self._cursor = connection, cursor

    def _open_again(self) -> None:
        if self._closed:
            raise StoreError("this store is closed; open a new SqliteStore")
        if self._path == ":memory:":
            raise StoreError("a store in memory cannot be shared with a forked process; use a file")
        self._open()

    def _before_fork(self) -> None:
        """Close the file, so that parent and child each open it anew.

        SQLite remembers in the memory of the process which locks it holds on a file. A child that inherits this takes
        no lock of its own, so another process can delete the log that it writes to, and a used PIN works again.
        """
        self._lock.acquire()  # what other threads are at is brought to its end
        if self._connection is not None and self._path != ":memory:" and not self._connection.in_transaction:
            self._connection.close()
            self._connection = None

    def _after_fork_in_child(self) -> None:
        self._lock = threading.RLock()  # the old one belongs to a thread of the parent
        if self._connection is not None:  # in memory, or the fork came from inside a step: this cannot be shared
            _abandoned.append(self._cursor)
            self._connection, self._closed = None, self._path != ":memory:"


_abandoned: list[sqlite3.Cursor] = []  # not even to be closed: the parent's locks on the file would go with them
_stores: weakref.WeakSet[SqliteStore] = weakref.WeakSet()
_forking = threading.local()  # its stores; of each thread, since several can fork at once


def _before_fork() -> None:
    _forking.stores = sorted(_stores, key=id)  # in one order, so that no two threads wait for each other
    for store in _forking.stores:
        store._before_fork()


def _after_fork_in_parent() -> None:
    for store in _forking.stores:
        store._lock.release()


def _after_fork_in_child() -> None:
    for store in _forking.stores:
        store._after_fork_in_child()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)


def _until_free(cursor: sqlite3.Cursor, statement: str) -> None:
    """Execute a statement that needs the file for itself, and take turns with other processes.

    SQLite's own waiting sleeps longer the longer it has waited, so that under load somebody never gets a turn. This one
    stays short and is drawn by lot; not too short, since whoever gets the file has to read anew what others wrote.
    """
    deadline, wait = 0.0, _SHORTEST_WAIT
    while True:
        try:
            cursor.execute(statement)
            return
        except sqlite3.OperationalError as error:
            now = time.monotonic()
            deadline = deadline or now + _BUSY
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # also while another process recovers the file
            if not busy or now > deadline:
                raise
            time.sleep(random.uniform(wait / 2, wait))  # noqa: S311 - not a secret
            wait = min(2 * wait, _LONGEST_WAIT)


def _make_schema(cursor: sqlite3.Cursor) -> None:
    try:
        _until_free(cursor, "BEGIN IMMEDIATE")
        version = cursor.execute("PRAGMA user_version").fetchone()[0]
        ours = cursor.execute("PRAGMA application_id").fetchone()[0]
        tables = cursor.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if (ours, version, tables) == (0, 0, 0):  # a new file; version 0 is also that of everybody who sets none
            for statement in _SCHEMA.split(";"):
                cursor.execute(statement)
            cursor.execute(f"PRAGMA user_version = {_VERSION}")
            cursor.execute(f"PRAGMA application_id = {_APPLICATION}")
        elif (ours, version) != (_APPLICATION, _VERSION):
            raise StoreError(f"expected a store of version {_VERSION}, this file is another's or has version {version}")
        _until_free(cursor, "COMMIT")  # before WAL, a reader holds it up
    except BaseException:
        if cursor.connection.in_transaction:
            cursor.execute("ROLLBACK")
        raise


def _read(cursor: sqlite3.Cursor, account: str, purpose: str, counters: Sequence[Counter]) -> Case:
    challenge = cursor.execute(READ_CHALLENGE, (account, purpose)).fetchone()
    standing = cursor.execute(READ_ACCOUNT, (account,)).fetchone()
    try:
        return Case(
            None if challenge is None else _to_challenge(account, purpose, *challenge),
            Account() if standing is None else _to_account(*standing),
            tuple(_read_sends(cursor, counter) for counter in counters) if counters else (),
        )
    except codec.UNREADABLE as error:
        raise codec.unreadable(error) from error


def _read_sends(cursor: sqlite3.Cursor, counter: Counter) -> Sends:
    row = cursor.execute("SELECT times FROM sends WHERE counter = ?", (counter.key,)).fetchone()
    return () if row is None else codec.to_sends(row[0])


def _write(cursor: sqlite3.Cursor, account: str, before: Case, after: Case, counters: Sequence[Counter]) -> None:
    """Write what the step made anew; what it left alone is the same object."""
    rows = 0
    challenge = after.challenge
    if challenge is not None and challenge is not before.challenge:
        _write_challenge(cursor, challenge, before.challenge)
        rows += 1
    if after.account is not before.account:
        _write_account(cursor, account, after.account)
        rows += 1
    if counters:
        for counter, old, new in zip(counters, before.sends, after.sends, strict=True):
            if new is not old:
                _write_sends(cursor, counter, new)
        if challenge is not None and challenge.state is State.RESERVED:
            _sweep(cursor, (challenge.created_at - KEPT).timestamp())
    # A check that counts writes two rows. One that is refused writes as many, so that time does not tell them apart.
    while rows < 2 and not counters:
        cursor.execute("UPDATE idle SET writes = writes + 1 WHERE row = ?", (rows,))
        rows += 1


def _write_challenge(cursor: sqlite3.Cursor, challenge: Challenge, before: Challenge | None) -> None:
    if before is not None and (challenge.id, challenge.pin_digest) == (before.id, before.pin_digest):
        cursor.execute(
            UPDATE_CHALLENGE,
            (challenge.state.value, challenge.wrong_tries, challenge.sends, challenge.account, challenge.purpose),
        )
        return
    cursor.execute(
        "INSERT OR REPLACE INTO challenges VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            challenge.account,
            challenge.purpose,
            challenge.id,
            challenge.state.value,
            challenge.created_at.timestamp(),
            codec.from_moment_or_none(challenge.expires_at),
            challenge.pin_digest,
            challenge.pair_digest,
            challenge.wrong_tries,
            challenge.sends,
        ),
    )


def _write_account(cursor: sqlite3.Cursor, name: str, account: Account) -> None:
    cursor.execute(
        WRITE_ACCOUNT,
        (
            name,
            codec.from_failures(account.failures),
            codec.from_moment_or_none(account.locked_at),
            codec.from_moment_or_none(account.verified_at),
        ),
    )


def _write_sends(cursor: sqlite3.Cursor, counter: Counter, sends: Sends) -> None:
    ends_at = (sends[-1] + counter.window).timestamp() if sends else 0
    cursor.execute("INSERT OR REPLACE INTO sends VALUES (?, ?, ?)", (counter.key, codec.from_sends(sends), ends_at))


def _sweep(cursor: sqlite3.Cursor, before: float) -> None:
    """Forget a few rows that no rule has looked at for an hour, found by their index."""
    cursor.execute(
        "DELETE FROM challenges WHERE (account, purpose) IN"
        " (SELECT account, purpose FROM challenges WHERE expires_at < ? ORDER BY expires_at LIMIT ?)",
        (before, _SWEPT),
    )
    cursor.execute(
        "DELETE FROM sends WHERE counter IN (SELECT counter FROM sends WHERE ends_at < ? ORDER BY ends_at LIMIT ?)",
        (before, 4 * _SWEPT),
    )


def _to_challenge(
    account: str, purpose: str, id_: str, created_at: float, expires_at: float | None, pin_digest: bytes,
    pair_digest: bytes, state: str, wrong_tries: int, sends: int,
) -> Challenge:  # fmt: skip
    created, ends = codec.to_moment(created_at), codec.to_moment_or_none(expires_at)
    return Challenge(id_, account, purpose, created, ends, pin_digest, pair_digest, _STATES[state], wrong_tries, sends)


def _to_account(failures: str, locked_at: float | None, verified_at: float | None) -> Account:
    return Account(
        codec.to_failures(failures), codec.to_moment_or_none(locked_at), codec.to_moment_or_none(verified_at)
    )
