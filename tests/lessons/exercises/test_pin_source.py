from __future__ import annotations

import random
import sys
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
        '"".join(str(secrets.randbelow(10)) for _ in range(6))',
        'f"{int.from_bytes(os.urandom(16)) % 10**6:06d}"',
        'f"{int(secrets.token_hex(16), 16) % 10**6:06d}"',
        'f"{secrets.choice(range(10**6)):06d}"',
        'f"{secrets.randbelow(10**8) % 10**6:06d}"',
        'f"{random.SystemRandom().randint(0, 999_999):06d}"',
        '"".join(random.SystemRandom().choices("0123456789", k=6))',
        "next(f'{n:06d}' for n in iter(lambda: secrets.randbits(20), -1) if n < 10**6)",
        "next(f'{n % 10**6:06d}' for n in iter(lambda: int.from_bytes(os.urandom(3)), -1) if n < 16 * 10**6)",
    ],
)
def test_other_good_sources_pass(attempt: Attempt, line: str) -> None:
    result = attempt(
        "pin-2", f"import os\nimport random\nimport secrets\n\nimport sms2fa\n\n\ndef make_pin():\n    return {line}\n"
    )
    assert result, repr(result)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('"".join(random.choice("0123456789") for _ in range(6))', "follows from the seed"),
        ('"".join(secrets.choice("123456789") for _ in range(6))', "never begin with 0"),
        ('"042917"', "all alike"),
        ('f"{secrets.randbelow(9999):06d}"', "never"),
        ('f"{random.Random(time.time_ns()).randrange(10**6):06d}"', ""),
        ('f"{random.Random(time.time()).randrange(10**6):06d}"', ""),
        ('f"{random.Random().randrange(10**6):06d}"', "generator of the module `random`"),
        ('f"{int(random.Random().random() * 10**6):06d}"', "generator of the module `random`"),
        ('f"{[random.seed(), random.randint(0, 999_999)][1]:06d}"', "generator of the module `random`"),
        ('f"{secrets.randbits(20) % 10**6:06d}"', "1,048,576 possibilities"),
        ('"".join(str(secrets.randbits(8) % 10) for _ in range(6))', "possibilities"),
        ('f"{secrets.randbelow(999_999):06d}"', "one of 999,999 numbers"),
        ('"".join(random.SystemRandom().sample("0123456789", 6))', "151,200 possibilities"),
        (
            "hashlib.sha256(str(time.perf_counter_ns()).encode()).hexdigest().translate(DIGITS)[:6]",
            "no call for randomness",
        ),
        ('f"{secrets.randbelow(10**6):06d}".replace("4", "5")', "never have 4 at place 1"),
        ('"abcdef"', "Expected a text of six digits"),
        ('f"{secrets.randbelow(10**8):08d}"', "Expected a text of six digits"),
    ],
)
def test_weak_sources_are_told_apart(attempt: Attempt, line: str, words: str) -> None:
    result = attempt(
        "pin-2",
        "import hashlib\nimport random\nimport secrets\nimport time\n\n"
        f"DIGITS = str.maketrans('abcdef', '012345')\n\n\n"
        f"def make_pin():\n    return {line}\n",
    )
    assert not result
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


def test_one_too_many_never_passes(attempt: Attempt) -> None:
    """Once in 2,500 checks its seventh digit is seen first."""
    source = 'import secrets\n\n\ndef make_pin():\n    return f"{secrets.randbelow(1_000_001):06d}"\n'
    result = attempt("pin-2", source)
    assert "one of 1,000,001 numbers" in result.sentence or "six digits" in result.sentence


def test_while_another_profile_runs_nothing_is_held_against_the_learner(attempt: Attempt) -> None:
    def profile(*_: object) -> None:
        return None

    sys.setprofile(profile)
    try:
        assert attempt("pin-2", "import sms2fa\n\n\ndef make_pin():\n    return sms2fa.generate_pin()\n")
        assert sys.getprofile() is profile
    finally:
        sys.setprofile(None)
