"""The form in the browser: register, log in, type the PIN, read the outcome."""

from __future__ import annotations

import ipywidgets as W  # noqa: N812
from traitlets import Instance, UseEnum

from sms2fa.challenge import Outcome, Verdict
from sms2fa.clock import Clock
from sms2fa.login import Login, Step, Subscriber
from sms2fa.phone import parse_phone
from sms2fa.widgets import style
from sms2fa.widgets.view import Model, View, wait_in_words

_FIRST = "Register first: choose an account name and a password, and type a mobile number. Then log in."


class LoginFormModel(Model):
    """What the form does with what is typed.

    Attributes:
        step: where the login stands.
        registered: the newest subscriber of this form, or None.
        subscriber: who is logging in, once the password was right, or None.
    """

    step = UseEnum(Step, Step.WAITING_FOR_PASSWORD)
    registered = Instance(Subscriber, allow_none=True)
    subscriber = Instance(Subscriber, allow_none=True)

    def __init__(self, login: Login, clock: Clock) -> None:
        super().__init__(notice=_FIRST)
        self._login = login
        self._clock = clock

    def register(self, account: str, password: str, number: str, region: str) -> None:
        """Enrol an account with its number."""

        def action() -> None:
            self.registered = self._login.register(account, password, parse_phone(number, region))
            self.say("good", f"Registered {self.registered.account} with {self.registered.phone.masked}. Now log in.")

        self.attempt(action)

    def log_in(self, account: str, password: str) -> None:
        """The first factor; where it is right, the PIN is sent."""

        def action() -> None:
            try:
                self._login.enter_password(account, password)
            finally:
                self._follow_login()
            self.say("info", "The password is right. We sent a PIN to your phone: type it into the field PIN.")

        self.attempt(action, self._clock.now)

    def send_again(self) -> None:
        """A new PIN for the same login."""

        def action() -> None:
            try:
                self._login.send_again()
            finally:
                self._follow_login()
            self.say("info", "We sent a new PIN. The older one no longer works.")

        self.attempt(action, self._clock.now)

    def check(self, pin: str) -> Verdict | None:
        """The second factor; None where it is not the time for it."""
        verdicts: list[Verdict] = []

        def action() -> None:
            verdicts.append(self._login.enter_pin(pin))
            self._follow_login()
            self.say(*self._in_words(verdicts[0]))

        self.attempt(action)
        return verdicts[0] if verdicts else None

    def log_out(self) -> None:
        """Back to the beginning."""
        self._login.log_out()
        self._follow_login()
        self.say("info", "You are logged out. Log in again with account and password.")

    def _follow_login(self) -> None:
        with self.hold_trait_notifications():
            self.subscriber, self.step = self._login.subscriber, self._login.step

    def _in_words(self, verdict: Verdict) -> tuple[str, str]:
        if verdict and self.subscriber is not None:
            return "good", f"You are logged in as {self.subscriber.account}, with two factors."
        text = verdict.public_message
        if verdict.outcome is not Outcome.MALFORMED:
            text = f"You are not logged in. {text}"
        if verdict.retry_at is not None:
            text += f" Try again in {wait_in_words(verdict.retry_at, self._clock.now())}."
        return ("info" if verdict.outcome is Outcome.MALFORMED else "bad"), text


class LoginForm(View):
    """Fields and buttons for `LoginFormModel`."""

    title = "Login form"
    model: LoginFormModel

    def __init__(self, model: LoginFormModel) -> None:
        super().__init__(model, layout=W.Layout(width=f"{style.FORM_WIDTH}px"))
        self.account = style.field(W.Text(description="Account", placeholder="alice"))
        self.password = style.field(W.Password(description="Password", placeholder="at least 8 characters"))
        self.region = style.field(W.Dropdown(description="Country", options=style.REGIONS, value="JP"))
        self.number = style.field(W.Text(description="Mobile number", placeholder="080-1234-5678"))
        self.register = style.button("Register", main=True)
        self.log_in = style.button("Log in", main=True)
        self.pin = style.field(W.Text(description="PIN", placeholder="from the SMS"))
        self.check = style.button("Check PIN", main=True)
        self.again = style.button("Send a new PIN")
        self.log_out = style.button("Log out")
        self._wire(model)
        self.children = [
            W.HTML("<b>Login form</b> (the browser)"),
            self.account,
            self.password,
            self.region,
            self.number,
            style.buttons(self.register, self.log_in),
            self.pin,
            style.buttons(self.check, self.again, self.log_out),
            self.notice,
        ]
        self._follow_step()

    @property
    def value(self) -> Step:
        """Where the login stands."""
        return Step(self.model.step)

    def static_rows(self) -> list[tuple[str, str]]:
        """The fields in words, without what was typed into them."""
        return [
            ("fields", "account, password, country, mobile number, PIN"),
            ("buttons", "Register, Log in, Check PIN, Send a new PIN, Log out"),
            ("state", self.model.step.value),
            ("says", self.model.notice),
        ]

    def _wire(self, model: LoginFormModel) -> None:
        self.on_click(self.register, self._register)
        self.on_click(self.log_in, self._log_in)
        self.on_enter(self.password, self._log_in)
        self.on_click(self.check, self._check)
        self.on_enter(self.pin, self._check)
        self.on_click(self.again, model.send_again)
        self.on_click(self.log_out, self._log_out)
        self.follow(model, self._follow_step, "step", "subscriber")

    # What is about to go grey would drop the focus: it goes on to what comes next.

    def _register(self) -> None:
        self.model.register(self.account.value, self.password.value, self.number.value, self.region.value)

    def _log_in(self) -> None:
        self.model.log_in(self.account.value, self.password.value)
        if self.value is Step.PIN_SENT:
            self.pin.focus()

    def _check(self) -> None:
        if self.model.check(self.pin.value):
            self.log_out.focus()

    def _log_out(self) -> None:
        self.model.log_out()
        self.log_in.focus()

    def _follow_step(self) -> None:
        waits_for_pin = self.model.step in (Step.PIN_SENT, Step.REFUSED)
        self.pin.disabled = self.check.disabled = self.again.disabled = not waits_for_pin
        self.log_out.disabled = self.model.step is Step.WAITING_FOR_PASSWORD
        if self.model.step in (Step.PIN_SENT, Step.VERIFIED, Step.WAITING_FOR_PASSWORD):
            self.pin.value = ""
