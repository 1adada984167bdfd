"""A desk to send SMS from: number entry, message with its parts, what the gateway answers, and the delivery."""

from __future__ import annotations

import ipywidgets as W  # noqa: N812
from traitlets import Unicode

from sms2fa.clock import ManualClock
from sms2fa.errors import InvalidPhoneNumber
from sms2fa.gateways.xoxzo import XoxzoGateway
from sms2fa.message import LONGEST_TEXT, Message, count_segments
from sms2fa.phone import parse_phone
from sms2fa.widgets import style
from sms2fa.widgets.phone import Phone, PhoneModel
from sms2fa.widgets.pulse import push
from sms2fa.widgets.view import Model, View


class SmsDeskModel(Model):
    """A number, a text, the newest message sent, and the phone of whoever it went to.

    Attributes:
        number: as typed.
        region: ISO 3166 code for a number in national form.
        text: as typed.
        msgid: of the newest message that was accepted, or "".
        status: the newest word about it.
    """

    number = Unicode("080-1234-5678")
    region = Unicode("JP")
    text = Unicode("This is Xoxzo. Your PIN is 042917.")
    msgid = Unicode()
    status = Unicode()

    def __init__(self, gateway: XoxzoGateway, clock: ManualClock, phone: PhoneModel) -> None:
        super().__init__()
        self.phone = phone
        self._gateway = gateway
        self._clock = clock

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What number and text come to, as one types."""
        segments = count_segments(self.text)
        parts = f"too long: at most {LONGEST_TEXT}" if segments.xoxzo_parts is None else str(segments.xoxzo_parts)
        return [
            ("number", self._number_in_words()),
            ("characters", f"{segments.characters} ({segments.encoding})"),
            ("segments on the air", str(segments.gsm_parts)),
            ("parts that Xoxzo bills", parts),
            ("msgid", "given" if self.msgid else "nothing sent yet"),
            ("status", self.status or "none"),
        ]

    def send(self) -> None:
        """Hand the message to the gateway."""

        def action() -> None:
            recipient = parse_phone(self.number, self.region)
            self.phone.insert_sim(recipient.e164)
            receipt = self._gateway.send(Message(self.text), to=recipient)
            self.msgid, self.status = receipt.msgid, receipt.status.value
            self.say("good", "Accepted: Xoxzo gave it a msgid. Accepted is not delivered; ask for the status.")

        self.attempt(action)

    def ask(self, seconds: float = 0) -> None:
        """Let some time pass, then ask what became of the message."""

        def action() -> None:
            push(self._clock, seconds)
            if not self.msgid:
                self.say("info", "There is nothing to ask about yet: send a message first.")
                return
            self.status = self._gateway.receipt(self.msgid).status.value
            self.say("info", f"The status is {self.status}.")

        self.attempt(action)

    def _number_in_words(self) -> str:
        try:
            phone = parse_phone(self.number, self.region)
        except InvalidPhoneNumber as error:
            return str(error)
        return f"{phone.masked} ({phone.region}; E.164, masked)"


class SmsDesk(View):
    """Fields, buttons and numbers for `SmsDeskModel`."""

    title = "SMS desk"
    model: SmsDeskModel

    def __init__(self, model: SmsDeskModel) -> None:
        super().__init__(model)
        self.region = style.field(W.Dropdown(description="Country", options=style.REGIONS, value=model.region))
        self.number = style.field(W.Text(description="Mobile number", value=model.number))
        self.text = style.field(W.Textarea(description="Message", value=model.text, rows=3))
        self.send = style.button("Send the SMS", main=True)
        self.ask = style.button("Ask for the status")
        self.later = style.button("2 seconds later")
        self.numbers = W.HTML()
        for field, name in ((self.region, "region"), (self.number, "number"), (self.text, "text")):
            self.bind(field, name)
        self.on_click(self.send, model.send)
        self.on_click(self.ask, model.ask)
        self.on_click(self.later, lambda: model.ask(seconds=2))
        self.follow(model, self._redraw, "number", "region", "text", "msgid", "status")
        buttons = style.buttons(self.send, self.ask, self.later)
        desk = [self.region, self.number, self.text, buttons, self.notice, self.numbers]
        self.phone = Phone(model.phone)
        self.children = [style.side_by_side(W.VBox(desk, layout=W.Layout(width="460px", max_width="100%")), self.phone)]
        self._redraw()

    @property
    def value(self) -> str:
        """The msgid of the newest message that was accepted, or ""."""
        return str(self.model.msgid)

    def static_rows(self) -> list[tuple[str, str]]:
        """Text and numbers in words."""
        return [("message", self.model.text), *self.model.facts, *self.phone.static_rows()]

    def _redraw(self) -> None:
        self.numbers.value = style.panel("What it comes to", style.table(self.model.facts))
