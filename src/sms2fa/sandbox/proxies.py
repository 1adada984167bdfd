"""Calls to this machine, kept away from proxies."""

from __future__ import annotations

import os
import threading

HOST = "127.0.0.1"


class NoProxy:
    """Keeps calls to loopback away from a proxy, while any sandbox is open.

    With HTTP_PROXY set, `requests` would send even 127.0.0.1 to the proxy.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()  # the garbage collector may close a sandbox while another one opens
        self._open = 0
        self._before: dict[str, str | None] = {}

    def add(self) -> None:
        """One more sandbox is open."""
        with self._lock:
            if self._open == 0:
                self._before = {name: os.environ.get(name) for name in ("NO_PROXY", "no_proxy")}
                for name, value in self._before.items():
                    os.environ[name] = _with_loopback(value)
            self._open += 1

    def remove(self) -> None:
        """One less; after the last one the environment is as it was before the first."""
        with self._lock:
            self._open -= 1
            if self._open == 0:
                for name, value in self._before.items():
                    if value is None:
                        os.environ.pop(name, None)
                    else:
                        os.environ[name] = value


def _with_loopback(value: str | None) -> str:
    if value == "*":  # no proxy for anything: to add to it would take that meaning away
        return value
    return f"{value},{HOST}" if value else HOST


no_proxy = NoProxy()
