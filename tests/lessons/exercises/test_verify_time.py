from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sms2fa import CLASSROOM, Challenge, Outcome
from sms2fa.challenge import Attempt as Tried
from sms2fa.challenge import lifetime as lifetime_rule
from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercise import Result

Attempt = Callable[[str, str], Result]
CREATED = datetime(2026, 11, 1, 9, tzinfo=UTC)

expired = EXERCISES["verify-2"].build(EXERCISES["verify-2"].solution)


@given(
    life=st.timedeltas(timedelta(seconds=1), timedelta(days=2)), after=st.timedeltas(timedelta(0), timedelta(days=9))
)
def test_it_runs_out_when_the_packages_challenge_does(life: timedelta, after: timedelta) -> None:
    challenge = Challenge("id", "alice", "login", CREATED, CREATED + life, b"", b"")
    outcome = lifetime_rule(challenge, Tried("id", [], CREATED + after), CLASSROOM)
    assert expired(CREATED, life, CREATED + after) is (outcome is Outcome.EXPIRED)


def test_a_lifetime_of_its_own_is_told_apart(attempt: Attempt) -> None:
    source = (
        "from datetime import timedelta\n\n\ndef expired(created_at, lifetime, now):\n"
        "    return now >= created_at + timedelta(minutes=10)\n"
    )
    assert attempt("verify-2", source).sentence
