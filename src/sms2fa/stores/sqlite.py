"""A store in SQLite: in memory or in one file, safe for threads and processes."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from sms2fa.account import Account
from sms2fa.challenge import Challenge, State
from sms2fa.errors import StoreError
from sms2fa.sending import Sends
from sms2fa.stores import Case, Step

T = TypeVar("T")

_VERSION = 1  # of the schema, in `PRAGMA user_version`
_BUSY = 10.0  # seconds to wait for another process before giving up
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
    CREATE TABLE sends (counter BLOB PRIMARY KEY, times BLOB NOT NULL) WITHOUT ROWID;
"""


class SqliteStore:
    """Challenges, failures and sends in SQLite.

    One connection behind a lock, and each transaction begins with the right to write: so threads and processes take
    turns instead of failing with "database is locked".

    Args:
        path: a file, made where it is missing, or ":memory:" for this object alone.

    Raises:
        StoreError: where the file cannot be opened, or was made by another version.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = str(path)
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._owner = 0
        self._open()

    def transact(self, account: str, purpose: str, step: Step[T], counters: Sequence[bytes] = ()) -> T:
        """See `sms2fa.stores.Store.transact`."""
        with self._transaction() as connection:
            before = _read(connection, account, purpose, counters)
            after, result = step(before)
            _write(connection, account, purpose, before, after, counters)
        return result

    def close(self) -> None:
        """Close the connection. Closing twice is fine; a closed store raises StoreError when used."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

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

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._connection is None:
                raise StoreError("this store is closed; open a new SqliteStore")
            if self._owner != os.getpid():
                self._reopen_after_fork()
            connection = self._connection
            try:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise StoreError(f"SQLite could not answer: {error}") from error

    def _open(self) -> None:
        try:
            connection = sqlite3.connect(
                self._path, timeout=_BUSY, isolation_level=None, check_same_thread=False, cached_statements=32
            )
        except sqlite3.Error as error:
            raise StoreError(f"expected a file that can be opened as a database: {error}") from error
        try:
            _use_write_ahead_log(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            _make_schema(connection)
        except sqlite3.Error as error:
            connection.close()
            raise StoreError(f"expected a file that can be opened as a database: {error}") from error
        except StoreError:
            connection.close()
            raise
        self._connection = connection
        self._owner = os.getpid()

    def _reopen_after_fork(self) -> None:
        # A connection must not be carried over a fork, not even to be closed: the parent's locks would go with it.
        if self._path == ":memory:":
            raise StoreError("a store in memory cannot be shared with a forked process; use a file")
        _abandoned.append(self._connection)
        self._open()


_abandoned: list[sqlite3.Connection | None] = []


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    # Several processes that open a new file at once can meet "database is locked" here in spite of the timeout.
    deadline = time.monotonic() + _BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)


def _make_schema(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
        elif version != _VERSION:
            raise StoreError(f"expected a store of version {_VERSION}, this file has version {version}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _read(connection: sqlite3.Connection, account: str, purpose: str, counters: Sequence[bytes]) -> Case:
    challenge = connection.execute(
        "SELECT id, state, created_at, expires_at, pin_digest, pair_digest, wrong_tries, sends"
        " FROM challenges WHERE account = ? AND purpose = ?",
        (account, purpose),
    ).fetchone()
    standing = connection.execute(
        "SELECT failures, locked_at, verified_at FROM accounts WHERE account = ?", (account,)
    ).fetchone()
    return Case(
        challenge=None
        if challenge is None
        else Challenge(
            id=challenge[0],
            account=account,
            purpose=purpose,
            state=State(challenge[1]),
            created_at=_to_datetime(challenge[2]),
            expires_at=_to_datetime_or_none(challenge[3]),
            pin_digest=challenge[4],
            pair_digest=challenge[5],
            wrong_tries=challenge[6],
            sends=challenge[7],
        ),
        account=Account()
        if standing is None
        else Account(json.loads(standing[0]), _to_datetime_or_none(standing[1]), _to_datetime_or_none(standing[2])),
        sends=tuple(
            _to_sends(connection.execute("SELECT times FROM sends WHERE counter = ?", (counter,)).fetchone())
            for counter in counters
        ),
    )


def _write(
    connection: sqlite3.Connection, account: str, purpose: str, before: Case, after: Case, counters: Sequence[bytes]
) -> None:
    challenge = after.challenge
    if challenge is not None and challenge != before.challenge:
        connection.execute(
            "INSERT OR REPLACE INTO challenges VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                account,
                purpose,
                challenge.id,
                challenge.state.value,
                challenge.created_at.timestamp(),
                _from_datetime(challenge.expires_at),
                challenge.pin_digest,
                challenge.pair_digest,
                challenge.wrong_tries,
                challenge.sends,
            ),
        )
    if after.account != before.account:
        connection.execute(
            "INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)",
            (
                account,
                json.dumps(dict(after.account.failures)),
                _from_datetime(after.account.locked_at),
                _from_datetime(after.account.verified_at),
            ),
        )
    for counter, old, new in zip(counters, before.sends, after.sends, strict=True):
        if new != old:
            connection.execute("INSERT OR REPLACE INTO sends VALUES (?, ?)", (counter, _from_sends(new)))


def _to_datetime(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _to_datetime_or_none(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _from_datetime(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _to_sends(row: tuple[bytes] | None) -> Sends:
    return () if row is None else tuple(_to_datetime(seconds) for (seconds,) in struct.iter_unpack("<d", row[0]))


def _from_sends(sends: Sends) -> bytes:
    return struct.pack(f"<{len(sends)}d", *(sent.timestamp() for sent in sends))
