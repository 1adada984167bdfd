from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms2fa import Policy
from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercise import Result

Attempt = Callable[[str, str], Result]

chance = EXERCISES["pin-5"].build(EXERCISES["pin-5"].solution)


@given(digits=st.integers(4, 10), tries=st.integers(1, 100))
def test_the_chance_is_the_policys_for_one_pin(digits: int, tries: int) -> None:
    policy = Policy(pin_length=digits, tries_per_pin=tries, lock_after=None, stop_after=tries, weak=True)
    assert chance(digits, tries) == pytest.approx(policy.guessing_chance())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("byte % 10 if byte < 252 else None", "The digit 0 comes from 26 bytes, 2 from 25"),
        ("byte % 10 if 0 < byte < 250 else None", "The digit 1 comes from 25 bytes, 0 from 24"),
        ("min(byte // 25, 9)", "256 does not divide"),
        ("None", "no digit ever comes"),
        ("str(byte % 10)", "a text (str)"),
        ("byte", "returned 10. Expected 0"),
    ],
)
def test_other_rules_for_a_digit_are_told_apart(attempt: Attempt, line: str, words: str) -> None:
    assert words in attempt("pin-3", f"def digit_from(byte):\n    return {line}\n").sentence


def test_other_fair_rules_pass(attempt: Attempt) -> None:
    assert attempt("pin-3", "def digit_from(byte):\n    return byte // 25 if byte < 250 else None\n")
    assert attempt("pin-3", "def digit_from(byte):\n    if byte > 5:\n        return byte % 10\n")


def test_a_chance_that_is_written_another_way_passes(attempt: Attempt) -> None:
    assert attempt("pin-5", "def chance(digits, tries):\n    return min(tries, 10**digits) * 10**-digits\n")


def test_a_whole_division_is_told_by_its_result_and_not_by_its_type(attempt: Attempt) -> None:
    result = attempt("pin-5", "def chance(digits, tries):\n    return tries // 10**digits\n")
    assert "`//`" in result.sentence
    assert dict(result.tried)["expected"] == "0.000001"
