"""An exercise of notebook 01: where a PIN comes from."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.exercises.draws import Draw, draws_of, possibilities
from sms2fa.lessons.learner import Raised, run
from sms2fa.lessons.probes import ANYTHING, Case, Finding, shown, theirs, try_case

NOTEBOOK = "01_generate_a_pin"
_SAMPLES = 400  # a digit that has its fair tenth is missing from all of them once in 10 ** 18 runs

_NOT_TEXT = "Your PIN is a number, not a text: 004217 would become 4217."
_FROM_RANDOM = (
    "Your PIN follows from the seed of `random`: we set the same seed twice and got the same PINs twice. "
    "So can an attacker. `secrets` has no seed."
)
_SEEDED = (
    "Your PIN comes from a generator of the module `random`. All its numbers follow from one seed, and whoever finds "
    "the seed (a time of day, for example) knows your PINs. `secrets` has no seed."
)
_NOT_ASKED = (
    "While your function ran, we saw no call for randomness. What comes from a clock, or from another number, "
    "can be guessed. `secrets` asks the operating system."
)
_ALL_ALIKE = (
    "PINs that are made in the same moment are all alike. Whoever knows the moment, or one PIN, knows the others."
)
_NEVER_ZERO = "Your PINs never begin with 0. One PIN in ten is missing, so each of the others is guessed more easily."
_TOO_SHORT = "Some of your PINs are too short: their zeros at the front are missing."
_PINS = 1_000_000


def _uneven(size: int) -> str:
    if abs(size - _PINS) == 1:
        return (
            f"You draw one of {size:,} numbers, but there are 1,000,000 PINs, 000000 to 999999. "
            "`secrets.randbelow(n)` gives the numbers from 0 to n - 1."
        )
    return (
        f"You draw from {size:,} possibilities, and they cannot be shared out equally among 1,000,000 PINs. So some "
        "PINs come more often than others, or never. `secrets.randbelow` gives equally likely numbers below any limit."
    )


def _judge_pin_2(answer: Callable[..., Any]) -> Finding | None:
    if finding := try_case(answer, "make_pin", Case((), ANYTHING)):
        return finding
    pins, seen = zip(*(draws_of(answer) for _ in range(_SAMPLES)), strict=True)
    if finding := next((finding for pin in pins if (finding := _no_pin(pin))), None):
        return finding
    if len(set(pins[:20])) == 1:
        return Finding(_ALL_ALIKE, (("tried", "make_pin(), 20 times"), ("got", f"{pins[0]!r}, 20 times")))
    if pin := _repeated_by_a_seed(answer):
        return Finding(_FROM_RANDOM, (("tried", "random.seed(2018), make_pin(); twice"), ("got", f"{pin!r}, twice")))
    for place in range(6):
        for digit in sorted(set("0123456789") - {pin[place] for pin in pins}):
            words = f"Your PINs never have {digit} at place {place + 1}. All PINs should be equally likely."
            rows = (("tried", f"make_pin(), {_SAMPLES} times"), ("expected", "each digit at each place, some 40 times"))
            return Finding(_NEVER_ZERO if (place, digit) == (0, "0") else words, rows)
    return _about_draws([draws for draws in seen if draws is not None])


def _about_draws(samples: list[list[Draw]]) -> Finding | None:
    """What is wrong with the source of PINs that look right."""
    if not samples:  # another profile was running, so nothing was seen
        return None
    tried = ("tried", "make_pin()")
    if any(draw.seeded for draws in samples for draw in draws):
        return Finding(_SEEDED, (tried, ("drawn from", "random.Random, a generator with a seed")))
    if not any(samples):
        return Finding(_NOT_ASKED, (tried, ("drawn from", "no source of randomness that we know")))
    size = possibilities(samples)
    return Finding(_uneven(size), (tried, ("possibilities", f"{size:,}"))) if size % _PINS else None


def _no_pin(pin: Any) -> Finding | None:
    if isinstance(pin, str) and len(pin) == 6 and pin.isascii() and pin.isdecimal():
        return None
    if isinstance(pin, Raised):
        return theirs("make_pin()", pin)
    rows = (("tried", "make_pin()"), ("got", shown(pin)), ("expected", "a text of six digits, such as '004217'"))
    if isinstance(pin, int):
        return Finding(_NOT_TEXT, rows)
    if isinstance(pin, str) and pin.isdecimal() and len(pin) < 6:
        return Finding(_TOO_SHORT, rows)
    return Finding(f"`make_pin()` returned {shown(pin)}. Expected a text of six digits.", rows)


def _repeated_by_a_seed(answer: Callable[..., Any]) -> str:
    """The PIN that came twice from one seed of the module random, or ""."""
    state = random.getstate()
    try:
        draws = []
        for _ in range(2):
            random.seed(2018)
            draws.append([run(answer) for _ in range(3)])
    finally:
        random.setstate(state)
    return str(draws[0][0]) if draws[0] == draws[1] else ""


PIN_2 = Exercise(
    id="pin-2",
    notebook=NOTEBOOK,
    level=Level.CORE,
    title="A PIN from secrets",
    answer="make_pin",
    statement="""Make a **one-time PIN** of six digits that cannot be guessed better than by chance.

The last line is there already. One is missing: a random number below 1,000,000, and where it comes from \
matters.""",
    stub='''def make_pin():
    """A new PIN: a text of six digits."""
    number = ...  # your code here
    return f"{number:06d}"
''',
    hints=(
        "Two modules of Python make random numbers. One of them can be predicted from its seed: take the other.",
        "`secrets.randbelow(n)` gives a number from 0 to n - 1, and each of them is equally likely.",
    ),
    solution='''import secrets


def make_pin():
    """A new PIN: a text of six digits."""
    number = secrets.randbelow(1_000_000)
    return f"{number:06d}"
''',
    mistakes=(
        Mistake(
            "takes random",
            'import random\n\n\ndef make_pin():\n    return f"{random.randrange(1_000_000):06d}"\n',
            _FROM_RANDOM,
        ),
        Mistake(
            "seeds with the clock",
            "import random\nimport time\n\n\ndef make_pin():\n"
            '    return f"{random.Random(int(time.time()) // 60).randrange(1_000_000):06d}"\n',
            _ALL_ALIKE,
        ),
        Mistake(
            "seeds with a finer clock",
            "import random\nimport time\n\n\ndef make_pin():\n"
            '    return f"{random.Random(time.perf_counter_ns()).randrange(1_000_000):06d}"\n',
            _SEEDED,
        ),
        Mistake(
            "seeds anew each time",
            'import random\n\n\ndef make_pin():\n    random.seed()\n    return f"{random.randint(0, 999_999):06d}"\n',
            _SEEDED,
        ),
        Mistake(
            "makes a generator of its own",
            'import random\n\n\ndef make_pin():\n    return f"{random.Random().randrange(1_000_000):06d}"\n',
            _SEEDED,
        ),
        Mistake(
            "takes the remainder of bits",
            'import secrets\n\n\ndef make_pin():\n    return f"{secrets.randbits(20) % 1_000_000:06d}"\n',
            _uneven(2**20),
        ),
        Mistake(
            "stops one too early",
            'import secrets\n\n\ndef make_pin():\n    return f"{secrets.randbelow(999_999):06d}"\n',
            _uneven(999_999),
        ),
        Mistake(
            "begins at 100000",
            "import secrets\n\n\ndef make_pin():\n    return str(secrets.randbelow(900_000) + 100_000)\n",
            _NEVER_ZERO,
        ),
        Mistake(
            "forgets the zeros",
            "import secrets\n\n\ndef make_pin():\n    return str(secrets.randbelow(1_000_000))\n",
            _TOO_SHORT,
        ),
        Mistake(
            "keeps the number",
            "import secrets\n\n\ndef make_pin():\n    return secrets.randbelow(1_000_000)\n",
            _NOT_TEXT,
        ),
    ),
    why="Your PIN comes from the operating system. Nobody can compute the next one from those they have seen.",
    judge=_judge_pin_2,
)

EXERCISES = (PIN_2,)
