"""The learner's code: run for a limited time, and found again in a traceback."""

from __future__ import annotations

import linecache
import sys
import sysconfig
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

PATIENCE = 3.0  # seconds that one call of the learner's function may take

_PACKAGE = Path(__file__).resolve().parents[1]
_LIBRARIES = [
    *(Path(sysconfig.get_paths()[name]).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    _PACKAGE,
]


class Endless(BaseException):  # not an Exception, so that the learner's `except Exception` lets it through
    """The learner's function did not come to an end."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the learner's code: where it stands, its number, and its text without indentation."""

    where: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that came out of the learner's function; ``line`` is None where none of their lines took part."""

    error: BaseException
    line: Line | None

    @property
    def words(self) -> str:
        """The exception as Python would name it."""
        text = str(self.error)
        return f"{type(self.error).__name__}: {text}" if text else type(self.error).__name__


def run(function: Callable[..., Any], *arguments: object, patience: float | None = None) -> Any:
    """Call the learner's function, and stop it where its loop does not end.

    Only their own Python lines are watched: a call that waits inside a library (``time.sleep``) is not interrupted, and
    neither is anything while a debugger traces. Then the Stop button of the notebook helps.

    Returns:
        What the function returned, or `Raised`.
    """
    before = sys.gettrace()
    if before is None:
        sys.settrace(_watch(time.monotonic() + (patience or PATIENCE)))
    try:
        return function(*arguments)
    except (Exception, SystemExit, Endless) as error:  # noqa: BLE001 - the learner's, and shown as theirs
        return Raised(error, line_of(error))
    finally:
        if before is None:
            sys.settrace(None)


def line_of(error: BaseException) -> Line | None:
    """The innermost line of the learner that an exception passed through."""
    mine = [
        (frame.f_code.co_filename, number)
        for frame, number in traceback.walk_tb(error.__traceback__)
        if number and is_learners(frame.f_code.co_filename)
    ]
    if not mine:
        return None
    filename, number = mine[-1]
    # A cell has no file that anybody could open: /tmp/ipykernel_123/456.py, <ipython-input-1>, <string>.
    where = Path(filename).name if Path(filename).is_file() else "your cell"
    return Line(where, number, linecache.getline(filename, number).strip())


@lru_cache(maxsize=512)
def is_learners(filename: str) -> bool:
    """Whether code of this file is the learner's: not of this package, the standard library or an installed package."""
    if filename.startswith("<frozen "):
        return False
    if filename.startswith("<"):
        return True
    path = Path(filename).resolve()
    return not any(path.is_relative_to(library) for library in _LIBRARIES)


def has_blank(answer: object) -> bool:
    """Whether the answer, or the code of the function, still holds a ``...`` that stands for something to write."""
    code = getattr(answer, "__code__", None)
    return answer is ... or (isinstance(code, CodeType) and _holds_ellipsis(code))


def _holds_ellipsis(code: CodeType) -> bool:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return any(constant is ... for constant in code.co_consts) or any(map(_holds_ellipsis, inner))


def _watch(deadline: float) -> Callable[[FrameType, str, Any], Any]:
    def tracer(frame: FrameType, event: str, argument: Any) -> Any:
        if not is_learners(frame.f_code.co_filename):
            return None
        frame.f_trace_opcodes = True  # Python 3.11 sees no new line in `while True: pass`
        # Raised at another event, or between two lines, it would not tell the line.
        if event in ("line", "opcode") and frame.f_lineno and time.monotonic() > deadline:
            raise Endless
        return tracer

    return tracer
