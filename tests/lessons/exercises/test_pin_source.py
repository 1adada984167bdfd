from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from sms2fa.lessons.exercise import Result

Attempt = Callable[[str, str], Result]


@pytest.mark.parametrize(
    "line",
    [
        'f"{secrets.randbelow(10**6):06d}"',
        '"".join(secrets.choice("0123456789") for _ in range(6))',
        '"%06d" % secrets.randbelow(1_000_000)',
        'f"{random.SystemRandom().randrange(10**6):06d}"',
        "sms2fa.generate_pin()",
    ],
)
def test_other_good_sources_pass(attempt: Attempt, line: str) -> None:
    result = attempt(
        "pin-2", f"import random\nimport secrets\n\nimport sms2fa\n\n\ndef make_pin():\n    return {line}\n"
    )
    assert result, repr(result)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('"".join(random.choice("0123456789") for _ in range(6))', "follows from the seed"),
        ('"".join(secrets.choice("123456789") for _ in range(6))', "never begin with 0"),
        ('"042917"', "all alike"),
        ('f"{secrets.randbelow(9999):06d}"', "never"),
        ('f"{secrets.randbelow(10**6):06d}".replace("4", "5")', "never have 4 at place 1"),
        ('"abcdef"', "Expected a text of six digits"),
        ('f"{secrets.randbelow(10**8):08d}"', "Expected a text of six digits"),
    ],
)
def test_weak_sources_are_told_apart(attempt: Attempt, line: str, words: str) -> None:
    result = attempt("pin-2", f"import random\nimport secrets\n\n\ndef make_pin():\n    return {line}\n")
    assert words in result.sentence


def test_the_learners_own_random_numbers_go_on_as_before(attempt: Attempt) -> None:
    random.seed(7)
    expected = random.random()
    random.seed(7)
    attempt("pin-2", 'import random\n\n\ndef make_pin():\n    return f"{random.randrange(10**6):06d}"\n')
    random.seed(7)
    state = random.getstate()
    attempt("pin-2", 'import secrets\n\n\ndef make_pin():\n    return f"{secrets.randbelow(10**6):06d}"\n')
    assert random.getstate() == state
    assert random.random() == expected


def test_the_attack_finds_what_the_server_makes_next(attempt: Attempt) -> None:
    source = (
        "import random\n\n\ndef next_pins(first, seeds):\n    servers = map(random.Random, seeds)\n"
        "    return [s.randrange(10**6) for s in servers if s.randrange(10**6) == first]\n"
    )
    assert attempt("pin-6", source)
