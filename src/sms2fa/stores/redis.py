"""A store in Redis, for many processes on many machines.

Redis has to keep what it is given: with another `maxmemory-policy` than "noeviction" it throws away failures and used
challenges when memory runs short, and an attacker gets fresh tries. Switch on persistence (appendonly) too: what Redis
forgets at a restart is forgotten here.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from sms2fa.account import Account
from sms2fa.challenge import Challenge, State
from sms2fa.errors import StoreError
from sms2fa.stores import KEPT, Case, Counter, Step, codec

T = TypeVar("T")

_MOST_ROUNDS = 500  # of read, judge, compare and set, before a row counts as too busy
_FOREVER = b"-1"  # in place of a time to live

# Set values if none of them, nor of the others, has changed since it was read. ARGV holds, for each key: the value read
# ("" for none), the new value ("" for leave it), the time to live in milliseconds (-1 for ever, 0 for away with it).
_COMPARE_AND_SET = """
for i, key in ipairs(KEYS) do
    if (redis.call('GET', key) or '') ~= ARGV[3 * i - 2] then return 0 end
end
for i, key in ipairs(KEYS) do
    local new, life = ARGV[3 * i - 1], ARGV[3 * i]
    if life == '0' then redis.call('DEL', key)
    elseif new ~= '' and life == '-1' then redis.call('SET', key, new)
    elseif new ~= '' then redis.call('SET', key, new, 'PX', life) end
end
return 1
"""
_CHALLENGE = struct.Struct("<ddBII16s32s")  # created, expires, state, wrong tries, sends, pair, PIN; then the id
_ACCOUNT = struct.Struct("<dd")  # locked, verified; then the failures
_NEVER = float("inf")  # where there is no such moment
_STATES = tuple(State)


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
        except ValueError:  # its words may hold the password
            raise StoreError(
                "expected an address such as redis://localhost:6379/0, with / # @ : in a password percent-encoded"
            ) from None
        self._redis = redis.Redis(connection_pool=pool)
        try:
            policy = self._redis.info("memory").get("maxmemory_policy", "noeviction")
            self._script = self._redis.script_load(_COMPARE_AND_SET)
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
            f"{self._prefix}:challenge:{len(account)}:{account}:{purpose}".encode(),
            f"{self._prefix}:account:{account}".encode(),
            *(f"{self._prefix}:sends:{counter.key.hex()}".encode() for counter in counters),
        ]
        try:
            for _ in range(_MOST_ROUNDS):
                values: list[bytes] = [value or b"" for value in self._redis.execute_command("MGET", *keys)]
                before = _to_case(values, account, purpose)
                after, result = step(before)
                # Run also where nothing changes: a refused check takes as many round trips as one that counts.
                if self._compare_and_set(keys, _arguments(values, before, after, counters)):
                    return result
        except redis.RedisError as error:
            raise _unanswered(error) from error
        raise StoreError(f"Redis is too busy: others changed this account {_MOST_ROUNDS} times in between")

    def close(self) -> None:
        """Close all connections. Closing twice is fine; a closed store raises StoreError when used."""
        self._closed = True
        self._redis.close()
        self._redis.connection_pool.disconnect()

    def _compare_and_set(self, keys: list[bytes], arguments: list[bytes]) -> bool:
        try:
            return bool(self._redis.execute_command("EVALSHA", self._script, len(keys), *keys, *arguments))
        except redis.exceptions.NoScriptError:  # Redis was restarted, or its scripts were flushed
            self._redis.script_load(_COMPARE_AND_SET)
            return bool(self._redis.execute_command("EVALSHA", self._script, len(keys), *keys, *arguments))

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


def _arguments(values: list[bytes], before: Case, after: Case, counters: Sequence[Counter]) -> list[bytes]:
    """For each key the value read, the new one (b"" where the step left it alone), and its time to live."""
    arguments = [values[0], b"", _FOREVER, values[1], b"", _FOREVER]
    if after.challenge is not None and after.challenge is not before.challenge:
        arguments[1:3] = _from_challenge(after.challenge), _life(after.challenge)
    if after.account is not before.account:
        arguments[4] = _from_account(after.account)
    for value, old, new, counter in zip(values[2:], before.sends, after.sends, counters, strict=True):
        if new is old:
            arguments += value, b"", _FOREVER
        else:
            arguments += value, codec.from_sends(new), _milliseconds(counter.window + KEPT) if new else b"0"
    return arguments


def _to_case(values: list[bytes], account: str, purpose: str) -> Case:
    try:
        return Case(
            _to_challenge(values[0], account, purpose) if values[0] else None,
            _to_account(values[1]) if values[1] else Account(),
            tuple(map(codec.to_sends, values[2:])),
        )
    except codec.UNREADABLE as error:
        raise codec.unreadable(error) from error


def _to_challenge(value: bytes, account: str, purpose: str) -> Challenge:
    created, ends, state, wrong_tries, sends, pair_digest, pin_digest = _CHALLENGE.unpack_from(value)
    return Challenge(
        value[_CHALLENGE.size :].decode(),
        account,
        purpose,
        codec.to_moment(created),
        None if ends == _NEVER else codec.to_moment(ends),
        pin_digest,
        pair_digest,
        _STATES[state],
        wrong_tries,
        sends,
    )


def _from_challenge(challenge: Challenge) -> bytes:
    ends = _NEVER if challenge.expires_at is None else challenge.expires_at.timestamp()
    return (
        _CHALLENGE.pack(
            challenge.created_at.timestamp(),
            ends,
            _STATES.index(challenge.state),
            challenge.wrong_tries,
            challenge.sends,
            challenge.pair_digest,
            challenge.pin_digest,
        )
        + challenge.id.encode()
    )


def _life(challenge: Challenge) -> bytes:
    if challenge.expires_at is None:
        return _FOREVER
    return _milliseconds(challenge.expires_at - challenge.created_at + KEPT)


def _to_account(value: bytes) -> Account:
    locked, verified = (None if moment == _NEVER else codec.to_moment(moment) for moment in _ACCOUNT.unpack_from(value))
    return Account(codec.to_failures(value[_ACCOUNT.size :]), locked, verified)


def _from_account(account: Account) -> bytes:
    moments = (_NEVER if moment is None else moment.timestamp() for moment in (account.locked_at, account.verified_at))
    return _ACCOUNT.pack(*moments) + codec.from_failures(account.failures).encode()


def _milliseconds(span: timedelta) -> bytes:
    return b"%d" % (span.total_seconds() * 1000)
