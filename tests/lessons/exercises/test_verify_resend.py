from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercise import Result

Attempt = Callable[[str, str], Result]
NAMES, PURPOSES = st.sampled_from(["alice", "bob"]), st.sampled_from(["login", "payment"])
HEAD = "def new_pin(challenges, account, purpose, pin):\n"

new_pin = EXERCISES["verify-6"].build(EXERCISES["verify-6"].solution)


@given(made=st.lists(st.tuples(NAMES, PURPOSES), min_size=1, max_size=6))
def test_one_pin_of_each_account_and_purpose_works_the_newest(made: list[tuple[str, str]]) -> None:
    challenges: list[dict[str, object]] = []
    for number, (account, purpose) in enumerate(made):
        new_pin(challenges, account, purpose, f"{number:06d}")
    live = {(each["account"], each["purpose"]): each["pin"] for each in challenges if each["live"]}
    assert live == {pair: f"{number:06d}" for number, pair in enumerate(made)}
    assert len(challenges) == len(made)


def test_a_new_pin_that_is_put_in_place_of_the_old_one_is_told_apart(attempt: Attempt) -> None:
    source = (
        "def new_pin(challenges, account, purpose, pin):\n    for each in challenges:\n"
        '        if (each["account"], each["purpose"]) == (account, purpose):\n            each["pin"] = pin\n'
    )
    assert attempt("verify-6", source).sentence


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("challenges.append(pin)", "That is no challenge"),
        ("challenges.append(None)", "That is no challenge"),
        ("challenges.append(challenges)", "That is no challenge"),
        ('challenges.append({"live": True})', "That is no challenge"),
        ("challenges.clear()", "No challenge with the new PIN"),
        ("pass", "No challenge with the new PIN"),
        ("return challenges", "Expected None."),
        ("challenges.append(dict(account=account, purpose=purpose, pin=pin, live=False))", "does not work: `live`"),
        ("challenges.append(dict(account=account, purpose=purpose, pin=[pin], live=True))", "No challenge with"),
    ],
)
def test_odd_lists_earn_a_sentence(attempt: Attempt, line: str, words: str) -> None:
    result = attempt("verify-6", f"{HEAD}    {line}\n")
    assert words in result.sentence, repr(result)
    assert len(result.tried) >= 2
