"""A dial for the length of a PIN: generate some, and see what chance a guesser has."""

from __future__ import annotations

import ipywidgets as W  # noqa: N812
from traitlets import Int, Unicode, observe

from sms2fa.pin import LONGEST, SHORTEST, generate_pin
from sms2fa.policy import NIST_800_63B
from sms2fa.widgets import style
from sms2fa.widgets.view import Model, View


class PinDialModel(Model):
    """A length and the newest PIN of that length.

    Attributes:
        length: digits, 4 to 10.
        pin: the newest PIN, or "".
    """

    length = Int(6)
    pin = Unicode()

    @observe("length")
    def _turned(self, _change: object) -> None:
        self.pin = ""  # it has the old length

    def generate(self) -> None:
        """Make another PIN."""
        self.pin = generate_pin(self.length)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the length means for somebody who guesses."""
        possible = 10**self.length
        tries, stop = NIST_800_63B.tries_per_pin or 0, NIST_800_63B.stop_after or 0
        return [
            ("newest PIN", self.pin or "press the button"),
            ("possible PINs", f"{possible:,}"),
            (f"chance of {tries} guesses", f"1 in {possible // tries:,}"),
            (f"chance of {stop} guesses", f"1 in {possible // stop:,}"),
        ]


class PinDial(View):
    """A field with arrows, a button, and the numbers."""

    title = "PIN generator"
    model: PinDialModel

    def __init__(self, model: PinDialModel | None = None) -> None:
        super().__init__(model or PinDialModel())
        # Not a slider: that of ipywidgets has no name for a screen reader, and a browser's number field has arrows too.
        self.length = W.BoundedIntText(self.model.length, min=SHORTEST, max=LONGEST, description="Digits")
        self.length.layout.width = "200px"
        self.generate = style.button("Generate a PIN", main=True)
        self.numbers = W.HTML()
        self.bind(self.length, "length")
        self.on_click(self.generate, self.model.generate)
        self.follow(self.model, self._redraw, "length", "pin")
        self.children = [
            style.buttons(self.length, self.generate),
            self.numbers,
            self.notice,
        ]
        self._redraw()

    @property
    def value(self) -> str:
        """The newest PIN, or ""."""
        return self.model.pin

    def static_rows(self) -> list[tuple[str, str]]:
        """The length and what it means."""
        return [("digits", str(self.model.length)), *self.model.facts]

    def _redraw(self) -> None:
        self.numbers.value = style.panel(self.title, style.table(self.model.facts), width="360px")
