"""The notebooks in the tree keep every rule, and each rule finds the notebook that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from contracts import notebook as rules
from contracts.notebook import Lesson, problems
from sms2fa.lessons import EXERCISES

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAPERS = {
    "README.md": (ROOT / "README.md").read_text("utf-8"),
    "INSTRUCTORS.md": (ROOT / "notebooks" / "INSTRUCTORS.md").read_text("utf-8"),
    "the map in notebook 00": "\n".join(
        cell.source for cell in nbformat.read(NOTEBOOKS[0], as_version=4).cells if cell.cell_type == "markdown"
    ),
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_of_the_course_keeps_every_rule(path: Path) -> None:
    own = tuple(id_ for id_, exercise in EXERCISES.items() if exercise.notebook == path.stem)
    assert problems(Lesson(path, nbformat.read(path, as_version=4), PAPERS, own)) == []


def test_there_are_four_and_three_have_at_least_four_exercises() -> None:
    stems = [path.stem for path in NOTEBOOKS]
    assert stems == ["00_start_here", "01_generate_a_pin", "02_send_the_sms", "03_verify_the_pin"]
    for stem in stems[1:]:
        assert sum(exercise.notebook == stem for exercise in EXERCISES.values()) >= 4


METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}


@pytest.mark.parametrize("id_", EXERCISES)
def test_a_notebook_holds_the_statement_and_the_stub_of_each_exercise(id_: str) -> None:
    exercise = EXERCISES[id_]
    path = ROOT / "notebooks" / f"{exercise.notebook}.ipynb"
    sources = [cell.source for cell in nbformat.read(path, as_version=4).cells]
    heading = f"### Exercise {id_} ({exercise.level}): {exercise.title}"
    assert f"{heading}\n\n{exercise.statement}" in sources
    assert exercise.stub.strip() in sources


OPENING = """\
# Send a letter

**5 minutes.** You need a pen. Words are explained in the [glossary](GLOSSARY.md#account).

When you have finished this notebook, you can

- send a letter."""
ENDING = "## Recap\n\n- A letter is sent.\n\n**Next:** [the same](letter.ipynb)"


@pytest.fixture
def good(tmp_path: Path) -> Lesson:
    """A notebook that keeps every rule."""
    (tmp_path / "GLOSSARY.md").write_text("# Glossary\n\n## Account\n", "utf-8")
    path = tmp_path / "letter.ipynb"
    path.touch()
    cells = [
        new_markdown_cell(OPENING, id="a"),
        new_code_cell("stamps = 1", id="b", metadata={"tags": ["set-up"]}, execution_count=1),
        new_markdown_cell("Draw.", id="c"),
        new_code_cell("assert stamps", id="d", metadata={"tags": ["nbval-ignore-output"]}, execution_count=2),
        new_markdown_cell("Your turn.", id="e"),
        new_code_cell("def post(): ...", id="f", metadata={"tags": ["exercise"]}, execution_count=3),
        new_code_cell('exercise("post-1").check(post)', id="g", metadata={"tags": ["check"]}, execution_count=4),
        new_markdown_cell(ENDING, id="h"),
    ]
    cells[3].outputs = [new_output("display_data", {"image/png": "", "text/plain": "Plot: a letter."})]
    notebook = new_notebook(cells=cells, metadata=METADATA)
    return Lesson(path, notebook, {"README.md": "| [Send a letter](letter.ipynb) | 5 |"}, ("post-1",))


def test_a_good_notebook_has_no_problem(good: Lesson) -> None:
    assert problems(good) == []


def add(source: str, **more: object) -> Callable[[Lesson], None]:
    return lambda lesson: lesson.notebook.cells.insert(7, new_markdown_cell(source, id="x", **more))


def source(number: int, text: str) -> Callable[[Lesson], None]:
    return lambda lesson: lesson.notebook.cells[number].__setitem__("source", text)


def data(kind: str, text: str = "") -> Callable[[Lesson], None]:
    return lambda lesson: lesson.notebook.cells[3].outputs[0].data.__setitem__(kind, text)


def drop(number: int) -> Callable[[Lesson], None]:
    return lambda lesson: lesson.notebook.cells.pop(number)


def error(lesson: Lesson) -> None:
    lesson.notebook.cells[3].outputs.append(new_output("error", ename="E", evalue="", traceback=[]))


BAD: list[tuple[rules.Rule, Callable[[Lesson], object]]] = [
    (rules.kernel_is_python3, lambda lesson: lesson.notebook.metadata.kernelspec.__setitem__("name", "python")),
    (rules.kernel_is_python3, lambda lesson: lesson.notebook.metadata.pop("kernelspec")),
    (rules.cell_ids_are_unique, lambda lesson: lesson.notebook.cells[2].__setitem__("id", "a")),
    (rules.it_has_its_parts, source(0, OPENING.replace("**5 minutes.**", "Soon."))),
    (rules.it_has_its_parts, source(0, OPENING.replace("you can", "you may"))),
    (rules.it_has_its_parts, source(0, OPENING.replace("](GLOSSARY.md#account)", "](letter.ipynb)"))),
    (rules.it_has_its_parts, source(7, ENDING.replace("## Recap", "## End"))),
    (rules.it_has_its_parts, source(7, ENDING.replace("**Next:**", "Then"))),
    (rules.prose_comes_before_code, drop(2)),
    (rules.prose_comes_before_code, drop(0)),
    (rules.no_cell_is_too_long, source(1, "stamps = 1\n" * 21)),
    (rules.no_cell_is_empty, source(2, " \n")),
    (rules.each_exercise_is_checked_once, source(6, "post()")),
    (rules.each_exercise_is_checked_once, source(6, 'exercise("post-2").check(post)')),
    (rules.each_exercise_is_checked_once, source(1, 'exercise("post-1").check(0)')),
    (rules.each_exercise_is_checked_once, drop(6)),
    (rules.images_have_a_text, add("![](letter.ipynb)")),
    (rules.images_have_a_text, add('<img src="letter.png">')),
    (rules.images_have_a_text, data("text/plain", "<Figure>")),
    (rules.links_resolve, add("[there](nowhere.ipynb)")),
    (rules.links_resolve, add("[there](GLOSSARY.md#nothing)")),
    (rules.no_widget_is_stored, data("application/vnd.jupyter.widget-view+json")),
    (rules.no_widget_is_stored, lambda lesson: lesson.notebook.metadata.__setitem__("widgets", {})),
    (rules.it_is_executed_in_order, lambda lesson: lesson.notebook.cells[1].__setitem__("execution_count", None)),
    (rules.it_is_executed_in_order, error),
    (rules.random_cells_assert_what_matters, source(3, "stamps  # assert nothing")),
    (rules.random_cells_assert_what_matters, lambda lesson: lesson.notebook.cells[3].__setitem__("outputs", [])),
    (rules.it_names_no_machine_credential_or_stranger, add("It lies in /" + "home/alice/letter.")),
    (rules.it_names_no_machine_credential_or_stranger, add("It lies in C:" + "\\\\letters.")),
    (rules.it_names_no_machine_credential_or_stranger, source(1, 'auth_token = "abcdefghijklmnopqrstuv"')),
    (rules.it_names_no_machine_credential_or_stranger, add("Call +81 80 5555 5555.")),
    (rules.words_are_friendly, add("You just post it.")),
    (rules.words_are_friendly, add("Of course it arrives.")),
    (rules.words_are_friendly, add("Well done!")),
    (
        rules.minutes_agree,
        lambda lesson: lesson.papers.__setitem__("README.md", "| [Send a letter](letter.ipynb) | 6 |"),
    ),
    (rules.minutes_agree, lambda lesson: lesson.papers.__setitem__("README.md", "")),
]


@pytest.mark.parametrize(("rule", "spoil"), BAD)
def test_a_rule_finds_the_notebook_that_breaks_it(
    good: Lesson, rule: rules.Rule, spoil: Callable[[Lesson], object]
) -> None:
    spoil(good)
    assert list(rule(good))


def test_a_long_file_name_is_found(good: Lesson) -> None:
    assert list(rules.file_names_are_short(replace(good, path=Path(f"{'x' * 40}.ipynb"))))


def test_every_rule_is_broken_once() -> None:
    assert {rule for rule, _ in BAD} | {rules.file_names_are_short} == set(rules.RULES)
