"""The verifier: a PIN is made, sent, and checked, by the rules."""

from __future__ import annotations

import base64
import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.gateway import wrong
from sms2fa import (
    NIST_800_63B,
    XOXZO_TUTORIAL_2018,
    Challenge,
    ManualClock,
    Outcome,
    Policy,
    SqliteStore,
    Verdict,
    Verifier,
    XoxzoGateway,
)
from sms2fa.errors import (
    CredentialsRefused,
    GatewayRefused,
    InvalidInput,
    InvalidKey,
    InvalidPhoneNumber,
    InvalidPolicy,
    OutcomeUnknown,
    ProviderUnreachable,
    SendRefused,
    StoreError,
    UnreadableAnswer,
)
from sms2fa.gateways.recording import RecordingGateway
from sms2fa.sandbox import XoxzoSandbox

KEY, OLD_KEY = b"k" * 32, b"o" * 32
PHONE = "+818012345678"
BRAKES = ("cooldown", "sends_per_challenge", "sends_per_number", "sends_per_prefix", "sends_per_day")
# Ten digits, so that no two random PINs are the same; no brakes, so that a test can send as often as it needs.
FREE = replace(NIST_800_63B, pin_length=10, **dict.fromkeys(BRAKES))
PATIENCE = 60  # seconds until something that hangs fails the test


class Desk:
    """A verifier with its gateway, store and clock in reach."""

    def __init__(self, store: SqliteStore, clock: ManualClock) -> None:
        self.gateway, self.store, self.clock = RecordingGateway(), store, clock
        self.use(FREE)

    def use(self, policy: Policy, key: bytes | list[bytes] = KEY) -> None:
        self.verifier = Verifier(self.gateway, store=self.store, key=key, policy=policy, clock=self.clock)

    def start(self, account: str = "alice", phone: str = PHONE, purpose: str = "login") -> Challenge:
        return self.verifier.start(account=account, phone=phone, purpose=purpose)

    def resend(self, challenge: Challenge, phone: str = PHONE) -> Challenge:
        return self.verifier.resend(challenge.id, phone=phone, account=challenge.account, purpose=challenge.purpose)

    def check(self, challenge: Challenge, pin: str) -> Verdict:
        return self.verifier.check(challenge.id, pin, account=challenge.account, purpose=challenge.purpose)

    def pin_works(self, challenge: Challenge) -> Outcome:
        return self.check(challenge, self.gateway.pins[-1]).outcome

    def fail(self, challenge: Challenge, times: int = 1) -> list[Outcome]:
        return [self.check(challenge, wrong(self.gateway.pins[-1])).outcome for _ in range(times)]

    def fail_in_all(self, times: int, purpose: str = "login") -> Verdict:
        """So many wrong PINs, with a new challenge after every five."""
        for count in range(times):
            if count % 5 == 0:
                challenge = self.start(purpose=purpose)
            verdict = self.check(challenge, wrong(self.gateway.pins[-1]))
            assert verdict.outcome is Outcome.WRONG_PIN
        return verdict

    def stored(self, account: str = "alice", purpose: str = "login") -> Challenge:
        challenge = self.store.transact(account, purpose, lambda case: (case, case.challenge))
        assert challenge is not None
        return challenge

    def refusal(self, send: Callable[[], Challenge]) -> tuple[str, float | None]:
        """The reason, and in how many seconds to try again; nothing was sent."""
        sent = len(self.gateway.pins)
        with pytest.raises(SendRefused) as caught:
            send()
        assert len(self.gateway.pins) == sent
        end = caught.value.retry_at
        return caught.value.reason, None if end is None else (end - self.clock.now()).total_seconds()


@pytest.fixture(params=["memory", "file"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(":memory:" if request.param == "memory" else tmp_path / "store.db") as store:
        yield store


@pytest.fixture
def desk(clock: ManualClock) -> Iterator[Desk]:
    with SqliteStore(":memory:") as store:
        yield Desk(store, clock)


class TestCheck:
    def test_the_right_pin_is_verified_once(self, desk: Desk) -> None:
        challenge = desk.start()
        assert [sent.to.e164 for sent in desk.gateway.sent] == [PHONE]
        assert [desk.pin_works(challenge) for _ in range(3)] == [Outcome.VERIFIED, *[Outcome.ALREADY_USED] * 2]

    def test_a_wrong_pin_counts_and_after_five_the_right_one_does_not_help(self, desk: Desk) -> None:
        challenge = desk.start()
        verdicts = [desk.check(challenge, wrong(desk.gateway.pins[-1])) for _ in range(5)]
        assert [verdict.tries_left for verdict in verdicts] == [4, 3, 2, 1, 0]
        assert not any(verdicts)
        assert desk.pin_works(challenge) is Outcome.TOO_MANY_TRIES

    def test_after_four_wrong_pins_the_right_one_still_helps(self, desk: Desk) -> None:
        challenge = desk.start()
        desk.fail(challenge, 4)
        assert desk.pin_works(challenge) is Outcome.VERIFIED

    @pytest.mark.parametrize(
        "typed",
        ["", "123456789", "12345678901", "+1234567890", "12345_67890", "abcdefghij", None, 1234567890, b"1" * 10],
    )
    def test_what_is_no_pin_is_malformed_and_costs_nothing(self, desk: Desk, typed: str) -> None:
        challenge = desk.start()
        assert {desk.check(challenge, typed).outcome for _ in range(12)} == {Outcome.MALFORMED}
        assert desk.pin_works(challenge) is Outcome.VERIFIED

    def test_any_text_earns_a_verdict(self, desk: Desk) -> None:
        challenge = desk.start()
        anything = st.text(st.characters())  # surrogates too
        typed = anything | st.text("0123456789０１２ -", min_size=10, max_size=12) | st.from_regex(r"\A[0-9]{10}\Z")

        @settings(max_examples=150, deadline=None, database=None)
        @given(typed, st.just(challenge.id) | anything)
        @example("1234567890", "\ud800")
        def is_judged(pin: str, challenge_id: str) -> None:
            verdict = desk.verifier.check(challenge_id, pin, account="alice")
            assert isinstance(verdict, Verdict)
            assert not verdict  # by chance once in a million years

        is_judged()

    @pytest.mark.parametrize(("seconds", "outcome"), [(299.999, Outcome.VERIFIED), (300, Outcome.EXPIRED)])
    def test_a_pin_works_for_five_minutes(self, desk: Desk, seconds: float, outcome: Outcome) -> None:
        challenge = desk.start()
        desk.clock.advance(seconds=seconds)
        assert desk.pin_works(challenge) is outcome

    @pytest.mark.parametrize(
        "foreign", [{"account": "bob"}, {"purpose": "enrol"}, {"challenge_id": "x"}, {"challenge_id": None}]
    )
    def test_a_foreign_account_purpose_or_id_is_unknown_and_costs_nobody_anything(
        self, desk: Desk, foreign: dict[str, str]
    ) -> None:
        bobs, alices_other = desk.start("bob"), desk.start(purpose="enrol")
        pins = desk.gateway.pins[:]
        alices = desk.start()
        asked = {"challenge_id": alices.id, "pin": desk.gateway.pins[-1], "account": "alice", "purpose": "login"}
        asked.update(foreign)
        assert {desk.verifier.check(**asked).outcome for _ in range(12)} == {Outcome.UNKNOWN}
        checked = [desk.check(*pair).outcome for pair in zip((bobs, alices_other), pins, strict=True)]
        assert [*checked, desk.pin_works(alices)] == [Outcome.VERIFIED] * 3

    def test_expired_and_used_tries_cost_nobody_anything(self, desk: Desk) -> None:
        expired, used = desk.start(purpose="enrol"), desk.start()
        desk.pin_works(used)
        assert set(desk.fail(used, 12)) == {Outcome.ALREADY_USED}
        desk.clock.advance(seconds=300)
        assert set(desk.fail(expired, 12)) == {Outcome.EXPIRED}
        assert desk.pin_works(desk.start()) is Outcome.VERIFIED

    def test_a_closed_store_lets_nobody_in_and_sends_nothing(self, desk: Desk) -> None:
        challenge = desk.start()
        desk.store.close()
        with pytest.raises(StoreError):
            desk.pin_works(challenge)
        with pytest.raises(StoreError):
            desk.start("bob")
        assert len(desk.gateway.pins) == 1


class TestNewerPins:
    def test_a_newer_start_voids_the_older_challenge_of_its_purpose_alone(self, desk: Desk) -> None:
        challenges = [desk.start(), desk.start(purpose="enrol"), desk.start("bob"), desk.start()]
        outcomes = [desk.check(*pair).outcome for pair in zip(challenges, desk.gateway.pins, strict=True)]
        assert outcomes == [Outcome.UNKNOWN, *[Outcome.VERIFIED] * 3]

    def test_a_resend_keeps_the_id_makes_a_new_pin_and_a_new_life_and_voids_the_old_pin(self, desk: Desk) -> None:
        first = desk.start()
        desk.fail(first, 5)
        desk.clock.advance(seconds=301)  # one that ran out may be sent again too
        again = desk.resend(first)
        assert (again.id, again.sends) == (first.id, 2)
        assert desk.check(first, desk.gateway.pins[0]).outcome is Outcome.WRONG_PIN
        desk.clock.advance(seconds=299)
        assert desk.pin_works(first) is Outcome.VERIFIED

    @pytest.mark.parametrize("case", ["number", "account", "purpose", "id", "used", "voided"])
    def test_a_resend_of_what_is_not_under_way_is_refused(self, desk: Desk, case: str) -> None:
        challenge = desk.start()
        pin = desk.gateway.pins[-1]
        asked = {"challenge_id": challenge.id, "phone": PHONE, "account": "alice", "purpose": "login"}
        changes = {"number": ("phone", "+12025550123"), "account": ("account", "bob"), "purpose": ("purpose", "enrol")}
        asked.update([changes[case]] if case in changes else [("challenge_id", "x")] if case == "id" else [])
        if case == "used":
            desk.pin_works(challenge)
        if case == "voided":
            desk.start()
        assert desk.refusal(lambda: desk.verifier.resend(**asked)) == ("unknown", None)
        if case not in ("used", "voided"):
            assert desk.check(challenge, pin).outcome is Outcome.VERIFIED


class TestBrakes:
    def test_the_cooldown_doubles_from_a_minute_to_32(self, desk: Desk) -> None:
        desk.use(NIST_800_63B)
        desk.start()
        for wait in (60, 120, 240, 480, 960, 1920, 1920):
            assert desk.refusal(desk.start) == ("cooldown", wait)
            desk.clock.advance(seconds=wait - 0.001)
            assert desk.refusal(desk.start)[0] == "cooldown"
            desk.clock.advance(seconds=0.001)
            desk.start()

    @pytest.mark.parametrize("how", ["success", "24 quiet hours"])
    def test_the_cooldown_starts_anew_after_a_success_and_after_24_quiet_hours(self, desk: Desk, how: str) -> None:
        desk.use(NIST_800_63B)
        desk.start()
        desk.clock.advance(seconds=60)
        challenge = desk.start()
        if how == "success":
            assert desk.pin_works(challenge) is Outcome.VERIFIED
        desk.clock.advance(seconds=1 if how == "success" else 86400)
        desk.start()
        assert desk.refusal(desk.start) == ("cooldown", 60)

    def test_the_cooldown_is_of_account_and_number_and_not_of_the_challenge(self, desk: Desk) -> None:
        desk.use(NIST_800_63B)
        challenge = desk.start()
        assert desk.refusal(lambda: desk.start(purpose="enrol")) == ("cooldown", 60)
        assert desk.refusal(lambda: desk.resend(challenge)) == ("cooldown", 60)
        desk.start("bob")
        desk.start(phone="+12025550123")
        assert len(desk.gateway.pins) == 3

    @pytest.mark.parametrize(
        ("limits", "numbers", "reason", "wait", "other"),
        [
            ({"sends_per_number": 3}, [PHONE] * 4, "number", 3600, "+12025550123"),
            ({"sends_per_prefix": 3}, [f"+1202555010{digit}" for digit in range(4)], "prefix", 3600, PHONE),
            ({"sends_per_day": 3}, [PHONE, "+12025550123", PHONE, "+12025550124"], "day", 86400, None),
            ({"regions": frozenset({"JP"})}, ["+12025550123"], "region", None, PHONE),
        ],
    )
    def test_each_brake_holds_says_which_it_is_and_ends(
        self, desk: Desk, limits: dict[str, int], numbers: list[str], reason: str, wait: float | None, other: str | None
    ) -> None:
        desk.use(replace(FREE, **limits))
        for index, number in enumerate(numbers[:-1]):
            desk.start(f"account {index}", number)
            desk.clock.advance(seconds=10)
        waited = 10 * (len(numbers) - 1)
        left = None if wait is None else wait - waited
        for _ in range(2):
            assert desk.refusal(lambda: desk.start("the last", numbers[-1])) == (reason, left)
        if other is not None:
            desk.start("the last", other)
        if left is not None:
            desk.clock.advance(seconds=left)
            desk.start("the last", numbers[-1])
        assert [sent.to.e164 for sent in desk.gateway.sent] == [
            *numbers[:-1],
            *filter(None, [other]),
            *(numbers[-1:] if left else []),
        ]

    def test_a_challenge_is_sent_five_times(self, desk: Desk) -> None:
        desk.use(replace(FREE, sends_per_challenge=5))
        challenge = desk.start()
        for _ in range(4):
            desk.resend(challenge)
        assert desk.refusal(lambda: desk.resend(challenge)) == ("challenge", None)
        assert desk.pin_works(challenge) is Outcome.VERIFIED

    @pytest.mark.parametrize("resend", [False, True])
    def test_a_send_that_is_refused_leaves_the_pin_under_way_alive(self, desk: Desk, resend: bool) -> None:
        desk.use(replace(FREE, cooldown=timedelta(seconds=60)))
        challenge = desk.start()
        desk.refusal(lambda: desk.resend(challenge) if resend else desk.start())
        assert desk.pin_works(challenge) is Outcome.VERIFIED


class TestLock:
    def test_ten_failures_lock_over_challenges_purposes_resends_and_restarts(
        self, clock: ManualClock, tmp_path: Path
    ) -> None:
        for _ in range(2):
            with SqliteStore(tmp_path / "store.db") as store:
                desk = Desk(store, clock)
                login = desk.start()
                desk.fail(login, 2)
                desk.resend(login)
                desk.fail(login, 1)
                enrol = desk.start(purpose="enrol")
                verdicts = [desk.check(enrol, wrong(desk.gateway.pins[-1])) for _ in range(2)]
        assert [verdict.outcome for verdict in verdicts] == [Outcome.WRONG_PIN] * 2
        end = clock.now() + timedelta(minutes=15)
        assert [verdict.retry_at for verdict in verdicts] == [None, end]
        with SqliteStore(tmp_path / "store.db") as store:
            desk.store = store
            desk.use(FREE)
            assert desk.check(enrol, desk.gateway.pins[-1]) == Verdict(Outcome.LOCKED, retry_at=end)
            assert desk.refusal(desk.start) == ("locked", 900)
            assert desk.refusal(lambda: desk.resend(enrol)) == ("locked", 900)
            clock.advance(seconds=899.999)
            assert desk.refusal(desk.start)[0] == "locked"
            clock.advance(seconds=0.001)
            assert desk.pin_works(desk.start()) is Outcome.VERIFIED

    def test_nine_failures_do_not_lock_and_a_lock_is_of_one_account(self, desk: Desk) -> None:
        bobs = desk.start("bob")
        pin = desk.gateway.pins[-1]
        assert desk.fail_in_all(9).retry_at is None
        assert desk.pin_works(desk.start()) is Outcome.VERIFIED
        assert desk.fail_in_all(10).retry_at is not None
        assert desk.check(bobs, pin).outcome is Outcome.VERIFIED

    def test_tries_under_a_lock_cost_nothing(self, desk: Desk) -> None:
        desk.use(replace(FREE, lifetime=timedelta(minutes=10), lock_for=timedelta(minutes=5)))
        desk.fail_in_all(5)
        challenge = desk.start()
        assert desk.fail(challenge, 17) == [Outcome.WRONG_PIN] * 5 + [Outcome.LOCKED] * 12
        desk.clock.advance(seconds=300)
        desk.fail_in_all(9)
        assert desk.pin_works(desk.start()) is Outcome.VERIFIED

    def test_a_hundred_failures_stop_the_account_until_it_is_recovered(self, desk: Desk) -> None:
        for _ in range(9):
            desk.fail_in_all(10)
            desk.clock.advance(seconds=900)
        desk.fail_in_all(9)
        challenge = desk.start()
        assert desk.fail(challenge, 2) == [Outcome.WRONG_PIN, Outcome.STOPPED]
        assert desk.check(challenge, desk.gateway.pins[-1]) == Verdict(Outcome.STOPPED)
        desk.clock.advance(seconds=10 * 365 * 86400)
        for send in (desk.start, lambda: desk.start(purpose="enrol"), lambda: desk.resend(challenge)):
            assert desk.refusal(send) == ("stopped", None)
        desk.verifier.recover("bob")
        assert desk.refusal(desk.start) == ("stopped", None)
        desk.verifier.recover("alice")
        assert desk.pin_works(desk.start()) is Outcome.VERIFIED
        assert desk.fail_in_all(10).retry_at is not None  # and the count starts from nothing

    def test_a_success_takes_away_the_failures_of_its_own_purpose_alone(self, desk: Desk) -> None:
        desk.fail_in_all(5, "enrol")
        desk.fail_in_all(4)
        assert desk.pin_works(desk.start()) is Outcome.VERIFIED
        assert desk.fail_in_all(4).retry_at is None
        assert desk.fail_in_all(1).retry_at is not None


DYING = """
import os, sys
from sms2fa import SqliteStore, Verifier

class Deadly:
    live = False
    def send(self, message, *, to):
        print(message.variables["pin"], flush=True)
        os._exit(3)

Verifier(Deadly(), store=SqliteStore(sys.argv[1]), key=b"k" * 32).start(account="alice", phone=sys.argv[2])
"""


class TestReserveSendSettle:
    @pytest.mark.parametrize("kind", [GatewayRefused, CredentialsRefused, ProviderUnreachable])
    def test_a_definite_refusal_gives_the_send_back_and_leaves_no_live_pin(
        self, desk: Desk, kind: type[GatewayRefused]
    ) -> None:
        desk.use(replace(NIST_800_63B, pin_length=10))
        desk.gateway.then = kind("no")
        for _ in range(12):  # more than any brake would let through
            with pytest.raises(kind) as caught:
                desk.start()
            assert caught.value is desk.gateway.then
            assert desk.pin_works(desk.stored()) is Outcome.UNKNOWN
        desk.gateway.then = None
        assert desk.pin_works(desk.start()) is Outcome.VERIFIED

    def test_a_resend_that_the_gateway_refuses_leaves_no_live_pin_and_may_be_tried_again(self, desk: Desk) -> None:
        desk.use(replace(FREE, sends_per_challenge=2))
        challenge = desk.start()
        desk.gateway.then = ProviderUnreachable("no")
        for _ in range(3):
            with pytest.raises(ProviderUnreachable):
                desk.resend(challenge)
        assert {desk.check(challenge, pin).outcome for pin in desk.gateway.pins} == {Outcome.UNKNOWN}
        desk.gateway.then = None
        assert desk.resend(challenge).sends == 2
        assert desk.pin_works(challenge) is Outcome.VERIFIED

    @pytest.mark.parametrize("kind", [OutcomeUnknown, UnreadableAnswer])
    @pytest.mark.parametrize("resend", [False, True])
    def test_an_unknown_outcome_keeps_the_pin_live_and_the_send_spent(
        self, desk: Desk, kind: type[OutcomeUnknown], resend: bool
    ) -> None:
        desk.use(replace(FREE, cooldown=timedelta(seconds=60)))
        challenge = desk.start() if resend else None
        desk.clock.advance(seconds=60)
        desk.gateway.then = kind("perhaps")
        with pytest.raises(kind) as caught:
            desk.start() if challenge is None else desk.resend(challenge)
        assert caught.value.challenge_id == desk.stored().id
        assert desk.refusal(desk.start) == ("cooldown", 120 if resend else 60)
        assert desk.pin_works(desk.stored()) is Outcome.VERIFIED

    @pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1), RuntimeError("a bug")])
    def test_whatever_else_comes_between_leaves_the_send_spent_and_the_pin_void(
        self, desk: Desk, error: BaseException
    ) -> None:
        desk.use(replace(FREE, cooldown=timedelta(seconds=60)))
        desk.gateway.then = error
        with pytest.raises(type(error)):
            desk.start()
        assert desk.pin_works(desk.stored()) is Outcome.UNKNOWN
        assert desk.refusal(desk.start) == ("cooldown", 60)
        assert desk.refusal(lambda: desk.resend(desk.stored())) == ("unknown", None)

    def test_a_process_that_dies_between_leaves_the_send_spent_and_the_pin_void(self, tmp_path: Path) -> None:
        path, environment = tmp_path / "store.db", {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-c", DYING, str(path), PHONE]
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 3
        with SqliteStore(path) as store:
            desk = Desk(store, ManualClock())
            desk.use(NIST_800_63B)
            assert desk.check(desk.stored(), done.stdout.strip()).outcome is Outcome.UNKNOWN
            assert desk.refusal(desk.start)[0] == "cooldown"

    @pytest.mark.parametrize("error", [None, OutcomeUnknown("perhaps"), GatewayRefused("no")])
    def test_a_send_that_ends_late_does_not_touch_a_newer_challenge(self, desk: Desk, error: Exception | None) -> None:
        older: list[Challenge] = []

        def meanwhile() -> None:
            older.append(desk.stored())
            desk.gateway.then = None
            desk.start()
            if error is not None:
                raise error

        desk.gateway.then = meanwhile
        with contextlib.suppress(OutcomeUnknown, GatewayRefused):
            desk.start()
        outcomes = [desk.check(*pair).outcome for pair in zip((*older, desk.stored()), desk.gateway.pins, strict=True)]
        assert outcomes == [Outcome.UNKNOWN, Outcome.VERIFIED]

    def test_the_pin_does_not_work_before_the_gateway_has_answered(self, desk: Desk) -> None:
        early: list[Outcome] = []
        desk.gateway.then = lambda: early.append(desk.pin_works(desk.stored()))
        assert desk.pin_works(desk.start()) is Outcome.VERIFIED
        assert early == [Outcome.UNKNOWN]


class TestWhatTheVerifierIsGiven:
    @pytest.mark.parametrize("key", [b"", b"k" * 31, [], [KEY, b"short"], "k" * 32, None])
    def test_a_key_under_32_bytes_is_refused(self, desk: Desk, key: bytes) -> None:
        with pytest.raises(InvalidKey):
            desk.use(FREE, key)

    def test_a_challenge_made_under_the_older_key_is_verified_and_sent_again_after_a_rotation(self, desk: Desk) -> None:
        desk.use(FREE, OLD_KEY)
        challenge, resent = desk.start(), desk.start("bob")
        pin = desk.gateway.pins[0]
        desk.use(FREE, [KEY, OLD_KEY])
        desk.resend(resent)
        assert [desk.check(challenge, pin).outcome, desk.pin_works(resent)] == [Outcome.VERIFIED] * 2

    def test_the_newest_key_signs_so_that_the_older_one_can_be_taken_away(self, desk: Desk) -> None:
        desk.use(NIST_800_63B, [KEY, OLD_KEY])
        challenge = desk.start()
        desk.use(NIST_800_63B, KEY)
        assert desk.pin_works(challenge) is Outcome.VERIFIED

    def test_cooldowns_are_counted_under_the_newest_key(self, desk: Desk) -> None:
        desk.use(NIST_800_63B, [KEY, OLD_KEY])
        desk.start()
        desk.use(NIST_800_63B, KEY)
        with pytest.raises(SendRefused, match="a moment ago"):
            desk.start()

    def test_an_id_is_128_bits_and_never_the_same(self, desk: Desk) -> None:
        desk.use(FREE)
        ids = {desk.start().id for _ in range(50)}
        assert len(ids) == 50
        assert {len(base64.urlsafe_b64decode(f"{each}==")) for each in ids} == {16}

    def test_another_key_verifies_nothing(self, desk: Desk) -> None:
        challenge = desk.start()
        desk.use(FREE, OLD_KEY)
        assert desk.pin_works(challenge) is Outcome.WRONG_PIN

    def test_a_weak_policy_refuses_a_gateway_that_is_live(self, desk: Desk) -> None:
        desk.use(XOXZO_TUTORIAL_2018)
        assert desk.pin_works(desk.start()) is Outcome.VERIFIED
        desk.gateway.live = True
        desk.use(NIST_800_63B)
        with pytest.raises(InvalidPolicy):
            desk.use(XOXZO_TUTORIAL_2018)

    @pytest.mark.parametrize("phone", ["080-1234-5678", "+81 80 1234 5678", "+81312345678", "+8108012345678", "", None])
    def test_only_a_mobile_number_in_e164_form_is_sent_to(self, desk: Desk, phone: str) -> None:
        with pytest.raises(InvalidPhoneNumber):
            desk.start(phone=phone)
        assert desk.gateway.pins == []

    @pytest.mark.parametrize("name", ["", "x" * 257, "a\nb", "a\0b", "\ud800", None])
    @pytest.mark.parametrize("field", ["account", "purpose"])
    def test_a_name_that_cannot_be_kept_is_refused(self, desk: Desk, field: str, name: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            desk.start(**{field: name})
        assert caught.value.field == field


class TestClockGoneWrong:
    @pytest.mark.parametrize(
        ("back", "outcome"), [(60, Outcome.VERIFIED), (61, Outcome.EXPIRED), (3600, Outcome.EXPIRED)]
    )
    def test_a_pin_from_more_than_a_minute_in_the_future_counts_as_expired(
        self, desk: Desk, back: int, outcome: Outcome
    ) -> None:
        challenge = desk.start()
        desk.clock.set(desk.clock.now() - timedelta(seconds=back))
        assert desk.pin_works(challenge) is outcome

    @pytest.mark.parametrize("back", [timedelta(seconds=30), timedelta(hours=1), timedelta(days=365)])
    def test_a_clock_set_back_makes_no_life_and_no_lock_longer_but_for_the_tolerance(
        self, desk: Desk, back: timedelta
    ) -> None:
        challenge = desk.start("bob")
        pin = desk.gateway.pins[-1]
        desk.fail_in_all(10)
        desk.clock.set(desk.clock.now() - back)
        locked = desk.check(desk.stored(), desk.gateway.pins[-1])
        assert locked.retry_at is None or locked.retry_at <= desk.clock.now() + timedelta(minutes=15)
        desk.clock.advance(seconds=300 + 60)
        assert desk.check(challenge, pin).outcome is Outcome.EXPIRED
        desk.clock.advance(seconds=600)
        assert desk.pin_works(desk.start()) is Outcome.VERIFIED

    def test_a_clock_that_was_a_year_ahead_leaves_no_live_pin_no_lock_and_no_cooldown_behind(self, desk: Desk) -> None:
        right = desk.clock.now()
        desk.clock.advance(seconds=365 * 86400)
        desk.fail_in_all(10, "enrol")
        desk.use(replace(NIST_800_63B, pin_length=10))
        challenge = desk.start("bob")
        desk.clock.set(right)
        assert desk.pin_works(challenge) is Outcome.EXPIRED
        assert [desk.pin_works(desk.start(account)) for account in ("alice", "bob")] == [Outcome.VERIFIED] * 2

    def test_failures_do_not_expire(self, desk: Desk) -> None:
        desk.fail_in_all(9)
        desk.clock.advance(seconds=365 * 86400)
        assert desk.fail_in_all(1).retry_at is not None


class TestRaces:
    @pytest.fixture
    def desk(self, any_store: SqliteStore, clock: ManualClock) -> Desk:
        return Desk(any_store, clock)

    def at_once(self, work: Callable[[], object]) -> Counter[object]:
        ready = threading.Barrier(20)

        def one(_: int) -> object:
            ready.wait(PATIENCE)
            return work()

        with ThreadPoolExecutor(20) as pool:
            return Counter(pool.map(one, range(20)))

    def test_of_twenty_right_pins_at_once_one_is_verified(self, desk: Desk) -> None:
        challenge = desk.start()
        assert self.at_once(lambda: desk.pin_works(challenge)) == {Outcome.VERIFIED: 1, Outcome.ALREADY_USED: 19}

    def test_of_twenty_wrong_pins_at_once_five_are_tried(self, desk: Desk) -> None:
        challenge = desk.start()
        outcomes = self.at_once(lambda: desk.fail(challenge)[0])
        assert outcomes == {Outcome.WRONG_PIN: 5, Outcome.TOO_MANY_TRIES: 15}

    def test_of_twenty_starts_at_once_one_is_sent(self, desk: Desk) -> None:
        desk.use(NIST_800_63B)

        def start() -> str:
            try:
                return desk.start().purpose
            except SendRefused as error:
                return error.reason

        assert self.at_once(start) == {"login": 1, "cooldown": 19}
        assert len(desk.gateway.pins) == 1


class TestWithTheSandbox:
    def test_a_pin_goes_out_through_xoxzo_and_comes_back(
        self, gateway: XoxzoGateway, sandbox: XoxzoSandbox, clock: ManualClock, any_store: SqliteStore
    ) -> None:
        verifier = Verifier(gateway, store=any_store, key=KEY, clock=clock)
        challenge = verifier.start(account="alice", phone=PHONE)
        pin = sandbox.messages[-1].text.split("PIN is ")[1][:6]
        assert verifier.check(challenge.id, pin, account="alice")
        assert sandbox.messages[-1].recipient == PHONE

    def test_pin_and_number_stand_in_clear_nowhere(
        self,
        gateway: XoxzoGateway,
        sandbox: XoxzoSandbox,
        clock: ManualClock,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")  # also when the sandbox is closed
        told: list[object] = []
        pins: list[str] = []
        kept: list[bytes] = []
        with SqliteStore(tmp_path / "store.db") as store:
            verifier = Verifier(gateway, store=store, key=KEY, clock=clock, policy=replace(NIST_800_63B, pin_length=10))
            challenge = verifier.start(account="alice", phone=PHONE)
            pins.append(sandbox.messages[-1].text.split("PIN is ")[1][:10])
            told += [verifier.check(challenge.id, typed, account="alice") for typed in (wrong(pins[0]), pins[0] + "0")]
            for refused in (
                lambda: verifier.start(account="alice", phone=PHONE),
                lambda: verifier.start(account="alice", phone=PHONE + "9"),
                lambda: verifier.resend("x", account="alice", phone=PHONE),
            ):
                with pytest.raises((SendRefused, InvalidPhoneNumber)) as caught:
                    refused()
                told += [caught.value, vars(caught.value), caught.value.__context__]
            told += [verifier.check(challenge.id, pins[0], account="alice"), challenge, store, gateway, verifier]
            told += [sandbox, sandbox.messages]
            sandbox.close()
            clock.advance(seconds=60)
            with pytest.raises(ProviderUnreachable) as unreachable:
                verifier.start(account="alice", phone=PHONE)
            told += [unreachable.value, vars(unreachable.value), unreachable.value.__context__]
            kept += [path.read_bytes() for path in tmp_path.iterdir()]
            assert len(kept) == 3  # the database, -wal and -shm
        kept += [path.read_bytes() for path in tmp_path.iterdir()]
        everything = caplog.text + " ".join(f"{thing} {thing!r}" for thing in told)
        secrets = [pins[0], wrong(pins[0]), PHONE[1:-4], PHONE[3:]]
        assert "POST /sms/messages/" in everything
        assert not [secret for secret in secrets if secret in everything]
        assert not [secret for secret in secrets for content in kept if secret.encode() in content]


@pytest.mark.parametrize("lost", [None, 5, ""])
def test_a_resend_without_an_id_is_refused_and_starts_nothing(lost: object) -> None:
    gateway = RecordingGateway()
    with SqliteStore(":memory:") as store:
        verifier = Verifier(gateway, store=store, key=KEY)
        with pytest.raises(SendRefused) as caught:
            verifier.resend(lost, phone="+818012345678", account="alice")
    assert caught.value.reason == "unknown"
    assert gateway.pins == []
