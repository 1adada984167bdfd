"""The numbers of the named policies, and what no policy may say."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from datetime import timedelta

import pytest

from sms2fa import CLASSROOM, NIST_800_63B, XOXZO_TUTORIAL_2018, Policy
from sms2fa.errors import InvalidPolicy
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
