"""An exercise of notebook 03: a PIN works once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.exercises.verify_tries import RIGHT, SAME, WRONG, Move, play
from sms2fa.lessons.exercises.watched import Log, watched
from sms2fa.lessons.learner import run
from sms2fa.lessons.probes import Finding, Raises

NOTEBOOK = "03_verify_the_pin"

_ONCE = "import hmac\n\n\ndef check_once(challenge, typed):\n"
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
_A_PART = (
    "Your function lets in whoever types `0`, which is only a part of the PIN. With `in`, an empty text would do, too. "
    "Compare the whole PIN."
)
_NOTHING = "Your function lets in whoever types nothing at all. Compare the whole PIN."
_NOT_ASCII = (
    "Digits of a Japanese keyboard make your function raise TypeError: `compare_digest` takes texts of ASCII alone. "
    "Encode both, as in verify-1."
)
_EQUALS = (
    "`==` stops at the first character that differs, so its time tells how much of the PIN was right. "
    "Compare as in verify-1, with `hmac.compare_digest`."
)


def _judge_verify_4(answer: Callable[..., Any]) -> Finding | None:
    right: Move = (RIGHT, "verified", (("already used", _NEVER),))
    again: Move = (RIGHT, "already used", (("verified", _WORKS_TWICE), ("wrong PIN", _NOT_FORGOTTEN)))
    wrong: Move = (WRONG, "wrong PIN", (("already used", _BURNT),))
    after_wrong: Move = (RIGHT, "verified", (("already used", _BURNT),))
    wrong_again: Move = (WRONG, "already used", (("wrong PIN", _TELLS_MORE),))
    one_digit: Move = ("0", "wrong PIN", (("verified", _A_PART),))
    nothing: Move = ("", "wrong PIN", (("verified", _NOTHING),))
    japanese: Move = ("０４２９１７", "wrong PIN", ((Raises(TypeError, "non-ASCII"), _NOT_ASCII),))
    start = {"pin": RIGHT, "used": False}
    plays = (
        [right],
        [right, again, again],
        [wrong, wrong, after_wrong, again],
        [right, wrong_again],
        [one_digit],
        [nothing],
        [japanese],
    )
    finding = next((finding for moves in plays if (finding := play(answer, "check_once", start, moves))), None)
    return finding or _compared_with_equals(answer)


def _compared_with_equals(answer: Callable[..., Any]) -> Finding | None:
    log: Log = []
    run(answer, {"pin": watched(RIGHT, log), "used": False}, watched(WRONG, log))
    if all(length <= 1 for length in log):
        return None
    return Finding(_EQUALS, (("tried", f"check_once(challenge, {WRONG!r})"), ("compared with ==", "the whole PIN")))


VERIFY_4 = Exercise(
    id="verify-4",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="Used once",
    answer="check_once",
    statement="""The PIN of a **challenge** works once.

`check_once(challenge, typed)` returns `"verified"`, `"wrong PIN"` or, whatever is typed on a challenge \
that was verified before, `"already used"`. The challenge is a dict with the `"pin"` and with `"used"`, \
which is False at the start and which your function keeps up to date. Compare as in verify-1: in constant time, \
whatever was typed.""",
    stub='''def check_once(challenge, typed):
    """One of "verified", "wrong PIN" or "already used"."""
    return ...  # your code here, on as many lines as you like
''',
    hints=(
        "Three things, in this order: was it used? Is the PIN right? If it is, write down that it is used now.",
        'Begin with `if challenge["used"]: return "already used"`. Compare as in verify-1.',
        'Only the right PIN changes anything: `challenge["used"] = True`, and then `return "verified"`.',
    ),
    solution='''import hmac


def check_once(challenge, typed):
    """One of "verified", "wrong PIN" or "already used"."""
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
            f'    return "verified" if {SAME} else "wrong PIN"\n',
            _WORKS_TWICE,
        ),
        Mistake(
            "uses it up at every try",
            f'{_ONCE}    if challenge["used"]:\n        return "already used"\n    challenge["used"] = True\n'
            f'    return "verified" if {SAME} else "wrong PIN"\n',
            _BURNT,
        ),
        Mistake(
            "writes it down before it looks",
            f'{_ONCE}    if {SAME}:\n        challenge["used"] = True\n    if challenge["used"]:\n'
            '        return "already used"\n    return "wrong PIN"\n',
            _NEVER,
        ),
        Mistake(
            "takes the PIN away",
            (
                f'{_ONCE}    if {SAME}:\n        challenge["pin"] = ""\n        return "verified"\n'
                f'    return "wrong PIN"\n'
            ),
            _NOT_FORGOTTEN,
        ),
        Mistake(
            "compares first",
            f'{_ONCE}    if not {SAME}:\n        return "wrong PIN"\n    if challenge["used"]:\n'
            '        return "already used"\n    challenge["used"] = True\n    return "verified"\n',
            _TELLS_MORE,
        ),
        Mistake(
            "asks whether it is in the PIN",
            f'{_ONCE}    if challenge["used"]:\n        return "already used"\n'
            '    if typed in challenge["pin"]:\n        challenge["used"] = True\n        return "verified"\n'
            '    return "wrong PIN"\n',
            _A_PART,
        ),
        Mistake(
            "compares with ==",
            f'{_ONCE}    if challenge["used"]:\n        return "already used"\n'
            '    if typed == challenge["pin"]:\n        challenge["used"] = True\n        return "verified"\n'
            '    return "wrong PIN"\n',
            _EQUALS,
        ),
        Mistake(
            "hands texts to compare_digest",
            f'{_ONCE}    if challenge["used"]:\n        return "already used"\n'
            '    if not hmac.compare_digest(challenge["pin"], typed):\n        return "wrong PIN"\n'
            '    challenge["used"] = True\n    return "verified"\n',
            _NOT_ASCII,
        ),
    ),
    why="A PIN that was used is worthless to whoever reads it afterwards, on the screen, in a log, or over a shoulder.",
    judge=_judge_verify_4,
)

EXERCISES = (VERIFY_4,)
