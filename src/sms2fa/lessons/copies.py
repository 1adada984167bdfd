"""The learner's own copy of the course, so that playing does not dirty the repository."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

_EXTRAS = ("GLOSSARY.md", "figures/*.svg")
_RECORD = ".course.json"  # which version of each notebook was copied


def copy_course(source: Path, target: Path) -> list[str]:
    """Copy each notebook that the learner does not have yet, and what they link to. No notebook is overwritten.

    Args:
        source: the folder with the course.
        target: the learner's folder, made where it is missing.

    Returns:
        A sentence for the learner about each notebook that was copied, or of which the course has a newer version.
    """
    target.mkdir(parents=True, exist_ok=True)
    for extra in _EXTRAS:  # what the notebooks link to; it is not the learner's to change, so the newest is kept
        for file in source.glob(extra):
            copy = target / file.relative_to(source)
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(file, copy)
    record_file = target / _RECORD
    record: dict[str, str] = json.loads(record_file.read_text("utf-8")) if record_file.exists() else {}
    told = []
    for notebook in sorted(source.glob("*.ipynb")):
        version = hashlib.sha256(notebook.read_bytes()).hexdigest()
        mine = target / notebook.name
        if not mine.exists():
            shutil.copyfile(notebook, mine)
            record[notebook.name] = version
            told.append(f"{notebook.name}: copied to {target.name}/")
        elif record.get(notebook.name) != version:
            told.append(
                f"{notebook.name}: the course has a newer version; yours is kept. "
                f"To take the newer one, rename {target.name}/{notebook.name} and start again."
            )
    record_file.write_text(json.dumps(record, indent=1), "utf-8")
    return told
