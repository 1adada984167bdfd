"""An exercise of notebook 03: a challenge belongs to one account and one purpose."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.learner import run
from sms2fa.lessons.probes import Case, Raises, try_cases

NOTEBOOK = "03_verify_the_pin"

_BY_ID_ALONE = (
    "Mallory's challenge was found in alice's login: with the PIN on her own phone, mallory is alice. "
    "Compare the account."
)
_ANY_PURPOSE = "A PIN for a login was found for a payment. Compare the purpose, too."
_ONE_IS_ENOUGH = "One of the two is enough for your function. Account **and** purpose have to be the same."
_KEY_ERROR = "An id that is not there raises KeyError. The id comes from a browser: `challenges.get(...)` gives None."
_PART_OF_A_NAME = (
    "For the account `ali` your function found alice's challenge, and ali is somebody else. A part of a name is not "
    "enough: compare with `==`."
)
_PART_OF_A_PURPOSE = "The purpose `log` is not `login`, and a part of it was enough. Compare with `==`."
_MORE_THAN_A_NAME = (
    "For the account `alice2` your function found alice's challenge. Compare with `==`, not whether one name is in the "
    "other."
)

_CHALLENGES = {
    "q7": {"account": "alice", "purpose": "login", "pin": "042917"},
    "x2": {"account": "mallory", "purpose": "login", "pin": "555010"},
    "k5": {"account": "alice", "purpose": "payment", "pin": "318264"},
}


def _find(words: str, wanted: tuple[str, str, str], *known: tuple[Any, str]) -> Case:
    challenge_id, account, purpose = wanted
    found = _CHALLENGES.get(challenge_id)
    mine = found is not None and (found["account"], found["purpose"]) == (account, purpose)
    call = f"find(challenges, {challenge_id!r}, {account!r}, {purpose!r})"
    return Case((_CHALLENGES, *wanted), found if mine else None, known, call, words)


_FIND = "def find(challenges, challenge_id, account, purpose):\n"

VERIFY_5 = Exercise(
    id="verify-5",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="Bound to account and purpose",
    answer="find",
    statement="""A **challenge** belongs to one **account** and one **purpose**. In a login, the account and the \
purpose come from your server. The id of the challenge comes back from the browser, so anybody can change it.

`find(challenges, challenge_id, account, purpose)` returns the challenge of that id if it is for this \
account and this purpose, and None otherwise. `challenges` is a dict by id; each challenge is a dict \
with `"account"`, `"purpose"` and `"pin"`.""",
    stub='''def find(challenges, challenge_id, account, purpose):
    """The challenge, or None where it is not there or is another's."""
    return ...  # your code here, on as many lines as you like
''',
    hints=(
        "Get the challenge by its id first. What if there is none?",
        (
            "`challenges.get(challenge_id)` gives None where there is none. Then compare two fields, and both "
            "have to be equal."
        ),
    ),
    solution='''def find(challenges, challenge_id, account, purpose):
    """The challenge, or None where it is not there or is another's."""
    challenge = challenges.get(challenge_id)
    if challenge is None:
        return None
    if challenge["account"] == account and challenge["purpose"] == purpose:
        return challenge
    return None
''',
    mistakes=(
        Mistake("looks at the id alone", f"{_FIND}    return challenges.get(challenge_id)\n", _BY_ID_ALONE),
        Mistake(
            "forgets the purpose",
            f'{_FIND}    found = challenges.get(challenge_id)\n    if found and found["account"] == account:\n'
            "        return found\n    return None\n",
            _ANY_PURPOSE,
        ),
        Mistake(
            "writes or",
            f"{_FIND}    found = challenges.get(challenge_id)\n    if found is None:\n        return None\n"
            '    same = found["account"] == account or found["purpose"] == purpose\n'
            "    return found if same else None\n",
            _ONE_IS_ENOUGH,
        ),
        Mistake(
            "trusts the id",
            f"{_FIND}    found = challenges[challenge_id]\n"
            '    same = found["account"] == account and found["purpose"] == purpose\n'
            "    return found if same else None\n",
            _KEY_ERROR,
        ),
        Mistake(
            "takes a part of the name for enough",
            f"{_FIND}    found = challenges.get(challenge_id)\n"
            '    same = found and account in found["account"] and purpose == found["purpose"]\n'
            "    return found if same else None\n",
            _PART_OF_A_NAME,
        ),
        Mistake(
            "takes a part of the purpose for enough",
            f"{_FIND}    found = challenges.get(challenge_id)\n"
            '    same = found and account == found["account"] and purpose in found["purpose"]\n'
            "    return found if same else None\n",
            _PART_OF_A_PURPOSE,
        ),
    ),
    why="A PIN works where it was asked for and nowhere else: not in another account, and not for another act.",
    judge=lambda answer: try_cases(answer, "find", _cases(answer)),
)


def _cases(answer: Callable[..., Any]) -> Iterator[Case]:
    yield _find("her own challenge", ("q7", "alice", "login"))
    yield _find("an id that is not there", ("zz", "alice", "login"), (Raises(KeyError), _KEY_ERROR))
    yield from _foreign(answer)
    yield _find("her own challenge for a payment", ("k5", "alice", "payment"))
    yield _find("another account", ("q7", "ali", "login"), (_CHALLENGES["q7"], _PART_OF_A_NAME))
    yield _find("another account", ("q7", "alice2", "login"), (_CHALLENGES["q7"], _MORE_THAN_A_NAME))
    yield _find("another purpose", ("q7", "alice", "log"), (_CHALLENGES["q7"], _PART_OF_A_PURPOSE))


def _foreign(answer: Callable[..., Any]) -> tuple[Case, ...]:
    """Challenges that must not be found; a function that takes one field of two for enough is told so."""
    wrong = (("x2", "alice", "login"), ("q7", "alice", "payment"), ("x2", "alice", "payment"))
    found = [isinstance(run(answer, copy.deepcopy(_CHALLENGES), *each), dict) for each in wrong]
    either = found == [True, True, False]
    return (
        _find("mallory's", wrong[0], (_CHALLENGES["x2"], _ONE_IS_ENOUGH if either else _BY_ID_ALONE)),
        _find("a challenge for a login", wrong[1], (_CHALLENGES["q7"], _ANY_PURPOSE)),
        _find("mallory's, for something else", wrong[2]),
    )


EXERCISES = (VERIFY_5,)
