"""Hypothesis uses a verifier in any order it likes, beside a model that tells the rules once more, in plain lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from contracts.gateway import wrong
from contracts.workers import OpenStore, a_verifier, stored_account, stored_challenge
from sms2fa import Challenge, ManualClock, Outcome, Policy, Verdict
from sms2fa.errors import GatewayRefused, OutcomeUnknown, SendRefused
from sms2fa.gateways.recording import RecordingGateway
from sms2fa.stores import KEPT


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


# Small numbers, so that every lock, stop and brake is met within a few dozen steps.
SMALL = Policy(
    pin_length=10,
    lifetime=seconds(60),
    tries_per_pin=3,
    lock_after=4,
    lock_for=seconds(20),
    stop_after=9,
    cooldown=seconds(2),
    longest_cooldown=seconds(8),
    quiet=seconds(300),
    sends_per_challenge=3,
    sends_per_number=4,
    number_window=seconds(100),
    sends_per_prefix=6,
    sends_per_day=12,
    regions=frozenset({"JP", "US"}),
)
LIFE, LOCK, WINDOW, QUIET, DAY = seconds(60), seconds(20), seconds(100), seconds(300), seconds(86400)
WAITS = [seconds(wait) for wait in (2, 4, 8)]

ACCOUNTS = st.sampled_from(["alice", "alice", "alice", "bob"])
PURPOSES = st.sampled_from(["login", "login", "login", "enrol"])
JAPAN, SAME_PREFIX, AMERICA, ELSEWHERE = "+818012345678", "+818012340000", "+12025550123", "+447400123456"
PHONES = st.sampled_from([JAPAN] * 6 + [SAME_PREFIX] * 4 + [AMERICA, ELSEWHERE])
ENDINGS = st.sampled_from(["accepted"] * 6 + ["refused", "unknown", "dead"])
NO_PINS = st.text(st.characters(), max_size=9) | st.sampled_from(["+1234567890", "12345_67890", "1" * 11, "٣" * 10])
SPELLINGS = st.sampled_from(
    [
        str,
        lambda pin: f" {pin[:5]} {pin[5:]}",
        lambda pin: "-".join(pin),
        lambda pin: pin.translate({ord("0") + digit: ord("０") + digit for digit in range(10)}),
    ]
)


@dataclass
class UnderWay:
    """What the model knows of a challenge."""

    id: str
    phone: str
    pin: str
    born: datetime
    sends: int
    state: str = "reserved"
    wrong: int = 0


@dataclass
class Model:
    """Who has sent and failed what, and when."""

    newest: dict[tuple[str, str], UnderWay] = field(default_factory=dict)  # by account and purpose
    failures: list[tuple[str, str]] = field(default_factory=list)  # account and purpose of each
    locked_at: dict[str, datetime] = field(default_factory=dict)
    sent: list[tuple[str, datetime]] = field(default_factory=list)  # number and moment
    rows: dict[tuple[str, str], list[datetime]] = field(default_factory=dict)  # sends in a row, by account and number

    def check(self, account: str, purpose: str, challenge_id: str, pin: str | None, now: datetime) -> Verdict:
        """``pin`` holds the digits that are meant; None where it is no PIN at all."""
        if pin is None:
            return Verdict(Outcome.MALFORMED)
        challenge = self.newest.get((account, purpose))
        if challenge is None or challenge.id != challenge_id or challenge.state in ("reserved", "void"):
            return Verdict(Outcome.UNKNOWN)
        if self.is_stopped(account):
            return Verdict(Outcome.STOPPED)
        if self.lock_end(account, now):
            return Verdict(Outcome.LOCKED, retry_at=self.lock_end(account, now))
        if challenge.state == "used":
            return Verdict(Outcome.ALREADY_USED)
        if now - challenge.born >= LIFE:
            return Verdict(Outcome.EXPIRED)
        if challenge.wrong == 3:
            return Verdict(Outcome.TOO_MANY_TRIES)
        if pin == challenge.pin:
            challenge.state = "used"
            self.failures = [failure for failure in self.failures if failure != (account, purpose)]
            self.rows = {pair: row for pair, row in self.rows.items() if pair[0] != account}
            return Verdict(Outcome.VERIFIED)
        challenge.wrong += 1
        self.failures.append((account, purpose))
        if self.total(account) in (4, 8):
            self.locked_at[account] = now
        return Verdict(Outcome.WRONG_PIN, self.lock_end(account, now), 3 - challenge.wrong)

    def total(self, account: str) -> int:
        return sum(name == account for name, _ in self.failures)

    def is_stopped(self, account: str) -> bool:
        return self.total(account) >= 9

    def lock_end(self, account: str, now: datetime) -> datetime | None:
        began = self.locked_at.get(account)
        return began + LOCK if began is not None and now < began + LOCK else None

    def recover(self, account: str) -> None:
        self.failures = [failure for failure in self.failures if failure[0] != account]
        self.locked_at.pop(account, None)

    def refusal(self, account: str, phone: str, sends: int, now: datetime) -> tuple[str, datetime | None] | None:
        """The first thing that speaks against one more SMS, and until when."""
        if self.is_stopped(account):
            return "stopped", None
        if self.lock_end(account, now):
            return "locked", self.lock_end(account, now)
        if phone == ELSEWHERE:
            return "region", None
        if sends == 3:
            return "challenge", None
        row = self.row(account, phone, now)
        if row:
            free = row[-1] + WAITS[min(len(row), len(WAITS)) - 1]
            if now < free:
                return "cooldown", free
        to_number = [at for to, at in self.sent if to == phone]
        to_prefix = [at for to, at in self.sent if to[:-4] == phone[:-4]]
        to_all = [at for _, at in self.sent]
        for reason, sent, limit, window in (
            ("number", to_number, 4, WINDOW),
            ("prefix", to_prefix, 6, WINDOW),
            ("day", to_all, 12, DAY),
        ):
            recent = sorted(at for at in sent if now < at + window)
            if len(recent) >= limit:
                return reason, recent[-limit] + window
        return None

    def row(self, account: str, phone: str, now: datetime) -> list[datetime]:
        row = self.rows.setdefault((account, phone), [])
        if row and now - row[-1] >= QUIET:
            row.clear()
        return row

    def send(self, account: str, purpose: str, new: UnderWay, ending: str) -> None:
        """An SMS that nothing speaks against, and what the gateway makes of it."""
        new.state = {"accepted": "live", "unknown": "live", "refused": "void", "dead": "reserved"}[ending]
        self.newest[account, purpose] = new
        if ending == "refused":
            new.sends -= 1
        else:
            self.sent.append((new.phone, new.born))
            self.row(account, new.phone, new.born).append(new.born)


class Death(BaseException):
    """In place of a process that dies while it sends."""


@dataclass(frozen=True)
class Known:
    """A challenge that was sent once, whatever became of it."""

    id: str
    account: str
    purpose: str
    phone: str


class Machine(RuleBasedStateMachine):
    """What people, strangers, the gateway, time and the operator may do to a verifier."""

    challenges = Bundle("challenges")

    def __init__(self, open_store: OpenStore, seen: Counter[str]) -> None:
        super().__init__()
        self.open_store, self.seen = open_store, seen
        self.model, self.gateway = Model(), RecordingGateway()
        self.clock = ManualClock(datetime(2026, 11, 1, 9, 0, 0, 123457, tzinfo=UTC))
        self.pins: dict[str, list[str]] = {}  # of each challenge, oldest first
        self.told = self.clock.now()  # the last moment that was named as the end of a wait
        self.open()

    def open(self) -> None:
        self.store = self.open_store()
        self.verifier = a_verifier(self.store, SMALL, self.gateway, self.clock)

    def teardown(self) -> None:
        self.store.close()

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.open()

    @rule(wait=st.sampled_from([0.001, 1, 2, 4, 8, 20, 59.999999, 60, 100, 300, 4000, 86400]))
    def time_passes(self, wait: float) -> None:
        self.clock.advance(seconds=wait)

    @rule(early=st.sampled_from([timedelta(0), timedelta(microseconds=1)]))
    def time_passes_until_the_end_that_was_told(self, early: timedelta) -> None:
        self.clock.set(max(self.clock.now(), self.told - early))

    @rule(target=challenges, account=ACCOUNTS, purpose=PURPOSES, phone=PHONES, ending=ENDINGS)
    def start(self, account: str, purpose: str, phone: str, ending: str) -> Known | MultipleResults:
        refusal = self.model.refusal(account, phone, 0, self.clock.now())
        send = partial(self.verifier.start, account=account, phone=phone, purpose=purpose)
        if not self.is_sent(send, refusal, ending):
            return multiple()
        known = Known(stored_challenge(self.store, account, purpose).id, account, purpose, phone)
        assert known.id not in self.pins
        self.note(known, ending, sends=1)
        return known

    @rule(challenge=challenges, phone=st.none() | PHONES, ending=ENDINGS)
    def resend(self, challenge: Known, phone: str | None, ending: str) -> None:
        phone = phone or challenge.phone
        under_way = self.model.newest[challenge.account, challenge.purpose]
        if self.is_rubbish(challenge.account, challenge.purpose):
            return  # there or not, as the store likes
        refusal: tuple[str, datetime | None] | None = "unknown", None
        if (under_way.id, under_way.phone) == (challenge.id, phone) and under_way.state in ("live", "void"):
            refusal = self.model.refusal(challenge.account, phone, under_way.sends, self.clock.now())
        where = {"account": challenge.account, "purpose": challenge.purpose, "phone": phone}
        if self.is_sent(partial(self.verifier.resend, challenge.id, **where), refusal, ending):
            self.note(challenge, ending, sends=under_way.sends + 1)

    @rule(target=challenges, account=ACCOUNTS, purpose=PURPOSES, phone=PHONES)
    def recover_and_start(self, account: str, purpose: str, phone: str) -> Known | MultipleResults:
        self.verifier.recover(account)
        self.model.recover(account)
        return self.start(account, purpose, phone, "accepted")

    @rule(challenge=challenges, phones=st.lists(st.just(JAPAN) | PHONES, min_size=2, max_size=4))
    def send_as_soon_as_it_is_allowed(self, challenge: Known, phones: list[str]) -> None:
        for phone in phones:
            self.time_passes_until_the_end_that_was_told(timedelta(0))
            self.resend(challenge, None, "accepted")
            self.start(challenge.account, challenge.purpose, phone, "accepted")

    @rule(account=ACCOUNTS, purpose=PURPOSES, phone=PHONES, times=st.integers(1, 4))
    def guess_as_soon_as_it_is_allowed(self, account: str, purpose: str, phone: str, times: int) -> None:
        for _ in range(times):
            self.time_passes_until_the_end_that_was_told(timedelta(0))
            sent = self.start(account, purpose, phone, "accepted")
            if isinstance(sent, Known):
                self.type_wrong_pins(sent, 4)

    @rule(challenge=challenges, times=st.integers(1, 5))
    def type_wrong_pins(self, challenge: Known, times: int) -> None:
        pin = wrong(self.pins[challenge.id][-1])
        for _ in range(times):
            self.check(challenge.account, challenge.purpose, challenge.id, pin, pin)

    @rule(challenge=challenges, age=st.integers(1, 3), spell=SPELLINGS)
    def type_a_pin_that_was_sent(self, challenge: Known, age: int, spell: Callable[[str], str]) -> None:
        for pin in self.pins[challenge.id][-age:][:1]:
            self.check(challenge.account, challenge.purpose, challenge.id, pin, spell(pin))

    @rule(challenge=challenges, early=st.sampled_from([timedelta(0), timedelta(microseconds=1)]))
    def type_the_pin_at_its_last_moment(self, challenge: Known, early: timedelta) -> None:
        born = self.model.newest[challenge.account, challenge.purpose].born
        self.clock.set(max(self.clock.now(), born + LIFE - early))
        pin = self.pins[challenge.id][-1]
        self.check(challenge.account, challenge.purpose, challenge.id, pin, pin)

    @rule(challenge=challenges, typed=NO_PINS)
    def type_what_is_no_pin(self, challenge: Known, typed: str) -> None:
        self.check(challenge.account, challenge.purpose, challenge.id, None, typed)

    @rule(
        challenge=challenges,
        account=ACCOUNTS,
        purpose=PURPOSES,
        strange_id=st.none() | st.text(st.characters(), max_size=30),
    )
    def type_the_pin_elsewhere(self, challenge: Known, account: str, purpose: str, strange_id: str | None) -> None:
        pin = self.pins[challenge.id][-1]
        self.check(account, purpose, challenge.id if strange_id is None else strange_id, pin, pin)

    @invariant()
    def the_same_failures_are_on_record(self) -> None:
        for account in ("alice", "bob"):
            expected = Counter(purpose for name, purpose in self.model.failures if name == account)
            assert stored_account(self.store, account).failures == expected

    def check(self, account: str, purpose: str, challenge_id: str, pin: str | None, typed: str) -> None:
        rubbish = self.is_rubbish(account, purpose)
        expected = self.model.check(account, purpose, challenge_id, pin, self.clock.now())
        verdict = self.verifier.check(challenge_id, typed, account=account, purpose=purpose)
        assert verdict == expected or (rubbish and verdict == Verdict(Outcome.UNKNOWN))
        self.remember(verdict.outcome, verdict.retry_at)
        if verdict:
            self.clock.advance(seconds=0.001)  # what is sent at the moment of a success may count as before or after it

    def is_sent(self, send: Callable[[], Challenge], refusal: tuple[str, datetime | None] | None, ending: str) -> bool:
        """Whether an SMS went to the gateway; compares what came of it with what the model expects."""
        errors = {"refused": GatewayRefused("no"), "unknown": OutcomeUnknown("perhaps"), "dead": Death()}
        self.gateway.then = errors.get(ending)
        before = len(self.gateway.pins)
        try:
            send()
        except SendRefused as error:
            came_of_it: object = (error.reason, error.retry_at)
            self.remember(f"refused: {error.reason}", error.retry_at)
        except (GatewayRefused, OutcomeUnknown, Death):
            came_of_it = ending
        else:
            came_of_it = "accepted"
        assert came_of_it == (refusal or ending)
        assert len(self.gateway.pins) - before == (refusal is None)
        return refusal is None

    def note(self, challenge: Known, ending: str, sends: int) -> None:
        pin = self.gateway.pins[-1]
        self.pins.setdefault(challenge.id, []).append(pin)
        new = UnderWay(challenge.id, challenge.phone, pin, self.clock.now(), sends)
        self.model.send(challenge.account, challenge.purpose, new, ending)
        self.remember(f"gateway: {ending}")

    def is_rubbish(self, account: str, purpose: str) -> bool:
        """Whether the newest challenge ran out so long ago that a store may have forgotten it."""
        newest = self.model.newest.get((account, purpose))
        return newest is not None and self.clock.now() - newest.born >= LIFE + KEPT

    def remember(self, what: str, end: datetime | None = None) -> None:
        self.seen[str(what)] += 1
        self.told = end or self.told


REASONS = ["stopped", "locked", "region", "challenge", "cooldown", "number", "prefix", "day", "unknown"]
GATEWAY = ["accepted", "refused", "unknown", "dead"]
EVERYTHING = {*Outcome, *(f"refused: {reason}" for reason in REASONS), *(f"gateway: {ending}" for ending in GATEWAY)}


@pytest.mark.parametrize(
    ("runs", "steps", "must_be_seen"),
    [pytest.param(40, 30, set(), id="short"), pytest.param(1000, 50, EVERYTHING, marks=pytest.mark.slow, id="full")],
)
@pytest.mark.parametrize("new_data", ["file", "redis"], indirect=True)
def test_in_whatever_order_it_is_used_the_verifier_does_what_the_model_does(
    new_data: Callable[[], OpenStore], runs: int, steps: int, must_be_seen: set[str]
) -> None:
    seen: Counter[str] = Counter()
    run_state_machine_as_test(
        lambda: Machine(new_data(), seen),
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert must_be_seen <= set(seen)
