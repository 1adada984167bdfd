"""Empty stores of each kind, and processes to race on them."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.workers import Fleet, OpenStore
from sms2fa import SqliteStore
from sms2fa.stores.redis import RedisStore


@pytest.fixture(params=["memory", "file", "redis"])
def new_data(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], OpenStore]:
    """A function that makes a place for data, and gives the function that opens a store on it."""
    if request.param == "memory":
        return lambda: functools.partial(SqliteStore, ":memory:")
    if request.param == "file":
        return lambda: functools.partial(SqliteStore, tmp_path / f"{uuid.uuid4().hex}.db")
    url = request.getfixturevalue("redis_url")
    return lambda: functools.partial(RedisStore, url, f"test-{uuid.uuid4().hex}")


@pytest.fixture
def open_store(new_data: Callable[[], OpenStore]) -> OpenStore:
    """Opens a store, each time on the same data; in memory, each time an empty one."""
    return new_data()


@pytest.fixture
def store(open_store: OpenStore) -> Iterator[SqliteStore | RedisStore]:
    with open_store() as store:
        yield store


@pytest.fixture(scope="session")
def fleet(request: pytest.FixtureRequest) -> Iterator[Fleet]:
    """So many processes as the parameter says."""
    fleet = Fleet(request.param)
    yield fleet
    fleet.close()
