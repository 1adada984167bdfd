"""Small things that many tests need."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from sms2fa import ManualClock, XoxzoGateway
from sms2fa.sandbox import XoxzoSandbox


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands still, at a moment with microseconds."""
    return ManualClock(datetime(2026, 11, 1, 9, 0, 0, 123457, tzinfo=UTC))


@pytest.fixture
def sandbox(clock: ManualClock) -> Iterator[XoxzoSandbox]:
    """An open sandbox on that clock."""
    with XoxzoSandbox(clock) as sandbox:
        yield sandbox


@pytest.fixture
def gateway(sandbox: XoxzoSandbox) -> XoxzoGateway:
    """The real gateway, with the sandbox behind it."""
    return XoxzoGateway(sandbox.sid, sandbox.auth_token, api_host=sandbox.url, timeout=30)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real redis-server on a socket of its own, empty, and stopped at the end."""
    program = shutil.which("redis-server")
    if program is None:
        missing = "no redis-server found: install it to run the tests of RedisStore"
        pytest.fail(f"{missing}; .ci/run does") if os.environ.get("CI") else pytest.skip(missing)
    folder = Path(tempfile.mkdtemp(prefix="sms2fa"))  # short: a socket's path may have 107 characters
    socket = folder / "redis.sock"
    command = [program, "--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", ""]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        url = f"unix://{socket}"
        with redis.Redis.from_url(url) as client:
            deadline = time.monotonic() + 30
            while not answers(client):
                assert server.poll() is None, "redis-server stopped"
                assert time.monotonic() < deadline, "redis-server does not answer"
                time.sleep(0.02)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(folder)


def answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


@pytest.fixture
def redis_prefix() -> str:
    """A prefix that no other test has."""
    return f"test-{uuid.uuid4().hex}"
