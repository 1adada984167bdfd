"""PINs: equally likely, always text, read as people type them."""

from __future__ import annotations

import random
import sys
import unicodedata
from collections import Counter
from math import erfc, exp, log, pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms2fa import generate_pin, normalize_pin
from sms2fa.errors import InvalidInput, MalformedPin

PINS = 20_000
CHANCE = 1e-9  # of a false alarm, for each of the two tests below
CRITICAL = 64.678  # see the first of them


@pytest.mark.parametrize("length", range(4, 11))
def test_a_pin_is_text_of_ascii_digits_in_the_length_asked_for(length: int) -> None:
    for _ in range(200):
        pin = generate_pin(length)
        assert type(pin) is str
        assert len(pin) == length
        assert set(pin) <= set("0123456789")


def test_a_pin_has_six_digits_unless_told() -> None:
    assert len(generate_pin()) == 6


@pytest.mark.parametrize("length", [3, 11, 0, -6, 6.0, "6", None, True])
def test_no_other_length_is_made(length: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        generate_pin(length)
    assert caught.value.field == "length"


class TestDigitsFitAChiSquare:
    """Six tests of 10 cells, 9 degrees of freedom, each at a sixth of the chance of a false alarm (Bonferroni)."""

    def test_the_critical_value_is_the_one_of_that_chance(self) -> None:
        # Abramowitz & Stegun, Handbook of Mathematical Functions, 26.4.4: the tail for odd degrees of freedom.
        x = CRITICAL
        terms = x**0.5 + x**1.5 / 3 + x**2.5 / (3 * 5) + x**3.5 / (3 * 5 * 7)
        tail = erfc(sqrt(x / 2)) + 2 * exp(-x / 2) / sqrt(2 * pi) * terms
        assert tail == pytest.approx(CHANCE / 6, rel=0.001)

    def test_every_digit_is_equally_likely_at_every_place(self) -> None:
        pins = [generate_pin() for _ in range(PINS)]
        expected = PINS / 10
        for place in range(6):
            seen = Counter(pin[place] for pin in pins)
            assert sum((seen[digit] - expected) ** 2 / expected for digit in "0123456789") < CRITICAL


@pytest.mark.parametrize("length", [4, 6, 10])
def test_a_tenth_of_all_pins_begins_with_a_zero(length: int) -> None:
    # Bernstein's inequality: P(|X - np| >= t) <= 2 exp(-t²/2 / (npq + t/3)), solved for t at the chance above.
    variance, need = PINS * 0.1 * 0.9, log(2 / CHANCE)
    bound = need / 3 + sqrt((need / 3) ** 2 + 2 * need * variance)
    zeros = sum(generate_pin(length).startswith("0") for _ in range(PINS))
    assert abs(zeros - PINS / 10) < bound < PINS / 50


def test_seeding_the_random_module_repeats_no_pin() -> None:
    state = random.getstate()
    try:
        random.seed(2018)
        first = [generate_pin() for _ in range(10)]
        random.seed(2018)
        assert [generate_pin() for _ in range(10)] != first
    finally:
        random.setstate(state)


@pytest.mark.parametrize(
    "typed",
    [
        "042917",
        "042 917",
        "042-917",
        " 042917 ",
        "042917\n",
        "04 29 17",
        "0-4-2-9-1-7",
        "０４２９１７",
        "０４２　９１７",
        "０４２－９１７",
        "０42９17",
    ],
)
def test_spaces_hyphens_and_full_width_digits_are_accepted(typed: str) -> None:
    assert normalize_pin(typed) == "042917"


@pytest.mark.parametrize("pin", ["000000", "000001", "0000", "0123456789"])
def test_leading_zeros_are_kept(pin: str) -> None:
    assert normalize_pin(pin, length=len(pin)) == pin


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "12345",
        "1234567",
        "+123456",
        "-123456",
        "123456-",
        "123_456",
        "12_345",  # six characters, five digits: so are the next four
        "+12345",
        "12.345",
        "1234a5",
        "１２３４５＋",  # noqa: RUF001
        "123.456",
        "123,456",
        "123\n456",
        "123\t456",
        "12345a",
        "abcdef",
        "0x1234",
        "1e5000",
        "123\u2009456",  # a thin space
        "123\u200b456",  # a space of no width
        "123–456",  # noqa: RUF001 - a dash
        "＋123456",  # noqa: RUF001
        "123456\x00",
        "12345\ud800",
        "1" + " " * 64 + "23456",
        "123456 " * 100_000,
        None,
        123456,
        123456.0,
        True,
        b"123456",
        ["1", "2", "3", "4", "5", "6"],
    ],
)
def test_anything_else_is_malformed(typed: str) -> None:
    with pytest.raises(MalformedPin) as caught:
        normalize_pin(typed)
    assert caught.value.field == "pin"


def test_digits_of_all_other_scripts_are_malformed() -> None:
    known = set("0123456789０１２３４５６７８９")
    numbers = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c)[0] == "N" and c not in known]
    assert "٣" in numbers  # Arabic-Indic
    assert "²" in numbers
    assert [number for number in numbers if _is_accepted(number * 6) or _is_accepted("12345" + number)] == []


@given(st.text() | st.text("0123456789０９٣²+-_. －　", max_size=12), st.integers(4, 10))
def test_any_text_is_a_pin_or_malformed(typed: str, length: int) -> None:
    try:
        pin = normalize_pin(typed, length)
    except MalformedPin:
        return
    assert len(pin) == length
    assert set(pin) <= set("0123456789")


@given(st.text("0123456789", min_size=4, max_size=10), st.sampled_from(["", " ", "-", "　", "－"]), st.booleans())
def test_reading_a_pin_loses_nothing_of_it(pin: str, between: str, wide: bool) -> None:
    typed = pin.translate({ord("0") + digit: ord("０") + digit for digit in range(10)}) if wide else pin
    assert normalize_pin(between.join(typed), len(pin)) == pin


def _is_accepted(typed: str) -> bool:
    try:
        normalize_pin(typed)
    except MalformedPin:
        return False
    return True
