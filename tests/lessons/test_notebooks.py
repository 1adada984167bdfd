from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from sms2fa.lessons.notebooks import regenerate


def write(path: Path, *sources: str, random: bool = False) -> None:
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    for cell in cells if random else ():
        cell.metadata["tags"] = ["nbval-ignore-output"]
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), "utf-8")


def outputs(path: Path) -> list[nbformat.NotebookNode]:
    return [output for cell in nbformat.read(path, as_version=4).cells for output in cell.outputs]


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return tmp_path / "some.ipynb"


def test_outputs_are_stored_and_twice_gives_the_same_bytes(notebook: Path) -> None:
    write(notebook, "1 + 1", "print('hello')")
    regenerate(notebook)
    first = notebook.read_bytes()
    regenerate(notebook)
    assert notebook.read_bytes() == first
    assert [output.get("text") or output.data["text/plain"] for output in outputs(notebook)] == ["2", "hello\n"]


def test_a_widget_is_stored_in_its_static_form_alone(notebook: Path) -> None:
    write(notebook, "from sms2fa.widgets import PinDial\nPinDial()")
    regenerate(notebook)
    assert set(outputs(notebook)[0].data) == {"text/plain", "text/html"}
    assert set(nbformat.read(notebook, as_version=4).metadata) == {"kernelspec", "language_info"}


def test_a_plot_is_stored_as_a_picture_with_its_description(notebook: Path) -> None:
    write(
        notebook,
        "from sms2fa import CLASSROOM\nfrom sms2fa.lessons.plots import plot_guessing\nplot_guessing(CLASSROOM)",
    )
    regenerate(notebook)
    (output,) = outputs(notebook)
    assert set(output.data) == {"text/plain", "image/png"}
    assert output.data["text/plain"].startswith("Plot: ")


def test_what_is_printed_in_pieces_is_stored_in_one(notebook: Path) -> None:
    write(
        notebook,
        "import sys\nfor word in ('one ', 'two '):\n    print(word, end='', flush=True)\n    sys.stdout.flush()",
    )
    regenerate(notebook)
    (output,) = outputs(notebook)
    assert output.text == "one two "


def test_a_random_output_stays_as_long_as_its_source(notebook: Path) -> None:
    write(notebook, "import secrets; secrets.token_hex(8)", random=True)
    regenerate(notebook)
    first = outputs(notebook)[0].data["text/plain"]
    regenerate(notebook)
    assert outputs(notebook)[0].data["text/plain"] == first
    notebook.write_text(notebook.read_text("utf-8").replace("token_hex(8)", "token_hex(9)"), "utf-8")
    regenerate(notebook)
    assert len(outputs(notebook)[0].data["text/plain"]) == len(first) + 2


def test_a_cell_that_fails_changes_nothing(notebook: Path) -> None:
    write(notebook, "1 + 1", "1 / 0")
    before = notebook.read_bytes()
    with pytest.raises(CellExecutionError):
        regenerate(notebook)
    assert notebook.read_bytes() == before
