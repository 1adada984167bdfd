"""The map of the course: which exercises of which notebook are passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from sms2fa.lessons.exercise import Exercise
from sms2fa.lessons.exercises import EXERCISES
from sms2fa.lessons.progress import Record, my_progress
from sms2fa.widgets import style
from sms2fa.widgets.card import inline

TITLES = {
    "00_start_here": "00 Log in with two factors",
    "01_generate_a_pin": "01 Generate a PIN",
    "02_send_the_sms": "02 Send the SMS",
    "03_verify_the_pin": "03 Verify the PIN",
}
_HEADINGS = ("notebook", "exercise", "level", "state")


class CourseMap:
    """A table, as HTML and as text.

    Args:
        exercises: in the order of the course.
        records: what the learner did, by exercise.
        notice: where the records could not be read.
    """

    def __init__(self, exercises: Iterable[Exercise], records: Mapping[str, Record], notice: str = "") -> None:
        self._exercises = tuple(exercises)
        self._records = records
        self._notice = notice

    @property
    def lines(self) -> list[tuple[str, str, str, str]]:
        """Notebook, exercise, level and state of each exercise."""
        return [
            (TITLES.get(each.notebook, each.notebook), f"{each.id} {each.title}", each.level.value, self._state(each))
            for each in self._exercises
        ]

    @property
    def summary(self) -> str:
        """How many are passed."""
        passed = [each for each in self._exercises if self._of(each).passed]
        core = [each for each in self._exercises if each.level == "core"]
        of_core = sum(each in core for each in passed)
        return f"{len(passed)} of {len(self._exercises)} exercises passed, {of_core} of {len(core)} core ones."

    def _of(self, exercise: Exercise) -> Record:
        return self._records.get(exercise.id, Record())

    def _state(self, exercise: Exercise) -> str:
        record = self._of(exercise)
        return "passed" if record.passed else "tried" if record.tries else "open"

    def __repr__(self) -> str:
        table = [_HEADINGS, *self.lines]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        rows = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
        return "\n".join([*rows, self.summary, *([self._notice] if self._notice else [])])

    def _repr_html_(self) -> str:
        cell = f"text-align:left;padding:2px 14px 2px 0;background:{style.PAPER};color:{style.INK}"
        heads = "".join(f'<th style="{cell}">{name}</th>' for name in _HEADINGS)
        rows, before = "", ""
        for notebook, *others in self.lines:
            first = "" if notebook == before else notebook  # once for each notebook, as one would write it
            before = notebook
            cells = "".join(f'<td style="{cell}">{escape(text)}</td>' for text in (first, *others))
            rows += f"<tr>{cells}</tr>"
        table = f'<table style="border-collapse:collapse"><tr>{heads}</tr>{rows}</table>'
        words = f'<div style="margin-top:6px">{inline(" ".join([self.summary, self._notice]).strip())}</div>'
        return style.panel("Map of the course", table + words)


def course_map() -> CourseMap:
    """The map of the course with the learner's progress in it."""
    progress = my_progress()
    records = progress.records()
    return CourseMap(EXERCISES.values(), records, progress.take_notice())
