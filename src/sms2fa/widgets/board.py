"""The board: form, server and phone side by side, so that one sees who knows what."""

from __future__ import annotations

import logging
from datetime import datetime
from html import escape

import ipywidgets as W  # noqa: N812
from traitlets import Instance, Tuple

from sms2fa.clock import Clock, ManualClock
from sms2fa.login import Login, Step, Subscribers
from sms2fa.sandbox import XoxzoSandbox
from sms2fa.verifier import Verifier
from sms2fa.widgets import style
from sms2fa.widgets.knowledge import HEADINGS, Knowledge, who_knows_what
from sms2fa.widgets.login_form import LoginForm, LoginFormModel
from sms2fa.widgets.phone import Phone, PhoneModel
from sms2fa.widgets.pulse import pulse_of
from sms2fa.widgets.region import Region
from sms2fa.widgets.view import Model, View

_LINES_KEPT = 40
_ORDER = (Step.WAITING_FOR_PASSWORD, Step.PIN_SENT, Step.VERIFIED, Step.REFUSED)


class BoardModel(Model):
    """Form, server and phone, wired as in life: the form talks to the server, the server to Xoxzo, Xoxzo to the phone.

    Attributes:
        log: the lines that the server wrote, oldest first.
        now: what the server's clock shows (aware UTC), or None where that is the time of this machine.
    """

    log = Tuple()
    now = Instance(datetime, allow_none=True)

    def __init__(self, sandbox: XoxzoSandbox, verifier: Verifier, clock: Clock) -> None:
        super().__init__()
        server = logging.Logger("sms2fa.board")  # of this board alone: not registered with the logging module
        server.addHandler(_Lines(self, clock))
        self._subscribers = Subscribers()
        self.form = LoginFormModel(Login(self._subscribers, verifier, server), clock)
        self.phone = PhoneModel(sandbox)
        self.form.observe(self._follow, names=["step", "registered", "subscriber"])
        self._clock = clock
        self.time_passed()
        pulse_of(clock).follow(self)

    @property
    def knowledge(self) -> tuple[Knowledge, ...]:
        """Who knows what at the present step."""
        return who_knows_what(self.form.step, registered=self.form.registered is not None)

    def time_passed(self) -> None:
        """The server's clock shows another time."""
        self.now = self._clock.now() if isinstance(self._clock, ManualClock) else None

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
    """Form, server and phone side by side, and beneath them who knows what."""

    title = "Board"
    model: BoardModel

    def __init__(self, model: BoardModel) -> None:
        super().__init__(model)
        self.form = LoginForm(model.form)
        self.phone = Phone(model.phone)
        self.steps = Region("status")
        self.lines = Region("log", "Server log", scrolls=True, looks=("sms2fa-screen",), height="226px")
        self.knowledge = W.HTML()
        self.follow(model, self._redraw, "log", "now")
        self.follow(model.form, self._redraw, "step", "registered")
        self._redraw()
        server = W.VBox([self.steps, self.lines], layout=W.Layout(width=f"{style.SERVER_WIDTH}px"))
        self.children = [style.side_by_side(self.form, server, self.phone), self.knowledge, self.notice]

    @property
    def value(self) -> str:
        """Where the login stands: "waiting for password", "PIN sent", "verified" or "refused"."""
        return self.form.value.value

    def static_rows(self) -> list[tuple[str, str]]:
        """The three actors in words, and who knows what."""
        return [
            ("form (browser)", self.form.model.notice),
            ("server", self.value),
            *(("server log", line) for line in self.model.log),
            *self.phone.static_rows(),
            *((who, f"knows of the password: {password}; of the PIN: {pin}; {result}")
              for who, password, pin, result in self.model.knowledge),
        ]  # fmt: skip

    def drawing(self) -> str:
        """Form, server and phone, one after the other, and who knows what."""
        server = style.panel("Server", f"{_steps(self.model)}{_log(self.model)}", width=f"{style.SERVER_WIDTH - 4}px")
        return "<br>".join([self.form.drawing(), server, self.phone.drawing(), _knowledge(self.model)])

    def _redraw(self) -> None:
        now = self.model.now
        clock = f"<div>Clock: {now:%H:%M:%S} UTC</div>" if now is not None else ""
        self.steps.show(style.panel("Server", f"{_steps(self.model)}{clock}"))
        self.lines.show(_log(self.model))
        self.knowledge.value = _knowledge(self.model)


def _steps(board: BoardModel) -> str:
    return "".join(_step(step, present=step is board.form.step) for step in _ORDER)


def _step(step: Step, *, present: bool) -> str:
    if present:
        look = f"background:{style.ACCENT};color:{style.ON_ACCENT};font-weight:700"
        return f'<div style="{look};padding:3px 8px;border-radius:4px">\u25b6 {step.value} (now)</div>'
    return f'<div style="padding:3px 8px;color:{style.MUTED}">{step.value}</div>'


def _log(board: BoardModel) -> str:
    lines = "".join(f'<div style="margin:0 0 3px">{escape(line)}</div>' for line in reversed(board.log))
    return (
        f'<div style="color:{style.INK};background:{style.SCREEN};padding:6px 8px;line-height:1.4">'
        f'<div style="color:{style.MUTED};font-family:{style.FONT}">Log (UTC), newest first</div>'
        f'<div style="font-family:ui-monospace,Consolas,monospace;font-size:12px;overflow-wrap:anywhere">'
        f"{lines or 'Nothing yet.'}</div></div>"
    )


def _knowledge(board: BoardModel) -> str:
    return style.panel("Who knows what", style.grid(HEADINGS, board.knowledge), width="fit-content")
