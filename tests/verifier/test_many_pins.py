"""A hundred thousand PINs: no digit is dearer than another, and no leading zero is lost."""

from __future__ import annotations

from collections import Counter
from math import erfc, exp, pi, sqrt

import pytest

from sms2fa import generate_pin

PINS = 100_000
CHANCE = 1e-9  # of a false alarm


@pytest.fixture(scope="module")
def pins() -> list[str]:
    return [generate_pin() for _ in range(PINS)]


def tail_of_chi_square(x: float) -> float:
    """The chance of x or more, with 9 degrees of freedom (10 digits).

    Source: Abramowitz & Stegun, Handbook of Mathematical Functions, 26.4.4.
    """
    terms = x**0.5 + x**1.5 / 3 + x**2.5 / (3 * 5) + x**3.5 / (3 * 5 * 7)
    return erfc(sqrt(x / 2)) + 2 * exp(-x / 2) / sqrt(2 * pi) * terms


@pytest.mark.parametrize(("x", "chance"), [(8.34283, 0.5), (16.9190, 0.05), (21.6660, 0.01), (27.877, 0.001)])
def test_the_tail_is_that_of_the_printed_table(x: float, chance: float) -> None:
    """Source: Abramowitz & Stegun, table 26.8."""
    assert tail_of_chi_square(x) == pytest.approx(chance, rel=0.001)


@pytest.mark.parametrize("place", range(6))
def test_every_digit_is_equally_likely_at_every_place(pins: list[str], place: int) -> None:
    seen = Counter(pin[place] for pin in pins)
    assert sum(seen.values()) == sum(seen[digit] for digit in "0123456789") == PINS
    statistic = sum((seen[digit] - PINS / 10) ** 2 / (PINS / 10) for digit in "0123456789")
    assert tail_of_chi_square(statistic) >= CHANCE


def test_a_tenth_of_all_pins_begins_with_a_zero(pins: list[str]) -> None:
    # 0.6 % of all are 6.3 standard deviations: a false alarm in three billion runs.
    assert sum(pin.startswith("0") for pin in pins) / PINS == pytest.approx(0.1, abs=0.006)


def test_pins_repeat_as_often_as_chance_has_it(pins: list[str]) -> None:
    """PINs that count up would pass the tests above, and so would PINs drawn from a short list."""
    # The birthday problem for n draws out of m, with r = n / m: m (1 - e^-r) different ones are expected, and their
    # variance is m e^-r (1 - (1 + r) e^-r). Source: Feller, An Introduction to Probability Theory, volume 1, IV.2.
    m, r = 10**6, PINS / 10**6
    expected, variance = m * (1 - exp(-r)), m * exp(-r) * (1 - (1 + r) * exp(-r))
    assert abs(len(set(pins)) - expected) < 6.5 * sqrt(variance)
