"""The board: form, server and phone side by side, so that one sees who knows what."""

from __future__ import annotations

import logging
from html import escape

import ipywidgets as W  # noqa: N812
from traitlets import Tuple

from sms2fa.clock import Clock
from sms2fa.login import Login, Step, Subscribers
from sms2fa.sandbox import XoxzoSandbox
from sms2fa.verifier import Verifier
from sms2fa.widgets import style
from sms2fa.widgets.login_form import LoginForm, LoginFormModel
from sms2fa.widgets.phone import Phone, PhoneModel
from sms2fa.widgets.view import Model, View

_LINES_KEPT = 40
_ORDER = (Step.WAITING_FOR_PASSWORD, Step.PIN_SENT, Step.VERIFIED, Step.REFUSED)


class BoardModel(Model):
    """Form, server and phone, wired as in life: the form talks to the server, the server to Xoxzo, Xoxzo to the phone.

    Attributes:
        log: the lines that the server wrote, oldest first.
    """

    log = Tuple()

    def __init__(self, sandbox: XoxzoSandbox, verifier: Verifier, clock: Clock) -> None:
        super().__init__()
        server = logging.Logger("sms2fa.board")  # of this board alone: not registered with the logging module
        server.addHandler(_Lines(self, clock))
        self._subscribers = Subscribers()
        self.form = LoginFormModel(Login(self._subscribers, verifier, server), clock)
        self.phone = PhoneModel(sandbox)
        self.form.observe(self._follow, names=["step", "registered", "subscriber"])

    def close(self) -> None:
        """Forget who registered. Closing twice is fine."""
        self._subscribers.close()

    def _follow(self, _change: object) -> None:
        """The phone on the table is that of whoever registers or logs in."""
        person = self.form.subscriber or self.form.registered
        if person is not None:
            self.phone.insert_sim(person.phone.e164)


class _Lines(logging.Handler):
    """Puts the server's log lines onto the board."""

    def __init__(self, board: BoardModel, clock: Clock) -> None:
        super().__init__()
        self._board = board
        self._clock = clock

    def emit(self, record: logging.LogRecord) -> None:
        line = f"{self._clock.now():%H:%M:%S} {record.getMessage()}"
        self._board.log = (*self._board.log, line)[-_LINES_KEPT:]


class Board(View):
    """Form, server and phone side by side."""

    title = "Board"
    model: BoardModel

    def __init__(self, model: BoardModel) -> None:
        super().__init__(model)
        self.form = LoginForm(model.form)
        self.phone = Phone(model.phone)
        self.server = W.HTML(layout=W.Layout(width=f"{style.SERVER_WIDTH}px"))
        model.observe(self._redraw, names="log")
        model.form.observe(self._redraw, names="step")
        self._redraw(None)
        self.children = [style.side_by_side(self.form, self.server, self.phone), self.notice]

    @property
    def value(self) -> str:
        """Where the login stands: "waiting for password", "PIN sent", "verified" or "refused"."""
        return self.form.value.value

    def static_rows(self) -> list[tuple[str, str]]:
        """The three actors in words."""
        return [
            ("form (browser)", self.form.model.notice),
            ("server", self.value),
            *(("server log", line) for line in self.model.log),
            *self.phone.static_rows(),
        ]

    def drawing(self) -> str:
        """Form, server and phone, one after the other."""
        return "<br>".join([self.form.drawing(), _server(self.model), self.phone.drawing()])

    def _redraw(self, _change: object) -> None:
        self.server.value = _server(self.model)


def _server(board: BoardModel) -> str:
    steps = "".join(_step(step, present=step is board.form.step) for step in _ORDER)
    lines = "".join(f'<div style="margin:0 0 3px">{escape(line)}</div>' for line in reversed(board.log))
    body = (
        f'<div role="status" aria-live="polite" style="margin-bottom:8px">{steps}</div>'
        f'<div style="color:{style.MUTED}">Log (UTC), newest first</div>'
        f'<div tabindex="0" role="log" aria-label="Server log" style="font-family:ui-monospace,Consolas,monospace;'
        f"font-size:12px;height:230px;overflow-y:auto;background:{style.SCREEN};"
        f'color:{style.INK};padding:6px 8px;overflow-wrap:anywhere">{lines or "Nothing yet."}</div>'
    )
    return style.panel("Server", body, width=f"{style.SERVER_WIDTH - 4}px")


def _step(step: Step, *, present: bool) -> str:
    if present:
        look = f"background:{style.ACCENT};color:#ffffff;font-weight:700"
        return f'<div style="{look};padding:3px 8px;border-radius:4px">\u25b6 {step.value} (now)</div>'
    return f'<div style="padding:3px 8px;color:{style.MUTED}">{step.value}</div>'
