"""The store in Redis, on a real redis-server."""

from __future__ import annotations

import functools
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
import redis

from contracts.store import NOW, LastingStoreContract, a_challenge, count_up_in_four_processes, read, write
from sms2fa.account import Account
from sms2fa.errors import StoreError
from sms2fa.stores import Case, Counter
from sms2fa.stores.redis import RedisStore

COUNTER = Counter(b"counter", timedelta(hours=24))


class TestRedis(LastingStoreContract):
    @pytest.fixture
    def store(self, redis_url: str, redis_prefix: str) -> Iterator[RedisStore]:
        with RedisStore(redis_url, redis_prefix) as store:
            yield store

    @pytest.fixture
    def reopen(self, redis_url: str, redis_prefix: str) -> Iterator[Callable[[], RedisStore]]:
        with ExitStack() as stack:
            yield lambda: stack.enter_context(RedisStore(redis_url, redis_prefix))

    def test_services_with_two_prefixes_do_not_meet(self, store: RedisStore, redis_url: str, redis_prefix: str) -> None:
        write(store, Case(a_challenge()))
        with RedisStore(redis_url, f"{redis_prefix}-other") as other:
            assert read(other) == Case()


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as client:
        yield client


def lives(client: redis.Redis, prefix: str) -> dict[str, int]:
    """The seconds that each row still has; -1 for ever."""
    return {key.decode().split(":")[1]: client.ttl(key) for key in client.keys(f"{prefix}:*")}


def test_rubbish_goes_after_an_hour_and_failures_never(client: redis.Redis, redis_url: str, redis_prefix: str) -> None:
    with RedisStore(redis_url, redis_prefix) as store:
        write(store, Case(a_challenge(), Account({"login": 1}), ((NOW,),)), counters=[b"counter"])
    left = lives(client, redis_prefix)
    assert left["account"] == -1
    assert left["challenge"] == pytest.approx(65 * 60, abs=30)
    assert left["sends"] == pytest.approx(25 * 3600, abs=30)


def test_a_transaction_takes_two_round_trips(redis_url: str, redis_prefix: str) -> None:
    with RedisStore(redis_url, redis_prefix) as store:
        sent: list[object] = []
        pool = store._redis.connection_pool
        connection = pool.get_connection()
        send = connection.send_packed_command

        def count(*args: object, **options: object) -> None:
            sent.append(args)
            send(*args, **options)

        connection.send_packed_command = count
        pool.release(connection)
        write(store, Case(a_challenge(), Account({"login": 2}), ((NOW,),)), counters=[b"counter"])
        assert len(sent) == 2
        read(store)  # one that changes nothing takes as many
        assert len(sent) == 4


def test_a_redis_that_forgot_the_script_is_given_it_again(
    client: redis.Redis, redis_url: str, redis_prefix: str
) -> None:
    with RedisStore(redis_url, redis_prefix) as store:
        client.script_flush()
        write(store, Case(a_challenge(), Account({"login": 1})))
        assert read(store).account.total == 1


@pytest.mark.parametrize("row", ["challenge", "account", "sends"])
def test_a_spoiled_record_is_an_error(client: redis.Redis, redis_url: str, redis_prefix: str, row: str) -> None:
    with RedisStore(redis_url, redis_prefix) as store:
        write(store, Case(a_challenge(), Account({"login": 1}), ((NOW,),)), counters=[b"counter"])
        (key,) = client.keys(f"{redis_prefix}:{row}:*")
        client.set(key, b"seven b")
        with pytest.raises(StoreError, match="cannot be read"):
            read(store, counters=[b"counter"])


def test_processes_lose_no_increment(redis_url: str, redis_prefix: str) -> None:
    open_store = functools.partial(RedisStore, redis_url, redis_prefix)
    count_up_in_four_processes([open_store], times=25)
    with open_store() as store:
        assert read(store).account.total == 100


def test_account_and_purpose_cannot_be_confused(redis_url: str, redis_prefix: str) -> None:
    with RedisStore(redis_url, redis_prefix) as store:
        write(store, Case(a_challenge("a:b", "c")), "a:b", "c")
        assert read(store, "a", "b:c").challenge is None


def test_a_redis_that_may_throw_keys_away_is_refused(client: redis.Redis, redis_url: str) -> None:
    client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        with pytest.raises(StoreError, match=r"noeviction.*allkeys-lru"):
            RedisStore(redis_url)
    finally:
        client.config_set("maxmemory-policy", "noeviction")


def test_a_dead_redis_is_said(unused_port: int) -> None:
    with pytest.raises(StoreError, match="Redis did not answer"):
        RedisStore(f"redis://:secret-password@127.0.0.1:{unused_port}/0")


def test_a_redis_that_hangs_is_given_up_within_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(StoreError, match="TimeoutError"):
        RedisStore(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", timeout=0.2)


def test_a_redis_that_dies_lets_nobody_in(redis_url: str, redis_prefix: str, client: redis.Redis) -> None:
    with RedisStore(redis_url, redis_prefix, timeout=0.2) as store:
        write(store, Case(a_challenge()))
        client.client_pause(1000)
        with pytest.raises(StoreError, match="Redis did not answer"):
            read(store)
        client.client_unpause()
        assert read(store).challenge == a_challenge()


def test_no_address_is_an_error_that_says_what_was_expected() -> None:
    with pytest.raises(StoreError, match="expected an address such as redis://"):
        RedisStore("localhost:6379")


def test_repr_shows_no_password(redis_url: str, redis_prefix: str) -> None:
    with RedisStore(redis_url, redis_prefix) as store:
        assert redis_url not in repr(store)


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.parametrize("url", ["redis://user:hunter2", "redis://:hunter2/x@localhost:6379/0"])
def test_an_address_that_is_wrong_keeps_its_password_to_itself(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        RedisStore(url)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
