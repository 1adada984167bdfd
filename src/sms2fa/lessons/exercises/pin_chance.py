"""Exercises of notebook 01: digits that are equally likely, and the chance of a guesser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.learner import run
from sms2fa.lessons.probes import ANYTHING, Case, Finding, judge_result, try_case, try_cases

NOTEBOOK = "01_generate_a_pin"

_MODULO = (
    "You keep all 256 bytes, and 256 is not a multiple of 10: the digits 0 to 5 come from 26 bytes each, "
    "6 to 9 from 25. A guesser begins with the likelier ones."
)
_SCALED = "You keep all 256 bytes. However they are shared out, 256 does not divide into ten equal parts."
_ONE_TOO_MANY = (
    "You keep one byte too many. The bytes 0 to 249 are 250 of them, and 250 is the multiple of 10 to stop at."
)
_WASTEFUL = "Fair, but you throw most bytes away. Keep as many as divide into ten equal parts: 250."


def _judge_pin_3(answer: Callable[..., Any]) -> Finding | None:
    digits = []
    for byte in range(256):
        if finding := try_case(answer, "digit_from", Case((byte,), ANYTHING)):
            return finding
        digit = run(answer, byte)
        if digit is not None and not (isinstance(digit, int) and 0 <= digit <= 9):
            return judge_result(f"digit_from({byte})", digit, byte % 10)
        digits.append(digit)
    counts = Counter(digits)
    kept = [counts[digit] for digit in range(10)]
    words = ", ".join(f"{digit}: {count}" for digit, count in enumerate(kept))
    rows = (("tried", "all bytes, 0 to 255"), ("bytes of each digit", words), ("None", f"{counts[None]} times"))
    if kept == [25] * 10:
        return None
    if not any(kept):
        return Finding("Your function returned None for every byte, so no digit ever comes.", rows)
    if len(set(kept)) == 1:
        return Finding(_WASTEFUL, rows)
    if not counts[None]:
        return Finding(_MODULO if kept == [26] * 6 + [25] * 4 else _SCALED, rows)
    if sum(kept) == 251 and sorted(kept) == [25] * 9 + [26]:
        return Finding(_ONE_TOO_MANY, rows)
    most, least = kept.index(max(kept)), kept.index(min(kept))
    return Finding(
        f"The digit {most} comes from {max(kept)} bytes, {least} from {min(kept)}. All should be equal.", rows
    )


PIN_3 = Exercise(
    id="pin-3",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="A digit without bias",
    answer="digit_from",
    statement="""Some devices give randomness as bytes, numbers from 0 to 255, each equally likely. Turn a byte into \
one digit of a **PIN**, so that all ten digits are equally likely.

`digit_from(byte)` returns a digit (0 to 9), or None where the byte is to be thrown away and another one \
drawn. Throw away as few as you can.""",
    stub='''def digit_from(byte):
    """A digit 0 to 9, or None: draw another byte."""
    return ...  # your code here
''',
    hints=(
        "How many bytes can be dealt out to ten digits, so that each digit has the same number? Not 256.",
        "250 bytes give 25 to each digit. Return None for the six that are left over; for the others `%` helps.",
    ),
    solution='''def digit_from(byte):
    """A digit 0 to 9, or None: draw another byte."""
    if byte >= 250:
        return None
    return byte % 10
''',
    mistakes=(
        Mistake("takes the remainder alone", "def digit_from(byte):\n    return byte % 10\n", _MODULO),
        Mistake("scales", "def digit_from(byte):\n    return byte * 10 // 256\n", _SCALED),
        Mistake(
            "stops one byte late",
            "def digit_from(byte):\n    return None if byte > 250 else byte % 10\n",
            _ONE_TOO_MANY,
        ),
        Mistake("keeps ten bytes", "def digit_from(byte):\n    return byte if byte < 10 else None\n", _WASTEFUL),
    ),
    why="Each digit has 25 bytes, so no PIN is likelier than another. `secrets.randbelow` throws away in the same way.",
    judge=_judge_pin_3,
)

_PERCENT = "Your chance is a hundred times too large. Return the share, 0 to 1, and leave percent to whoever prints it."
_ONE_TRY = "Your chance is that of one guess. It does not grow with the tries."
_REPEATING = (
    "You let the guesser type the same PIN twice. Nobody does that: a hundred tries are a hundred different PINs."
)
_OVER_ONE = "A chance cannot be larger than 1. With as many tries as there are PINs, the guesser is in for certain."
_CUT_OFF = (
    "Your chance is the whole number 0. `//` cuts off what stands after the point, and so does `int`: divide with `/`."
)
_DIGITS_TIMES_TEN = "There are `10 ** digits` PINs. Each further digit makes ten times as many, not ten more."

PIN_5 = Exercise(
    id="pin-5",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="The chance of a guesser",
    answer="chance",
    statement="""A guesser types a different **PIN** at each try, and the PIN stays the same meanwhile. What is the \
chance to be let in?

`chance(digits, tries)` returns a number from 0 to 1.""",
    stub='''def chance(digits, tries):
    """The chance, 0 to 1, that so many different guesses hit a PIN of so many digits."""
    return ...  # your code here
''',
    hints=(
        "How many PINs have 1 digit? How many have 2? How many have `digits`?",
        (
            "The guesser has typed `tries` of all those PINs. Which part of them is that? And what if there are "
            "more tries than PINs?"
        ),
    ),
    solution='''def chance(digits, tries):
    """The chance, 0 to 1, that so many different guesses hit a PIN of so many digits."""
    return min(1, tries / 10**digits)
''',
    mistakes=(
        Mistake("in percent", "def chance(digits, tries):\n    return min(100, 100 * tries / 10**digits)\n", _PERCENT),
        Mistake("forgets the tries", "def chance(digits, tries):\n    return 1 / 10**digits\n", _ONE_TRY),
        Mistake(
            "guesses with repetition",
            "def chance(digits, tries):\n    return 1 - (1 - 1 / 10**digits) ** tries\n",
            _REPEATING,
        ),
        Mistake("has no upper end", "def chance(digits, tries):\n    return tries / 10**digits\n", _OVER_ONE),
        Mistake("divides with //", "def chance(digits, tries):\n    return min(1, tries // 10**digits)\n", _CUT_OFF),
        Mistake(
            "multiplies", "def chance(digits, tries):\n    return min(1, tries / (10 * digits))\n", _DIGITS_TIMES_TEN
        ),
    ),
    why=(
        "Six digits and a hundred tries: one in 10,000. Two numbers protect the PIN, its length and the "
        "tries you allow."
    ),
    judge=lambda answer: try_cases(
        answer,
        "chance",
        (
            Case((6, 1), 1e-6, ((1e-4, _PERCENT), (1 / 60, _DIGITS_TIMES_TEN), (0, _CUT_OFF))),
            Case((6, 100), 1e-4, ((1e-6, _ONE_TRY), (1 - (1 - 1e-6) ** 100, _REPEATING))),
            Case((4, 100), 0.01),
            Case((4, 10_000), 1.0),
            Case((4, 20_000), 1.0, ((2.0, _OVER_ONE),)),
        ),
    ),
)

EXERCISES = (PIN_3, PIN_5)
