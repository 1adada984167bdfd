from __future__ import annotations

import pytest

from sms2fa.errors import InvalidInput
from sms2fa.widgets.question import Option, Prompt, Question, QuestionModel

OPTIONS = (
    Option("<one>", "One is too few."),
    Option("two", "Two it is, `1 < 2`.", right=True),
    Option("three", "Three is too many."),
)


def ask(*options: Option, **more: str) -> Question:
    return Question(QuestionModel(Prompt("How many <i>factors</i>?", options or OPTIONS, **more)))


def test_an_option_without_its_reason_cannot_be_built() -> None:
    with pytest.raises(TypeError):
        Option("one")  # type: ignore[call-arg]
    with pytest.raises(InvalidInput, match="reason"):
        Option("one", "  ")
    with pytest.raises(InvalidInput, match="text"):
        Option("", "a reason")


@pytest.mark.parametrize("options", [OPTIONS[:1], (OPTIONS[0], OPTIONS[2]), (OPTIONS[1], OPTIONS[1]), OPTIONS * 3])
def test_a_question_needs_different_options_and_a_right_one(options: tuple[Option, ...]) -> None:
    with pytest.raises(InvalidInput, match="option"):
        Prompt("How many?", options)


def test_picking_shows_the_reason_of_the_option_that_was_picked_and_no_other() -> None:
    question = ask()
    question.buttons[2].click()
    assert question.value == "three"
    assert question.model.notice == "C. Not this one. Three is too many."
    assert "Two it is" not in question.notice.value + question.text.value
    assert not question.model.answered


def test_one_may_pick_again() -> None:
    question = ask()
    for place in (2, 2, 1):
        question.buttons[place].click()
    assert question.model.picked == (2, 1)
    assert question.model.answered
    assert question.model.notice.startswith("B. Right. ")
    assert "(not this one)" in question.text.value
    assert "\u2713 right" in question.text.value


def test_a_reason_shows_no_backticks() -> None:
    question = ask()
    question.buttons[1].click()
    assert question.model.notice == "B. Right. Two it is, 1 < 2."


def test_with_several_right_ones_it_counts_them() -> None:
    question = ask(Option("a", "A.", right=True), Option("b", "B."), Option("c", "C.", right=True))
    assert "More than one is right" in question.text.value
    question.buttons[0].click()
    assert question.model.notice.endswith("(1 of 2 right ones found.)")
    assert not question.model.answered
    question.buttons[2].click()
    assert question.model.answered


def test_the_static_form_lists_the_options_and_not_the_answer() -> None:
    question = ask(code="1 < 2")
    question.buttons[1].click()
    bundle = question._repr_mimebundle_()
    for form in (bundle["text/html"], bundle["text/plain"]):
        places = [form.index(word) for word in ("How many", "one", "two", "three")]
        assert places == sorted(places)
        assert not any(word in form for word in ("\u2713", "right", "Right", "not this one"))
        assert "Two it is" not in form
    assert "Run the cell above" in bundle["text/html"]


def test_all_texts_are_escaped() -> None:
    question = ask(code="1 < 2")
    for place in range(3):
        question.buttons[place].click()
        shown = question.text.value + question.notice.value + question.static_html()
        assert "<one>" not in shown
        assert "<i>factors" not in shown
        assert "1 < 2" not in shown


def test_a_recall_question_names_the_earlier_notebook() -> None:
    model = QuestionModel(Prompt("How many?", OPTIONS, earlier="00 Start"))
    assert "Recall, from 00 Start" in Question(model, "Recall").text.value


def test_each_option_has_a_button_of_its_letter_that_tells_its_text() -> None:
    assert [(button.description, button.tooltip) for button in ask().buttons] == [
        ("A", "<one>"),
        ("B", "two"),
        ("C", "three"),
    ]
