"""What every notebook in the tree keeps true."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ALLOWED = re.compile(r"\+818012345678|\+1 ?202-?555-?01[0-9]{2}")
NUMBER = re.compile(r"\+[0-9][0-9 -]{7,}[0-9]")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook: nbformat.NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_there_are_four() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "00_start_here",
        "01_generate_a_pin",
        "02_send_the_sms",
        "03_verify_the_pin",
    ]


def test_it_is_executed_from_top_to_bottom_without_an_error(notebook: nbformat.NotebookNode) -> None:
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))
    assert all(output.output_type != "error" for cell in code(notebook) for output in cell.outputs)


def test_it_stores_static_forms_and_no_widget(notebook: nbformat.NotebookNode) -> None:
    kinds = [set(output.get("data", {})) for cell in code(notebook) for output in cell.outputs]
    assert any("text/html" in kind for kind in kinds) or not any(kinds)
    assert not any("application/vnd.jupyter.widget-view+json" in kind for kind in kinds)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_a_cell_whose_output_is_ignored_asserts_what_matters(notebook: nbformat.NotebookNode) -> None:
    for cell in code(notebook):
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            assert "assert" in cell.source
            assert cell.outputs


def test_prose_comes_before_each_code_cell(notebook: nbformat.NotebookNode) -> None:
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds[0] == "markdown"
    assert ("code", "code") not in pairwise(kinds)


def test_it_has_minutes_objectives_recap_and_next(notebook: nbformat.NotebookNode) -> None:
    text = prose(notebook)
    assert re.search(r"\*\*[0-9]+ minutes\.\*\*", text)
    assert "When you have finished this notebook, you can" in text
    assert "## Recap" in text
    assert "**Next:**" in text or "last notebook so far" in text


def test_its_minutes_are_those_of_the_readme_and_the_map(notebook: nbformat.NotebookNode) -> None:
    title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    minutes = re.search(r"\*\*([0-9]+) minutes\.\*\*", notebook.cells[0].source)
    assert minutes
    row = re.compile(rf"\| [^|]*{re.escape(title)}[^|]*\| {minutes[1]} \|")
    assert row.search((ROOT / "README.md").read_text("utf-8"))
    assert row.search(prose(nbformat.read(NOTEBOOKS[0], as_version=4)))


def test_its_links_lead_to_files(notebook: nbformat.NotebookNode) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", prose(notebook)):
        assert target.startswith("https://") or (ROOT / "notebooks" / target).exists(), target


def test_it_shows_no_phone_number_but_the_documented_ones(notebook: nbformat.NotebookNode) -> None:
    for found in NUMBER.findall(nbformat.writes(notebook)):
        assert ALLOWED.fullmatch(found), found


@pytest.mark.parametrize("word", ["simply", "just", "obviously", "of course"])
def test_it_does_not_belittle_the_learner(notebook: nbformat.NotebookNode, word: str) -> None:
    assert not re.search(rf"\b{word}\b", prose(notebook), re.IGNORECASE)
    assert "!" not in re.sub(r"`[^`]*`|!=", "", prose(notebook))
