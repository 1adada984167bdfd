from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
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


@pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")  # from Python 3.12 on
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("now >= created_at - lifetime", "(1 second after it was made) returned True. Expected False."),
        ("True", "(1 second after it was made) returned True. Expected False."),
        ("False", "returned False. Expected True."),
        ("now == created_at + lifetime", "works again a moment after its end"),
        ("now - created_at > 300", "compares a timedelta with a number"),
        ("now >= created_at + 300", "raised TypeError"),
        ("now >= created_at + timedelta(minutes=5)", "whatever `lifetime` is"),
        ("now >= created_at + min(lifetime, timedelta(minutes=6))", "returned True. Expected False."),
        ("(now - created_at).total_seconds() >= lifetime.seconds", "returned True. Expected False."),
        ("datetime.now(UTC) < created_at + lifetime", "the clock of this machine"),
        ("datetime.utcnow() < created_at + lifetime", "without a time zone"),
    ],
)
def test_a_cause_is_named_where_it_is_proved(attempt: Attempt, line: str, words: str) -> None:
    source = "from datetime import UTC, datetime, timedelta\n\n\ndef expired(created_at, lifetime, now):\n"
    result = attempt("verify-2", f"{source}    return {line}\n")
    assert words in result.sentence


def test_seconds_of_the_epoch_pass(attempt: Attempt) -> None:
    line = "now.timestamp() - created_at.timestamp() >= lifetime.total_seconds()"
    assert attempt("verify-2", f"def expired(created_at, lifetime, now):\n    return {line}\n")
