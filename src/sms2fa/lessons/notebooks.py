"""Notebooks executed and stored in one normal form, so that the same course gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

_CELL_SECONDS = 120  # a cell that runs longer hangs
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"  # shows "model not found" without its kernel
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def regenerate(path: Path) -> None:
    """Execute a notebook and store its outputs.

    A cell tagged ``nbval-ignore-output`` shows something random: it keeps its stored output as long as its source
    is unchanged. Raises nbclient's CellExecutionError where a cell fails; then nothing is written.
    """
    before = nbformat.read(path, as_version=4)
    after = nbformat.read(path, as_version=4)
    NotebookClient(
        after,
        timeout=_CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    normalize(after, before)
    path.write_text(nbformat.writes(after) + "\n", "utf-8", newline="\n")


def normalize(notebook: nbformat.NotebookNode, before: nbformat.NotebookNode) -> None:
    """Bring an executed notebook into the stored form, in place."""
    notebook.metadata = nbformat.from_dict(_METADATA)
    stored = {cell.id: cell for cell in before.cells}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        old = stored.get(cell.id)
        random = "nbval-ignore-output" in cell.metadata.get("tags", [])
        if random and old is not None and old.source == cell.source and old.outputs:
            cell.outputs = old.outputs
        cell.outputs = [_still(output) for output in cell.outputs]


def _still(output: nbformat.NotebookNode) -> nbformat.NotebookNode:
    if "data" in output:
        output.data.pop(_WIDGET_VIEW, None)
        output.metadata = nbformat.from_dict({})
    return output
