from __future__ import annotations

from datetime import UTC, datetime, timedelta

import ipywidgets as W  # noqa: N812
import pytest

from sms2fa.errors import SendRefused
from sms2fa.widgets.view import Model, View, wait_in_words

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Lamp(View):
    title = "Lamp"

    def __init__(self) -> None:
        super().__init__(Model())
        self.broken = W.Button()
        self.on_click(self.broken, self._break)
        self.field = W.Text()
        self.on_enter(self.field, lambda: self.model.say("good", "entered"))

    def static_rows(self) -> list[tuple[str, str]]:
        return [("light", "<off>")]

    def _break(self) -> None:
        raise KeyError("fuse")


def test_an_exception_in_a_handler_is_shown_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    lamp = Lamp()
    lamp.broken.click()
    assert "KeyError" in lamp.notice.value
    assert "handler failed" in caplog.text
    caplog.clear()  # it was the point of this test; elsewhere it fails


def test_enter_in_a_field_acts_like_its_button() -> None:
    lamp = Lamp()
    lamp.field._handle_custom_msg({"event": "submit"}, [])
    assert lamp.model.notice == "entered"


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
