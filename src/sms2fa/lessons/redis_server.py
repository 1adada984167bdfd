"""A Redis for one lesson: started where the program is found, empty, and gone with the kernel."""

from __future__ import annotations

import atexit
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import redis

from sms2fa.stores.redis import RedisStore

_PATIENCE = 10  # seconds until it has to answer

HOW_TO_GET_REDIS = (
    "No redis-server was found here, so this part is skipped. To get one: on Debian or Ubuntu "
    "`sudo apt-get install redis-server`, on macOS `brew install redis`, with conda `conda install redis-server`. "
    "On Windows it runs inside WSL. Then run this cell again."
)

_running: list[tuple[subprocess.Popen[bytes], Path]] = []


def open_redis() -> RedisStore | None:
    """Start a redis-server on a free port of 127.0.0.1, and open a store in it. None where there is no such program."""
    program = shutil.which("redis-server")
    if program is None:
        print(HOW_TO_GET_REDIS)  # noqa: T201 - the learner reads it
        return None
    stop_redis()
    folder = Path(tempfile.mkdtemp(prefix="sms2fa"))
    port = _free_port()
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", ""]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - found above
    _running.append((server, folder))
    url = f"redis://127.0.0.1:{port}"
    _wait_for(url)
    return RedisStore(url)


def stop_redis() -> None:
    """Stop what `open_redis` started, and take its folder away."""
    while _running:
        server, folder = _running.pop()
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    with redis.Redis.from_url(url) as client:
        while True:
            try:
                client.ping()
                return
            except redis.ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port: int = holder.getsockname()[1]
        return port


atexit.register(stop_redis)
