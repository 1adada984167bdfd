"""A WSGI application served on loopback, with the threads that it needs."""

from __future__ import annotations

import logging
import os
import socket
import threading
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sms2fa.errors import TwoFactorError
from sms2fa.sandbox.agenda import Agenda
from sms2fa.sandbox.proxies import HOST, no_proxy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_POLL = 0.05  # seconds until the server notices that it is to stop
_TICK = 0.02  # seconds between two looks at an agenda on which something stands
_QUEUE = 128  # connections that wait

_log = logging.getLogger(__name__)


class Server:
    """Serves an application on loopback, and runs what is due on the agendas. It begins at once.

    Args:
        app: what answers.
        agendas: each has a thread that wakes while something stands on it.
        port: 0 for a free one.

    Raises:
        TwoFactorError: where something else has that port.
    """

    def __init__(self, app: WSGIApplication, agendas: Sequence[Agenda], port: int = 0) -> None:
        self._app = app
        self._owner = os.getpid()
        self._stopped = threading.Event()
        self._refusing = 0
        self._planned = [agenda.planned for agenda in agendas]
        self._held = _bound(port)
        self.port: int = self._held.getsockname()[1]
        self._listen()
        self._keepers = [
            _started("xoxzo-agenda", _keep, weakref.ref(agenda), agenda.planned, self._stopped) for agenda in agendas
        ]
        no_proxy.add()

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://{HOST}:{self.port}"

    def accept(self) -> None:
        """Accept connections again, after as many calls as there were of `refuse`."""
        self._refusing -= 1
        if self._refusing == 0 and not self._stopped.is_set():
            self._listen()

    def _listen(self) -> None:
        self._held.listen(_QUEUE)
        self._wsgi: BaseWSGIServer = make_server(
            HOST, self.port, self._app, threaded=True, request_handler=_QuietHandler, fd=self._held.fileno()
        )
        self._held.close()  # the server has a copy
        self._thread = _started("xoxzo-sandbox", self._wsgi.serve_forever, _POLL)

    def refuse(self) -> None:
        """Refuse connections, and keep the port: it is bound, but nobody listens."""
        self._refusing += 1
        if self._refusing == 1:
            self._stop_serving()
            self._held = _bound(self.port)

    def close(self) -> None:
        """Free the port, and end all threads."""
        if os.getpid() != self._owner:  # a forked child has the sockets, but none of the threads
            self._wsgi.server_close()
            return
        if threading.current_thread() in (self._thread, *self._keepers):
            # The garbage collector runs anywhere, and a thread cannot wait for its own end.
            threading.Thread(target=self.close, name="xoxzo-sandbox-end").start()
            return
        self._stopped.set()
        self._stop_serving()
        self._held.close()
        for keeper, planned in zip(self._keepers, self._planned, strict=True):
            while keeper.is_alive():  # whoever runs what is due may clear it just after it was set
                planned.set()
                keeper.join(_TICK)
        no_proxy.remove()

    def _stop_serving(self) -> None:
        self._wsgi.shutdown()
        self._thread.join()
        self._wsgi.server_close()


class _QuietHandler(WSGIRequestHandler):
    """Logs where a program can hear it, instead of into the notebook."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        _log.debug(message, *args)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        _log.debug('"%s %s" %s', getattr(self, "command", "-"), getattr(self, "path", "-").partition("?")[0], code)

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:
        self.close_connection = True  # else a body that nobody read would be read as one more request, and logged


def _started(name: str, target: object, *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=arguments, name=name, daemon=True)  # type: ignore[arg-type]
    thread.start()
    return thread


def _keep(agenda: weakref.ref[Agenda], planned: threading.Event, stopped: threading.Event) -> None:
    """Run what is due. Between two looks nothing holds the agenda, so that a sandbox can be dropped."""
    while True:
        planned.wait()
        alive = agenda()
        if stopped.is_set() or alive is None:
            return
        alive.run_due(stopped)
        del alive
        if stopped.wait(_TICK):
            return


def _bound(port: int) -> socket.socket:
    held = socket.socket()
    if os.name != "nt":  # there it would share a port with whoever has it
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((HOST, port))
    except (OSError, OverflowError) as error:
        held.close()
        raise TwoFactorError(f"expected a free port, and {port} is not: {getattr(error, 'strerror', error)}") from error
    return held
