"""An exercise of notebook 03: a new PIN voids the old one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.learner import Raised, run
from sms2fa.lessons.probes import Case, Finding, judge_result, shown, theirs, try_case

NOTEBOOK = "03_verify_the_pin"

_BOTH_WORK = "Both PINs work now, so a guesser has two to hit. The new PIN has to void the older one."
_OTHERS_VOID = (
    "Bob's challenge is void too, although it was alice who asked for a new PIN. Void those of the same account alone."
)
_PURPOSE_VOID = (
    "Alice's challenge for a payment is void, although the new PIN is for a login. Compare the purpose, too."
)
_NEW_VOID = (
    "The new PIN does not work: `live` is not True in its challenge. If you append it first, the loop voids it too: "
    "void the older ones before."
)
_NOT_THERE = (
    "No challenge with the new PIN is in the list. Append it to `challenges` itself: whoever called your function "
    "does not see a list that you make inside."
)
_NO_CHALLENGE = 'That is no challenge: a challenge is a dict with "account", "purpose", "pin" and "live".'
_FIELDS = ("account", "purpose", "pin", "live")
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
    for number, each in enumerate(challenges):
        if not (isinstance(each, dict) and all(field in each for field in _FIELDS)):
            place = (f"challenges[{number}]", shown(each))
            return Finding(_NO_CHALLENGE, (("tried", call), place, ("expected", ", ".join(_FIELDS))))
    live = {str(each["pin"]) for each in challenges if each["live"]}
    wanted = {"318264", "555010", "704466"}
    rows = (
        ("tried", call),
        ("PINs that work", ", ".join(sorted(live)) or "none"),
        ("expected", ", ".join(sorted(wanted))),
    )
    told = (
        (all(each["pin"] != "704466" for each in challenges), _NOT_THERE),
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
    return judge_result("challenges[-1]", challenges[-1], newest, when=f"after {call}")


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
        Mistake(
            "appends to a list of its own",
            f"{_RESEND}    for each in challenges:\n"
            '        if (each["account"], each["purpose"]) == (account, purpose):\n'
            '            each["live"] = False\n    challenges = challenges + [\n'
            '        {"account": account, "purpose": purpose, "pin": pin, "live": True}\n    ]\n',
            _NOT_THERE,
        ),
        Mistake("appends the PIN alone", f"{_RESEND}    challenges.append(pin)\n", _NO_CHALLENGE),
        Mistake(
            "forgets live",
            f"{_RESEND}" + '    challenges.append({"account": account, "purpose": purpose, "pin": pin})\n',
            _NO_CHALLENGE,
        ),
    ),
    why="One PIN works at a time, the newest. A guesser gains nothing by asking for many.",
    judge=_judge_verify_6,
)

EXERCISES = (VERIFY_6,)
