"""Exercises of notebook 03: a challenge belongs to an account and a purpose, and a new PIN voids the old one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.learner import Raised, run
from sms2fa.lessons.probes import Case, Finding, Raises, judge_result, theirs, try_case, try_cases

NOTEBOOK = "03_verify_the_pin"

# --- verify-5: binding ---

_BY_ID_ALONE = (
    "Mallory's challenge was found in alice's login: with the PIN on her own phone, mallory is alice. "
    "Compare the account."
)
_ANY_PURPOSE = "A PIN for a login was found for a payment. Compare the purpose, too."
_ONE_IS_ENOUGH = "One of the two is enough for your function. Account **and** purpose have to be the same."
_KEY_ERROR = "An id that is not there raises KeyError. The id comes from a browser: `challenges.get(...)` gives None."

_CHALLENGES = {
    "q7": {"account": "alice", "purpose": "login", "pin": "042917"},
    "x2": {"account": "mallory", "purpose": "login", "pin": "555010"},
    "k5": {"account": "alice", "purpose": "payment", "pin": "318264"},
}


def _find(words: str, wanted: tuple[str, str, str], *known: tuple[Any, str]) -> Case:
    challenge_id, account, purpose = wanted
    found = _CHALLENGES.get(challenge_id)
    mine = found is not None and (found["account"], found["purpose"]) == (account, purpose)
    call = f"find(challenges, {challenge_id!r}, {account!r}, {purpose!r}), {words}"
    return Case((_CHALLENGES, *wanted), found if mine else None, known, call)


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
    ),
    why="A PIN works where it was asked for and nowhere else: not in another account, and not for another act.",
    judge=lambda answer: try_cases(
        answer,
        "find",
        (
            _find("her own challenge", ("q7", "alice", "login")),
            _find("an id that is not there", ("zz", "alice", "login"), (Raises(KeyError), _KEY_ERROR)),
            *_foreign(answer),
            _find("her own challenge for a payment", ("k5", "alice", "payment")),
        ),
    ),
)


def _foreign(answer: Callable[..., Any]) -> tuple[Case, ...]:
    """Challenges that must not be found; a function that takes one field of two for enough is told so."""
    wrong = (("x2", "alice", "login"), ("q7", "alice", "payment"), ("x2", "alice", "payment"))
    found = [isinstance(run(answer, dict(_CHALLENGES), *each), dict) for each in wrong]
    either = found == [True, True, False]
    return (
        _find("mallory's", wrong[0], (_CHALLENGES["x2"], _ONE_IS_ENOUGH if either else _BY_ID_ALONE)),
        _find("a challenge for a login", wrong[1], (_CHALLENGES["q7"], _ANY_PURPOSE)),
        _find("mallory's, for something else", wrong[2]),
    )


# --- verify-6: a new PIN ---

_BOTH_WORK = "Both PINs work now, so a guesser has two to hit. The new PIN has to void the older one."
_OTHERS_VOID = (
    "Bob's challenge is void too, although it was alice who asked for a new PIN. Void those of the same account alone."
)
_PURPOSE_VOID = (
    "Alice's challenge for a payment is void, although the new PIN is for a login. Compare the purpose, too."
)
_NEW_VOID = "The new PIN does not work. Void the older challenges first, and append the new one after that."
_FEWER = (
    'A challenge has gone from the list. Keep the old ones, with `"live"` False: a log may need to say '
    "why a PIN failed."
)

_RESEND = "def new_pin(challenges, account, purpose, pin):\n"
_APPEND = '    challenges.append({"account": account, "purpose": purpose, "pin": pin, "live": True})\n'


def _judge_verify_6(answer: Callable[..., Any]) -> Finding | None:
    challenges = [
        {"account": "alice", "purpose": "login", "pin": "111111", "live": False},
        {"account": "alice", "purpose": "login", "pin": "042917", "live": True},
        {"account": "alice", "purpose": "payment", "pin": "318264", "live": True},
        {"account": "bob", "purpose": "login", "pin": "555010", "live": True},
    ]
    call = "new_pin(challenges, 'alice', 'login', '704466')"
    if finding := try_case(answer, "new_pin", Case((challenges, "alice", "login", "704466"), None, call=call)):
        return finding
    got = run(answer, challenges, "alice", "login", "704466")
    if isinstance(got, Raised):
        return theirs(call, got)
    live = {str(each["pin"]) for each in challenges if each.get("live")}
    wanted = {"318264", "555010", "704466"}
    rows = (
        ("tried", call),
        ("PINs that work", ", ".join(sorted(live)) or "none"),
        ("expected", ", ".join(sorted(wanted))),
    )
    told = (
        ("704466" not in live, _NEW_VOID),
        ("042917" in live, _BOTH_WORK),
        ("555010" not in live, _OTHERS_VOID),
        ("318264" not in live, _PURPOSE_VOID),
        (len(challenges) < 5, _FEWER),
    )
    sentence = next((sentence for wrong, sentence in told if wrong), "")
    if sentence or live != wanted:
        return Finding(sentence or "Other PINs work now than should.", rows)
    newest = {"account": "alice", "purpose": "login", "pin": "704466", "live": True}
    return judge_result(f"challenges[-1] after {call}", challenges[-1], newest)


VERIFY_6 = Exercise(
    id="verify-6",
    notebook=NOTEBOOK,
    level=Level.EXTRA,
    title="A new PIN voids the old one",
    answer="new_pin",
    statement="""The claimant asks for a new **PIN**. From now on the older one must not work.

`new_pin(challenges, account, purpose, pin)` appends a live challenge to the list, and sets `"live"` to \
False in the older ones of the same account and purpose. It returns nothing. Each challenge is a dict \
with `"account"`, `"purpose"`, `"pin"` and `"live"`.""",
    stub='''def new_pin(challenges, account, purpose, pin):
    """Append a live challenge; older ones of this account and purpose are void."""
    older = ...  # those of the same account and purpose
    for challenge in older:
        challenge["live"] = False
    challenges.append(...)  # the new one
''',
    hints=(
        "`older` is a list: `[each for each in challenges if ...]`, with two things to compare.",
        'The new one is `{"account": account, "purpose": purpose, "pin": pin, "live": True}`.',
    ),
    solution='''def new_pin(challenges, account, purpose, pin):
    """Append a live challenge; older ones of this account and purpose are void."""
    older = [each for each in challenges if (each["account"], each["purpose"]) == (account, purpose)]
    for challenge in older:
        challenge["live"] = False
    challenges.append({"account": account, "purpose": purpose, "pin": pin, "live": True})
''',
    mistakes=(
        Mistake("leaves the old one live", f"{_RESEND}{_APPEND}", _BOTH_WORK),
        Mistake(
            "voids everybody's",
            f'{_RESEND}    for each in challenges:\n        each["live"] = False\n{_APPEND}',
            _OTHERS_VOID,
        ),
        Mistake(
            "voids those for other purposes",
            f'{_RESEND}    for each in challenges:\n        if each["account"] == account:\n'
            f'            each["live"] = False\n{_APPEND}',
            _PURPOSE_VOID,
        ),
        Mistake(
            "voids the new one",
            f"{_RESEND}{_APPEND}    for each in challenges:\n"
            '        if each["account"] == account and each["purpose"] == purpose:\n            each["live"] = False\n',
            _NEW_VOID,
        ),
        Mistake(
            "throws the old one away",
            f'{_RESEND}    challenges[:] = [each for each in challenges if each["account"] != account'
            f' or each["purpose"] != purpose]\n{_APPEND}',
            _FEWER,
        ),
    ),
    why="One PIN works at a time, the newest. A guesser gains nothing by asking for many.",
    judge=_judge_verify_6,
)

EXERCISES = (VERIFY_5, VERIFY_6)
