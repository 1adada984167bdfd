"""The model behind `Policy.guessing_chance` counts the guesses that the verifier lets through, and no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.gateway import wrong
from sms2fa import NIST_800_63B, ManualClock, Outcome, Policy, SqliteStore, Verifier
from sms2fa.errors import SendRefused
from sms2fa.gateways.recording import RecordingGateway

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def guesses_let_through(policy: Policy, span: timedelta) -> list[int]:
    """How often each PIN can be tried that a tireless guesser is sent within that span."""
    clock, gateway = ManualClock(), RecordingGateway()
    end, guesses = clock.now() + span, []
    with SqliteStore(":memory:") as store:
        verifier = Verifier(gateway, store=store, key=bytes(32), policy=policy, clock=clock)
        while clock.now() < end:
            try:
                challenge = verifier.start(account="alice", phone="+818012345678")
            except SendRefused as refused:
                if refused.retry_at is None:
                    break
                clock.set(refused.retry_at)
                continue
            guesses.append(0)
            while clock.now() < end:
                verdict = verifier.check(challenge.id, wrong(gateway.pins[-1]), account="alice")
                guesses[-1] += verdict.outcome is Outcome.WRONG_PIN
                if verdict.outcome is Outcome.LOCKED and verdict.retry_at is not None:
                    clock.set(verdict.retry_at)
                elif verdict.outcome is not Outcome.WRONG_PIN:
                    break
    return guesses


@pytest.mark.parametrize(
    ("policy", "span"),
    [
        pytest.param(NIST_800_63B, 7.5 * HOUR, id="cooldowns and locks"),
        pytest.param(NIST_800_63B, 12 * HOUR, id="the stop"),
        pytest.param(Policy(lock_after=7), 3 * HOUR, id="a lock in the middle of a PIN"),
        pytest.param(Policy(lock_after=3, lock_for=MINUTE), 3 * HOUR, id="a lock that a PIN outlives"),
        pytest.param(Policy(quiet=2 * MINUTE, lock_after=None), HOUR, id="a doubling that starts anew"),
        pytest.param(Policy(cooldown=None, lock_after=None), 2 * HOUR, id="sends to a number"),
        pytest.param(Policy(longest_cooldown=4 * MINUTE, lock_after=None), HOUR, id="the longest cooldown"),
    ],
)
def test_the_model_counts_what_the_verifier_lets_through(policy: Policy, span: timedelta) -> None:
    assert policy._guesses_per_pin(span) == guesses_let_through(policy, span)
