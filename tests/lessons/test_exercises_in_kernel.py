"""Every exercise in a real kernel: stub, solution and mistakes typed into the cells of one notebook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from sms2fa.lessons import EXERCISES
from sms2fa.lessons.progress import FILE

SET_UP = "from sms2fa.lessons import EXERCISES, course_map, exercise"
BROKEN = "def {name}(*anything):\n    bits = 8\n    return bits / nothing\n"


def written() -> Iterator[tuple[str, str, str]]:
    """What is typed into a cell, what the check cell below it is, and what it should show."""
    for exercise in EXERCISES.values():
        check = f'exercise("{exercise.id}").check({exercise.answer})'
        yield exercise.stub, check, f"{exercise.id}: not attempted"
        for mistake in exercise.mistakes:
            yield mistake.source, check, f"{exercise.id}: not yet\n{mistake.sentence}\n"
        broken = "Your function raised NameError in line 3 of your cell.\n"
        yield BROKEN.format(name=exercise.answer), check, f"{exercise.id}: not yet\n{broken}"
        yield exercise.solution, check, f"{exercise.id}: passed\n{exercise.why}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("course")


@pytest.fixture(scope="module")
def cells(folder: Path) -> list[nbformat.NotebookNode]:
    """The code cells of one notebook, after one kernel has run them all."""
    sources = [SET_UP, *(cell for answer, check, _ in written() for cell in (answer, check)), "course_map()"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    return notebook.cells


def shown(cell: nbformat.NotebookNode, kind: str = "text/plain") -> str:
    return "".join(output.data[kind] for output in cell.outputs)


def test_each_answer_earns_what_it_should(cells: list[nbformat.NotebookNode]) -> None:
    checks = cells[2:-1:2]
    expected = [words for _, _, words in written()]
    assert len(checks) == len(expected)
    for cell, words in zip(checks, expected, strict=True):
        assert shown(cell).startswith(words), f"{cell.source} showed:\n{shown(cell)}\n\nexpected:\n{words}"


def test_the_learners_line_is_shown_with_its_text(cells: list[nbformat.NotebookNode]) -> None:
    broken = [cell for cell in cells if "raised NameError" in "".join(str(output) for output in cell.outputs)]
    assert len(broken) == len(EXERCISES)
    for cell in broken:
        assert "return bits / nothing" in shown(cell)
        assert "return bits / nothing" in shown(cell, "text/html")


def test_nothing_is_printed_beside_the_results(cells: list[nbformat.NotebookNode]) -> None:
    for cell in cells[:-1]:
        assert all(output.output_type == "execute_result" for output in cell.outputs)


def test_all_are_passed_in_the_end_and_the_file_says_so(cells: list[nbformat.NotebookNode], folder: Path) -> None:
    assert f"{len(EXERCISES)} of {len(EXERCISES)} exercises passed" in shown(cells[-1])
    assert (folder / FILE).exists()


def test_a_folder_in_which_nothing_was_tried_gets_no_file(tmp_path: Path) -> None:
    stubs = [
        f'{exercise.stub}\n\nexercise("{exercise.id}").check({exercise.answer})' for exercise in EXERCISES.values()
    ]
    sources = [SET_UP, *stubs, "course_map()"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=60, kernel_name="python3", resources=resources).execute()
    assert list(tmp_path.iterdir()) == []
