"""What every exercise keeps true."""

from __future__ import annotations

import ast
import re
import sys
import time
from typing import Any

import pytest

from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercise import Exercise, Level, Mistake, Status

MISTAKES = [(exercise, mistake) for exercise in EXERCISES.values() for mistake in exercise.mistakes]
SECONDS = 0.2  # of computing that a check may take
WORDS = re.compile(
    r"\b(PIN|one-time PIN|challenge|verifier|account|purpose|E\.164|msgid|message|parts|number|log|lifetime)\b"
)
NOT_OURS = re.compile(
    r"\b(OTP|passcodes?|(?<!country )codes?|tokens?|users?|simply|just|obviously|of course)\b|!", re.IGNORECASE
)
NUMBER = re.compile(r"\+[0-9][0-9 -]{7,}[0-9]")
ALLOWED = re.compile(r"\+818012345678|\+81 80 1234 5678|\+1 ?202-?555-?01[0-9]{2}")


@pytest.fixture(params=EXERCISES.values(), ids=lambda exercise: exercise.id)
def exercise(request: pytest.FixtureRequest) -> Exercise:
    return request.param


def named(case: tuple[Exercise, Mistake]) -> str:
    return f"{case[0].id} {case[1].name}"


@pytest.fixture(params=MISTAKES, ids=named)
def case(request: pytest.FixtureRequest) -> tuple[Exercise, Mistake]:
    return request.param


def texts(exercise: Exercise) -> list[str]:
    """What a learner reads, without its code."""
    sentences = [mistake.sentence for mistake in exercise.mistakes]
    return [
        re.sub(r"`[^`]*`", "", text)
        for text in (exercise.title, exercise.statement, exercise.why, *exercise.hints, *sentences)
    ]


def test_the_stub_is_not_attempted(exercise: Exercise) -> None:
    assert exercise.check(exercise.build(exercise.stub)).status is Status.NOT_ATTEMPTED


def test_the_solution_passes_and_says_why_it_matters(exercise: Exercise) -> None:
    result = exercise.check(exercise.build(exercise.solution))
    assert result.status is Status.PASSED, repr(result)
    assert result.sentence == exercise.why


def test_a_mistake_earns_exactly_its_sentence(case: tuple[Exercise, Mistake]) -> None:
    exercise, mistake = case
    result = exercise.check(exercise.build(mistake.source))
    assert result.status is Status.NOT_YET
    assert result.sentence == mistake.sentence, repr(result)
    assert len(result.tried) >= 2


def test_an_exception_is_shown_as_the_learners_with_their_line(exercise: Exercise) -> None:
    source = f"def {exercise.answer}(*anything):\n    bits = 8\n    return bits / nothing\n"
    result = exercise.check(exercise.build(source))
    assert result.status is Status.NOT_YET
    assert result.sentence == "Your function raised NameError in line 3 of your cell."
    assert dict(result.tried)["line 3"] == "return bits / nothing"


@pytest.mark.parametrize("wrong", [None, "nonsense", 3.5, [], object()], ids=lambda wrong: type(wrong).__name__)
def test_any_other_wrong_answer_earns_a_sentence_and_what_was_tried(exercise: Exercise, wrong: object) -> None:
    if exercise.id == "verify-6" and wrong is None:
        source = f"def {exercise.answer}(*anything):\n    return None\n"
        assert exercise.check(exercise.build(source)).status is Status.NOT_YET
        return
    result = exercise.check(lambda *anything: wrong)
    assert result.status is Status.NOT_YET
    assert result.sentence
    assert result.tried


def test_a_function_with_other_parameters_is_told_so(exercise: Exercise) -> None:
    source = f"def {exercise.answer}(a, b, c, d, e, f):\n    return a\n"
    result = exercise.check(exercise.build(source))
    assert "cannot be called as" in result.sentence


def test_a_loop_without_an_end_is_stopped(exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sms2fa.lessons.learner.PATIENCE", 0.02)
    source = f"def {exercise.answer}(*anything):\n    while True:\n        pass\n"
    assert "did not come to an end" in exercise.check(exercise.build(source)).sentence


def test_a_loop_without_an_end_is_waited_for_once(exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sms2fa.lessons.learner.PATIENCE", 0.02)
    source = f"calls = []\ndef {exercise.answer}(*anything):\n    calls.append(1)\n    while True:\n        pass\n"
    answer = exercise.build(source)
    exercise.check(answer)
    assert len(answer.__globals__["calls"]) == 1


class Odd(str):
    """A text that can be neither compared nor shown nor looked into."""

    __hash__ = str.__hash__

    def refuse(self, *_: object) -> Any:
        raise RuntimeError("odd")

    __eq__ = __ne__ = __repr__ = __str__ = __len__ = __contains__ = __iter__ = refuse
    splitlines = isascii = isdecimal = refuse


def test_an_odd_value_never_shows_a_traceback_of_ours(exercise: Exercise) -> None:
    def answer(*anything: Any) -> Any:
        for each in anything:
            if isinstance(each, list):
                each.append(Odd("x"))
            if isinstance(each, dict):
                each.clear()
        return Odd("042917")

    result = exercise.check(answer)
    assert result.status is Status.NOT_YET
    assert result.sentence
    assert result._repr_html_()


def test_a_check_is_fast_and_answers_the_same_each_time(exercise: Exercise) -> None:
    answers = [exercise.build(source) for source in (exercise.solution, *(each.source for each in exercise.mistakes))]
    for answer in answers:
        began = time.thread_time()
        first = exercise.check(answer)
        assert time.thread_time() - began < SECONDS
        again = exercise.check(answer)
        assert (first.status, first.sentence) == (again.status, again.sentence)


def test_it_has_hints_mistakes_and_a_level(exercise: Exercise) -> None:
    assert len(exercise.hints) >= 2
    assert len({mistake.name for mistake in exercise.mistakes}) >= 2
    assert len({mistake.sentence for mistake in exercise.mistakes}) >= 2
    assert exercise.level in Level


def test_its_sources_import_the_standard_library_and_this_package_alone(exercise: Exercise) -> None:
    for source in (exercise.stub, exercise.solution, *(mistake.source for mistake in exercise.mistakes)):
        for node in ast.walk(ast.parse(source)):
            roots = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            roots += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for root in roots:
                assert root.split(".")[0] in {*sys.stdlib_module_names, "sms2fa"}


def test_stub_and_solution_define_the_same_function_and_say_what_it_does(exercise: Exercise) -> None:
    for source in (exercise.stub, exercise.solution):
        function = next(node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
        assert function.name == exercise.answer
        assert ast.get_docstring(function)
    stub, solution = exercise.build(exercise.stub), exercise.build(exercise.solution)
    assert (
        stub.__code__.co_varnames[: stub.__code__.co_argcount]
        == (solution.__code__.co_varnames[: solution.__code__.co_argcount])
    )
    assert f"{exercise.answer}(" in exercise.statement + exercise.stub


def test_a_cell_stays_short_and_gives_the_solution_not_away(exercise: Exercise) -> None:
    for source in (exercise.stub, exercise.solution):
        assert len(source.splitlines()) <= 20
        assert max(map(len, source.splitlines())) <= 120
    assert exercise.solution not in exercise.statement + "".join(exercise.hints)


def test_it_is_in_plain_words(exercise: Exercise) -> None:
    for text in texts(exercise):
        assert not re.search(r"slip of the finger|\blots\b|\bburn\b", text), text


def test_its_words_are_the_fields(exercise: Exercise) -> None:
    assert WORDS.search(exercise.statement)
    for text in texts(exercise):
        assert not NOT_OURS.search(text), text


def test_it_shows_no_phone_number_but_the_documented_ones(exercise: Exercise) -> None:
    for text in (*texts(exercise), exercise.statement, exercise.stub, exercise.solution):
        for found in NUMBER.findall(text):
            assert ALLOWED.fullmatch(found), found


def test_ids_are_in_order_and_each_notebook_has_four_or_more() -> None:
    assert [exercise.id for exercise in EXERCISES.values()] == list(EXERCISES)
    by_notebook: dict[str, list[Exercise]] = {}
    for exercise in EXERCISES.values():
        by_notebook.setdefault(exercise.notebook, []).append(exercise)
    assert list(by_notebook) == ["01_generate_a_pin", "02_send_the_sms", "03_verify_the_pin"]
    for exercises in by_notebook.values():
        assert sum(exercise.level is Level.CORE for exercise in exercises) >= 4
        numbers = [int(exercise.id.split("-")[1]) for exercise in exercises]
        assert numbers == list(range(1, len(exercises) + 1))


def test_no_two_exercises_of_a_notebook_define_the_same_name() -> None:
    names = [(exercise.notebook, exercise.answer) for exercise in EXERCISES.values()]
    assert len(set(names)) == len(names)
