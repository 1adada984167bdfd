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

find = EXERCISES["verify-5"].build(EXERCISES["verify-5"].solution)
NAMES, PURPOSES = st.sampled_from(["alice", "bob"]), st.sampled_from(["login", "payment"])


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


def test_a_part_of_a_name_is_not_the_name(attempt: Attempt) -> None:
    source = (
        "def find(challenges, challenge_id, account, purpose):\n    found = challenges.get(challenge_id)\n"
        '    return found if found and found["account"] in account and found["purpose"] == purpose else None\n'
    )
    assert "alice2" in attempt("verify-5", source).sentence


def test_the_situation_is_not_part_of_the_call(attempt: Attempt) -> None:
    result = attempt("verify-5", "def find(challenges, challenge_id, account, purpose):\n    return True\n")
    assert "`find(challenges, 'q7', 'alice', 'login')` (her own challenge) returned True" in result.sentence
