"""The sandbox: Xoxzo's API on this machine, in process or served on loopback."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from flask import Flask

from sms2fa.clock import Clock, SystemClock
from sms2fa.errors import TwoFactorError
from sms2fa.sandbox.accounts import Kind, SandboxAccount
from sms2fa.sandbox.agenda import Agenda
from sms2fa.sandbox.api import create_api
from sms2fa.sandbox.callbacks import Callback
from sms2fa.sandbox.calls import SandboxCall
from sms2fa.sandbox.carrier import CarrierRules, Listener, SandboxMessage
from sms2fa.sandbox.faults import Faults
from sms2fa.sandbox.provider import Provider
from sms2fa.sandbox.server import Server
from sms2fa.sandbox.templates import Template

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class XoxzoSandbox:
    """Xoxzo's API on this machine.

        with XoxzoSandbox() as sandbox:
            gateway = XoxzoGateway(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)

    In process, without socket or thread: ``sandbox.app.test_client()``.

    Args:
        clock: what the delivery goes by; a `ManualClock` can be pushed.
        kept: how many messages are remembered; beyond that the oldest are dropped, and counted in ``dropped``.
        seed: of the chance in `faults`.

    Attributes:
        account: the one that ``sid`` and ``auth_token`` belong to: a partner whose credit does not run out.
        sid, auth_token: its credentials, made anew for each sandbox.
        app: the API as a WSGI application, with its faults.
        faults: what goes wrong on demand.
    """

    def __init__(self, clock: Clock | None = None, *, kept: int = 10_000, seed: int | None = None) -> None:
        self.clock = clock or SystemClock()
        self._provider = Provider(self.clock, kept)
        self.account = self.add_account()
        self.sid, self.auth_token = self.account.sid, self.account.auth_token
        self.faults = Faults(seed)
        self.app: Flask = create_api(self._provider)
        self.app.wsgi_app = self.faults.around(self.app.wsgi_app)  # type: ignore[method-assign, assignment]
        self._server: Server | None = None
        self._finalizer: weakref.finalize[..., XoxzoSandbox] | None = None

    def open(self, port: int = 0) -> XoxzoSandbox:
        """Serve on a port, by default a free one. Opening twice is fine.

        Raises:
            TwoFactorError: where something else has that port.
        """
        if self._server is None:
            living = weakref.ref(self)
            self.faults.hold()
            self._server = Server(_app_of(living), self._agendas(), port)
            # A sandbox whose cell was run again is dropped, not closed: then its server goes with it.
            self._finalizer = weakref.finalize(self, self._server.close)
        return self

    def close(self) -> None:
        """Stop serving and free the port. Closing twice is fine; the messages stay readable."""
        if self._finalizer is not None:
            self.faults.release()
            self._finalizer()
        self._server = self._finalizer = None

    @property
    def url(self) -> str:
        """The address to give to the client as ``api_host``.

        Raises:
            TwoFactorError: where the sandbox is not open.
        """
        return self._opened().url

    @property
    def messages(self) -> list[SandboxMessage]:
        """The accepted messages, oldest first."""
        return self._provider.carrier.messages()

    @property
    def dropped(self) -> int:
        """How many of the oldest messages were forgotten, to keep the memory small."""
        return self._provider.carrier.dropped

    @property
    def calls(self) -> list[SandboxCall]:
        """The newest voice calls, oldest first."""
        return self._provider.exchange.calls()

    @property
    def callbacks(self) -> list[Callback]:
        """The newest tries to report to a callback URL, oldest first."""
        return self._provider.callbacks.made

    @property
    def rules(self) -> CarrierRules:
        """How the carriers behave. Give it others at any time."""
        return self._provider.carrier.rules

    @rules.setter
    def rules(self, rules: CarrierRules) -> None:
        self._provider.carrier.rules = rules

    def add_account(
        self, kind: Kind = Kind.PARTNER, *, credit: int | None = None, countries: Iterable[str] | None = None
    ) -> SandboxAccount:
        """Open one more account; see `SandboxAccount`."""
        return self._provider.add(SandboxAccount(kind, credit, countries))

    def approve_template(self, id_: int) -> Template:
        """Play the person at Xoxzo who approves templates. Raises InvalidInput where there is none of that id."""
        return self._provider.templates.approve(id_)

    def listen(self, listener: Listener) -> None:
        """Call ``listener(message)`` for each message to come, when it arrives, from a thread of the sandbox."""
        self._provider.carrier.listen(listener)

    def run_due(self) -> None:
        """Deliver what is late and due by now, and report. An open sandbox does it by itself."""
        for agenda in self._agendas():
            agenda.run_due()

    @contextmanager
    def refusing_connections(self) -> Iterator[None]:
        """Refuse every connection inside a ``with``, as a provider that is down. The address stays the same."""
        server = self._opened()
        server.refuse()
        try:
            yield
        finally:
            server.accept()

    def _agendas(self) -> tuple[Agenda, ...]:
        return self._provider.carrier.agenda, self._provider.callbacks.agenda

    def _opened(self) -> Server:
        if self._server is None:
            raise TwoFactorError("this sandbox is closed; call open(), or use it in a with statement")
        return self._server

    def __enter__(self) -> XoxzoSandbox:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"XoxzoSandbox({'closed' if self._server is None else self.url})"


def _app_of(sandbox: weakref.ref[XoxzoSandbox]) -> WSGIApplication:
    """The sandbox' application, without holding the sandbox: a phone that listens refers back to it."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        alive = sandbox()
        if alive is None:
            start_response("503 Service Unavailable", [])
            return []
        return alive.app(environ, start_response)

    return serve
