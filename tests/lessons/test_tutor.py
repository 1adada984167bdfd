from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sms2fa.errors import InvalidInput
from sms2fa.lessons import EXERCISES, exercise, reset_progress
from sms2fa.lessons.progress import Progress, Record, my_progress
from sms2fa.lessons.tutor import Tutor

PIN_1 = EXERCISES["pin-1"]
RIGHT, STUB = PIN_1.build(PIN_1.solution), PIN_1.build(PIN_1.stub)


def wrong(number: int) -> str:
    return str(number)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(progress_file: Path) -> Path:
    return progress_file


def forms(shown: object) -> str:
    return repr(shown) + shown._repr_html_()  # type: ignore[attr-defined]


def test_an_unknown_id_names_those_that_exist() -> None:
    with pytest.raises(InvalidInput, match="pin-1, pin-2"):
        exercise("pin-99")


def test_it_displays_as_the_statement_without_hints_or_solution() -> None:
    shown = forms(exercise("pin-1"))
    assert "six digits" in shown
    assert "core" in shown
    assert not any(hint in shown for hint in PIN_1.hints)
    assert "06d" not in shown


def test_an_exercise_that_is_not_attempted_leaves_no_trace(progress_file: Path) -> None:
    result = exercise("pin-1").check(STUB)
    assert result.notes == ()
    assert not progress_file.exists()


def test_tries_are_counted_and_help_is_named_but_not_given() -> None:
    exercise("pin-1").check(wrong)
    result = exercise("pin-1").check(wrong)
    assert result.notes == ('Try 2. For a hint: `exercise("pin-1").next_hint()`',)
    assert not any(hint in forms(result) for hint in PIN_1.hints)


def test_a_value_in_place_of_the_function_is_no_try(progress_file: Path) -> None:
    result = exercise("pin-1").check("004217")
    assert "without calling it" in result.sentence
    assert result.notes == ()
    assert not progress_file.exists()


@pytest.mark.parametrize(("tries", "words"), [(0, "not tried yet"), (1, "tried once"), (2, "tried twice")])
def test_the_tries_so_far_are_told_in_a_sentence(tries: int, words: str) -> None:
    for _ in range(tries):
        exercise("pin-1").check(wrong)
    assert f"You have {words}." in repr(exercise("pin-1").show_solution())


def test_a_pass_is_recorded_and_stays() -> None:
    assert exercise("pin-1").check(RIGHT)
    exercise("pin-1").check(wrong)
    assert my_progress().record("pin-1") == Record(tries=2, passed=True)


def test_hints_come_one_by_one_and_the_earlier_ones_stay() -> None:
    first, second, third = (exercise("pin-1").next_hint() for _ in range(3))
    assert PIN_1.hints[0] in repr(first)
    assert PIN_1.hints[1] not in repr(first)
    assert first.heading == "pin-1: hint 1 of 2"
    assert PIN_1.hints[0] in repr(second)
    assert PIN_1.hints[1] in repr(second)
    assert "show_solution" in repr(second)
    assert repr(third) == repr(second)
    assert PIN_1.solution not in repr(third)


def test_the_solution_is_shown_at_the_second_wish() -> None:
    first, second = exercise("pin-1").show_solution(), exercise("pin-1").show_solution()
    assert "06d" not in forms(first)
    assert "three tries" in repr(first)
    assert "06d" in repr(second)
    assert "06d" in second._repr_html_()


@pytest.mark.parametrize(("tries", "is_shown"), [(1, False), (2, False), (3, True)])
def test_the_solution_is_shown_after_three_tries(tries: int, is_shown: bool) -> None:
    for _ in range(tries):
        exercise("pin-1").check(wrong)
    assert ("06d" in repr(exercise("pin-1").show_solution())) is is_shown


def test_whoever_passed_may_see_the_solution() -> None:
    exercise("pin-1").check(RIGHT)
    assert "06d" in repr(exercise("pin-1").show_solution())


@pytest.mark.parametrize(
    ("hints", "tries", "help_"),
    [(0, 1, "next_hint"), (2, 1, "hints once more"), (1, 5, "next_hint"), (2, 3, "show_solution")],
)
def test_the_help_that_is_named_fits_what_was_seen(hints: int, tries: int, help_: str) -> None:
    for _ in range(hints):
        exercise("pin-1").next_hint()
    for _ in range(tries):
        result = exercise("pin-1").check(wrong)
    assert help_ in result.notes[0]


@pytest.mark.parametrize("act", [lambda tutor: tutor.check(wrong), Tutor.next_hint, Tutor.show_solution])
def test_it_works_without_a_file_and_says_so_once(act: Callable[[Tutor], object], tmp_path: Path) -> None:
    tutor = Tutor(PIN_1, Progress(tmp_path / "missing" / "my-progress.json"))
    assert "could not be written" in repr(act(tutor))
    assert "could not be written" not in repr(act(tutor))


def test_progress_can_be_reset(progress_file: Path) -> None:
    exercise("pin-1").check(RIGHT)
    assert progress_file.exists()
    assert "every exercise is open" in repr(reset_progress())
    assert not progress_file.exists()
