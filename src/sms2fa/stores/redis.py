"""A store in Redis, for many processes on many machines.

Redis has to keep what it is given: with another `maxmemory-policy` than "noeviction" it throws away failures and used
challenges when memory runs short, and an attacker gets fresh tries. Switch on persistence (appendonly) too: what Redis
forgets at a restart is forgotten here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from sms2fa.account import Account
from sms2fa.challenge import Challenge, State
from sms2fa.errors import StoreError
from sms2fa.sending import Sends
from sms2fa.stores import KEPT, Case, Counter, Step

T = TypeVar("T")

_MOST_ROUNDS = 500  # of read, judge, compare and set, before a row counts as too busy
_FOREVER = -1  # in place of a time to live

# Set all values if none has changed since it was read. ARGV holds, for each key: the value read ("" for none), the new
# value ("" for none), the time to live in milliseconds.
_COMPARE_AND_SET = """
for i, key in ipairs(KEYS) do
    if (redis.call('GET', key) or '') ~= ARGV[3 * i - 2] then return 0 end
end
for i, key in ipairs(KEYS) do
    local old, new, life = ARGV[3 * i - 2], ARGV[3 * i - 1], tonumber(ARGV[3 * i])
    if new ~= old then
        if new == '' then redis.call('DEL', key)
        elseif life < 0 then redis.call('SET', key, new)
        else redis.call('SET', key, new, 'PX', life) end
    end
end
return 1
"""


class RedisStore:
    """Challenges, failures and sends in Redis, in two round trips a transaction.

    Args:
        url: such as "redis://localhost:6379/0" (or rediss:// over a network, or unix://).
        prefix: in front of every key, so that several services can share one Redis.
        timeout: seconds that connecting, each answer, and waiting for a free connection may take.
        connections: the most that one process opens.

    Raises:
        StoreError: where Redis cannot be reached, or may throw keys away.
    """

    def __init__(self, url: str, prefix: str = "sms2fa", *, timeout: float = 2, connections: int = 20) -> None:
        self._prefix = prefix
        self._closed = False
        try:
            pool = redis.BlockingConnectionPool.from_url(
                url,
                max_connections=connections,
                timeout=timeout,
                socket_timeout=timeout,
                socket_connect_timeout=timeout,
                retry=Retry(NoBackoff(), 0),
            )
        except ValueError as error:
            raise StoreError(f"expected an address such as redis://localhost:6379/0: {error}") from error
        self._redis = redis.Redis(connection_pool=pool)
        self._compare_and_set = self._redis.register_script(_COMPARE_AND_SET)
        try:
            policy = self._redis.info("memory").get("maxmemory_policy", "noeviction")
        except redis.RedisError as error:
            self.close()
            raise _unanswered(error) from error
        if policy != "noeviction":
            self.close()
            raise StoreError(f"expected a Redis with maxmemory-policy noeviction, this one has {policy}")

    def transact(self, account: str, purpose: str, step: Step[T], counters: Sequence[Counter] = ()) -> T:
        """See `sms2fa.stores.Store.transact`."""
        if self._closed:
            raise StoreError("this store is closed; open a new RedisStore")
        keys = [
            f"{self._prefix}:challenge:{len(account)}:{account}:{purpose}",
            f"{self._prefix}:account:{account}",
            *(f"{self._prefix}:sends:{counter.key.hex()}" for counter in counters),
        ]
        try:
            for _ in range(_MOST_ROUNDS):
                values: list[bytes] = [value or b"" for value in self._redis.mget(keys)]  # type: ignore[misc]  # bytes: no decoding
                before = Case(
                    _to_challenge(values[0], account, purpose),
                    _to_account(values[1]),
                    tuple(_to_sends(value) for value in values[2:]),
                )
                after, result = step(before)
                # Run also where nothing changes: a refused check takes as many round trips as one that counts.
                if self._compare_and_set(keys=keys, args=_arguments(values, before, after, counters)):
                    return result
        except redis.RedisError as error:
            raise _unanswered(error) from error
        raise StoreError(f"Redis is too busy: others changed this account {_MOST_ROUNDS} times in between")

    def close(self) -> None:
        """Close all connections. Closing twice is fine; a closed store raises StoreError when used."""
        self._closed = True
        self._redis.close()
        self._redis.connection_pool.disconnect()

    def __enter__(self) -> RedisStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"RedisStore(prefix={self._prefix!r})"  # the address may hold a password


def _unanswered(error: redis.RedisError) -> StoreError:
    return StoreError(f"Redis did not answer ({type(error).__name__}); is it running, and reachable from here?")


def _arguments(values: Sequence[bytes], before: Case, after: Case, counters: Sequence[Counter]) -> list[bytes | int]:
    rows: list[tuple[bytes, int]] = [
        (values[0], _FOREVER) if after.challenge == before.challenge else _from_challenge(after.challenge),
        (values[1] if after.account == before.account else _from_account(after.account), _FOREVER),
    ]
    for value, old, new, counter in zip(values[2:], before.sends, after.sends, counters, strict=True):
        rows.append((value, _FOREVER) if old == new else (_from_sends(new), _milliseconds(counter.window + KEPT)))
    return [part for old, (new, life) in zip(values, rows, strict=True) for part in (old, new, life)]


def _to_challenge(value: bytes, account: str, purpose: str) -> Challenge | None:
    if not value:
        return None
    row: dict[str, Any] = json.loads(value)
    return Challenge(
        id=row["id"],
        account=account,
        purpose=purpose,
        state=State(row["state"]),
        created_at=_to_datetime(row["created_at"]),
        expires_at=None if row["expires_at"] is None else _to_datetime(row["expires_at"]),
        pin_digest=bytes.fromhex(row["pin_digest"]),
        pair_digest=bytes.fromhex(row["pair_digest"]),
        wrong_tries=row["wrong_tries"],
        sends=row["sends"],
    )


def _from_challenge(challenge: Challenge | None) -> tuple[bytes, int]:
    if challenge is None:
        return b"", _FOREVER
    ends = challenge.expires_at
    row = {
        "id": challenge.id,
        "state": challenge.state.value,
        "created_at": challenge.created_at.timestamp(),
        "expires_at": None if ends is None else ends.timestamp(),
        "pin_digest": challenge.pin_digest.hex(),
        "pair_digest": challenge.pair_digest.hex(),
        "wrong_tries": challenge.wrong_tries,
        "sends": challenge.sends,
    }
    life = _FOREVER if ends is None else _milliseconds(ends - challenge.created_at + KEPT)
    return json.dumps(row).encode(), life


def _to_account(value: bytes) -> Account:
    if not value:
        return Account()
    row: dict[str, Any] = json.loads(value)
    return Account(
        failures=row["failures"],
        locked_at=None if row["locked_at"] is None else _to_datetime(row["locked_at"]),
        verified_at=None if row["verified_at"] is None else _to_datetime(row["verified_at"]),
    )


def _from_account(account: Account) -> bytes:
    row = {
        "failures": dict(account.failures),
        "locked_at": None if account.locked_at is None else account.locked_at.timestamp(),
        "verified_at": None if account.verified_at is None else account.verified_at.timestamp(),
    }
    return json.dumps(row).encode()


def _to_sends(value: bytes) -> Sends:
    return tuple(map(_to_datetime, json.loads(value))) if value else ()


def _from_sends(sends: Sends) -> bytes:
    return json.dumps([sent.timestamp() for sent in sends]).encode()


def _to_datetime(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _milliseconds(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
