"""Exercises of notebook 03: a PIN allows five tries, and works once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.learner import run
from sms2fa.lessons.probes import Case, Finding, judge_result, try_case

NOTEBOOK = "03_verify_the_pin"
_RIGHT, _WRONG = "042917", "111111"

Known = tuple[tuple[Any, str], ...]
Move = tuple[str, str, Known]  # what is typed, the word that is expected, and the known wrong words


def _play(answer: Callable[..., Any], name: str, start: dict[str, Any], moves: Sequence[Move]) -> Finding | None:
    """Type one PIN after another on one challenge. The finding is that of the first word that goes wrong."""
    if finding := try_case(answer, name, Case((start, moves[0][0]), moves[0][1], moves[0][2])):
        return finding
    challenge = dict(start)
    for number, (typed, expected, known) in enumerate(moves, start=1):
        got = run(answer, challenge, typed)
        before = "" if number == 1 else f" after {', '.join(move[0] for move in moves[: number - 1])}"
        if finding := judge_result(f"{name}(challenge, {typed!r}){before}", got, expected, known):
            return finding
    return None


_TRIES = "import hmac\n\n\ndef check_tries(challenge, typed):\n"
_ONCE = "import hmac\n\n\ndef check_once(challenge, typed):\n"
_SAME = 'hmac.compare_digest(challenge["pin"].encode(), typed.encode())'

# --- verify-3: five tries ---

_RIGHT_WINS = (
    "After five wrong tries the right PIN still lets in, so a program may go on guessing. Look at the "
    "tries before the PIN."
)
_ONE_MORE = "Your function allows a sixth try. After five wrong ones it is over: `>= 5`, not `> 5`."
_NOT_COUNTED = "The sixth wrong try is answered like the first: nothing was added to `challenge['wrong']`."
_STOPS_SOON = (
    "Your function gives up before five wrong tries. People mistype, and five guesses in a million gain little."
)


def _judge_verify_3(answer: Callable[..., Any]) -> Finding | None:
    wrong: Move = (_WRONG, "wrong PIN", (("too many tries", _STOPS_SOON),))
    right: Move = (_RIGHT, "verified", (("too many tries", _STOPS_SOON),))
    sixth: Move = (_WRONG, "too many tries", (("wrong PIN", _ONE_MORE if _counts(answer) else _NOT_COUNTED),))
    late: Move = (_RIGHT, "too many tries", (("verified", _RIGHT_WINS),))
    start = {"pin": _RIGHT, "wrong": 0}
    plays = ([right], [wrong] * 4 + [right], [wrong] * 5 + [sixth], [wrong] * 5 + [late])
    return next((finding for moves in plays if (finding := _play(answer, "check_tries", start, moves))), None)


def _counts(answer: Callable[..., Any]) -> bool:
    challenge = {"pin": _RIGHT, "wrong": 0}
    run(answer, challenge, _WRONG)
    return challenge.get("wrong") != 0


VERIFY_3 = Exercise(
    id="verify-3",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="Five tries",
    answer="check_tries",
    statement="""A **challenge** allows five wrong PINs. After that, the right one does not help either.

`check_tries(challenge, typed)` returns `"verified"`, `"wrong PIN"` or `"too many tries"`. The challenge \
is a dict with the `"pin"` and the number of `"wrong"` tries so far, which your function keeps up to \
date.""",
    stub='''import hmac


def check_tries(challenge, typed):
    """"verified", "wrong PIN" or "too many tries"."""
    too_many = ...  # were there five wrong tries already?
    if too_many:
        return "too many tries"
    if hmac.compare_digest(challenge["pin"].encode(), typed.encode()):
        return "verified"
    challenge["wrong"] = ...  # what is it after this try?
    return "wrong PIN"
''',
    hints=(
        'Both places are about `challenge["wrong"]`: the first one looks at it, the second one makes it larger.',
        "It starts at 0. After five wrong tries it is 5, and from then on there are too many: is that `>` or `>=`?",
    ),
    solution='''import hmac


def check_tries(challenge, typed):
    """"verified", "wrong PIN" or "too many tries"."""
    too_many = challenge["wrong"] >= 5
    if too_many:
        return "too many tries"
    if hmac.compare_digest(challenge["pin"].encode(), typed.encode()):
        return "verified"
    challenge["wrong"] = challenge["wrong"] + 1
    return "wrong PIN"
''',
    mistakes=(
        Mistake(
            "compares before it looks at the tries",
            f'{_TRIES}    if {_SAME}:\n        return "verified"\n    if challenge["wrong"] >= 5:\n'
            '        return "too many tries"\n    challenge["wrong"] += 1\n    return "wrong PIN"\n',
            _RIGHT_WINS,
        ),
        Mistake(
            "allows a sixth",
            f'{_TRIES}    if challenge["wrong"] > 5:\n        return "too many tries"\n    if {_SAME}:\n'
            '        return "verified"\n    challenge["wrong"] += 1\n    return "wrong PIN"\n',
            _ONE_MORE,
        ),
        Mistake(
            "does not count",
            f'{_TRIES}    if challenge["wrong"] >= 5:\n        return "too many tries"\n    if {_SAME}:\n'
            '        return "verified"\n    return "wrong PIN"\n',
            _NOT_COUNTED,
        ),
        Mistake(
            "counts first and stops at five",
            f'{_TRIES}    challenge["wrong"] += 1\n    if challenge["wrong"] >= 5:\n        return "too many tries"\n'
            f'    return "verified" if {_SAME} else "wrong PIN"\n',
            _STOPS_SOON,
        ),
    ),
    why="A program gets five guesses in a million and no more, whatever it types afterwards.",
    judge=_judge_verify_3,
)

# --- verify-4: single use ---

_WORKS_TWICE = "The same PIN lets in a second time. Whoever looked over the claimant's shoulder can use it, too."
_BURNT = "A wrong PIN used the challenge up, so the right one no longer works. A stranger could lock everybody out."
_NEVER = "The right PIN is already used at its first try. Look whether it was used before you write down that it is."

_NOT_FORGOTTEN = (
    "The second time your function says wrong PIN, but the PIN is right and was used. The server should "
    "know the difference."
)
_TELLS_MORE = (
    "On a used challenge your function still compares: a wrong PIN gets another answer than the right one, "
    "so it goes on telling which is which. Look at `used` first."
)


def _judge_verify_4(answer: Callable[..., Any]) -> Finding | None:
    right: Move = (_RIGHT, "verified", (("already used", _NEVER),))
    again: Move = (_RIGHT, "already used", (("verified", _WORKS_TWICE), ("wrong PIN", _NOT_FORGOTTEN)))
    wrong: Move = (_WRONG, "wrong PIN", (("already used", _BURNT),))
    after_wrong: Move = (_RIGHT, "verified", (("already used", _BURNT),))
    wrong_again: Move = (_WRONG, "already used", (("wrong PIN", _TELLS_MORE),))
    start = {"pin": _RIGHT, "used": False}
    plays = ([right], [right, again, again], [wrong, wrong, after_wrong, again], [right, wrong_again])
    return next((finding for moves in plays if (finding := _play(answer, "check_once", start, moves))), None)


VERIFY_4 = Exercise(
    id="verify-4",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="Used once",
    answer="check_once",
    statement="""The PIN of a **challenge** works once.

`check_once(challenge, typed)` returns `"verified"`, `"wrong PIN"` or, whatever is typed on a challenge \
that was verified before, `"already used"`. The challenge is a dict with the `"pin"` and with `"used"`, \
which is False at the start and which your function keeps up to date.""",
    stub='''def check_once(challenge, typed):
    """"verified", "wrong PIN" or "already used"."""
    return ...  # your code here, on as many lines as you like
''',
    hints=(
        "Three things, in this order: was it used? Is the PIN right? If it is, write down that it is used now.",
        'Begin with `if challenge["used"]: return "already used"`. Compare as in the exercise before.',
        'Only the right PIN changes anything: `challenge["used"] = True`, and then `return "verified"`.',
    ),
    solution='''import hmac


def check_once(challenge, typed):
    """"verified", "wrong PIN" or "already used"."""
    if challenge["used"]:
        return "already used"
    if not hmac.compare_digest(challenge["pin"].encode(), typed.encode()):
        return "wrong PIN"
    challenge["used"] = True
    return "verified"
''',
    mistakes=(
        Mistake(
            "does not write it down",
            f'{_ONCE}    if challenge["used"]:\n        return "already used"\n'
            f'    return "verified" if {_SAME} else "wrong PIN"\n',
            _WORKS_TWICE,
        ),
        Mistake(
            "uses it up at every try",
            f'{_ONCE}    if challenge["used"]:\n        return "already used"\n    challenge["used"] = True\n'
            f'    return "verified" if {_SAME} else "wrong PIN"\n',
            _BURNT,
        ),
        Mistake(
            "writes it down before it looks",
            f'{_ONCE}    if {_SAME}:\n        challenge["used"] = True\n    if challenge["used"]:\n'
            '        return "already used"\n    return "wrong PIN"\n',
            _NEVER,
        ),
        Mistake(
            "takes the PIN away",
            (
                f'{_ONCE}    if {_SAME}:\n        challenge["pin"] = ""\n        return "verified"\n'
                f'    return "wrong PIN"\n'
            ),
            _NOT_FORGOTTEN,
        ),
        Mistake(
            "compares first",
            f'{_ONCE}    if not {_SAME}:\n        return "wrong PIN"\n    if challenge["used"]:\n'
            '        return "already used"\n    challenge["used"] = True\n    return "verified"\n',
            _TELLS_MORE,
        ),
    ),
    why="A PIN that was used is worthless to whoever reads it afterwards, on the screen, in a log, or over a shoulder.",
    judge=_judge_verify_4,
)

EXERCISES = (VERIFY_3, VERIFY_4)
