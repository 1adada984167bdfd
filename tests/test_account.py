"""The second judge: consecutive failures of an account, its locks and its stop."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sms2fa import CLASSROOM, NIST_800_63B, XOXZO_TUTORIAL_2018, Policy
from sms2fa.account import (
    RULES,
    Account,
    Rule,
    Standing,
    after_failure,
    after_recovery,
    after_success,
    judge,
    lock,
    lock_end,
    stop,
)

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
MINUTE, SECOND, TICK = timedelta(minutes=1), timedelta(seconds=1), timedelta(microseconds=1)
LOCKED = Account({"login": 10}, locked_at=NOW)
STOPPED = Account({"login": 60, "enrol": 40})


def _fail(account: Account, times: int, policy: Policy = NIST_800_63B, now: datetime = NOW) -> Account:
    for _ in range(times):
        account = after_failure(account, "login", policy, now)
    return account


def test_a_new_account_is_open() -> None:
    assert judge(Account(), NIST_800_63B, NOW) is Standing.OPEN
    assert Account().total == 0
    assert lock_end(Account(), NIST_800_63B, NOW) is None


def test_these_are_the_rules_and_their_order() -> None:
    assert list(RULES) == [stop, lock]


@pytest.mark.parametrize(
    ("rule", "account", "standing"), [(lock, LOCKED, Standing.LOCKED), (stop, STOPPED, Standing.STOPPED)]
)
def test_each_rule_objects_alone_and_through_the_judge_and_is_missed_when_gone(
    rule: Rule, account: Account, standing: Standing
) -> None:
    assert rule(account, NIST_800_63B, NOW) is standing
    assert rule(Account(), NIST_800_63B, NOW) is None
    assert judge(account, NIST_800_63B, NOW) is standing
    others = tuple(other for other in RULES if other is not rule)
    assert judge(account, NIST_800_63B, NOW, others) is Standing.OPEN


def test_a_stop_goes_before_a_lock() -> None:
    both = Account({"login": 100}, locked_at=NOW)
    assert judge(both, NIST_800_63B, NOW) is Standing.STOPPED
    assert judge(both, NIST_800_63B, NOW, (lock, stop)) is Standing.LOCKED


def test_an_account_is_locked_at_every_tenth_failure_and_stopped_at_the_hundredth() -> None:
    account, now, standings = Account(), NOW, []
    for _ in range(100):
        account = after_failure(account, "login", NIST_800_63B, now)
        standings.append(judge(account, NIST_800_63B, now))
        now += 15 * MINUTE
    expected = [Standing.LOCKED if failure % 10 == 0 else Standing.OPEN for failure in range(1, 100)]
    assert standings == [*expected, Standing.STOPPED]


def test_a_stop_ends_with_recovery_and_not_with_time() -> None:
    account = _fail(Account(verified_at=NOW - MINUTE), 100)
    assert judge(account, NIST_800_63B, NOW + timedelta(days=36500)) is Standing.STOPPED
    recovered = after_recovery(account)
    assert judge(recovered, NIST_800_63B, NOW) is Standing.OPEN
    assert (recovered.total, recovered.locked_at, recovered.verified_at) == (0, None, account.verified_at)


@pytest.mark.parametrize(("policy", "length"), [(NIST_800_63B, 15 * MINUTE), (CLASSROOM, 20 * SECOND)])
def test_a_lock_holds_for_its_full_length_and_no_longer(policy: Policy, length: timedelta) -> None:
    account = _fail(Account(), 10, policy)
    assert lock_end(account, policy, NOW) == NOW + length
    assert judge(account, policy, NOW + length - TICK) is Standing.LOCKED
    assert judge(account, policy, NOW + length) is Standing.OPEN
    assert lock_end(account, policy, NOW + length) is None


def test_failures_outlive_a_lock_so_that_the_next_begins_ten_later() -> None:
    account = _fail(Account(), 10)
    later = NOW + timedelta(days=365)
    assert judge(_fail(account, 9, now=later), NIST_800_63B, later) is Standing.OPEN
    assert judge(_fail(account, 10, now=later), NIST_800_63B, later) is Standing.LOCKED


def test_failures_of_all_purposes_count_together() -> None:
    account = _fail(Account(), 5)
    for _ in range(5):
        assert judge(account, NIST_800_63B, NOW) is Standing.OPEN
        account = after_failure(account, "enrol", NIST_800_63B, NOW)
    assert account.failures == {"login": 5, "enrol": 5}
    assert judge(account, NIST_800_63B, NOW) is Standing.LOCKED


def test_a_success_takes_away_the_failures_of_its_own_purpose_alone() -> None:
    account = Account({"login": 60, "enrol": 39}, locked_at=NOW - timedelta(hours=1))
    verified = after_success(account, "enrol", NOW)
    assert verified.total == 60
    assert verified.verified_at == NOW
    assert after_success(account, "other", NOW).total == 99
    assert judge(after_failure(account, "login", NIST_800_63B, NOW), NIST_800_63B, NOW) is Standing.STOPPED


def test_a_success_ends_no_lock() -> None:
    assert judge(after_success(LOCKED, "login", NOW), NIST_800_63B, NOW) is Standing.LOCKED


@given(st.lists(st.tuples(st.sampled_from(["login", "enrol", "reset"]), st.integers(0, 9).map(bool)), max_size=150))
def test_the_total_is_what_every_purpose_failed_since_its_own_success(events: list[tuple[str, bool]]) -> None:
    account, failures = Account(), Counter[str]()
    for purpose, failed in events:
        if failed:
            account = after_failure(account, purpose, NIST_800_63B, NOW)
            failures[purpose] += 1
        else:
            account = after_success(account, purpose, NOW)
            failures[purpose] = 0
        assert account.total == failures.total()
        stopped = judge(account, NIST_800_63B, NOW) is Standing.STOPPED
        assert stopped is (failures.total() >= 100)


@pytest.mark.parametrize(("ahead", "locked"), [(SECOND, True), (MINUTE, True), (MINUTE + TICK, False)])
def test_a_lock_from_over_a_minute_in_the_future_is_a_clock_gone_wrong(ahead: timedelta, locked: bool) -> None:
    account = replace(LOCKED, locked_at=NOW + ahead)
    assert (judge(account, NIST_800_63B, NOW) is Standing.LOCKED) is locked


@pytest.mark.parametrize("back", [SECOND, MINUTE, timedelta(hours=1), timedelta(days=365)])
def test_a_clock_set_back_never_makes_a_lock_longer_than_its_full_length(back: timedelta) -> None:
    now = NOW - back
    end = lock_end(LOCKED, NIST_800_63B, now)
    assert end is None or end <= now + 15 * MINUTE


@pytest.mark.parametrize("back", [SECOND, timedelta(hours=1)])
def test_a_clock_set_back_lifts_no_stop(back: timedelta) -> None:
    assert judge(STOPPED, NIST_800_63B, NOW - back) is Standing.STOPPED


def test_a_policy_without_lock_and_stop_never_bars_anybody() -> None:
    account = _fail(Account(), 1000, XOXZO_TUTORIAL_2018)
    assert account.total == 1000
    assert judge(account, XOXZO_TUTORIAL_2018, NOW) is Standing.OPEN


def test_an_account_that_was_judged_is_not_changed_but_followed_by_another() -> None:
    failures = {"login": 9}
    account = Account(failures)
    after_failure(account, "login", NIST_800_63B, NOW)
    after_success(account, "login", NOW)
    after_recovery(account)
    assert account == Account({"login": 9})
    assert failures == {"login": 9}
