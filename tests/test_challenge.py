"""The first judge: a PIN tried on a challenge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from sms2fa import NIST_800_63B, XOXZO_TUTORIAL_2018, Challenge, Outcome, Verdict
from sms2fa.challenge import (
    RULES,
    Attempt,
    Rule,
    State,
    can_resend,
    is_known,
    judge,
    lifetime,
    same_pin,
    single_use,
    tries_per_pin,
)

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
SECOND, TICK = timedelta(seconds=1), timedelta(microseconds=1)
RIGHT, WRONG = b"\x01" * 32, b"\x02" * 32
LIVE = Challenge(
    id="an-id",
    account="alice",
    purpose="login",
    created_at=NOW,
    expires_at=NOW + NIST_800_63B.lifetime,  # type: ignore[operator]
    pin_digest=RIGHT,
    pair_digest=b"\x03" * 16,
    state=State.LIVE,
)
USED = replace(LIVE, state=State.USED)
OLD = replace(LIVE, created_at=NOW - timedelta(minutes=6), expires_at=NOW - timedelta(minutes=1))
SPENT = replace(LIVE, wrong_tries=5)


def _try(digest: bytes = RIGHT, now: datetime = NOW) -> Attempt:
    return Attempt("an-id", [digest], now)


BROKEN = [  # a rule, and a case that breaks this rule alone
    (single_use, USED, _try(), Outcome.ALREADY_USED),
    (lifetime, OLD, _try(), Outcome.EXPIRED),
    (tries_per_pin, SPENT, _try(), Outcome.TOO_MANY_TRIES),
    (same_pin, LIVE, _try(WRONG), Outcome.WRONG_PIN),
]


def test_the_right_pin_on_a_live_challenge_is_verified() -> None:
    assert judge(LIVE, _try(), NIST_800_63B) is Outcome.VERIFIED


def test_these_are_the_rules_and_their_order() -> None:
    assert list(RULES) == [single_use, lifetime, tries_per_pin, same_pin]


@pytest.mark.parametrize(("rule", "challenge", "attempt", "outcome"), BROKEN)
def test_each_rule_objects_alone_and_through_the_judge(
    rule: Rule, challenge: Challenge, attempt: Attempt, outcome: Outcome
) -> None:
    assert rule(challenge, attempt, NIST_800_63B) is outcome
    assert judge(challenge, attempt, NIST_800_63B) is outcome


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_objects_to_the_right_pin_on_a_live_challenge(rule: Rule) -> None:
    assert rule(LIVE, _try(), NIST_800_63B) is None


@pytest.mark.parametrize(("rule", "challenge", "attempt", "outcome"), BROKEN)
def test_without_its_rule_each_broken_case_is_let_in(
    rule: Rule, challenge: Challenge, attempt: Attempt, outcome: Outcome
) -> None:
    rules = tuple(other for other in RULES if other is not rule)
    assert judge(challenge, attempt, NIST_800_63B, rules) is Outcome.VERIFIED


def test_the_first_rule_that_objects_decides() -> None:
    all_wrong = replace(OLD, state=State.USED, wrong_tries=5)
    outcomes = [judge(all_wrong, _try(WRONG), NIST_800_63B, RULES[start:]) for start in range(len(RULES) + 1)]
    assert outcomes == [outcome for *_, outcome in BROKEN] + [Outcome.VERIFIED]


@pytest.mark.parametrize(
    ("after", "expired"),
    [(timedelta(minutes=5) - TICK, False), (timedelta(minutes=5), True), (timedelta(days=3650), True)],
)
def test_a_pin_works_for_its_life_and_not_a_moment_longer(after: timedelta, expired: bool) -> None:
    assert judge(LIVE, _try(now=NOW + after), NIST_800_63B) is (Outcome.EXPIRED if expired else Outcome.VERIFIED)


@pytest.mark.parametrize("challenge", [LIVE, replace(LIVE, expires_at=None)])
@pytest.mark.parametrize(
    ("set_back", "expired"), [(SECOND, False), (60 * SECOND, False), (60 * SECOND + TICK, True), (3600 * SECOND, True)]
)
def test_a_challenge_from_over_a_minute_in_the_future_counts_as_expired(
    challenge: Challenge, set_back: timedelta, expired: bool
) -> None:
    outcome = judge(challenge, _try(now=NOW - set_back), NIST_800_63B)
    assert outcome is (Outcome.EXPIRED if expired else Outcome.VERIFIED)


def test_a_clock_set_back_does_not_bring_an_old_pin_to_life_for_another_full_length() -> None:
    moments = [NOW + seconds * SECOND for seconds in range(-700, 700)]
    alive = [now for now in moments if judge(LIVE, _try(now=now), NIST_800_63B) is Outcome.VERIFIED]
    assert alive[-1] - NOW < timedelta(minutes=5)
    assert NOW - alive[0] <= timedelta(seconds=60)


def test_a_pin_without_end_works_for_ever() -> None:
    endless = replace(LIVE, expires_at=None, wrong_tries=10**6)
    assert judge(endless, _try(now=NOW + timedelta(days=3650)), XOXZO_TUTORIAL_2018) is Outcome.VERIFIED


@pytest.mark.parametrize(("wrong_tries", "outcome"), [(4, Outcome.VERIFIED), (5, Outcome.TOO_MANY_TRIES)])
def test_after_five_wrong_pins_the_right_one_does_not_help(wrong_tries: int, outcome: Outcome) -> None:
    assert judge(replace(LIVE, wrong_tries=wrong_tries), _try(), NIST_800_63B) is outcome


def test_a_pin_made_with_an_older_key_still_counts() -> None:
    assert judge(LIVE, Attempt("an-id", [WRONG, RIGHT], NOW), NIST_800_63B) is Outcome.VERIFIED


@pytest.mark.parametrize("digests", [[], [b""], [RIGHT[:-1]], [RIGHT + b"\x01"], [WRONG, WRONG]])
def test_no_other_digest_is_the_pin(digests: list[bytes]) -> None:
    assert judge(LIVE, Attempt("an-id", digests, NOW), NIST_800_63B) is Outcome.WRONG_PIN


@pytest.mark.parametrize(
    ("state", "known", "resendable"),
    [
        (State.RESERVED, False, False),
        (State.LIVE, True, True),
        (State.USED, True, False),
        (State.VOID, False, True),
    ],
)
def test_a_challenge_is_known_once_sent_and_sent_anew_until_used(state: State, known: bool, resendable: bool) -> None:
    challenge = replace(LIVE, state=state)
    assert is_known(challenge, "an-id") is known
    assert can_resend(challenge, "an-id") is resendable


@pytest.mark.parametrize("challenge_id", ["", "an-i", "an-idx", "AN-ID", "ａｎ-ｉｄ", "é", "\ud800", "\x00"])  # noqa: RUF001
def test_any_other_id_is_unknown_and_safe_to_ask_for(challenge_id: str) -> None:
    assert not is_known(LIVE, challenge_id)
    assert not can_resend(LIVE, challenge_id)


def test_these_are_the_outcomes() -> None:
    fixed = "VERIFIED, WRONG_PIN, MALFORMED, EXPIRED, ALREADY_USED, TOO_MANY_TRIES, LOCKED, STOPPED, UNKNOWN"
    assert [outcome.name for outcome in Outcome] == fixed.split(", ")


@pytest.mark.parametrize("outcome", Outcome)
def test_a_verdict_is_true_for_verified_alone(outcome: Outcome) -> None:
    assert bool(Verdict(outcome, retry_at=NOW, tries_left=3)) is (outcome is Outcome.VERIFIED)


def test_wrong_unknown_expired_and_used_look_the_same_to_the_claimant() -> None:
    alike = [Outcome.WRONG_PIN, Outcome.UNKNOWN, Outcome.EXPIRED, Outcome.ALREADY_USED]
    messages = {Verdict(outcome).public_message for outcome in alike}
    messages |= {Verdict(Outcome.WRONG_PIN, tries_left=2, retry_at=NOW).public_message}
    assert len(messages) == 1
    others = {Verdict(outcome).public_message for outcome in Outcome if outcome not in alike}
    assert len(others) == len(Outcome) - len(alike)
    assert messages.isdisjoint(others)


@pytest.mark.parametrize("shown", [LIVE, _try()])
def test_no_digest_is_shown(shown: Challenge | Attempt) -> None:
    for text in (str(shown), repr(shown), str(list(shown.__rich_repr__()))):
        assert "digest" not in text
        assert "x01" not in text
        assert "x03" not in text


@pytest.mark.parametrize(
    ("record", "name"), [(LIVE, "wrong_tries"), (_try(), "pin_digests"), (Verdict(Outcome.WRONG_PIN), "outcome")]
)
def test_what_was_judged_cannot_be_changed_afterwards(record: object, name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(record, name, None)
