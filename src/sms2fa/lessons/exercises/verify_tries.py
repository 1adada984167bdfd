"""An exercise of notebook 03: a PIN allows five tries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.learner import run
from sms2fa.lessons.probes import Case, Finding, judge_result, shown, try_case

NOTEBOOK = "03_verify_the_pin"
RIGHT, WRONG = "042917", "111111"

Known = tuple[tuple[Any, str], ...]
Move = tuple[str, str, Known]  # what is typed, the word that is expected, and the known wrong words


def play(answer: Callable[..., Any], name: str, start: dict[str, Any], moves: Sequence[Move]) -> Finding | None:
    """Type one PIN after another on one challenge. The finding is that of the first word that goes wrong."""
    if finding := try_case(answer, name, Case((start, moves[0][0]), moves[0][1], moves[0][2])):
        return finding
    challenge = dict(start)
    for number, (typed, expected, known) in enumerate(moves, start=1):
        got = run(answer, challenge, typed)
        before = "" if number == 1 else f"after {', '.join(move[0] for move in moves[: number - 1])}"
        if finding := judge_result(f"{name}(challenge, {typed!r})", got, expected, known, before):
            return finding
    return None


_TRIES = "import hmac\n\n\ndef check_tries(challenge, typed):\n"
SAME = 'hmac.compare_digest(challenge["pin"].encode(), typed.encode())'

_RIGHT_WINS = (
    "After five wrong tries the right PIN still lets in, so a program may go on guessing. Look at the "
    "tries before the PIN."
)
_ONE_MORE = "Your function allows a sixth try, and no seventh. After five wrong ones it is over: `>= 5`, not `> 5`."
_NOT_COUNTED = "The sixth wrong try is answered like the first: nothing was added to `challenge['wrong']`."
_STOPS_SOON = (
    "Your function gives up before five wrong tries. People mistype, and five guesses in a million gain little."
)


def _judge_verify_3(answer: Callable[..., Any]) -> Finding | None:
    wrong: Move = (WRONG, "wrong PIN", (("too many tries", _STOPS_SOON),))
    right: Move = (RIGHT, "verified", (("too many tries", _STOPS_SOON),))
    late: Move = (RIGHT, "too many tries", (("verified", _RIGHT_WINS),))
    start = {"pin": RIGHT, "wrong": 0}
    plays = [[right], [wrong] * 4 + [right]]
    if finding := next((finding for moves in plays if (finding := play(answer, "check_tries", start, moves))), None):
        return finding
    about = _about_count(answer)
    sixth: Move = (WRONG, "too many tries", (("wrong PIN", about),) if about else ())
    plays = [[wrong] * 5 + [sixth], [wrong] * 5 + [late]]
    return next((finding for moves in plays if (finding := play(answer, "check_tries", start, moves))), None)


def _about_count(answer: Callable[..., Any]) -> str:
    """Why the sixth wrong try is answered like the first, or "" where that is not certain."""
    challenge: dict[str, Any] = {"pin": RIGHT, "wrong": 0}
    said, counts = [], []
    for _ in range(7):
        said.append(run(answer, challenge, WRONG))
        counts.append(challenge.get("wrong"))
    if counts[0] == 0:
        return _NOT_COUNTED
    if counts[2] != 3 or isinstance(counts[2], bool):
        return _stuck(counts[2])
    return _ONE_MORE if said[5:] == ["wrong PIN", "too many tries"] else ""


def _stuck(count: Any) -> str:
    return f"After three wrong tries `challenge['wrong']` is {shown(count)}. Each one has to add 1 to what was there."


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
    """One of "verified", "wrong PIN" or "too many tries"."""
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
    """One of "verified", "wrong PIN" or "too many tries"."""
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
            f'{_TRIES}    if {SAME}:\n        return "verified"\n    if challenge["wrong"] >= 5:\n'
            '        return "too many tries"\n    challenge["wrong"] += 1\n    return "wrong PIN"\n',
            _RIGHT_WINS,
        ),
        Mistake(
            "allows a sixth",
            f'{_TRIES}    if challenge["wrong"] > 5:\n        return "too many tries"\n    if {SAME}:\n'
            '        return "verified"\n    challenge["wrong"] += 1\n    return "wrong PIN"\n',
            _ONE_MORE,
        ),
        Mistake(
            "does not count",
            f'{_TRIES}    if challenge["wrong"] >= 5:\n        return "too many tries"\n    if {SAME}:\n'
            '        return "verified"\n    return "wrong PIN"\n',
            _NOT_COUNTED,
        ),
        Mistake(
            "writes 1 each time",
            f'{_TRIES}    if challenge["wrong"] >= 5:\n        return "too many tries"\n    if {SAME}:\n'
            '        return "verified"\n    challenge["wrong"] = 1\n    return "wrong PIN"\n',
            _stuck(1),
        ),
        Mistake(
            "counts first and stops at five",
            f'{_TRIES}    challenge["wrong"] += 1\n    if challenge["wrong"] >= 5:\n        return "too many tries"\n'
            f'    return "verified" if {SAME} else "wrong PIN"\n',
            _STOPS_SOON,
        ),
    ),
    why="A program gets five guesses in a million and no more, whatever it types afterwards.",
    judge=_judge_verify_3,
)

EXERCISES = (VERIFY_3,)
