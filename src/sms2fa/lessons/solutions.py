"""The notebooks with every exercise solved: for an instructor, as a build product."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from pathlib import Path

import nbformat

from sms2fa.errors import TwoFactorError
from sms2fa.lessons.exercise import Status
from sms2fa.lessons.exercises import EXERCISES
from sms2fa.lessons.notebooks import regenerate
from sms2fa.lessons.progress import FILE

_CHECK = re.compile(r'exercise\("([\w-]+)"\)\.check\(')


def make_solutions(course: Path, folder: Path) -> list[Path]:
    """Write the solved notebooks, executed, with what they link to.

    Args:
        course: the folder with the notebooks.
        folder: where they go. What lies there is replaced.

    Raises:
        TwoFactorError: where a solution does not pass in its notebook.
        nbclient.exceptions.CellExecutionError: where a cell fails.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(course, folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints", FILE))
    paths = sorted(folder.glob("*.ipynb"))
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        solved = fill_in(notebook)
        path.write_text(nbformat.writes(notebook) + "\n", "utf-8", newline="\n")
        regenerate(path)
        unsolved = [id_ for id_ in solved if not _passed(nbformat.read(path, as_version=4), id_)]
        if unsolved:
            raise TwoFactorError(f"{path.name}: the solution does not pass: {', '.join(unsolved)}")
    (folder / FILE).unlink(missing_ok=True)  # the passes of these exercises are nobody's progress
    return paths


def fill_in(notebook: nbformat.NotebookNode) -> list[str]:
    """Put the solution into the cell above each check. Returns the ids of the exercises."""
    filled = []
    for cell, check in pairwise(notebook.cells):
        found = _CHECK.search(check.source)
        if "exercise" in cell.metadata.get("tags", []) and found:
            cell.source = EXERCISES[found[1]].solution.strip()
            filled.append(found[1])
    return filled


def _passed(notebook: nbformat.NotebookNode, exercise_id: str) -> bool:
    shown = "".join(
        output.get("data", {}).get("text/plain", "")
        for cell in notebook.cells
        if cell.cell_type == "code" and f'exercise("{exercise_id}").check(' in cell.source
        for output in cell.outputs
    )
    return shown.startswith(f"{exercise_id}: {Status.PASSED}")
