"""A phone beside the form: it shows the SMS that arrive for its number."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

import ipywidgets as W  # noqa: N812
from traitlets import Tuple, Unicode

from sms2fa.phone import mask_phone
from sms2fa.sandbox import SandboxMessage, XoxzoSandbox
from sms2fa.widgets import style
from sms2fa.widgets.view import Model, View


@dataclass(frozen=True, slots=True, repr=False)
class Sms:
    """One SMS on the phone."""

    msgid: str
    sender: str
    text: str
    received_at: datetime
    unread: bool = True


class PhoneModel(Model):
    """A phone with one number, in the network of a sandbox. Its messages come from the sandbox's threads.

    Attributes:
        number: E.164, or "" for a phone without a SIM.
        messages: oldest first.
    """

    number = Unicode()
    messages = Tuple()

    def __init__(self, sandbox: XoxzoSandbox, number: str = "") -> None:
        super().__init__()
        self._lock = threading.RLock()  # held while observers run, and they may call back
        self._sandbox = sandbox
        sandbox.listen(self._arrive)
        self.insert_sim(number)

    @property
    def unread(self) -> int:
        """How many messages nobody has read."""
        return sum(sms.unread for sms in self.messages)

    def read_all(self) -> None:
        """Somebody has looked at the phone."""
        with self._lock:
            self.messages = tuple(replace(sms, unread=False) for sms in self.messages)

    def insert_sim(self, number: str) -> None:
        """Give the phone another number, and the messages that arrived for it so far."""
        with self._lock, self.hold_trait_notifications():
            if number == self.number:
                return
            self.number = number
            arrived = [message for message in self._sandbox.messages if message.recipient == number and message.arrived]
            self.messages = tuple(_sms(message) for message in arrived for _ in range(message.delivery.copies))

    def _arrive(self, message: SandboxMessage) -> None:
        with self._lock:
            known = sum(sms.msgid == message.msgid for sms in self.messages)  # came with the SIM a moment ago
            if message.recipient == self.number and known < message.delivery.copies:
                self.messages = (*self.messages, _sms(message))


class Phone(View):
    """The phone as one sees it."""

    title = "Phone"
    model: PhoneModel

    def __init__(self, model: PhoneModel) -> None:
        super().__init__(model, layout=W.Layout(width=f"{style.PHONE_WIDTH}px"))
        self.screen = W.HTML()
        self.read = style.button("Mark as read")
        self.on_click(self.read, model.read_all)
        model.observe(self._redraw, names=["messages", "number"])
        self.children = [self.screen, style.buttons(self.read), self.notice]
        self._redraw(None)

    @property
    def value(self) -> str:
        """The text of the newest SMS, or ""."""
        return self.model.messages[-1].text if self.model.messages else ""

    def static_rows(self) -> list[tuple[str, str]]:
        """Number and messages in words."""
        number = mask_phone(self.model.number) if self.model.number else "no number yet"
        return [("phone", number), *((f"SMS from {sms.sender}", sms.text) for sms in self.model.messages)]

    def drawing(self) -> str:
        """The phone with its newest message on top."""
        return _drawing(self.model)

    def _redraw(self, _change: object) -> None:
        self.screen.value = _drawing(self.model)
        self.read.disabled = not self.model.unread


def _sms(message: SandboxMessage) -> Sms:
    return Sms(message.msgid, message.shown_sender, message.text, message.sent_at + message.delivery.late)


def _drawing(phone: PhoneModel) -> str:
    number = mask_phone(phone.number) if phone.number else "no number yet"
    badge = (
        f' <b style="background:{style.ACCENT};color:#ffffff;border-radius:10px;padding:1px 8px">{phone.unread} new</b>'
        if phone.unread
        else ""
    )
    bubbles = "".join(_bubble(sms) for sms in reversed(phone.messages))
    empty = f'<div style="color:{style.MUTED};padding:24px 8px;text-align:center">No messages.</div>'
    return (
        f'<div style="width:{style.PHONE_WIDTH - 4}px;box-sizing:border-box;'
        f"border:9px solid {style.BEZEL};border-radius:30px;"
        f"background:{style.SCREEN};color:{style.INK};font-family:{style.FONT};line-height:1.4;"
        f'height:420px;overflow-y:auto" '
        f'tabindex="0" role="region" aria-label="Phone">'
        f'<div style="padding:12px 14px 8px;border-bottom:1px solid {style.LINE}">'
        f"<b>Messages</b>{badge}<br>"
        f'<span style="color:{style.MUTED}">{escape(number)}</span></div>'
        f'<div role="log" aria-live="polite" style="padding:8px 10px">{bubbles or empty}</div></div>'
    )


def _bubble(sms: Sms) -> str:
    mark = f'<b style="color:{style.ACCENT}">\u25cf new</b> ' if sms.unread else ""
    text = escape(sms.text).replace("\n", "<br>")
    return (
        f'<div style="margin:0 0 12px"><div style="color:{style.MUTED};font-size:12px">{mark}'
        f"<b>{escape(sms.sender)}</b> {sms.received_at:%H:%M:%S} UTC</div>"
        f'<div style="background:{style.PAPER};color:{style.INK};border-radius:4px 14px 14px 14px;padding:8px 12px;'
        f'overflow-wrap:anywhere">{text}</div></div>'
    )
