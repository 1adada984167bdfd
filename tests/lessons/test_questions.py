"""What every question keeps true."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from sms2fa.lessons import predict, recall
from sms2fa.lessons.course_map import TITLES
from sms2fa.lessons.questions import PREDICT, RECALL, pin, sms, start, verify
from sms2fa.widgets.question import Prompt

ALL = {**PREDICT, **RECALL}
NOT_OURS = re.compile(r"\b(OTP|passcodes?|(?<!country )codes?|simply|just|obviously|of course)\b|!", re.IGNORECASE)
NUMBER = re.compile(r"\+[0-9][0-9 -]{7,}[0-9]")


@pytest.fixture(params=ALL.values(), ids=ALL)
def prompt(request: pytest.FixtureRequest) -> Prompt:
    return request.param


def test_no_id_stands_twice() -> None:
    modules = (start, pin, sms, verify)
    questions = [group for module in modules for group in (getattr(module, "PREDICT", {}), module.RECALL)]
    assert len(ALL) == sum(map(len, questions))


@pytest.mark.parametrize("question_id", PREDICT)
def test_a_predict_question_can_be_shown(question_id: str) -> None:
    assert predict(question_id).title == "Predict"


@pytest.mark.parametrize("question_id", RECALL)
def test_a_recall_question_can_be_shown(question_id: str) -> None:
    assert recall(question_id).title == "Recall"


@pytest.mark.parametrize("module", [pin, sms, verify], ids=["01", "02", "03"])
def test_a_notebook_has_its_share_of_questions(module: object) -> None:
    assert 2 <= len(module.PREDICT) <= 6  # type: ignore[attr-defined]
    assert 3 <= len(module.RECALL) <= 6  # type: ignore[attr-defined]
    assert any(prompt.earlier for prompt in module.RECALL.values())  # type: ignore[attr-defined]


def test_the_first_notebook_has_three_to_six_recall_questions() -> None:
    assert 3 <= len(start.RECALL) <= 6


def test_an_earlier_notebook_is_named_by_its_title_and_is_earlier() -> None:
    titles = list(TITLES.values())
    for module in (start, pin, sms, verify):
        assert module.TITLE in titles
        for prompt in module.RECALL.values():
            assert prompt.earlier in ("", *titles[: titles.index(module.TITLE)])


def test_every_option_is_a_sentence_with_a_reason_of_some_length(prompt: Prompt) -> None:
    for option in prompt.options:
        assert len(option.reason) > 25
        assert option.reason.endswith((".", ".)", "`."))
        assert not option.text.endswith(".")


def test_it_is_in_plain_words(prompt: Prompt) -> None:
    for text in (prompt.text, *(f"{option.text} {option.reason}" for option in prompt.options)):
        assert not re.search(
            r"slip of the finger|\blots\b|\bburn\b|That happens with|It comes by itself|: a wrong one", text
        ), text


def test_its_words_are_the_fields(prompt: Prompt) -> None:
    for text in (prompt.text, *(f"{option.text} {option.reason}" for option in prompt.options)):
        assert not NOT_OURS.search(re.sub(r"`[^`]*`", "", text)), text
        for found in NUMBER.findall(text):
            assert found == "+818012345678"


def test_the_right_one_is_not_always_at_the_same_place_nor_the_longest() -> None:
    single = [prompt for prompt in ALL.values() if len(prompt.right) == 1]
    places = Counter(prompt.right[0] for prompt in single)
    assert max(places.values()) < 0.67 * len(single)
    assert len(places) >= 3
    longest = sum(max(prompt.options, key=lambda option: len(option.text)).right for prompt in single)
    assert longest < 0.67 * len(single)


def test_more_than_one_right_is_said(prompt: Prompt) -> None:
    assert ("There are two." in prompt.text) is (len(prompt.right) == 2)
