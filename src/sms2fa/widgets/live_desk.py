"""A desk that sends one real SMS, for who has a Xoxzo account and asks for it in so many words.

It reads no environment variable and opens no connection before it is asked, so an automatic run of the notebook shows
it and sends nothing. What is sent was shown before, and was confirmed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as W  # noqa: N812
from traitlets import Instance, Unicode

from sms2fa.errors import InvalidInput, OutcomeUnknown
from sms2fa.gateways import DeliveryStatus
from sms2fa.gateways.xoxzo import XoxzoGateway
from sms2fa.message import Message, count_segments
from sms2fa.phone import PhoneNumber, is_printed, parse_phone
from sms2fa.widgets import style
from sms2fa.widgets.view import Model, View

PHRASE = "send a real SMS"
_NOT_ASKED = f"Not asked: nothing is sent. To begin, type “{PHRASE}” into the first field."


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be sent.

    Attributes:
        gateway: through which account.
        template_id: of an approved template, or None for free-form text.
    """

    gateway: XoxzoGateway
    phone: PhoneNumber
    message: Message
    template_id: int | None

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The plan in words; the number is masked."""
        to = ("recipient", f"{self.phone.masked} ({self.phone.region})")
        if self.template_id is not None:
            values = ", ".join(f"{name}={value}" for name, value in self.message.variables.items())
            return [
                to,
                ("template", f"number {self.template_id}, with {values or 'no values'}"),
                ("parts", "by its text"),
            ]
        parts = count_segments(self.message.text).xoxzo_parts
        return [to, ("text", self.message.text), ("parts", f"{parts}, each billed by your account's price list")]


class LiveDeskModel(Model):
    """The steps to one real SMS: ask, look, confirm, follow.

    Attributes:
        phrase: has to be `PHRASE`.
        number, region: the recipient.
        text: the message, where ``template`` is empty.
        template: the id of an approved template, or "".
        values: a line ``name=value`` for each of its placeholders.
        plan: what was shown, as long as nothing was changed since; else None.
        msgid: of the message that was accepted, or "".
        status: the newest word about it.
    """

    phrase = Unicode()
    number = Unicode()
    region = Unicode("JP")
    text = Unicode("Hello from the sms2fa course.")
    template = Unicode()
    values = Unicode()
    plan = Instance(Plan, allow_none=True)
    msgid = Unicode()
    status = Unicode()

    def __init__(self, open_gateway: Callable[[], XoxzoGateway] = XoxzoGateway.from_env) -> None:
        super().__init__(notice=_NOT_ASKED)
        self._open_gateway = open_gateway
        self._sent_by: XoxzoGateway | None = None
        self.observe(self._changed, names=["phrase", "number", "region", "text", "template", "values"])

    def look(self) -> None:
        """Show what would be sent. Nothing is sent by it."""

        def action() -> None:
            if self.phrase.strip() != PHRASE:
                raise InvalidInput(f"expected the words “{PHRASE}” in the first field", field="phrase")
            gateway = self._open_gateway()
            phone = parse_phone(self.number, self.region)
            if is_printed(phone):
                raise InvalidInput("expected your own number: this one is printed in the course", field="number")
            self.plan = Plan(gateway, phone, self._message(), self._template_id())
            self.say("live", "This is no sandbox. The message below goes to a real phone and costs real money.")

        self.attempt(action)

    def send(self) -> None:
        """Send what was shown, once."""

        def action() -> None:
            plan, self.plan = self.plan, None  # whatever comes of it, it is not sent twice
            if plan is None:
                raise InvalidInput("press “Show what would be sent” first, and read it", field="plan")
            self._sent_by = plan.gateway
            try:
                if plan.template_id is None:
                    receipt = plan.gateway.send(plan.message, to=plan.phone)
                else:
                    receipt = plan.gateway.send_template(plan.template_id, plan.message, to=plan.phone)
            except OutcomeUnknown:
                self.phrase = ""
                raise
            self.msgid, self.status, self.phrase = receipt.msgid, receipt.status.value, ""
            self.say(
                "good", "Xoxzo accepted it. Accepted is not delivered: look at your phone, and ask for the status."
            )

        self.attempt(action)

    def ask(self) -> None:
        """Ask what became of the message."""

        def action() -> None:
            if self._sent_by is None or not self.msgid:
                raise InvalidInput("send a message first; then there is something to ask about", field="msgid")
            receipt = self._sent_by.receipt(self.msgid)
            self.status = receipt.status.value
            done = receipt.status in (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED)
            self.say("info", f"The status is {self.status}." + ("" if done else " Ask again in some seconds."))

        self.attempt(action)

    def _message(self) -> Message:
        if not self.template.strip():
            return Message(self.text)
        lines = [line.partition("=") for line in self.values.splitlines() if line.strip()]
        if not all(sign and name.strip() for name, sign, _ in lines):
            raise InvalidInput("expected a line name=value for each placeholder of the template", field="values")
        return Message(f"template {self.template}", {name.strip(): value.strip() for name, _, value in lines})

    def _template_id(self) -> int | None:
        digits = self.template.strip()
        if digits and not (digits.isascii() and digits.isdecimal()):
            raise InvalidInput(
                "expected the number of a template, or an empty field for free-form text", field="template"
            )
        return int(digits) if digits else None

    def _changed(self, _change: object) -> None:
        if self.plan is not None:
            self.plan = None
            self.say("info", "Something was changed, so nothing is prepared any more. Look at it again.")


class LiveDesk(View):
    """Fields and buttons for `LiveDeskModel`."""

    title = "A real SMS"
    model: LiveDeskModel

    def __init__(self, model: LiveDeskModel | None = None) -> None:
        model = model or LiveDeskModel()
        super().__init__(model)
        self.fields = {
            "phrase": W.Text(description="I want to", placeholder=PHRASE),
            "region": W.Dropdown(description="Country", options=style.REGIONS, value=model.region),
            "number": W.Text(description="Your number", placeholder="of a phone that you can see"),
            "text": W.Textarea(description="Message", value=model.text, rows=2),
            "template": W.Text(description="Template", placeholder="its number; empty for free-form text"),
            "values": W.Textarea(description="Values", placeholder="pin=042917", rows=2),
        }
        for name, field in self.fields.items():
            self.bind(style.field(field), name)
        self.look = style.button("Show what would be sent")
        self.send = style.button("Send the real SMS", main=True)
        self.ask = style.button("Ask for the status")
        self.on_click(self.look, model.look)
        self.on_click(self.send, self._send_once)
        self.on_click(self.ask, model.ask)
        self.shown = W.HTML()
        self.follow(model, self._redraw, "plan", "status", "msgid")
        buttons = style.buttons(self.look, self.send, self.ask)
        self.layout.max_width = "560px"
        self.children = [*self.fields.values(), buttons, self.notice, self.shown]
        self._redraw()

    @property
    def value(self) -> str:
        """The msgid of the message that was accepted, or ""."""
        return str(self.model.msgid)

    def static_rows(self) -> list[tuple[str, str]]:
        """What is planned, or why nothing is."""
        rows = [("says", self.model.notice)]
        if self.model.plan is not None:
            rows += self.model.plan.facts
        return rows + ([("status", self.model.status)] if self.model.status else [])

    def _send_once(self) -> None:
        self.model.send()
        (self.ask if self.model.msgid else self.look).focus()  # its button is grey now, and would drop it

    def _redraw(self) -> None:
        model = self.model
        self.send.disabled = model.plan is None
        self.ask.disabled = not model.msgid
        rows = model.plan.facts if model.plan is not None else []
        rows = rows + ([("status", model.status)] if model.status else [])
        self.shown.value = (
            style.panel("What would be sent" if model.plan else "What was sent", style.table(rows)) if rows else ""
        )
