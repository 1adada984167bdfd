from __future__ import annotations

import html
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import ipywidgets as W  # noqa: N812
import pytest
from ipywidgets.widgets import widget as registry

from sms2fa.errors import SendRefused
from sms2fa.widgets import SmsDeskModel, view
from sms2fa.widgets.view import Model, View, wait_in_words

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Lamp(View):
    title = "Lamp"

    def __init__(self, model: Model | None = None) -> None:
        super().__init__(model or Model())
        self.broken = W.Button()
        self.on_click(self.broken, self._break)
        self.field = W.Text()
        self.on_enter(self.field, lambda: self.model.say("good", "entered"))

    def static_rows(self) -> list[tuple[str, str]]:
        return [("light", "<off>")]

    def _break(self) -> None:
        raise KeyError("fuse")


def test_an_exception_in_a_handler_is_shown_with_its_details_and_logged(expected_failures: list[str]) -> None:
    expected_failures.append("KeyError: 'fuse'")
    lamp = Lamp()
    lamp.broken.click()
    assert "This widget failed (KeyError)" in lamp.notice.value
    assert "<details" in lamp.notice.value
    assert "in _break: raise KeyError" in html.unescape(lamp.notice.value)


def test_the_next_word_takes_the_details_away(expected_failures: list[str]) -> None:
    expected_failures.append("fuse")
    lamp = Lamp()
    lamp.broken.click()
    lamp.model.say("good", "mended")
    assert "<details" not in lamp.notice.value
    assert "mended" in lamp.notice.value


def test_an_exception_while_it_redraws_is_shown_too(expected_failures: list[str]) -> None:
    expected_failures.append("fuse")
    lamp = Lamp()
    lamp.follow(lamp.field, lamp._break, "value")
    lamp.field.value = "x"
    assert "KeyError" in lamp.notice.value


def test_neither_notice_nor_log_has_the_password_that_was_typed(
    expected_failures: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    expected_failures.append("KeyError: '\u2022\u2022\u2022\u2022'")
    lamp = Lamp()
    lamp.children = [W.HBox([W.Password(value="horse")])]

    def look_up(text: str) -> None:
        raise KeyError(text)

    lamp._run(partial(look_up, "horse"))
    assert "horse" not in lamp.notice.value + caplog.text


def test_two_views_of_one_model_both_follow() -> None:
    one = Lamp()
    other = Lamp(one.model)
    one.model.say("good", "on")
    assert "on" in one.notice.value
    assert one.notice.value == other.notice.value


def test_fields_of_two_views_of_one_model_agree() -> None:
    model = SmsDeskModel.__new__(SmsDeskModel)
    one, other = Lamp(model), Lamp(model)
    one.bind(one.field, "text")
    other.bind(other.field, "text")
    one.field.value = "typed here"
    assert (model.text, other.field.value) == ("typed here", "typed here")


def test_a_closed_view_is_gone_with_its_parts_and_follows_no_more() -> None:
    before = set(registry._instances)
    lamp = Lamp()
    lamp.children = [lamp.broken, W.HBox([lamp.field]), lamp.notice]
    lamp.close()
    lamp.close()
    assert set(registry._instances) == before
    shown = lamp.notice.value
    lamp.model.say("good", "on")
    assert lamp.notice.value == shown


def test_a_closed_view_still_has_its_static_form() -> None:
    lamp = Lamp()
    lamp.close()
    assert set(lamp._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_enter_in_a_field_acts_like_its_button() -> None:
    lamp = Lamp()
    lamp.field._handle_custom_msg({"event": "submit"}, [])
    assert lamp.model.notice == "entered"


class Loop:
    """Stands for the kernel's: what is called later, is called when the test says so."""

    def __init__(self) -> None:
        self.later: list[tuple[Callable[..., None], tuple[object, ...]]] = []

    def call_later(self, _seconds: float, action: Callable[..., None], *values: object) -> None:
        self.later.append((action, values))

    def tick(self) -> None:
        due, self.later = self.later, []
        for action, values in due:
            action(*values)


def test_letters_that_come_after_the_enter_count_and_a_second_enter_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, lamp, entered = Loop(), Lamp(), list[str]()
    monkeypatch.setattr(view.asyncio, "get_running_loop", lambda: loop)
    lamp.on_enter(lamp.field, lambda: entered.append(lamp.field.value))
    lamp.field.value = "04"
    for _ in range(2):
        lamp.field._handle_custom_msg({"event": "submit"}, [])
    for more in ("0429", "042917"):
        lamp.field.value = more
        loop.tick()
        assert entered == []
    loop.tick()
    assert entered == ["042917"]
    assert loop.later == []


def test_a_refusal_becomes_a_sentence_with_its_wait() -> None:
    model = Model()

    def action() -> None:
        raise SendRefused("a brake holds", reason="cooldown", retry_at=NOON + timedelta(seconds=61))

    model.attempt(action, lambda: NOON)
    assert model.notice == "A brake holds. Try again in 61 seconds."
    assert model.notice_kind == "bad"


def test_the_static_form_is_escaped_and_has_all_three_kinds() -> None:
    bundle = Lamp()._repr_mimebundle_()
    assert "&lt;off&gt;" in bundle["text/html"]
    assert bundle["text/plain"] == "Lamp: light: <off>"
    assert "application/vnd.jupyter.widget-view+json" in bundle


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "1 second"), (1.2, "2 seconds"), (99, "99 seconds"), (100, "2 minutes"), (900, "15 minutes")],
)
def test_waits_are_rounded_up(seconds: float, words: str) -> None:
    assert wait_in_words(NOON + timedelta(seconds=seconds), NOON) == words
