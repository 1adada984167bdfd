"""Notebooks executed and stored in one normal form, so that the same course gives the same bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import nbformat
from nbclient import NotebookClient

_CELL_SECONDS = 120  # a cell that runs longer hangs
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"  # shows "model not found" without its kernel
_MADE_BY = "output_made_by"  # in the metadata of a random cell: a digest of the source
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def regenerate(path: Path) -> None:
    """Execute a notebook and store its outputs.

    A cell tagged ``nbval-ignore-output`` shows something random: it keeps its stored output as long as its source
    is the one that made it (clear the output to have a new one). Raises nbclient's CellExecutionError where a cell
    fails; then nothing is written.
    """
    notebook = nbformat.read(path, as_version=4)
    kept = {cell.id: cell.outputs for cell in notebook.cells if _is_random(cell) and _made_by_its_source(cell)}
    NotebookClient(
        notebook,
        timeout=_CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,  # else the same text comes in one piece or two
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    notebook.metadata = nbformat.from_dict(_METADATA)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = kept.get(cell.id) or [_still(output) for output in cell.outputs]
        if _is_random(cell):
            cell.metadata[_MADE_BY] = _digest(cell.source)
    path.write_text(nbformat.writes(notebook) + "\n", "utf-8", newline="\n")


def _is_random(cell: nbformat.NotebookNode) -> bool:
    return "nbval-ignore-output" in cell.metadata.get("tags", [])


def _made_by_its_source(cell: nbformat.NotebookNode) -> bool:
    return bool(cell.metadata.get(_MADE_BY) == _digest(cell.source))


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def _still(output: nbformat.NotebookNode) -> nbformat.NotebookNode:
    if "data" in output:
        output.data.pop(_WIDGET_VIEW, None)
        if "image/png" in output.data:  # a plot's HTML repeats it, for JupyterLab; GitHub shows the picture
            output.data.pop("text/html", None)
        output.metadata = nbformat.from_dict({})
    return output
