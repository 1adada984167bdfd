"""The sandbox served on loopback, from a thread and a free port."""

from __future__ import annotations

import logging
import os
import secrets
import threading
import weakref
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sms2fa.clock import Clock, SystemClock
from sms2fa.errors import TwoFactorError
from sms2fa.sandbox.api import create_api
from sms2fa.sandbox.carrier import Carrier, Listener, SandboxMessage

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HOST = "127.0.0.1"
_log = logging.getLogger(__name__)


class XoxzoSandbox:
    """Xoxzo's API on this machine.

        with XoxzoSandbox() as sandbox:
            gateway = XoxzoGateway(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)

    Args:
        clock: what the delivery goes by; a `ManualClock` can be pushed.

    Attributes:
        sid, auth_token: the credentials of its one account, made anew for each sandbox.
        app: the API as a WSGI application, for use without a socket.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        self.sid = secrets.token_urlsafe(16)
        self.auth_token = secrets.token_urlsafe(24)
        self._carrier = Carrier(self.clock)
        self.app: Flask = create_api(self._carrier, self.sid, self.auth_token)
        self._server: BaseWSGIServer | None = None
        self._finalizer: weakref.finalize[..., XoxzoSandbox] | None = None

    def open(self) -> XoxzoSandbox:
        """Serve on a free port. Opening twice is fine."""
        if self._server is None:
            self._server = make_server(_HOST, 0, _app_of(self), threaded=True, request_handler=_QuietHandler)
            thread = threading.Thread(
                target=self._server.serve_forever, args=(0.05,), name="xoxzo-sandbox", daemon=True
            )
            thread.start()
            _no_proxy.add()
            # A sandbox whose cell was run again is dropped, not closed: then its server goes with it.
            self._finalizer = weakref.finalize(self, _shut_down, self._server, thread, os.getpid())
        return self

    def close(self) -> None:
        """Stop serving and free the port. Closing twice is fine; the messages stay readable."""
        if self._finalizer is not None:
            self._finalizer()
        self._server = self._finalizer = None

    @property
    def url(self) -> str:
        """The address to give to the client as ``api_host``.

        Raises:
            TwoFactorError: where the sandbox is not open.
        """
        if self._server is None:
            raise TwoFactorError("this sandbox is closed; call open(), or use it in a with statement")
        return f"http://{_HOST}:{self._server.server_port}"

    @property
    def messages(self) -> list[SandboxMessage]:
        """The accepted messages, oldest first."""
        return self._carrier.messages()

    def listen(self, listener: Listener) -> None:
        """Call ``listener(message)`` for each message to come, from the thread that serves the request."""
        self._carrier.listen(listener)

    def __enter__(self) -> XoxzoSandbox:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"XoxzoSandbox({'closed' if self._server is None else self.url})"


def _app_of(sandbox: XoxzoSandbox) -> WSGIApplication:
    """The sandbox' application, without holding the sandbox: a phone that listens refers back to it."""
    living = weakref.ref(sandbox)

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        alive = living()
        if alive is None:
            start_response("503 Service Unavailable", [])
            return []
        return alive.app(environ, start_response)

    return serve


class _QuietHandler(WSGIRequestHandler):
    """Logs where a program can hear it, instead of into the notebook."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        _log.debug(message, *args)


class _NoProxy:
    """Keeps calls to loopback away from a proxy, while any sandbox is open.

    With HTTP_PROXY set, `requests` would send even 127.0.0.1 to the proxy.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()  # the garbage collector may close a sandbox while another one opens
        self._open = 0
        self._before: dict[str, str | None] = {}

    def add(self) -> None:
        with self._lock:
            if self._open == 0:
                self._before = {name: os.environ.get(name) for name in ("NO_PROXY", "no_proxy")}
                for name, value in self._before.items():
                    os.environ[name] = _with_loopback(value)
            self._open += 1

    def remove(self) -> None:
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
    return f"{value},{_HOST}" if value else _HOST


_no_proxy = _NoProxy()


def _shut_down(server: BaseWSGIServer, thread: threading.Thread, owner: int) -> None:
    if os.getpid() != owner:  # a forked child has the socket, but not the thread that serves
        server.server_close()
        return
    if threading.current_thread() is thread:  # the garbage collector may run anywhere, and a thread cannot await itself
        threading.Thread(target=_shut_down, args=(server, thread, owner), name="xoxzo-sandbox-end").start()
        return
    server.shutdown()
    thread.join()
    server.server_close()
    _no_proxy.remove()
