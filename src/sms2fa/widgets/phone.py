"""A phone beside the form: it shows the SMS that arrive for its number."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from weakref import WeakKeyDictionary, WeakSet

import ipywidgets as W  # noqa: N812
from traitlets import Instance, Tuple, Unicode

from sms2fa.clock import ManualClock
from sms2fa.phone import mask_phone
from sms2fa.sandbox import SandboxMessage, XoxzoSandbox
from sms2fa.widgets import style
from sms2fa.widgets.copy_button import CopyButton, marked
from sms2fa.widgets.pulse import pulse_of
from sms2fa.widgets.region import Announcer, Region
from sms2fa.widgets.view import Model, View

_HEIGHT = 420  # pixels
_PIN = re.compile(r"(?<![0-9+])[0-9]{4,10}(?![0-9])")  # as a phone looks for it: the first number of some digits


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
        now: what its clock shows (aware UTC), or None where that is the time of this machine.
    """

    number = Unicode()
    messages = Tuple()
    now = Instance(datetime, allow_none=True)

    def __init__(self, sandbox: XoxzoSandbox, number: str = "") -> None:
        super().__init__()
        self._lock = threading.RLock()  # held while observers run, and they may call back
        self._sandbox = sandbox
        self._tell_time()
        _network_of(sandbox).add(self)
        pulse_of(sandbox.clock).follow(self)
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

    def arrive(self, message: SandboxMessage) -> None:
        """The network hands over a message, one copy at a time; it may be for another phone."""
        with self._lock:
            known = sum(sms.msgid == message.msgid for sms in self.messages)  # came with the SIM a moment ago
            if message.recipient == self.number and known < message.delivery.copies:
                self.messages = (*self.messages, _sms(message))

    def time_passed(self) -> None:
        """What was late may be due."""
        self._sandbox.run_due()
        self._tell_time()

    def _tell_time(self) -> None:
        clock = self._sandbox.clock
        self.now = clock.now() if isinstance(clock, ManualClock) else None


class Phone(View):
    """The phone as one sees it."""

    title = "Phone"
    model: PhoneModel

    def __init__(self, model: PhoneModel) -> None:
        super().__init__(model, layout=W.Layout(width=f"{style.PHONE_WIDTH}px"))
        self.add_class("sms2fa-phone")
        looks = ("sms2fa-screen", "sms2fa-handset")
        self.screen = Region(
            "group", "Phone", scrolls=True, looks=looks, height=f"{_HEIGHT}px", width=f"{style.PHONE_WIDTH - 4}px"
        )
        self.announcer = Announcer()
        self.read = style.button("Mark as read")
        self.copy_pin = CopyButton("Copy PIN", "PIN")
        self._shown: tuple[Sms, ...] = model.messages
        self.on_click(self.read, self._read_all)
        self.follow(model, self._redraw, "messages", "number", "now")
        buttons = style.buttons(self.read, self.copy_pin)
        self.children = [self.screen, buttons, self.copy_pin.said, self.announcer, self.notice]
        self._redraw()

    @property
    def value(self) -> str:
        """The text of the newest SMS, or ""."""
        return self.model.messages[-1].text if self.model.messages else ""

    def static_rows(self) -> list[tuple[str, str]]:
        """Number and messages in words."""
        return [("phone", _number(self.model)), *((f"SMS from {sms.sender}", sms.text) for sms in self.model.messages)]

    def drawing(self) -> str:
        """The phone with its newest message on top."""
        return (
            f'<div style="width:{style.PHONE_WIDTH - 4}px;box-sizing:border-box;border:9px solid {style.INK};'
            f'border-radius:30px;background:{style.SCREEN};color:{style.INK};min-height:{_HEIGHT // 2}px">'
            f"{_screen(self.model)}</div>"
        )

    def _read_all(self) -> None:
        self.model.read_all()
        self.screen.focus()  # the button is about to go grey, and would drop it

    def _redraw(self) -> None:
        before, now = self._shown, self.model.messages
        arrived = len(now) - len(before) if now[: len(before)] == before else 0
        self._shown = now
        self.screen.show(_screen(self.model, arrived, live=True))
        self.read.disabled = not self.model.unread
        if arrived:
            words = "; ".join(f"New SMS from {sms.sender}: {sms.text}" for sms in now[-arrived:])
            self.announcer.announce(escape(words))


_networks: WeakKeyDictionary[XoxzoSandbox, WeakSet[PhoneModel]] = WeakKeyDictionary()


def _network_of(sandbox: XoxzoSandbox) -> WeakSet[PhoneModel]:
    """The phones in a sandbox' network. It holds none of them: a phone that nobody looks at any more is gone."""
    if sandbox not in _networks:
        phones = _networks[sandbox] = WeakSet()

        def hand_over(message: SandboxMessage) -> None:
            for phone in list(phones):
                phone.guard(lambda phone=phone: phone.arrive(message))  # type: ignore[misc]

        sandbox.listen(hand_over)
    return _networks[sandbox]


def _sms(message: SandboxMessage) -> Sms:
    return Sms(message.msgid, message.shown_sender, message.text, message.sent_at + message.delivery.late)


def _number(phone: PhoneModel) -> str:
    return mask_phone(phone.number) if phone.number else "no number yet"


def _screen(phone: PhoneModel, arrived: int = 0, *, live: bool = False) -> str:
    """The header, and the messages with the newest on top.

    Args:
        phone: what is drawn.
        arrived: how many of the newest fly in.
        live: with what only a living drawing has: the time, the newest PIN to copy.
    """
    badge = (
        f' <b style="background:{style.ACCENT};color:{style.ON_ACCENT};border-radius:10px;padding:1px 8px">'
        f"{phone.unread} new</b>"
        if phone.unread
        else ""
    )
    newest = len(phone.messages) - 1
    bubbles = "".join(
        _bubble(sms, flies=place > newest - arrived, marks=live and place == newest)
        for place, sms in reversed(list(enumerate(phone.messages)))
    )
    empty = f'<div style="color:{style.MUTED};padding:24px 8px;text-align:center">No messages.</div>'
    time = f"{phone.now:%H:%M:%S} UTC, " if live and phone.now is not None else ""
    return (
        f'<div style="color:{style.INK};font-family:{style.FONT};line-height:1.4">'
        f'<div style="padding:12px 14px 8px;border-bottom:1px solid {style.LINE}"><b>Messages</b>{badge}<br>'
        f'<span style="color:{style.MUTED}">{time}{escape(_number(phone))}</span></div>'
        f'<div style="padding:8px 10px">{bubbles or empty}</div></div>'
    )


def _bubble(sms: Sms, *, flies: bool, marks: bool) -> str:
    new = f'<b style="color:{style.ACCENT}">\u25cf new</b> ' if sms.unread else ""
    found = _PIN.search(sms.text) if marks else None
    parts = (sms.text[: found.start()], found[0], sms.text[found.end() :]) if found else (sms.text, "", "")
    before, pin, after = (escape(part).replace("\n", "<br>") for part in parts)
    return (
        f'<div{" class=sms2fa-arrived" if flies else ""} style="margin:0 0 12px">'
        f'<div style="color:{style.MUTED};font-size:12px">{new}'
        f"<b>{escape(sms.sender)}</b> {sms.received_at:%H:%M:%S} UTC</div>"
        f'<div style="background:{style.PAPER};color:{style.INK};border-radius:4px 14px 14px 14px;padding:8px 12px;'
        f'overflow-wrap:anywhere">{before}{marked("PIN", pin)}{after}</div></div>'
    )
