"""A Redis for one lesson."""

from __future__ import annotations

import os
import shutil

import pytest

from sms2fa.lessons import redis_server


@pytest.fixture
def program() -> str:
    found = shutil.which("redis-server")
    if found is None:
        missing = "no redis-server found"
        pytest.fail(f"{missing}; .ci/run installs it") if os.environ.get("CI") else pytest.skip(missing)
    return found


def test_it_is_started_empty_and_gone_when_it_is_stopped(program: str) -> None:
    store = redis_server.open_redis()
    assert store is not None
    ((server, folder),) = redis_server._running
    assert store.transact("alice", "login", lambda case: (case, case.challenge)) is None
    store.close()
    redis_server.stop_redis()
    assert server.returncode is not None
    assert not folder.exists()


def test_opening_it_again_stops_the_one_before(program: str) -> None:
    stores = [redis_server.open_redis() for _ in range(2)]
    assert len(redis_server._running) == 1
    for store in filter(None, stores):
        store.close()
    redis_server.stop_redis()


def test_where_there_is_no_redis_it_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    assert redis_server.open_redis() is None
    assert "apt-get install redis-server" in capsys.readouterr().out
