"""A question with options, each of which has its reason. The learner picks one, reads why, and may pick again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import ipywidgets as W  # noqa: N812
from traitlets import Tuple

from sms2fa.errors import InvalidInput
from sms2fa.widgets import style
from sms2fa.widgets.card import inline
from sms2fa.widgets.view import HOW_TO_WAKE, Model, View

_LETTERS = "ABCDEF"
_FEWEST = 2  # options


@dataclass(frozen=True, slots=True)
class Option:
    """One answer, and why it is right or not. There is no option without its reason.

    Raises:
        InvalidInput: for an empty text or reason.
    """

    text: str
    reason: str
    right: bool = False

    def __post_init__(self) -> None:
        for field in ("text", "reason"):
            if not getattr(self, field).strip():
                raise InvalidInput(f"expected an option with a {field}", field=field)


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked.

    Attributes:
        text: the question; backticks mark code.
        options: two to six, at least one of them right.
        code: lines of Python that the question is about, or "".
        earlier: for a question about an earlier notebook, its title; else "".

    Raises:
        InvalidInput: for too few or too many options, two alike, or none that is right.
    """

    text: str
    options: Sequence[Option]
    code: str = ""
    earlier: str = ""

    def __post_init__(self) -> None:
        texts = {option.text for option in self.options}
        if not _FEWEST <= len(self.options) <= len(_LETTERS) or len(texts) != len(self.options):
            raise InvalidInput(f"expected {_FEWEST} to {len(_LETTERS)} different options", field="options")
        if not any(option.right for option in self.options):
            raise InvalidInput("expected an option that is right", field="options")

    @property
    def right(self) -> tuple[int, ...]:
        """The places of the right options."""
        return tuple(place for place, option in enumerate(self.options) if option.right)


class QuestionModel(Model):
    """A question and what was picked.

    Attributes:
        picked: places of the options that were picked, in order, each once.
    """

    picked = Tuple()

    def __init__(self, prompt: Prompt) -> None:
        super().__init__()
        self.prompt = prompt

    def pick(self, place: int) -> None:
        """Choose an option; its reason becomes the notice."""
        option = self.prompt.options[place]
        if place not in self.picked:
            self.picked = (*self.picked, place)
        word = "Right." if option.right else "Not this one."
        reason = option.reason.replace("`", "")  # a notice is plain text
        self.say("good" if option.right else "info", f"{_LETTERS[place]}. {word} {reason}{self._missing()}")

    @property
    def answered(self) -> bool:
        """Whether every right option was found."""
        return set(self.prompt.right) <= set(self.picked)

    def _missing(self) -> str:
        found, all_right = len(set(self.prompt.right) & set(self.picked)), len(self.prompt.right)
        return f" ({found} of {all_right} right ones found.)" if all_right > 1 else ""


class Question(View):
    """The question, its options as a list, and a button for each.

    Args:
        model: what is asked.
        title: what kind of question this is.
    """

    model: QuestionModel

    def __init__(self, model: QuestionModel, title: str = "Predict") -> None:
        super().__init__(model)
        self.title = title
        self.text = W.HTML()
        self.buttons = [self._button(place) for place in range(len(model.prompt.options))]
        self.follow(model, self._redraw, "picked")
        self.children = [self.text, style.buttons(*self.buttons), self.notice]
        self._redraw()

    @property
    def value(self) -> str:
        """The text of the newest option that was picked, or ""."""
        picked = self.model.picked
        return self.model.prompt.options[picked[-1]].text if picked else ""

    def static_rows(self) -> list[tuple[str, str]]:
        """The question and its options, but not which of them is right."""
        prompt = self.model.prompt
        rows = [(_LETTERS[place], option.text) for place, option in enumerate(prompt.options)]
        return [("question", " ".join([prompt.text, prompt.code]).strip()), *rows]

    def drawing(self) -> str:
        """The question and a list; what was picked is marked in words."""
        return self._panel(self.model.picked)

    def static_html(self) -> str:
        """The question as nobody has answered it, and how to wake it."""
        wake = f'<div style="margin-top:6px"><i>{HOW_TO_WAKE} Then pick an answer and read why.</i></div>'
        return f"{self._panel(())}{wake}"

    def _panel(self, picked: tuple[int, ...]) -> str:
        prompt = self.model.prompt
        code = f'<pre style="background:{style.SCREEN};color:{style.INK};padding:6px 10px">{escape(prompt.code)}</pre>'
        lines = "".join(
            f'<div style="padding:2px 0 2px 1.6em;text-indent:-1.6em"><b>{_LETTERS[place]}</b>&nbsp; '
            f"{inline(option.text)}{self._mark(place, picked)}</div>"
            for place, option in enumerate(prompt.options)
        )
        several = "<div><i>More than one is right.</i></div>" if len(prompt.right) > 1 else ""
        body = f"<div>{inline(prompt.text)}</div>{code if prompt.code else ''}{several}{lines}"
        return style.panel(self._heading, body, width="640px")

    @property
    def _heading(self) -> str:
        earlier = self.model.prompt.earlier
        return f"{self.title}, from {earlier}" if earlier else self.title

    def _mark(self, place: int, picked: tuple[int, ...]) -> str:
        if place not in picked:
            return ""
        return " <b>(\u2713 right)</b>" if self.model.prompt.options[place].right else " <i>(not this one)</i>"

    def _button(self, place: int) -> W.Button:
        button = style.button(_LETTERS[place])
        button.tooltip = self.model.prompt.options[place].text
        self.on_click(button, lambda: self.model.pick(place))
        return button

    def _redraw(self) -> None:
        self.text.value = self.drawing()
