"""Probes: what an exercise tries on the learner's function, and what it says where the answer is another one.

A case is one call with its expected result, and the wrong results that people really get, each with its sentence. Any
other wrong result earns a sentence too, made of what went in, what came out and what was expected.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import isclose
from typing import Any

from sms2fa.lessons.learner import PATIENCE, Endless, Raised, run
from sms2fa.widgets.card import Rows

_WIDEST = 72  # characters of a value that is shown
ANYTHING = object()  # expected, where only an exception would be wrong


@dataclass(frozen=True, slots=True)
class Finding:
    """Why an answer is not right yet: a sentence, and what was tried."""

    sentence: str
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class Raises:
    """An exception of this kind, as an expected result or a known wrong one.

    Attributes:
        kind: its class, or one above.
        words: what its message contains, where the kind alone does not prove the cause.
    """

    kind: type[BaseException]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One call of the learner's function.

    Attributes:
        arguments: what it is called with; each call gets a copy.
        expected: a value, or `Raises`.
        known: wrong results (values or `Raises`), each with the sentence that it earns.
        call: the call as the learner reads it; by default with all arguments.
        when: in which situation, in words; it is shown beside the call.
    """

    arguments: tuple[Any, ...]
    expected: Any
    known: tuple[tuple[Any, str], ...] = ()
    call: str = ""
    when: str = ""


def try_cases(answer: Callable[..., Any], name: str, cases: Iterable[Case]) -> Finding | None:
    """The finding at the first case that goes wrong, or None."""
    return next((finding for case in cases if (finding := try_case(answer, name, case))), None)


def try_case(answer: Callable[..., Any], name: str, case: Case) -> Finding | None:
    """Call the learner's function once."""
    call = case.call or shown_call(name, case.arguments)
    if not takes(answer, len(case.arguments)):
        return Finding(f"Your function cannot be called as `{call}`. Leave its first line as it was.")
    return judge_result(call, run(answer, *copy.deepcopy(case.arguments)), case.expected, case.known, case.when)


def judge_result(
    call: str, got: Any, expected: Any, known: Iterable[tuple[Any, str]] = (), when: str = ""
) -> Finding | None:
    """Compare what came out of a call with what was expected."""
    if matches(got, expected):
        return None
    tried = f"{call}, {when}" if when else call
    rows = (("tried", tried), *result_rows(got), ("expected", _wanted(expected)))
    for wrong, sentence in known:
        if matches(got, wrong):
            return Finding(sentence, rows)
    if isinstance(got, Raised):
        return theirs(tried, got)
    return Finding(_difference(f"`{call}` ({when})" if when else f"`{call}`", got, expected), rows)


def theirs(call: str, raised: Raised) -> Finding:
    """An exception of the learner's function, with their line."""
    if isinstance(raised.error, Endless):
        sentence = f"Your function did not come to an end within {PATIENCE:g} seconds. Does its loop ever stop?"
    else:
        at = "" if raised.line is None else f" in line {raised.line.number} of {raised.line.where}"
        sentence = f"Your function raised {type(raised.error).__name__}{at}."
    return Finding(sentence, (("tried", call), *result_rows(raised)))


def matches(got: Any, wanted: Any) -> bool:
    """Whether a result is the wanted one: of the same kind, so that 1 is not True and 4217 is not '4217'."""
    if isinstance(wanted, Raises) or isinstance(got, Raised):
        if not (isinstance(wanted, Raises) and isinstance(got, Raised)):
            return False
        return isinstance(got.error, wanted.kind) and wanted.words in str(got.error)
    if wanted is ANYTHING:
        return True
    if isinstance(wanted, bool) or isinstance(got, bool) or wanted is None or got is None:
        return got is wanted
    if isinstance(wanted, float) and isinstance(got, int | float):
        return isclose(got, wanted, rel_tol=1e-9)
    return isinstance(got, type(wanted)) and _equal(got, wanted)


def _equal(got: Any, wanted: Any) -> bool:
    try:
        return bool(got == wanted)
    except Exception:  # noqa: BLE001 - the learner's own value, whose `==` may do anything
        return False


def takes(answer: Callable[..., Any], count: int) -> bool:
    """Whether a function can be called with so many arguments. Some built-in ones do not say; they are tried."""
    try:
        inspect.signature(answer).bind(*range(count))
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def result_rows(got: Any) -> Rows:
    """What came out, and the learner's line where it was an exception."""
    if not isinstance(got, Raised):
        return (("got", shown(got)),)
    if isinstance(got.error, Endless):
        return _line_rows(got)
    return (("raised", got.words), *_line_rows(got))


def shown_call(name: str, arguments: Iterable[Any]) -> str:
    """A call as one would write it."""
    return f"{name}({', '.join(map(shown, arguments))})"


def shown(value: Any) -> str:
    """A value as Python writes it; a long one is cut, and a small number has no exponent."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - the learner's own value, whose `repr` may do anything
        return f"an object of the type {type(value).__name__}"
    if isinstance(value, float) and "e-" in text:
        text = f"{Decimal(text):f}"
    if len(text) <= _WIDEST:
        return text
    if isinstance(value, str):
        return f"{text[: _WIDEST // 2]}\u2026{text[-1]} ({len(value)} characters)"
    return f"{text[: _WIDEST // 2]}\u2026"


def _line_rows(raised: Raised) -> Rows:
    return () if raised.line is None else ((f"line {raised.line.number}", raised.line.text),)


def _wanted(expected: Any) -> str:
    if expected is ANYTHING:
        return "no exception"
    return f"an exception of the kind {expected.kind.__name__}" if isinstance(expected, Raises) else shown(expected)


def _difference(call: str, got: Any, expected: Any) -> str:
    if isinstance(expected, Raises):
        return f"{call} returned {shown(got)}. It should raise {expected.kind.__name__} instead."
    if got is None:
        return f"{call} returned None. Is there a `return` on every way through your function?"
    whole = type(got) is int and isinstance(expected, float)  # 0 for 0.5: the value is wrong, not its kind
    if type(got) is type(expected) or expected is None or whole:
        return f"{call} returned {shown(got)}. Expected {shown(expected)}."
    return f"{call} returned {shown(got)}, which is {_kind(got)}. Expected {_kind(expected)}: {shown(expected)}."


def _kind(value: Any) -> str:
    words = {str: "a text (str)", int: "a whole number (int)", float: "a number (float)", bool: "a truth value (bool)"}
    return words.get(type(value), f"a value of the type {type(value).__name__}")
