"""A desk to try PINs at: send one, type something, push the clock, and read every verdict."""

from __future__ import annotations

from datetime import datetime

import ipywidgets as W  # noqa: N812
from traitlets import Instance, Tuple

from sms2fa.challenge import Challenge, Verdict
from sms2fa.clock import ManualClock
from sms2fa.errors import TwoFactorError
from sms2fa.verifier import Verifier
from sms2fa.widgets import style
from sms2fa.widgets.phone import Phone, PhoneModel
from sms2fa.widgets.pulse import pulse_of, push
from sms2fa.widgets.view import Model, View

_LINES_KEPT = 12


class CheckDeskModel(Model):
    """One account at a verifier, its phone, and the verdicts so far.

    Attributes:
        challenge: the newest one, or None.
        verdict: the newest one, or None.
        tried: what was tried and what came of it, oldest first.
        time: what the desk's clock shows (aware UTC).
    """

    challenge = Instance(Challenge, allow_none=True)
    verdict = Instance(Verdict, allow_none=True)
    tried = Tuple()
    time = Instance(datetime)

    def __init__(self, verifier: Verifier, clock: ManualClock, phone: PhoneModel, account: str = "alice") -> None:
        super().__init__(notice="Send a PIN, then read it from the phone.")
        self._verifier = verifier
        self._clock = clock
        self.phone = phone
        self._account = account
        self.time_passed()
        pulse_of(clock).follow(self)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The clock, and until when the newest PIN works if nothing else stops it."""
        end = self.challenge.expires_at if self.challenge is not None else None
        until = "none yet" if self.challenge is None else f"until {end:%H:%M:%S} UTC" if end else "no end"
        return [("the clock", f"{self.time:%H:%M:%S} UTC"), ("the newest PIN", until)]

    def time_passed(self) -> None:
        """The clock shows another time."""
        self.time = self._clock.now()

    def send(self) -> None:
        """Start a new challenge; an older one is void."""

        def action() -> None:
            self.challenge = self._verifier.start(account=self._account, phone=self.phone.number)
            self._note("PIN sent", "")
            self.say("info", "A PIN was sent. The older one, if there was one, no longer works.")

        self.attempt(action, self._clock.now)

    def check(self, pin: str) -> None:
        """Try a PIN on the newest challenge."""

        def action() -> None:
            if self.challenge is None:
                raise TwoFactorError("send a PIN first")
            self.verdict = self._verifier.check(self.challenge.id, pin, account=self._account)
            self._note(self.verdict.outcome.value, self.verdict.public_message)
            self.say(
                "good" if self.verdict else "bad",
                f"Server: {self.verdict.outcome.value}. {self.verdict.public_message}",
            )

        self.attempt(action)

    def wait(self, seconds: float) -> None:
        """Push the clock."""
        push(self._clock, seconds)
        self._note(f"{seconds:g} seconds pass", "")
        self.say("info", f"It is {self._clock.now():%H:%M:%S} UTC on the desk's clock.")

    def _note(self, what: str, told: str) -> None:
        self.tried = (*self.tried, (f"{self._clock.now():%H:%M:%S} {what}", told))[-_LINES_KEPT:]


class CheckDesk(View):
    """Fields, buttons and verdicts for `CheckDeskModel`."""

    title = "Verifier desk"
    model: CheckDeskModel

    def __init__(self, model: CheckDeskModel) -> None:
        super().__init__(model)
        self.send = style.button("Send a PIN", main=True)
        self.pin = W.Text(description="PIN", placeholder="from the phone", layout=W.Layout(width="240px"))
        self.check = style.button("Check PIN", main=True)
        self.later = style.button("10 seconds later")
        self.minute = style.button("1 minute later")
        self.history = W.HTML()
        self.on_click(self.send, model.send)
        self.on_click(self.check, self._check)
        self.on_enter(self.pin, self._check)
        self.on_click(self.later, lambda: model.wait(10))
        self.on_click(self.minute, lambda: model.wait(60))
        self.follow(model, self._redraw, "tried", "time", "challenge")
        desk = [
            style.buttons(self.send, self.later, self.minute),
            style.buttons(self.pin, self.check),
            self.notice,
            self.history,
        ]
        self.phone = Phone(model.phone)
        self.children = [style.side_by_side(W.VBox(desk, layout=W.Layout(width="520px", max_width="100%")), self.phone)]
        self._redraw()

    @property
    def value(self) -> Verdict | None:
        """The newest verdict, or None."""
        verdict: Verdict | None = self.model.verdict
        return verdict

    def static_rows(self) -> list[tuple[str, str]]:
        """What was tried and what came of it."""
        return [("says", self.model.notice), *self.model.tried, *self.phone.static_rows()]

    def _check(self) -> None:
        self.model.check(self.pin.value)

    def _redraw(self) -> None:
        tried = style.panel(
            "What the server knows, and what it tells the claimant",
            style.table((list(self.model.tried) or [("nothing yet", "")])[::-1]),
        )
        time = style.panel("Time", style.table(self.model.facts))
        self.history.value = f'{time}<div style="height:8px"></div>{tried}'
