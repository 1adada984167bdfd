from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sms2fa.errors import InvalidInput
from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercise import Level, Result, Status

PIN_1 = EXERCISES["pin-1"]


@pytest.mark.parametrize("field", ["hints", "mistakes"])
def test_it_needs_two_hints_and_two_mistakes(field: str) -> None:
    with pytest.raises(InvalidInput, match="at least 2"):
        replace(PIN_1, **{field: getattr(PIN_1, field)[:1]})


def test_its_repr_gives_nothing_away() -> None:
    assert repr(PIN_1) == "Exercise('pin-1', core, 'A PIN is text')"


def test_a_level_is_a_word() -> None:
    assert [str(level) for level in Level] == ["core", "demo", "extra"]


def test_a_result_is_true_where_it_is_passed_alone() -> None:
    assert [bool(Result("x", status, "")) for status in Status] == [False, False, True]


def test_nothing_attempted_is_no_reproach() -> None:
    for answer in (..., PIN_1.build(PIN_1.stub)):
        result = PIN_1.check(answer)
        assert result.status is Status.NOT_ATTEMPTED
        assert result.tried == ()


def test_passed_says_why_it_matters() -> None:
    assert PIN_1.check(PIN_1.build(PIN_1.solution)).sentence == PIN_1.why


@pytest.mark.parametrize("answer", ["004217", 4217, None])
def test_the_value_in_place_of_the_function_is_told_so(answer: object) -> None:
    result = PIN_1.check(answer)
    assert result.status is Status.NOT_YET
    assert 'exercise("pin-1").check(as_pin)' in result.sentence
    assert result.tried == (("got", repr(answer)),)


def test_an_exception_is_shown_as_the_learners_with_their_line() -> None:
    result = PIN_1.check(PIN_1.build("def as_pin(number):\n    digits = 6\n    return numbr\n"))
    assert result.status is Status.NOT_YET
    assert result.sentence == "Your function raised NameError in line 3 of your cell."
    assert dict(result.tried)["line 3"] == "return numbr"
    for form in (repr(result), result._repr_html_()):
        assert "NameError" in form
        assert "return numbr" in form
        assert "probes.py" not in form


def test_a_result_displays_the_same_as_text_and_as_html() -> None:
    result = PIN_1.check(lambda number: number)
    assert repr(result).splitlines()[0] == "pin-1: not yet"
    for word in ("pin-1: not yet", "tried", "as_pin(4217)", "got", "expected"):
        assert word in repr(result)
        assert word in result._repr_html_()


def test_where_our_judge_stumbles_the_learner_sees_what_came_and_what_was_expected() -> None:
    def stumble(answer: Any) -> None:
        answer(4217).nothing()

    result = replace(PIN_1, judge=stumble).check(lambda number: number)
    assert result.status is Status.NOT_YET
    assert "cannot read" in result.sentence
    assert dict(result.tried) == {
        "tried": "as_pin(4217)",
        "got": "4217",
        "expected": "The number as a text of six digits.",
    }


def test_where_our_judge_is_stopped_the_stop_is_heard() -> None:
    def pressed(answer: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace(PIN_1, judge=pressed).check(lambda number: number)
