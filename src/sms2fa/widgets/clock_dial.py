"""A dial for the clock of a lesson: it shows the time, and pushes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import ipywidgets as W  # noqa: N812
from traitlets import Instance, Int

from sms2fa.clock import ManualClock
from sms2fa.errors import InvalidInput
from sms2fa.widgets import style
from sms2fa.widgets.pulse import pulse_of, push
from sms2fa.widgets.view import Model, View

_LONGEST = 366 * 24 * 60 * 60  # seconds in one push: a year, leap day included
_PUSHES = (("10 seconds later", 10), ("1 minute later", 60), ("5 minutes later", 300))


class ClockDialModel(Model):
    """A clock that is pushed; phones, boards and desks that go by it follow.

    Attributes:
        now: what the clock shows (aware UTC).
        seconds: in the field, for the next push.
    """

    now = Instance(datetime)
    seconds = Int(30)

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self._clock = clock
        self._begun = clock.now()
        self.time_passed()
        pulse_of(clock).follow(self)

    @property
    def passed(self) -> timedelta:
        """How far the clock was pushed since this dial was made; negative where it was turned back."""
        return self.now - self._begun

    def push(self, seconds: int) -> None:
        """Push the clock forward."""

        def action() -> None:
            if seconds > _LONGEST:
                raise InvalidInput(f"expected at most {_LONGEST:,} seconds, a year, in one push", field="seconds")
            push(self._clock, seconds)
            self.say("info", f"It is {self.now:%H:%M:%S} UTC now.")

        self.attempt(action)

    def time_passed(self) -> None:
        """Somebody has pushed the clock."""
        self.now = self._clock.now()


class ClockDial(View):
    """The time, buttons that push it, and a field of seconds."""

    title = "Clock"
    model: ClockDialModel

    def __init__(self, model: ClockDialModel) -> None:
        super().__init__(model, layout=W.Layout(max_width="480px"))
        self.face = W.HTML()
        self.pushes = {seconds: style.button(text) for text, seconds in _PUSHES}
        for seconds, button in self.pushes.items():
            self.on_click(button, partial(model.push, seconds))
        self.seconds = W.IntText(description="Seconds", layout=W.Layout(width="200px"))
        self.seconds.value = model.seconds
        self.push = style.button("Push the clock", main=True)
        self.on_click(self.push, lambda: model.push(model.seconds))
        self.bind(self.seconds, "seconds")
        self.follow(model, self._redraw, "now")
        self.children = [
            self.face,
            style.buttons(*self.pushes.values()),
            style.buttons(self.seconds, self.push),
            self.notice,
        ]
        self._redraw()

    @property
    def value(self) -> datetime:
        """What the clock shows (aware UTC)."""
        now: datetime = self.model.now
        return now

    def static_rows(self) -> list[tuple[str, str]]:
        """How far it was pushed: the time itself differs from day to day, and a picture should not."""
        return [("pushed so far", _in_words(self.model.passed)), ("buttons", ", ".join(text for text, _ in _PUSHES))]

    def _redraw(self) -> None:
        now = self.value
        words = style.table([("day", f"{now:%Y-%m-%d}"), ("pushed so far", _in_words(self.model.passed))])
        time = f'<div style="font-size:26px;font-weight:700;line-height:1.2">{now:%H:%M:%S} UTC</div>'
        row = '<div style="display:flex;flex-wrap:wrap;align-items:center;gap:16px">'
        self.face.value = style.panel(self.title, f"{row}{_hands(now)}<div>{time}{words}</div></div>", width="440px")


def _hands(now: datetime) -> str:
    """A clock face; what it says stands beside it in words."""
    second, minute, hour = now.second * 6, now.minute * 6 + now.second / 10, now.hour % 12 * 30 + now.minute / 2
    lines = "".join(
        f'<line x1="50" y1="50" x2="50" y2="{50 - length}" stroke="{colour}" stroke-width="{width}" '
        f'stroke-linecap="round" transform="rotate({angle:g} 50 50)"/>'
        for angle, length, width, colour in (
            (hour, 24, 5, style.INK),
            (minute, 36, 4, style.INK),
            (second, 40, 2, style.ACCENT),
        )
    )
    marks = "".join(
        f'<line x1="50" y1="6" x2="50" y2="12" stroke="{style.MUTED}" stroke-width="2" '
        f'transform="rotate({angle} 50 50)"/>'
        for angle in range(0, 360, 30)
    )
    return (
        f'<svg viewBox="0 0 100 100" width="92" height="92" aria-hidden="true"><circle cx="50" cy="50" r="47" '
        f'fill="{style.SCREEN}" stroke="{style.INK}" stroke-width="4"/>{marks}{lines}</svg>'
    )


def _in_words(passed: timedelta) -> str:
    seconds = round(passed.total_seconds())
    sign, seconds = ("back " if seconds < 0 else ""), abs(seconds)
    units = [("day", seconds // 86_400), ("hour", seconds // 3_600 % 24), ("minute", seconds // 60 % 60)]
    parts = [f"{count} {unit}{'s' * (count != 1)}" for unit, count in units if count]
    if seconds % 60 or not parts:
        parts.append(f"{seconds % 60} second{'s' * (seconds % 60 != 1)}")
    return sign + " ".join(parts)
