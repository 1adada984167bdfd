from __future__ import annotations

import os
import random
import secrets
import sys
from collections.abc import Callable

import pytest

from sms2fa.lessons.exercises.draws import Draw, draws_of, possibilities


@pytest.mark.parametrize(
    ("function", "seen"),
    [
        (lambda: secrets.randbelow(10), [Draw(False, 10)]),
        (lambda: secrets.choice("abc"), [Draw(False, 3)]),
        (lambda: secrets.randbits(20), [Draw(False, 2**20)]),
        (lambda: secrets.token_bytes(3), [Draw(False, 0)]),
        (lambda: os.urandom(3), [Draw(False, 0)]),
        (lambda: random.SystemRandom().random(), [Draw(False, 0)]),
        (lambda: random.SystemRandom().randrange(7), [Draw(False, 7)]),
        (lambda: random.random(), [Draw(True, 0)]),
        (lambda: random.Random(5).getrandbits(8), [Draw(True, 0)]),
        (lambda: len("042917"), []),
    ],
)
def test_what_is_asked_for_randomness_is_seen(function: Callable[[], object], seen: list[Draw]) -> None:
    assert draws_of(function)[1] == seen


def test_a_range_is_drawn_from_a_seed_by_bits() -> None:
    _, draws = draws_of(lambda: random.randrange(10))
    assert draws
    assert all(draw.seeded for draw in draws)


def test_nothing_stays_behind() -> None:
    draws_of(lambda: 1 / 0)
    assert sys.getprofile() is None


@pytest.mark.parametrize(
    ("samples", "count"),
    [
        ([[Draw(False, 10)] * 6] * 9, 10**6),
        ([[Draw(False, 2**20)]] * 9, 2**20),
        ([[Draw(False, 2**20)]] * 8 + [[Draw(False, 2**20)] * 2], 0),  # one was thrown away
        ([[Draw(False, 2**32)]] * 9, 0),  # so few would be thrown away that it might not be seen
        ([[Draw(False, 2**16)] * 6] * 9, 0),
        ([[Draw(False, 0)]] * 9, 0),
        ([[]] * 9, 0),
    ],
)
def test_possibilities_are_counted_where_that_is_certain(samples: list[list[Draw]], count: int) -> None:
    assert possibilities(samples) == count
