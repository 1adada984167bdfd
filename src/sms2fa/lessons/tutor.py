"""The tutor of one exercise: checks an answer, gives the hints one by one, shows the solution when it is time."""

from __future__ import annotations

from dataclasses import replace

from sms2fa.errors import InvalidInput
from sms2fa.lessons.exercise import Exercise, Result, Status
from sms2fa.lessons.exercises import EXERCISES
from sms2fa.lessons.progress import Progress, Record, my_progress
from sms2fa.widgets.card import Card

_TRIES_FIRST = 3  # before the solution is offered
_WISHES = 2  # that show it in any case


class Tutor:
    """What `exercise` returns. It displays as the statement of the exercise.

    Args:
        exercise: which one.
        progress: where tries and hints are recorded.
    """

    def __init__(self, exercise: Exercise, progress: Progress) -> None:
        self.exercise = exercise
        self._progress = progress

    def check(self, answer: object) -> Result:
        """Check an answer: the function that the exercise asks for."""
        result = self.exercise.check(answer)
        if result.status is Status.NOT_ATTEMPTED or not callable(answer):  # a value is a call too many, not a try
            return result
        record = self._progress.note(
            self.exercise.id, lambda old: old._replace(tries=old.tries + 1, passed=old.passed or bool(result))
        )
        help_offered = () if result else (f"Try {record.tries}. {self._help(record)}",)
        return replace(result, notes=(*help_offered, *self._notices()))

    def next_hint(self) -> Card:
        """Show one hint more, below those that were shown before."""
        hints = self.exercise.hints
        record = self._progress.note(self.exercise.id, lambda old: old._replace(hints=min(old.hints + 1, len(hints))))
        seen = hints[: record.hints]
        lines = tuple(f"{number}. {hint}" for number, hint in enumerate(seen, start=1))
        last = (f"That is the last hint. The solution: `{self._call('show_solution')}`",) if seen == hints else ()
        heading = f"{self.exercise.id}: hint {len(seen)} of {len(hints)}"
        return Card(heading, sentences=lines, notes=(*last, *self._notices()))

    def show_solution(self) -> Card:
        """Show the solution, after three tries, or when this is the second wish for it."""
        record = self._progress.record(self.exercise.id)
        asked = self._progress.note(self.exercise.id, lambda old: old._replace(asked=old.asked + 1)).asked
        if not record.passed and record.tries < _TRIES_FIRST and asked < _WISHES:
            words = f"{_tried(record.tries)} The solution is shown after three tries, or if you run this cell again."
            return Card(f"{self.exercise.id}: solution", sentences=(words,), notes=self._notices())
        words = "One way to write it. Run it, change a line, and see what the check says then."
        return Card(
            f"{self.exercise.id}: solution", sentences=(words,), code=self.exercise.solution, notes=self._notices()
        )

    def _help(self, record: Record) -> str:
        if record.hints < len(self.exercise.hints):
            return f"For a hint: `{self._call('next_hint')}`"
        if record.tries < _TRIES_FIRST:
            return f"The hints once more: `{self._call('next_hint')}`"
        return f"For the solution: `{self._call('show_solution')}`"

    def _call(self, method: str) -> str:
        return f'exercise("{self.exercise.id}").{method}()'

    def _notices(self) -> tuple[str, ...]:
        notice = self._progress.take_notice()
        return (notice,) if notice else ()

    def card(self) -> Card:
        """The exercise as it is put to the learner."""
        return Card(
            f"{self.exercise.id} ({self.exercise.level.value}): {self.exercise.title}",
            sentences=tuple(self.exercise.statement.split("\n\n")),
        )

    def __repr__(self) -> str:
        return repr(self.card())

    def _repr_html_(self) -> str:
        return self.card()._repr_html_()


def exercise(exercise_id: str) -> Tutor:
    """The tutor of an exercise, such as ``exercise("pin-1")``.

    Raises:
        InvalidInput: for an id that no exercise has.
    """
    if exercise_id not in EXERCISES:
        raise InvalidInput(f"expected one of {', '.join(EXERCISES)}; got {exercise_id!r}", field="exercise_id")
    return Tutor(EXERCISES[exercise_id], my_progress())


def reset_progress() -> Card:
    """Forget every try, hint and pass."""
    progress = my_progress()
    progress.reset()
    return Card("Progress", sentences=(progress.take_notice() or "Your progress was reset: every exercise is open.",))


def _tried(count: int) -> str:
    times = {1: "once", 2: "twice"}.get(count, f"{count} times")
    return f"You have tried {times}." if count else "You have not tried yet."
