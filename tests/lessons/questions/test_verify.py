"""The right answers are right: each is asked of the verifier."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from sms2fa import ManualClock, Outcome, Verdict
from sms2fa.lessons.classroom import COURSE_NUMBER, Classroom
from sms2fa.lessons.questions.verify import PREDICT, RECALL
from sms2fa.widgets.question import Prompt


@pytest.fixture
def classroom(clock: ManualClock) -> Iterator[Classroom]:
    classroom = Classroom(clock)
    yield classroom
    classroom.close()


def right(prompt: Prompt) -> str:
    return "; ".join(prompt.options[place].text for place in prompt.right)


def send(classroom: Classroom, purpose: str = "login") -> tuple[str, str]:
    challenge = classroom.verifier.start(account="alice", phone=COURSE_NUMBER, purpose=purpose)
    return challenge.id, read(classroom)


def read(classroom: Classroom) -> str:
    found = re.search(r"PIN is (\d+)", classroom.sandbox.messages[-1].text)
    assert found
    return found[1]


def other(pin: str) -> str:
    return "".join(str((int(digit) + 1) % 10) for digit in pin)


def test_a_used_pin_is_refused_as_used(classroom: Classroom) -> None:
    challenge_id, pin = send(classroom)
    outcomes = [classroom.verifier.check(challenge_id, pin, account="alice").outcome for _ in range(2)]
    assert outcomes == [Outcome.VERIFIED, Outcome.ALREADY_USED]
    assert outcomes[1].value in right(PREDICT["replay"])


def test_at_exactly_the_end_of_its_life_it_does_not_work(classroom: Classroom, clock: ManualClock) -> None:
    challenge_id, pin = send(classroom)
    clock.advance(seconds=60)
    assert classroom.verifier.check(challenge_id, pin, account="alice").outcome is Outcome.EXPIRED
    assert right(PREDICT["expiry"]).startswith("No")


def test_after_five_wrong_tries_the_right_pin_does_not_work(classroom: Classroom) -> None:
    challenge_id, pin = send(classroom)
    for _ in range(5):
        classroom.verifier.check(challenge_id, other(pin), account="alice")
    assert classroom.verifier.check(challenge_id, pin, account="alice").outcome is Outcome.TOO_MANY_TRIES
    assert right(PREDICT["five-tries"]).startswith("No, and the claimant needs a new PIN")


def test_a_resend_voids_the_first_pin(classroom: Classroom, clock: ManualClock) -> None:
    challenge_id, first = send(classroom)
    clock.advance(seconds=30)
    classroom.verifier.resend(challenge_id, phone=COURSE_NUMBER, account="alice")
    second = read(classroom)
    assert first == second or not classroom.verifier.check(challenge_id, first, account="alice")
    assert classroom.verifier.check(challenge_id, second, account="alice")
    assert right(PREDICT["resend"]) == "The second"


def test_an_expired_pin_is_told_in_the_words_of_a_wrong_one() -> None:
    words = Verdict(Outcome.EXPIRED).public_message
    assert words == Verdict(Outcome.WRONG_PIN).public_message
    assert words.startswith(right(RECALL["verify-told"]))


def test_only_a_wrong_pin_on_a_live_challenge_costs_a_try(classroom: Classroom, clock: ManualClock) -> None:
    challenge_id, pin = send(classroom)
    classroom.verifier.check(challenge_id, "12E456", account="alice")
    assert classroom.verifier.check(challenge_id, other(pin), account="alice").tries_left == 4
    clock.advance(seconds=60)
    assert classroom.verifier.check(challenge_id, other(pin), account="alice").outcome is Outcome.EXPIRED
    assert right(RECALL["verify-count"]) == "A wrong PIN on a live challenge"
    assert "alice's tries" in RECALL["verify-count"].options[1].reason
    for typed in (other(pin), "000000"):  # so a stranger without a live challenge takes no try from alice
        classroom.verifier.check("no such challenge", typed, account="alice")
    challenge_id, pin = send(classroom)
    assert classroom.verifier.check(challenge_id, other(pin), account="alice").tries_left == 4


def test_a_challenge_is_bound_to_account_and_purpose(classroom: Classroom) -> None:
    challenge_id, pin = send(classroom)
    check = classroom.verifier.check
    assert check(challenge_id, pin, account="mallory").outcome is Outcome.UNKNOWN
    assert check(challenge_id, pin, account="alice", purpose="payment").outcome is Outcome.UNKNOWN
    assert right(RECALL["verify-bound"]) == "The account; The purpose"
