"""What all widgets share: a model that is tested without a browser, a view with a static form, handlers that speak."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from math import ceil
from typing import Any

import ipywidgets as W  # noqa: N812 - a name for many short uses
from traitlets import HasTraits, Unicode

from sms2fa.errors import StoreError, TwoFactorError
from sms2fa.widgets import style

_log = logging.getLogger(__name__)

HOW_TO_WAKE = "This is a picture. Run the cell above (Shift+Enter) to bring it to life."


class Model(HasTraits):
    """What a widget knows. It has no rules: those are the package's.

    Attributes:
        notice: what the widget tells its user.
        notice_kind: "info", "good", "bad" or "live".
    """

    notice = Unicode()
    notice_kind = Unicode("info")

    def say(self, kind: str, text: str) -> None:
        """Tell the user something; the kind comes first, so that the text is drawn once in its colour."""
        with self.hold_trait_notifications():
            self.notice_kind = kind
            self.notice = text

    def attempt(self, action: Callable[[], None], now: Callable[[], datetime] | None = None) -> None:
        """Do something that may be refused; a refusal becomes the notice."""
        try:
            action()
        except StoreError:  # a lesson's store lies in memory, so it was closed
            self.say("bad", "This widget belongs to an earlier run. Please run its cell again.")
        except TwoFactorError as error:
            self.say("bad", _sentence(error, now))


class View(W.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A widget that also has a static form, for GitHub and the notebook before its first run."""

    title = ""
    model: Model

    def __init__(self, model: Model, **options: Any) -> None:
        super().__init__(**options)
        self.model = model
        self.notice = W.HTML(style.notice(model.notice_kind, model.notice))
        model.observe(self._show_notice, names=["notice", "notice_kind"])

    def static_rows(self) -> list[tuple[str, str]]:
        """What the widget says, as names and values in reading order."""
        raise NotImplementedError

    def drawing(self) -> str:
        """The widget as HTML that reads in order without any style sheet."""
        return style.panel(self.title, style.table(self.static_rows()))

    def static_html(self) -> str:
        """The drawing, and how to wake it."""
        return f'{self.drawing()}<div style="opacity:0.8;margin-top:6px"><i>{HOW_TO_WAKE}</i></div>'

    def on_click(self, button: W.Button, action: Callable[[], None]) -> None:
        """Run an action at a click; whatever goes wrong is shown in the widget."""
        button.on_click(lambda _: self._run(action))

    def on_enter(self, field: W.Text, action: Callable[[], None]) -> None:
        """Run an action when Enter is pressed in a text field."""
        field.on_msg(lambda _widget, content, _buffers: self._run(action) if content.get("event") == "submit" else None)

    def _run(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001 - ipywidgets would swallow it in silence
            _log.exception("a widget's handler failed")
            self.model.say("bad", f"This widget failed ({type(error).__name__}). Run its cell again; please report it.")

    def _show_notice(self, _change: object) -> None:
        self.notice.value = style.notice(self.model.notice_kind, self.model.notice)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        rows = "; ".join(f"{name}: {value}" for name, value in self.static_rows())
        bundle: dict[str, Any] = dict(super()._repr_mimebundle_(**options) or {})
        return {**bundle, "text/plain": f"{self.title}: {rows}", "text/html": self.static_html()}


def _sentence(error: TwoFactorError, now: Callable[[], datetime] | None) -> str:
    text = str(error)
    text = text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", ")")) else ".")
    retry_at = getattr(error, "retry_at", None)
    if retry_at is None or now is None:
        return text
    return f"{text} Try again in {wait_in_words(retry_at, now())}."


def wait_in_words(until: datetime, now: datetime) -> str:
    """How long to wait: "4 seconds", "12 minutes"."""
    seconds = max(1, ceil((until - now).total_seconds()))
    count, unit = (seconds, "second") if seconds < 100 else (ceil(seconds / 60), "minute")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
