from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from sms2fa import ManualClock
from sms2fa.lessons import EXERCISES
from sms2fa.lessons.classroom import COURSE_NUMBER, Classroom
from sms2fa.lessons.exercise import Result

Attempt = Callable[[str, str], Result]

find, new_pin = (EXERCISES[name].build(EXERCISES[name].solution) for name in ("verify-5", "verify-6"))
NAMES, PURPOSES = st.sampled_from(["alice", "bob"]), st.sampled_from(["login", "payment"])


@given(made=st.lists(st.tuples(NAMES, PURPOSES), min_size=1, max_size=6))
def test_one_pin_of_each_account_and_purpose_works_the_newest(made: list[tuple[str, str]]) -> None:
    challenges: list[dict[str, object]] = []
    for number, (account, purpose) in enumerate(made):
        new_pin(challenges, account, purpose, f"{number:06d}")
    live = {(each["account"], each["purpose"]): each["pin"] for each in challenges if each["live"]}
    assert live == {pair: f"{number:06d}" for number, pair in enumerate(made)}
    assert len(challenges) == len(made)


@given(account=NAMES, purpose=PURPOSES, challenge_id=st.sampled_from(["a", "b", "none"]))
def test_a_challenge_is_found_by_its_own_account_and_purpose_alone(
    account: str, purpose: str, challenge_id: str
) -> None:
    challenges = {"a": {"account": "alice", "purpose": "login"}, "b": {"account": "bob", "purpose": "payment"}}
    found = find(challenges, challenge_id, account, purpose)
    mine = {("a", "alice", "login"), ("b", "bob", "payment")}
    assert (found is not None) is ((challenge_id, account, purpose) in mine)


def test_the_package_binds_in_the_same_way() -> None:
    classroom = Classroom(ManualClock())
    try:
        challenge = classroom.verifier.start(account="mallory", phone=COURSE_NUMBER)
        pin = re.search(r"PIN is (\d+)", classroom.sandbox.messages[-1].text)
        assert pin
        assert not classroom.verifier.check(challenge.id, pin[1], account="alice")
        assert not classroom.verifier.check(challenge.id, pin[1], account="mallory", purpose="payment")
        assert classroom.verifier.check(challenge.id, pin[1], account="mallory")
    finally:
        classroom.close()


def test_a_fixed_account_is_told_apart(attempt: Attempt) -> None:
    source = (
        "def find(challenges, challenge_id, account, purpose):\n    found = challenges.get(challenge_id)\n"
        '    return found if found and found["purpose"] == purpose else None\n'
    )
    assert "Mallory's challenge" in attempt("verify-5", source).sentence


def test_a_new_pin_that_is_put_in_place_of_the_old_one_is_told_apart(attempt: Attempt) -> None:
    source = (
        "def new_pin(challenges, account, purpose, pin):\n    for each in challenges:\n"
        '        if (each["account"], each["purpose"]) == (account, purpose):\n            each["pin"] = pin\n'
    )
    assert attempt("verify-6", source).sentence
