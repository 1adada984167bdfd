"""An exercise is data: what to do, where to write it, hints, a solution, and the mistakes that people really make.

A ``...`` in a stub stands for what the learner is to write. As long as an answer is ``...``, or is a function with a
``...`` in its code, it counts as not attempted, and is not called.
"""

from __future__ import annotations

import ast
import linecache
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sms2fa.errors import InvalidInput
from sms2fa.lessons.learner import Endless, has_blank
from sms2fa.lessons.probes import Finding, shown, shown_call
from sms2fa.widgets.card import Card, Rows

_log = logging.getLogger(__name__)
_FEWEST = 2  # hints, and named mistakes


class Level(StrEnum):
    """Who does it: everybody, the instructor in front of all, or whoever wants more."""

    CORE = "core"
    DEMO = "demo"
    EXTRA = "extra"


class Status(StrEnum):
    """What a check found."""

    NOT_ATTEMPTED = "not attempted"
    NOT_YET = "not yet"
    PASSED = "passed"


class Mistake(NamedTuple):
    """A wrong answer that people really give, and the sentence it earns."""

    name: str
    source: str
    sentence: str


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """What a check found. It is true where the exercise is passed.

    Attributes:
        exercise_id: of which exercise.
        status: not attempted, not yet, or passed.
        sentence: what is not right yet, or why it matters.
        tried: names and values: the call, what came out, what was expected.
        notes: what one could do next.
    """

    exercise_id: str
    status: Status
    sentence: str
    tried: Rows = ()
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.status is Status.PASSED

    def card(self) -> Card:
        """The result as a card."""
        kind = {Status.NOT_ATTEMPTED: "plain", Status.NOT_YET: "not yet", Status.PASSED: "good"}[self.status]
        heading = f"{self.exercise_id}: {self.status}"
        return Card(heading, kind, (self.sentence,), self.tried, notes=self.notes)

    def __repr__(self) -> str:
        return repr(self.card())

    def _repr_html_(self) -> str:
        return self.card()._repr_html_()


class _Last:
    """The learner's function, and its last call. Where one call did not end, no other is made: each takes seconds."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        self.__wrapped__ = answer  # by which `inspect.signature` finds the parameters
        self.arguments: tuple[Any, ...] = ()
        self.got: Any = None
        self._endless: Endless | None = None

    def __call__(self, *arguments: Any) -> Any:
        if self._endless is not None:
            raise self._endless
        self.arguments, self.got = arguments, None
        try:
            self.got = self.__wrapped__(*arguments)
        except Endless as error:
            self._endless = error
            raise
        return self.got


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Exercise:
    """One exercise. Its ``repr`` tells neither hints nor solution.

    Attributes:
        id: such as "pin-1".
        notebook: the stem of the notebook that it stands in.
        level: core, demo or extra.
        title: a few words for the map of the course.
        answer: the name that stub, solution and mistakes define: a function.
        statement: what to do, as Markdown.
        stub: source of the cell that the learner fills in. It imports nothing; the notebook's set-up cell does.
        hints: at least two, from a nudge to nearly all.
        solution: source that needs nothing but its own imports.
        mistakes: at least two.
        why: what is gained, said to whoever passed.
        judge: tries the learner's function, and says what is not right yet.

    Raises:
        InvalidInput: for fewer than two hints or mistakes.
    """

    id: str
    notebook: str
    level: Level
    title: str
    answer: str
    statement: str
    stub: str
    hints: tuple[str, ...]
    solution: str
    mistakes: tuple[Mistake, ...]
    why: str
    judge: Callable[[Callable[..., Any]], Finding | None]

    def __post_init__(self) -> None:
        for field in ("hints", "mistakes"):
            if len(getattr(self, field)) < _FEWEST:
                raise InvalidInput(f"expected at least {_FEWEST} {field} for {self.id}", field=field)

    def check(self, answer: object) -> Result:
        """Look at an answer. Nothing is recorded: that is the tutor's part."""
        if has_blank(answer):
            words = (
                "Put your own code in place of each `...` in the cell above, run that cell, and then this one again."
            )
            return Result(self.id, Status.NOT_ATTEMPTED, words)
        if not callable(answer):
            call = f'exercise("{self.id}").check({self.answer})'
            sentence = f"Expected the function itself, without calling it: `{call}`."
            return Result(self.id, Status.NOT_YET, sentence, (("got", shown(answer)),))
        finding = self._judged(answer)
        if finding is None:
            return Result(self.id, Status.PASSED, self.why)
        return Result(self.id, Status.NOT_YET, finding.sentence, finding.rows)

    def _judged(self, answer: Callable[..., Any]) -> Finding | None:
        """What the judge says. Where it stumbles over an odd value of the learner's, say what came, not how it fell."""
        last = _Last(answer)
        try:
            return self.judge(last)
        except Exception:  # noqa: BLE001 - a learner can do nothing with a traceback of ours
            _log.debug("the judge of %s failed", self.id, exc_info=True)
            rows = (("tried", shown_call(self.answer, last.arguments)), ("got", shown(last.got)))
            sentence = "Your function left something behind that the check cannot read."
            return Finding(sentence, (*rows, ("expected", self._purpose())))

    def _purpose(self) -> str:
        """What the function does, in the words of the stub."""
        functions = (each for each in ast.parse(self.stub).body if isinstance(each, ast.FunctionDef))
        return next((ast.get_docstring(each) or "" for each in functions), "")

    def build(self, source: str) -> Any:
        """Run a source of this exercise, and return the answer that it defines."""
        filename = f"<answer to {self.id}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        names: dict[str, Any] = {}
        exec(compile(source, filename, "exec"), names)  # noqa: S102 - our own sources, and the learner's own
        return names[self.answer]

    def __repr__(self) -> str:
        return f"Exercise({self.id!r}, {self.level.value}, {self.title!r})"
