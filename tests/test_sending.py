"""The third judge: whether one more SMS may go out, and from when on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms2fa import CLASSROOM, NIST_800_63B, XOXZO_TUTORIAL_2018, Policy
from sms2fa.sending import (
    RULES,
    History,
    Request,
    Rule,
    Sends,
    after_send,
    cooldown,
    given_back,
    judge,
    per_challenge,
    per_day,
    per_number,
    per_prefix,
    regions,
)

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECOND, TICK = timedelta(seconds=1), timedelta(microseconds=1)
JAPAN = replace(NIST_800_63B, regions=frozenset({"JP"}))
NEVER = History()
CAPS = [
    (per_number, "number", "sends_per_number", HOUR),
    (per_prefix, "prefix", "sends_per_prefix", HOUR),
    (per_day, "day", "sends_per_day", DAY),
]


def _ask(
    history: History = NEVER,
    *,
    now: datetime = NOW,
    region: str = "JP",
    sends: int = 0,
    success: datetime | None = None,
) -> Request:
    return Request(region, sends, success, now, history)


def _times(count: int, newest: datetime = NOW - MINUTE) -> Sends:
    return tuple(newest - SECOND * step for step in reversed(range(count)))


BROKEN = [  # a rule, a request that breaks this rule alone, and when that ends
    (regions, _ask(region="US"), "region", None),
    (per_challenge, _ask(sends=5), "challenge", None),
    (cooldown, _ask(History(pair=(NOW - 59 * SECOND,))), "cooldown", NOW + SECOND),
    (per_number, _ask(History(number=_times(10))), "number", NOW - MINUTE - 9 * SECOND + HOUR),
    (per_prefix, _ask(History(prefix=_times(100))), "prefix", NOW - MINUTE - 99 * SECOND + HOUR),
    (per_day, _ask(History(day=_times(1000))), "day", NOW - MINUTE - 999 * SECOND + DAY),
]
SPARED = _ask(History((NOW - MINUTE,), _times(9), _times(99), _times(999)), sends=4)  # one short of every limit


def test_these_are_the_rules_and_their_order() -> None:
    assert list(RULES) == [regions, per_challenge, cooldown, per_number, per_prefix, per_day]


@pytest.mark.parametrize("rule", [*RULES, judge])
@pytest.mark.parametrize("request_", [_ask(), SPARED])
def test_no_rule_objects_below_its_limit(rule: Rule, request_: Request) -> None:
    assert rule(request_, JAPAN) is None


@pytest.mark.parametrize(("rule", "asked", "reason", "retry_at"), BROKEN)
def test_each_rule_objects_alone_and_through_the_judge_and_is_missed_when_gone(
    rule: Rule, asked: Request, reason: str, retry_at: datetime | None
) -> None:
    for refusal in (rule(asked, JAPAN), judge(asked, JAPAN)):
        assert refusal is not None
        assert (refusal.reason, refusal.retry_at) == (reason, retry_at)
    assert judge(asked, JAPAN, tuple(other for other in RULES if other is not rule)) is None


def test_the_first_brake_that_holds_is_the_one_named() -> None:
    asked = _ask(History(_times(3), _times(10), _times(100), _times(1000)), region="US", sends=5)
    refusals = [judge(asked, JAPAN, RULES[start:]) for start in range(len(RULES) + 1)]
    names = [refusal and refusal.reason for refusal in refusals]
    assert names == ["region", "challenge", "cooldown", "number", "prefix", "day", None]


def test_a_policy_without_limits_has_no_brake() -> None:
    asked = _ask(History(*[_times(2000, NOW)] * 4), region="ZZ", sends=2000)
    assert judge(asked, XOXZO_TUTORIAL_2018) is None


@pytest.mark.parametrize(
    ("policy", "waits"),
    [(NIST_800_63B, [60, 120, 240, 480, 960, 1920, 1920, 1920]), (CLASSROOM, [2, 4, 8, 16, 16])],
)
def test_the_cooldown_doubles_up_to_its_longest_and_ends_on_the_moment(policy: Policy, waits: list[int]) -> None:
    history, now = History(), NOW
    for wait in waits:
        history = after_send(history, policy, now)
        refusal = cooldown(_ask(history, now=now), policy)
        assert refusal is not None
        assert refusal.retry_at == now + wait * SECOND
        now = refusal.retry_at
        assert cooldown(_ask(history, now=now - TICK), policy) == refusal
        assert cooldown(_ask(history, now=now), policy) is None


def _wait(history: History, now: datetime, success: datetime | None = None) -> timedelta:
    """The wait after one more send."""
    refusal = cooldown(_ask(after_send(history, NIST_800_63B, now), now=now, success=success), NIST_800_63B)
    assert refusal is not None
    assert refusal.retry_at is not None
    return refusal.retry_at - now


def test_the_cooldown_starts_anew_after_a_success() -> None:
    history = History(pair=_times(6))
    success = NOW - SECOND
    assert cooldown(_ask(history), NIST_800_63B) is not None
    assert cooldown(_ask(history, success=success), NIST_800_63B) is None
    assert _wait(history, NOW, success) == MINUTE
    assert _wait(history, NOW, success=NOW - HOUR) == 32 * MINUTE  # a success before them all


def test_a_success_from_over_a_minute_in_the_future_is_a_clock_gone_wrong() -> None:
    history = History(pair=_times(6))
    assert cooldown(_ask(history, success=NOW + MINUTE), NIST_800_63B) is None
    assert cooldown(_ask(history, success=NOW + MINUTE + TICK), NIST_800_63B) is not None


def test_the_cooldown_starts_anew_after_24_quiet_hours() -> None:
    history = History(pair=_times(6, NOW))
    assert _wait(history, NOW + DAY) == MINUTE
    assert _wait(history, NOW + DAY - 6 * SECOND) > MINUTE


def test_sends_with_less_than_24_quiet_hours_between_them_go_on_doubling() -> None:
    history = History()
    for day in range(5):
        assert _wait(history, NOW + 23 * HOUR * day) == MINUTE * 2**day
        history = after_send(history, NIST_800_63B, NOW + 23 * HOUR * day)


def test_a_month_of_sends_without_a_success_is_survived() -> None:
    history, now = History(), NOW
    for _ in range(1500):
        history = after_send(history, NIST_800_63B, now)
        now += 29 * MINUTE
    assert _wait(history, now) == 32 * MINUTE
    assert len(history.pair) < 100


def test_a_long_cooldown_is_capped_before_the_doubling_overflows() -> None:
    policy = Policy(cooldown=12 * HOUR, longest_cooldown=DAY, quiet=365 * DAY)
    history, now = NEVER, NOW
    for _ in range(40):
        history, now = after_send(history, policy, now), now + DAY
    refusal = cooldown(_ask(history, now=now - TICK), policy)
    assert refusal is not None
    assert refusal.retry_at == now


@pytest.mark.parametrize(("rule", "field", "limit_name", "window"), CAPS)
@given(
    offsets=st.lists(st.integers(-100_000, 60), max_size=12).map(sorted),
    limit=st.integers(1, 4),
)
def test_a_cap_ends_exactly_when_it_says(
    rule: Rule, field: str, limit_name: str, window: timedelta, offsets: list[int], limit: int
) -> None:
    history = History(**{field: tuple(NOW + offset * SECOND for offset in offsets)})
    policy = Policy(**{limit_name: limit})  # type: ignore[arg-type]
    refusal = rule(_ask(history), policy)
    recent = [offset for offset in offsets if offset * SECOND > -window]
    assert (refusal is not None) is (len(recent) >= limit)
    if refusal is not None:
        assert refusal.retry_at is not None
        assert rule(_ask(history, now=refusal.retry_at), policy) is None
        assert rule(_ask(history, now=refusal.retry_at - TICK), policy) is not None


@pytest.mark.parametrize(("rule", "field", "limit_name", "window"), CAPS)
def test_a_cap_ends_exactly_when_it_says_also_where_the_clock_ran_backwards(
    rule: Rule, field: str, limit_name: str, window: timedelta
) -> None:
    history = History(**{field: (NOW, NOW - 30 * SECOND)})  # in the order in which they were sent
    refusal = rule(_ask(history), Policy(**{limit_name: 2}))  # type: ignore[arg-type]
    assert refusal is not None
    assert refusal.retry_at == NOW - 30 * SECOND + window


@pytest.mark.parametrize(("ahead", "counts"), [(MINUTE, True), (MINUTE + TICK, False), (DAY, False)])
@pytest.mark.parametrize("rule", [cooldown, per_number, per_prefix, per_day])
def test_sends_from_over_a_minute_in_the_future_are_a_clock_gone_wrong(
    rule: Rule, ahead: timedelta, counts: bool
) -> None:
    sends = (NOW + ahead,) * 1000
    history = History(sends[:1], sends, sends, sends)
    assert (rule(_ask(history), NIST_800_63B) is not None) is counts


def test_a_send_counts_for_all_four_brakes_and_old_ones_are_forgotten() -> None:
    old = (NOW - DAY, NOW - DAY + TICK, NOW - HOUR, NOW - HOUR + TICK)
    history = after_send(History(old, old, old, old), NIST_800_63B, NOW)
    assert all(sends[-1] == NOW for sends in history)
    assert history.number == history.prefix == (NOW - HOUR + TICK, NOW)
    assert history.day == (*old[1:], NOW)


@given(st.lists(st.integers(0, 3599), max_size=20).map(lambda ages: sorted(ages, reverse=True)))
def test_a_send_given_back_leaves_the_history_as_it_was(ages: list[int]) -> None:
    sends = tuple(NOW - age * SECOND for age in ages)
    history = History(sends, sends, sends, sends)
    assert given_back(after_send(history, NIST_800_63B, NOW), NOW) == history


def test_of_two_sends_at_one_moment_one_is_given_back() -> None:
    assert given_back(History(*[(NOW, NOW)] * 4), NOW) == History(*[(NOW,)] * 4)


def test_giving_back_what_was_never_sent_or_is_forgotten_changes_nothing() -> None:
    history = History((), (NOW,), (NOW - HOUR,), (NOW - HOUR, NOW))
    assert given_back(history, NOW - MINUTE) == history


@pytest.mark.parametrize(("rule", "asked", "reason", "retry_at"), BROKEN)
def test_a_refusal_says_in_words_what_holds(rule: Rule, asked: Request, reason: str, retry_at: datetime | None) -> None:
    refusal = rule(asked, JAPAN)
    assert refusal is not None
    assert len(refusal.text.split()) > 3


def test_a_brake_that_one_policy_does_not_have_keeps_its_count_for_another() -> None:
    history = History((NOW,), (NOW,), (NOW,), (NOW,))
    loose = replace(NIST_800_63B, sends_per_number=None, sends_per_prefix=None, sends_per_day=None)
    after = after_send(history, loose, NOW + SECOND)
    assert (after.number, after.prefix, after.day) == ((NOW,), (NOW,), (NOW,))
