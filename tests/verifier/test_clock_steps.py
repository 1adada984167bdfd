"""Clocks that are set back, run ahead, and step while a check or a send is under way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contracts.gateway import wrong
from contracts.workers import FREE, PHONE, OpenStore, a_verifier, outcome, stored_account, stored_challenge
from sms2fa import NIST_800_63B, ManualClock, Outcome, Verifier
from sms2fa.errors import GatewayRefused, OutcomeUnknown, SendRefused
from sms2fa.gateways.recording import RecordingGateway
from sms2fa.stores import Store

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
STEPS = pytest.mark.parametrize("step", [-HOUR, YEAR], ids=["an hour back", "a year ahead"])
TOLERANCE = timedelta(seconds=60)  # between the clocks of two machines; see rules.md, "Clock"
BRAKED = replace(NIST_800_63B, pin_length=10)
LONGEST_WAITS = {
    "cooldown": timedelta(minutes=32),
    "number": HOUR + TOLERANCE,
    "prefix": HOUR + TOLERANCE,
    "day": timedelta(hours=24) + TOLERANCE,
    "locked": timedelta(minutes=15),
}


@pytest.fixture
def gateway() -> RecordingGateway:
    return RecordingGateway()


def step_by(clock: ManualClock, step: timedelta) -> None:
    clock.set(clock.now() + step)


def fail(verifier: Verifier, gateway: RecordingGateway, times: int) -> None:
    """So many wrong PINs, with a new challenge after every five."""
    for count in range(times):
        if count % 5 == 0:
            challenge = verifier.start(account="alice", phone=PHONE)
        assert outcome(verifier, challenge, wrong(gateway.pins[-1])) is Outcome.WRONG_PIN


class TestStepBetweenTwoCalls:
    @STEPS
    def test_a_pin_has_expired_while_the_clock_is_wrong_costs_nothing_and_works_when_it_is_right_again(
        self, store: Store, gateway: RecordingGateway, clock: ManualClock, step: timedelta
    ) -> None:
        verifier = a_verifier(store, FREE, gateway, clock)
        challenge = verifier.start(account="alice", phone=PHONE)
        step_by(clock, step)
        pin = gateway.pins[-1]
        assert [outcome(verifier, challenge, one) for one in (pin, *[wrong(pin)] * 12)] == [Outcome.EXPIRED] * 13
        assert stored_account(store).total == 0
        step_by(clock, -step)
        assert outcome(verifier, challenge, pin) is Outcome.VERIFIED

    @STEPS
    def test_a_used_pin_stays_used(
        self, store: Store, gateway: RecordingGateway, clock: ManualClock, step: timedelta
    ) -> None:
        verifier = a_verifier(store, FREE, gateway, clock)
        challenge = verifier.start(account="alice", phone=PHONE)
        outcomes = [outcome(verifier, challenge, gateway.pins[-1])]
        for back_and_forth in (step, -step):
            step_by(clock, back_and_forth)
            outcomes.append(outcome(verifier, challenge, gateway.pins[-1]))
        assert outcomes == [Outcome.VERIFIED, Outcome.ALREADY_USED, Outcome.ALREADY_USED]

    @STEPS
    def test_a_lock_from_the_future_or_long_ago_holds_no_more_but_its_failures_still_count(
        self, store: Store, gateway: RecordingGateway, clock: ManualClock, step: timedelta
    ) -> None:
        verifier = a_verifier(store, FREE, gateway, clock)
        fail(verifier, gateway, 10)
        step_by(clock, step)
        fail(verifier, gateway, 9)
        assert stored_account(store).total == 19
        fail(verifier, gateway, 1)
        with pytest.raises(SendRefused) as caught:
            verifier.start(account="alice", phone=PHONE)
        assert (caught.value.reason, caught.value.retry_at) == ("locked", clock.now() + timedelta(minutes=15))

    def test_a_lock_holds_to_its_own_end_when_the_clock_is_right_again(
        self, store: Store, gateway: RecordingGateway, clock: ManualClock
    ) -> None:
        verifier = a_verifier(store, FREE, gateway, clock)
        fail(verifier, gateway, 10)
        end = clock.now() + timedelta(minutes=15)
        for step in (-HOUR, HOUR, YEAR, -YEAR):
            step_by(clock, step)
            clock.advance(seconds=1)
        verdict = verifier.check(stored_challenge(store).id, gateway.pins[-1], account="alice")
        assert (verdict.outcome, verdict.retry_at) == (Outcome.LOCKED, end)

    def test_a_lock_is_not_made_longer_by_a_clock_that_is_set_back_a_little(
        self, store: Store, gateway: RecordingGateway, clock: ManualClock
    ) -> None:
        verifier = a_verifier(store, FREE, gateway, clock)
        fail(verifier, gateway, 10)
        step_by(clock, timedelta(seconds=-59))
        verdict = verifier.check(stored_challenge(store).id, gateway.pins[-1], account="alice")
        assert (verdict.outcome, verdict.retry_at) == (Outcome.LOCKED, clock.now() + timedelta(minutes=15))

    def test_a_stop_has_no_end_whatever_the_clock_says(
        self, store: Store, gateway: RecordingGateway, clock: ManualClock
    ) -> None:
        verifier = a_verifier(store, replace(FREE, stop_after=8), gateway, clock)
        fail(verifier, gateway, 8)
        for step in (-HOUR, YEAR, -3 * YEAR):
            step_by(clock, step)
            with pytest.raises(SendRefused) as caught:
                verifier.start(account="alice", phone=PHONE)
            assert (caught.value.reason, caught.value.retry_at) == ("stopped", None)

    @pytest.mark.parametrize("step", [timedelta(0), timedelta(seconds=-59)], ids=["right", "a minute back"])
    def test_sends_count_within_the_tolerance_and_the_wait_is_never_over_its_length(
        self, store: Store, gateway: RecordingGateway, clock: ManualClock, step: timedelta
    ) -> None:
        verifier = a_verifier(store, BRAKED, gateway, clock)
        verifier.start(account="alice", phone=PHONE)
        step_by(clock, step)
        with pytest.raises(SendRefused) as caught:
            verifier.start(account="alice", phone=PHONE)
        assert (caught.value.reason, caught.value.retry_at) == ("cooldown", clock.now() + timedelta(seconds=60))

    @STEPS
    def test_sends_of_a_clock_gone_wrong_brake_nothing_and_new_ones_count_from_then_on(
        self, store: Store, gateway: RecordingGateway, clock: ManualClock, step: timedelta
    ) -> None:
        verifier = a_verifier(store, replace(FREE, sends_per_number=3), gateway, clock)
        for _ in range(2):
            for _ in range(3):
                verifier.start(account="alice", phone=PHONE)
            with pytest.raises(SendRefused) as caught:
                verifier.start(account="alice", phone=PHONE)
            assert (caught.value.reason, caught.value.retry_at) == ("number", clock.now() + HOUR)
            step_by(clock, step)

    @STEPS
    def test_the_cooldown_of_a_clock_gone_wrong_starts_anew(
        self, store: Store, gateway: RecordingGateway, clock: ManualClock, step: timedelta
    ) -> None:
        verifier = a_verifier(store, BRAKED, gateway, clock)
        for wait in (60, 120):
            verifier.start(account="alice", phone=PHONE)
            clock.advance(seconds=wait)
        step_by(clock, step)
        verifier.start(account="alice", phone=PHONE)
        with pytest.raises(SendRefused) as caught:
            verifier.start(account="alice", phone=PHONE)
        assert (caught.value.reason, caught.value.retry_at) == ("cooldown", clock.now() + timedelta(seconds=60))


class TestStepDuringASend:
    @STEPS
    def test_a_send_that_is_refused_is_given_back(
        self, store: Store, gateway: RecordingGateway, clock: ManualClock, step: timedelta
    ) -> None:
        def refuse() -> None:
            step_by(clock, step)
            raise GatewayRefused("no")

        verifier = a_verifier(store, replace(BRAKED, sends_per_day=1), gateway, clock)
        gateway.then = refuse
        with pytest.raises(GatewayRefused):
            verifier.start(account="alice", phone=PHONE)
        gateway.then = None
        step_by(clock, -step)
        assert verifier.start(account="alice", phone=PHONE).sends == 1

    @STEPS
    @pytest.mark.parametrize("error", [None, OutcomeUnknown("perhaps")])
    def test_the_life_of_a_pin_and_its_brake_begin_when_it_was_reserved(
        self,
        store: Store,
        gateway: RecordingGateway,
        clock: ManualClock,
        step: timedelta,
        error: OutcomeUnknown | None,
    ) -> None:
        def accept() -> None:
            step_by(clock, step)
            if error is not None:
                raise error

        verifier = a_verifier(store, BRAKED, gateway, clock)
        gateway.then = accept
        if error is None:
            verifier.start(account="alice", phone=PHONE)
        else:
            with pytest.raises(OutcomeUnknown):
                verifier.start(account="alice", phone=PHONE)
        challenge = stored_challenge(store)
        assert outcome(verifier, challenge, gateway.pins[-1]) is Outcome.EXPIRED
        step_by(clock, -step)
        with pytest.raises(SendRefused) as caught:
            verifier.start(account="alice", phone=PHONE)
        assert (caught.value.reason, caught.value.retry_at) == ("cooldown", clock.now() + timedelta(seconds=60))
        assert outcome(verifier, challenge, gateway.pins[-1]) is Outcome.VERIFIED


class SteppingClock:
    """A clock that shows another moment at each look, and takes down what it showed."""

    def __init__(self, moments: Sequence[datetime]) -> None:
        self._moments = cycle(moments)
        self.shown: list[datetime] = []

    def now(self) -> datetime:
        self.shown.append(next(self._moments))
        return self.shown[-1]


class TestStepDuringACheck:
    """A check has to be right by one of the moments that it saw, and by that one in all its parts."""

    @pytest.fixture(params=[(0, -HOUR), (0, YEAR), (-HOUR, 0), (YEAR, 0), (0, YEAR, -HOUR), (YEAR, -HOUR, 0, 0)])
    def moments(self, request: pytest.FixtureRequest, clock: ManualClock) -> list[datetime]:
        return [clock.now() + step if step else clock.now() for step in request.param]

    def test_a_pin_is_verified_once_at_a_moment_of_its_life(
        self, store: Store, gateway: RecordingGateway, clock: ManualClock, moments: list[datetime]
    ) -> None:
        challenge = a_verifier(store, FREE, gateway, clock).start(account="alice", phone=PHONE)
        stepping = SteppingClock(moments)
        verifier = a_verifier(store, FREE, gateway, stepping)
        outcomes = [outcome(verifier, challenge, gateway.pins[-1]) for _ in range(12)]
        late = outcomes.index(Outcome.VERIFIED)
        assert outcomes == [Outcome.EXPIRED] * late + [Outcome.VERIFIED] + [Outcome.ALREADY_USED] * (11 - late)
        assert stored_account(store).verified_at == clock.now()

    def test_a_wrong_pin_counts_and_locks_at_a_moment_of_its_life(
        self, store: Store, gateway: RecordingGateway, clock: ManualClock, moments: list[datetime]
    ) -> None:
        policy = replace(FREE, lock_after=3)
        challenge = a_verifier(store, policy, gateway, clock).start(account="alice", phone=PHONE)
        stepping = SteppingClock(moments)
        verifier = a_verifier(store, policy, gateway, stepping)
        typed = {"challenge_id": challenge.id, "pin": wrong(gateway.pins[-1]), "account": "alice"}
        verdicts = [verifier.check(**typed) for _ in range(3 * len(moments))]
        assert {verdict.outcome for verdict in verdicts} <= {Outcome.WRONG_PIN, Outcome.EXPIRED, Outcome.LOCKED}
        ends = [verdict.retry_at for verdict in verdicts if verdict.outcome is Outcome.WRONG_PIN]
        assert ends == [None, None, clock.now() + timedelta(minutes=15)]
        account = stored_account(store)
        assert (account.total, account.locked_at) == (3, clock.now())

    @pytest.mark.parametrize("new_data", ["redis"], indirect=True)
    def test_a_check_that_has_to_be_judged_anew_is_judged_by_the_new_time(
        self, open_store: OpenStore, store: Store, gateway: RecordingGateway, clock: ManualClock
    ) -> None:
        """Somebody else types a wrong PIN while it is judged, and meanwhile the life of the challenge ends."""

        class InterruptedClock:
            def now(self) -> datetime:
                moment = clock.now()
                if moment < challenge.created_at + HOUR:
                    with open_store() as theirs:
                        other = a_verifier(theirs, FREE, gateway, clock)
                        assert outcome(other, challenge, wrong(gateway.pins[-1])) is Outcome.WRONG_PIN
                    step_by(clock, HOUR)
                return moment

        challenge = a_verifier(store, FREE, gateway, clock).start(account="alice", phone=PHONE)
        verifier = a_verifier(store, FREE, gateway, InterruptedClock())
        assert outcome(verifier, challenge, gateway.pins[-1]) is Outcome.EXPIRED
        assert stored_account(store).total == 1


STEP = st.sampled_from([-YEAR, -HOUR, -TOLERANCE, timedelta(seconds=-30), timedelta(0), timedelta(seconds=30)]) | (
    st.sampled_from([TOLERANCE, timedelta(minutes=5), timedelta(minutes=15), HOUR, timedelta(hours=24), YEAR])
)


def refusal_of_a_start(verifier: Verifier) -> SendRefused | None:
    try:
        verifier.start(account="alice", phone=PHONE)
    except SendRefused as error:
        return error
    return None


@pytest.mark.parametrize("walks", [40, pytest.param(1000, marks=pytest.mark.slow)])
def test_wherever_the_clock_goes_no_pin_lives_twice_no_failure_is_lost_and_nothing_lasts_longer_than_its_length(
    new_data: Callable[[], OpenStore], clock: ManualClock, walks: int
) -> None:
    begin = clock.now()

    @settings(max_examples=walks, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @example([(step, what) for step in (YEAR, -YEAR) for what in ["start", "wrong", "right"]])
    @given(st.lists(st.tuples(STEP, st.sampled_from(["start", "right", "wrong", "3 wrong"])), max_size=40))
    def walk(path: list[tuple[timedelta, str]]) -> None:
        clock.set(begin)
        with new_data()() as store:
            go(store, path)

    def go(store: Store, path: list[tuple[timedelta, str]]) -> None:
        gateway = RecordingGateway()
        verifier = a_verifier(store, replace(BRAKED, lock_after=3), gateway, clock)
        verified: list[str] = []
        failures = 0
        for step, what in [(timedelta(0), "start"), *path]:
            step_by(clock, step)
            now = clock.now()
            if what == "start":
                refusal = refusal_of_a_start(verifier)
                assert refusal is None or now < refusal.retry_at <= now + LONGEST_WAITS[refusal.reason]
                continue
            pin = gateway.pins[-1]
            before = stored_challenge(store)
            for typed in {"right": [pin], "wrong": [wrong(pin)], "3 wrong": [wrong(pin)] * 3}[what]:
                verdict = verifier.check(before.id, typed, account="alice")
                if verdict.outcome is Outcome.LOCKED:
                    assert now < verdict.retry_at <= now + LONGEST_WAITS["locked"]
                if verdict.outcome is Outcome.WRONG_PIN:
                    failures += 1
                if verdict:
                    failures = 0
                    assert pin not in verified
                    verified.append(pin)
                if verdict.outcome in (Outcome.WRONG_PIN, Outcome.VERIFIED):
                    assert before.created_at - TOLERANCE <= now < before.created_at + timedelta(minutes=5)
                assert stored_account(store).total == failures

    walk()
