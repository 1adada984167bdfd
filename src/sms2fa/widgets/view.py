"""What all widgets share: a model that is tested without a browser, a view with a static form, handlers that speak."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from math import ceil
from typing import Any

import ipywidgets as W  # noqa: N812 - a name for many short uses
from traitlets import HasTraits, Instance, Unicode

from sms2fa.errors import SendRefused, StoreError, TwoFactorError
from sms2fa.widgets import style
from sms2fa.widgets.cells import NOTEBOOK
from sms2fa.widgets.failure import Failure
from sms2fa.widgets.region import Region

_log = logging.getLogger(__name__)

_MOMENT = 0.2  # seconds: the way to a browser on Binder and back
HOW_TO_WAKE = "This is a picture. Run the cell above (Shift+Enter) to bring it to life."


class Model(HasTraits):
    """What a widget knows. It has no rules: those are the package's.

    Attributes:
        notice: what the widget tells its user.
        notice_kind: "info", "good", "bad" or "live".
        failure: what went wrong inside the widget, or None.
    """

    notice = Unicode()
    notice_kind = Unicode("info")
    failure = Instance(Failure, allow_none=True)

    def say(self, kind: str, text: str) -> None:
        """Tell the user something, drawn once in its colour."""
        with self.hold_trait_notifications():
            self.failure = None
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

    def guard(self, action: Callable[[], None], secrets: Iterable[str] = ()) -> None:
        """Do something that must not fail in silence: whatever goes wrong is shown in the widget and logged.

        Args:
            action: what to do.
            secrets: texts that neither the widget nor the log may show.
        """
        try:
            action()
        except Exception as error:  # noqa: BLE001 - ipywidgets and the sandbox' threads would swallow it
            failure = Failure.of(error, secrets)
            _log.error("a widget's handler failed\n%s", failure)
            with self.hold_trait_notifications():
                self.say("bad", f"This widget failed ({failure.kind}). Run its cell again; please report it.")
                self.failure = failure


class View(W.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A widget that also has a static form, for GitHub and the notebook before its first run.

    It is closed when its cell is run again: with all its parts, and without a trace in its model.
    """

    title = ""
    model: Model

    def __init__(self, model: Model, **options: Any) -> None:
        self._followed: list[tuple[HasTraits, Callable[[object], None], list[str]]] = []
        super().__init__(**options)
        self.add_class("sms2fa")
        self.model = model
        self.notice = Region("status")
        self.follow(model, self._show_notice, "notice", "notice_kind", "failure")
        self._show_notice()
        NOTEBOOK.note(self)

    def static_rows(self) -> list[tuple[str, str]]:
        """What the widget says, as names and values in reading order."""
        raise NotImplementedError

    def drawing(self) -> str:
        """The widget as HTML that reads in order without any style sheet."""
        return style.panel(self.title, style.table(self.static_rows()))

    def static_html(self) -> str:
        """The drawing, and how to wake it."""
        return f'{self.drawing()}<div style="margin-top:6px"><i>{HOW_TO_WAKE}</i></div>'

    def on_click(self, button: W.Button, action: Callable[[], None]) -> None:
        """Run an action at a click; whatever goes wrong is shown in the widget."""
        button.on_click(lambda _: self._run(action))

    def on_enter(self, field: W.Text, action: Callable[[], None]) -> None:
        """Run an action when Enter is pressed in a text field.

        Who types fast is ahead of ipywidgets: it sends the last letters after the Enter. So this waits until none has
        come for a moment. A second Enter meanwhile is the same one.
        """
        waiting: list[str] = []

        def look(seen: str) -> None:
            if field.value != seen:
                asyncio.get_running_loop().call_later(_MOMENT, look, field.value)
                return
            waiting.clear()
            self._run(action)

        def pressed(_widget: W.Text, content: dict[str, Any], _buffers: object) -> None:
            if content.get("event") != "submit" or waiting:
                return
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:  # no kernel, so nothing can be on its way
                self._run(action)
                return
            waiting.append(field.value)
            loop.call_later(_MOMENT, look, field.value)

        field.on_msg(pressed)

    def follow(self, model: HasTraits, action: Callable[[], None], *names: str) -> None:
        """Run an action at each change, as long as the widget is not closed."""

        def handler(_change: object) -> None:
            self._run(action)

        model.observe(handler, names=list(names))
        self._followed.append((model, handler, list(names)))

    def bind(self, field: W.Widget, name: str) -> None:
        """Keep a field and what the model has under that name alike, so that two widgets of one model agree."""
        self.follow(field, lambda: setattr(self.model, name, field.value), "value")
        self.follow(self.model, lambda: setattr(field, "value", getattr(self.model, name)), name)

    def close(self) -> None:
        """Take it and its parts out of the page and the kernel. Closing twice is fine."""
        if self.comm is None:
            return
        for model, handler, names in self._followed:
            model.unobserve(handler, names=names)
        self._followed.clear()
        parts = list(_parts(self))
        super().close()
        for part in parts:
            part.close()
        self.__dict__.pop("_repr_mimebundle_", None)  # where it is shown once more, its static form is

    def _run(self, action: Callable[[], None]) -> None:
        typed = [part.value for part in _parts(self) if isinstance(part, W.Password)]
        self.model.guard(action, typed)

    def _show_notice(self) -> None:
        failure = self.model.failure
        further = failure.html if failure is not None else ""
        self.notice.show(style.notice(self.model.notice_kind, self.model.notice, further))

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        rows = "; ".join(f"{name}: {value}" for name, value in self.static_rows())
        texts = {"text/plain": f"{self.title}: {rows}", "text/html": self.static_html()}
        if self.comm is None:
            return texts
        NOTEBOOK.note(self)
        return {**dict(super()._repr_mimebundle_(**options) or {}), **texts}


def _parts(widget: W.Widget) -> Iterator[W.Widget]:
    """What a widget is made of, down to the last style."""
    for part in (getattr(widget, "layout", None), getattr(widget, "style", None), *getattr(widget, "children", ())):
        if isinstance(part, W.Widget):
            yield part
            yield from _parts(part)


def _sentence(error: TwoFactorError, now: Callable[[], datetime] | None) -> str:
    text = str(error)
    text = text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", ")")) else ".")
    retry_at = error.retry_at if isinstance(error, SendRefused) else None
    if retry_at is None or now is None:
        return text
    return f"{text} Try again in {wait_in_words(retry_at, now())}."


def wait_in_words(until: datetime, now: datetime) -> str:
    """How long to wait: "4 seconds", "12 minutes"."""
    seconds = max(1, ceil((until - now).total_seconds()))
    count, unit = (seconds, "second") if seconds < 100 else (ceil(seconds / 60), "minute")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
