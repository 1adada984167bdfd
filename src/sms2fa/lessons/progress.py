"""What the learner tried and passed: one small file beside their notebooks, ``my-progress.json``.

It is visible, so that the learner finds it, reads it, and deletes it to start anew. It is never required: where it
cannot be written or read, the course goes on without it and says so once. It is written at a real try, a hint, or a
wish for a solution; an exercise that is not attempted leaves no trace, so running an untouched notebook makes no file.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

FILE = "my-progress.json"
_ABOUT = "Your progress in the course. To start anew, delete this file, or run reset_progress()."
_ATTEMPTS, _PAUSE = 5, 0.02  # seconds. Windows refuses a file that another notebook has open at this moment


class Record(NamedTuple):
    """One exercise: tries (right and wrong), hints seen, wishes for the solution, and whether it was ever passed."""

    tries: int = 0
    hints: int = 0
    asked: int = 0
    passed: bool = False


class Progress:
    """The learner's records, by exercise. Nothing here raises; what goes wrong is told once, by `take_notice`.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._memory: dict[str, Record] | None = None  # in place of the file, where that does not work
        self._notice = ""

    def records(self) -> dict[str, Record]:
        """All records. Another notebook may have written some since."""
        if self._memory is not None:
            return dict(self._memory)
        try:
            return _parse(_patiently(self.path.read_bytes))
        except FileNotFoundError:
            return {}
        except OSError:
            self._give_up({}, f"{self.path.name} could not be read; your progress is kept until this kernel stops.")
        except ValueError:
            self._give_up(
                {},
                f"{self.path.name} is damaged and was left as it is; your progress is kept until this kernel stops. "
                "Delete the file, or run reset_progress(), to start a new one.",
            )
        return {}

    def record(self, exercise_id: str) -> Record:
        """The record of one exercise."""
        return self.records().get(exercise_id, Record())

    def note(self, exercise_id: str, change: Callable[[Record], Record]) -> Record:
        """Change the record of one exercise, and return the new one."""
        records = self.records()  # read again: another notebook may be open
        records[exercise_id] = changed = change(records.get(exercise_id, Record()))
        if self._memory is not None:
            self._memory = records
            return changed
        try:
            self._write(records)
        except OSError:
            self._give_up(
                records, f"{self.path.name} could not be written; your progress is kept until this kernel stops."
            )
        return changed

    def reset(self) -> bool:
        """Forget all records. Returns whether the file is gone too."""
        self._memory, self._notice = None, ""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            self._give_up({}, f"{self.path.name} could not be deleted; it is ignored until this kernel stops.")
            return False
        return True

    def take_notice(self) -> str:
        """What went wrong since the last question, or ""."""
        notice, self._notice = self._notice, ""
        return notice

    def _give_up(self, records: dict[str, Record], notice: str) -> None:
        self._memory, self._notice = records, notice

    def _write(self, records: dict[str, Record]) -> None:
        content = {"about": _ABOUT, "exercises": {name: records[name]._asdict() for name in sorted(records)}}
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        try:
            part.write_text(json.dumps(content, indent=1) + "\n", "utf-8", newline="\n")
            _patiently(lambda: part.replace(self.path))
        finally:
            part.unlink(missing_ok=True)


@cache
def my_progress() -> Progress:
    """The learner's progress, beside the notebook that is open."""
    return Progress(Path.cwd() / FILE)


def _parse(content: bytes) -> dict[str, Record]:
    """Read the file; a ValueError where it is not as this module writes it."""
    data = json.loads(content)
    exercises = data.get("exercises") if isinstance(data, dict) else None
    if not isinstance(exercises, dict):
        raise ValueError("expected exercises")
    return {name: _record(fields) for name, fields in exercises.items()}


def _record(fields: Any) -> Record:
    if not isinstance(fields, dict):
        raise ValueError("expected the fields of a record")
    known = {name: fields[name] for name in Record._fields if name in fields}
    for name, value in known.items():
        if type(value) is not type(Record._field_defaults[name]):
            raise ValueError(f"expected another {name}")
    return Record(**known)


def _patiently(action: Callable[[], T]) -> T:
    for _ in range(_ATTEMPTS - 1):
        try:
            return action()
        except PermissionError:
            time.sleep(_PAUSE)
    return action()
