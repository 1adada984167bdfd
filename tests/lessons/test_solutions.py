"""The solved notebooks: every exercise is filled in and passes where it stands."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from sms2fa import TwoFactorError
from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercises import Exercise
from sms2fa.lessons.progress import FILE
from sms2fa.lessons.solutions import fill_in, make_solutions

COURSE = Path(__file__).parents[2] / "notebooks"


def course_of_one(folder: Path, exercise: Exercise) -> Path:
    """A course with a notebook for one exercise, and a file that it links to."""
    folder.mkdir()
    (folder / "GLOSSARY.md").write_text("# Glossary\n", "utf-8")
    cells = [
        new_markdown_cell("Your turn."),
        new_code_cell(exercise.stub, metadata={"tags": ["exercise"]}),
        new_code_cell(
            f'from sms2fa.lessons import exercise\n\nexercise("{exercise.id}").check({exercise.answer})',
            metadata={"tags": ["check"]},
        ),
    ]
    nbformat.write(new_notebook(cells=cells), folder / "letter.ipynb")
    return folder


def test_the_stub_above_a_check_becomes_the_solution() -> None:
    notebook = nbformat.read(COURSE / "01_generate_a_pin.ipynb", as_version=4)
    ids = fill_in(notebook)
    assert ids == [id_ for id_, exercise in EXERCISES.items() if exercise.notebook == "01_generate_a_pin"]
    sources = [cell.source for cell in notebook.cells]
    for id_ in ids:
        assert EXERCISES[id_].solution.strip() in sources
        assert EXERCISES[id_].stub.strip() not in sources


def test_they_are_executed_and_passed_and_leave_no_progress(tmp_path: Path) -> None:
    course = course_of_one(tmp_path / "course", EXERCISES["pin-1"])
    [path] = make_solutions(course, tmp_path / "solutions")
    assert "pin-1: passed" in path.read_text("utf-8")
    assert sorted(file.name for file in path.parent.iterdir()) == ["GLOSSARY.md", "letter.ipynb"]
    assert not (tmp_path / "solutions" / FILE).exists()


def test_a_solution_that_does_not_pass_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = course_of_one(tmp_path / "course", EXERCISES["pin-1"])
    monkeypatch.setattr("sms2fa.lessons.solutions.EXERCISES", {"pin-1": EXERCISES["pin-2"]})
    text = (course / "letter.ipynb").read_text("utf-8").replace(".check(as_pin)", ".check(make_pin)")
    (course / "letter.ipynb").write_text(text, "utf-8")
    with pytest.raises(TwoFactorError, match=r"letter.ipynb: the solution does not pass: pin-1"):
        make_solutions(course, tmp_path / "solutions")


@pytest.mark.slow
def test_the_whole_course_can_be_solved(tmp_path: Path) -> None:
    written = make_solutions(COURSE, tmp_path / "solutions")
    passed = "".join(path.read_text("utf-8") for path in written)
    assert [id_ for id_ in EXERCISES if f"{id_}: passed" not in passed] == []
