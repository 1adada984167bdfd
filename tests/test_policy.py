"""The numbers of the named policies, and what no policy may say."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from datetime import timedelta

import pytest

from sms2fa import CLASSROOM, NIST_800_63B, XOXZO_TUTORIAL_2018, Policy
from sms2fa.errors import InvalidInput, InvalidPolicy
from sms2fa.policy import CLOCK_TOLERANCE

NUMBERS = {  # rules.md, the column "our default"
    "pin_length": 6,
    "lifetime": timedelta(minutes=5),
    "tries_per_pin": 5,
    "lock_after": 10,
    "lock_for": timedelta(minutes=15),
    "stop_after": 100,
    "cooldown": timedelta(seconds=60),
    "longest_cooldown": timedelta(minutes=32),
    "quiet": timedelta(hours=24),
    "sends_per_challenge": 5,
    "sends_per_number": 10,
    "number_window": timedelta(hours=1),
    "sends_per_prefix": 100,
    "sends_per_day": 1000,
    "regions": None,
    "weak": False,
}
COUNTS = [name for name in NUMBERS if name in ("tries_per_pin", "lock_after", "stop_after") or "sends_per" in name]
TIMES = [name for name, value in NUMBERS.items() if isinstance(value, timedelta)]


def _numbers(policy: Policy) -> dict[str, object]:
    return {item.name: getattr(policy, item.name) for item in fields(policy)}


def test_the_default_has_the_numbers_of_the_rules() -> None:
    assert _numbers(NIST_800_63B) == NUMBERS
    assert Policy() == NIST_800_63B


def test_the_classroom_has_the_same_counts_with_short_times() -> None:
    short = {
        "lifetime": timedelta(seconds=60),
        "cooldown": timedelta(seconds=2),
        "longest_cooldown": timedelta(seconds=16),
        "lock_for": timedelta(seconds=20),
    }
    assert _numbers(CLASSROOM) == NUMBERS | short


def test_the_tutorial_of_2018_has_four_digits_no_life_and_no_limits() -> None:
    none = dict.fromkeys([*COUNTS, "lifetime", "cooldown"])
    assert _numbers(XOXZO_TUTORIAL_2018) == NUMBERS | none | {"pin_length": 4, "weak": True}


def test_a_record_from_more_than_a_minute_in_the_future_is_a_clock_gone_wrong() -> None:
    assert timedelta(seconds=60) == CLOCK_TOLERANCE


WEAK = [
    ("pin_length", 4),
    ("pin_length", 5),
    ("lifetime", None),
    ("lifetime", timedelta(minutes=10, microseconds=1)),
    ("stop_after", None),
    ("stop_after", 101),
    ("tries_per_pin", None),
]


@pytest.mark.parametrize(("name", "value"), WEAK)
def test_weaker_than_nist_is_refused_unless_called_weak(name: str, value: object) -> None:
    assert _refused(name, value) == name
    assert getattr(Policy(weak=True, **{name: value}), name) == value  # type: ignore[arg-type]


def test_a_weak_policy_does_not_lose_its_name_on_the_way() -> None:
    with pytest.raises(InvalidPolicy):
        replace(XOXZO_TUTORIAL_2018, weak=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("pin_length", 6), ("pin_length", 10), ("lifetime", timedelta(minutes=10)), ("stop_after", 100)),
        *(("tries_per_pin", 1), ("lock_after", None), ("cooldown", None), ("sends_per_day", None)),
        ("regions", frozenset({"JP"})),
    ],
)
def test_what_nist_allows_needs_no_such_word(name: str, value: object) -> None:
    assert getattr(Policy(**{name: value}), name) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("length", [3, 11, 0, -6, 6.5, "6", None])
def test_a_pin_length_that_cannot_be_made_is_refused_even_when_weak(length: object) -> None:
    assert _refused("pin_length", length) == "pin_length"


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("count", [0, -1, 2.5, "5"])
def test_a_count_below_one_or_of_another_kind_is_refused(name: str, count: object) -> None:
    assert _refused(name, count) == name


@pytest.mark.parametrize("name", TIMES)
@pytest.mark.parametrize("length", [timedelta(0), timedelta(seconds=-1), 300])
def test_a_time_that_is_no_time_is_refused(name: str, length: object) -> None:
    assert _refused(name, length) == name


@pytest.mark.parametrize("name", [name for name in TIMES if name not in ("lifetime", "cooldown")])
def test_a_time_that_a_rule_cannot_do_without_is_not_switched_off(name: str) -> None:
    assert _refused(name, None) == name


@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("longest_cooldown", timedelta(seconds=59)),  # the doubling would end before it begins
        ("quiet", timedelta(seconds=59)),  # a wait would be forgotten before it is over
    ],
)
def test_times_that_contradict_the_cooldown_are_refused(name: str, length: timedelta) -> None:
    assert _refused(name, length) == name


def test_a_policy_cannot_be_changed_under_a_verifier() -> None:
    with pytest.raises(FrozenInstanceError):
        NIST_800_63B.tries_per_pin = None  # type: ignore[misc]
    assert hash(NIST_800_63B) == hash(Policy())


def _refused(name: str, value: object) -> str:
    """The field that the refusal names; a bad value is not made good by the word weak."""
    weak = (name, value) not in WEAK
    with pytest.raises(InvalidPolicy) as caught:
        Policy(weak=weak, **{name: value})  # type: ignore[arg-type]
    assert name in str(caught.value) or not weak
    return caught.value.field


NO_LIMITS = {
    "lock_after": None,
    "stop_after": None,
    "sends_per_challenge": None,
    "sends_per_number": None,
    "sends_per_prefix": None,
    "sends_per_day": None,
    "weak": True,
}
MINUTE = timedelta(minutes=1)


class TestGuessingChanceLandmarks:
    """The landmarks of rules.md, "Chances"."""

    @pytest.mark.parametrize(("digits", "chance"), [(4, 0.01), (6, 0.0001)])
    def test_a_hundred_failures(self, digits: int, chance: float) -> None:
        policy = Policy(pin_length=digits, weak=True)
        assert policy.guessing_chance(days=30) == pytest.approx(chance, rel=0.006)

    @pytest.mark.parametrize(("digits", "days", "chance"), [(4, 1, 0.35), (6, 30, 0.12)])
    def test_three_tries_and_a_resend_each_minute_without_an_account_count(
        self, digits: int, days: int, chance: float
    ) -> None:
        policy = Policy(pin_length=digits, tries_per_pin=3, cooldown=MINUTE, longest_cooldown=MINUTE, **NO_LIMITS)
        assert policy.guessing_chance(days=days) == pytest.approx(chance, abs=0.005)

    def test_ten_tries_a_quarter_of_an_hour_for_ever(self) -> None:
        policy = Policy(tries_per_pin=10, cooldown=None, **(NO_LIMITS | {"lock_after": 10}))
        assert policy.guessing_chance(days=30) == pytest.approx(0.028, abs=0.0005)


def test_the_chance_over_many_accounts_is_that_of_missing_all() -> None:
    one = NIST_800_63B.guessing_chance(days=1)
    assert NIST_800_63B.guessing_chance(days=1, accounts=10) == pytest.approx(1 - (1 - one) ** 10)


def test_the_budget_of_a_day_bounds_the_chance_over_very_many_accounts() -> None:
    tight = Policy(sends_per_day=10)
    assert tight.guessing_chance(days=1, accounts=10**6) == pytest.approx(1 - (1 - 5 / 10**6) ** 10)


def test_a_budget_that_reaches_for_one_pin_each_is_spent_on_first_pins() -> None:
    uneven = Policy(lock_after=7)  # five guesses at the first PIN, two at the second
    assert uneven.guessing_chance(days=1, accounts=1000) == pytest.approx(1 - (1 - 5 / 10**6) ** 1000)


def test_without_a_limit_somebody_gets_in() -> None:
    assert XOXZO_TUTORIAL_2018.guessing_chance(days=0.001) == 1.0


def test_twenty_pins_and_nine_hours_lead_to_the_stop() -> None:
    # The locks alone would allow a hundred failures in two hours and a quarter; the cooldown stretches them.
    assert NIST_800_63B._guesses_per_pin(timedelta(days=30)) == [5] * 20
    assert len(NIST_800_63B._guesses_per_pin(timedelta(hours=9))) == 20
    assert len(NIST_800_63B._guesses_per_pin(timedelta(hours=8))) < 20


@pytest.mark.parametrize(
    ("options", "field"),
    [({"days": 0}, "days"), ({"days": float("nan")}, "days"), ({"days": 1e9}, "days"), ({"accounts": 0}, "accounts")],
)
def test_a_chance_over_nothing_is_refused(options: dict[str, int], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        NIST_800_63B.guessing_chance(**options)
    assert caught.value.field == field
