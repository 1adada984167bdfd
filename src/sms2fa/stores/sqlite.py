"""A store in SQLite: in memory or in one file, safe for threads and processes."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Literal, TypeVar

from sms2fa.account import Account
from sms2fa.challenge import Challenge, State
from sms2fa.errors import InvalidInput, StoreError
from sms2fa.sending import Sends
from sms2fa.stores import KEPT, Case, Counter, Step

T = TypeVar("T")

_VERSION = 1  # of the schema, in `PRAGMA user_version`
_BUSY = 10.0  # seconds to wait for another process before giving up
_STATES = {state.value: state for state in State}
_FIXED = Challenge._fields.index("state")  # the fields before it stay what they are as long as the PIN does
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


class SqliteStore:
    """Challenges, failures and sends in SQLite.

    One connection behind a lock, and each transaction begins with the right to write: so threads and processes take
    turns instead of failing with "database is locked".

    Args:
        path: a file, made where it is missing, or ":memory:" for this object alone.
        synchronous: "NORMAL" or "FULL". With NORMAL a commit survives the death of the process; a power cut may take
            the newest commits with it, so that a PIN used in the last moment could be used again, or a failure is
            not counted. FULL waits for the disk at each commit, and is several times slower.

    Raises:
        StoreError: where the file cannot be opened, or was made by another version.
    """

    def __init__(self, path: str | Path, *, synchronous: Literal["NORMAL", "FULL"] = "NORMAL") -> None:
        if synchronous not in ("NORMAL", "FULL"):
            raise InvalidInput(f"expected synchronous NORMAL or FULL, got {synchronous!r}", field="synchronous")
        self._path = str(path)
        self._synchronous = synchronous
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._owner = 0
        self._open()

    def transact(self, account: str, purpose: str, step: Step[T], counters: Sequence[Counter] = ()) -> T:
        """See `sms2fa.stores.Store.transact`."""
        with self._lock:
            connection = self._ready()
            try:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    before = _read(connection, account, purpose, counters)
                    after, result = step(before)
                    _write(connection, account, purpose, before, after, counters)
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise StoreError(f"SQLite could not answer: {error}") from error
        return result

    def close(self) -> None:
        """Close the connection. Closing twice is fine; a closed store raises StoreError when used."""
        with self._lock:
            if self._connection is not None and self._owner == os.getpid():
                self._connection.close()
            elif self._connection is not None:
                _abandoned.append(self._connection)
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

    def _ready(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError("this store is closed; open a new SqliteStore")
        if self._owner != os.getpid():
            self._reopen_after_fork()
        return self._connection

    def _open(self) -> None:
        try:
            connection = sqlite3.connect(
                self._path, timeout=_BUSY, isolation_level=None, check_same_thread=False, cached_statements=32
            )
        except sqlite3.Error as error:
            raise StoreError(f"expected a file that can be opened as a database: {error}") from error
        try:
            _use_write_ahead_log(connection)
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
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


def _read(connection: sqlite3.Connection, account: str, purpose: str, counters: Sequence[Counter]) -> Case:
    challenge = connection.execute(
        "SELECT id, created_at, expires_at, pin_digest, pair_digest, state, wrong_tries, sends"
        " FROM challenges WHERE account = ? AND purpose = ?",
        (account, purpose),
    ).fetchone()
    standing = connection.execute(
        "SELECT failures, locked_at, verified_at FROM accounts WHERE account = ?", (account,)
    ).fetchone()
    return Case(
        None if challenge is None else _to_challenge(account, purpose, *challenge),
        Account() if standing is None else _to_account(*standing),
        tuple(
            _to_sends(connection.execute("SELECT times FROM sends WHERE counter = ?", (counter.key,)).fetchone())
            for counter in counters
        ),
    )


def _write(
    connection: sqlite3.Connection, account: str, purpose: str, before: Case, after: Case, counters: Sequence[Counter]
) -> None:
    """Write what the step made anew; what it left alone is the same object."""
    written = 0
    challenge, standing = after.challenge, after.account
    if challenge is not None and challenge is not before.challenge:
        _write_challenge(connection, challenge, before.challenge)
        written += 1
    if standing is not before.account:
        connection.execute(
            "INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)",
            (
                account,
                _from_failures(tuple(standing.failures.items())),
                _from_datetime(standing.locked_at),
                _from_datetime(standing.verified_at),
            ),
        )
        written += 1
    for counter, old, new in zip(counters, before.sends, after.sends, strict=True):
        if new is not old:
            ends_at = (new[-1] + counter.window).timestamp() if new else 0
            connection.execute(
                "INSERT OR REPLACE INTO sends VALUES (?, ?, ?)", (counter.key, _from_sends(new), ends_at)
            )
            written += 1
    if challenge is not None and challenge.state is State.RESERVED:
        _sweep(connection, (challenge.created_at - KEPT).timestamp())
    # A check that counts writes two rows. One that is refused writes as much, so that time does not tell them apart.
    for row in range(written, 2):
        connection.execute("UPDATE idle SET writes = writes + 1 WHERE row = ?", (row,))


def _write_challenge(connection: sqlite3.Connection, challenge: Challenge, before: Challenge | None) -> None:
    if before is not None and challenge[:_FIXED] == before[:_FIXED]:
        connection.execute(
            "UPDATE challenges SET state = ?, wrong_tries = ?, sends = ? WHERE account = ? AND purpose = ?",
            (challenge.state.value, challenge.wrong_tries, challenge.sends, challenge.account, challenge.purpose),
        )
        return
    connection.execute(
        "INSERT OR REPLACE INTO challenges VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            challenge.account,
            challenge.purpose,
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


def _sweep(connection: sqlite3.Connection, before: float) -> None:
    """Forget a few rows that no rule has looked at for an hour, found by their index."""
    connection.execute(
        "DELETE FROM challenges WHERE (account, purpose) IN"
        " (SELECT account, purpose FROM challenges WHERE expires_at < ? ORDER BY expires_at LIMIT ?)",
        (before, _SWEPT),
    )
    connection.execute(
        "DELETE FROM sends WHERE counter IN (SELECT counter FROM sends WHERE ends_at < ? ORDER BY ends_at LIMIT ?)",
        (before, 4 * _SWEPT),
    )


def _to_challenge(
    account: str, purpose: str, id_: str, created_at: float, expires_at: float | None, pin_digest: bytes,
    pair_digest: bytes, state: str, wrong_tries: int, sends: int,
) -> Challenge:  # fmt: skip
    created, ends = _to_datetime(created_at), _to_datetime_or_none(expires_at)
    return Challenge(id_, account, purpose, created, ends, pin_digest, pair_digest, _STATES[state], wrong_tries, sends)


def _to_account(failures: str, locked_at: float | None, verified_at: float | None) -> Account:
    return Account(_to_failures(failures), _to_datetime_or_none(locked_at), _to_datetime_or_none(verified_at))


# Few different counts are in use at a time, so that reading and writing them as text is mostly a look-up.
@lru_cache(maxsize=1024)
def _to_failures(text: str) -> Mapping[str, int]:
    return MappingProxyType(json.loads(text))


@lru_cache(maxsize=1024)
def _from_failures(counts: tuple[tuple[str, int], ...]) -> str:
    return json.dumps(dict(counts))


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
