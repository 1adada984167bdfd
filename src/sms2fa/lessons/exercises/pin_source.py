"""Exercises of notebook 01: where a PIN comes from, and how one that comes from `random` is predicted."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.learner import Raised, run
from sms2fa.lessons.probes import ANYTHING, Case, Finding, shown, theirs, try_case, try_cases

NOTEBOOK = "01_generate_a_pin"
_SAMPLES = 400  # a digit that has its fair tenth is missing from all of them once in 10 ** 18 runs

_NOT_TEXT = "Your PIN is a number, not a text: 004217 would become 4217."
_FROM_RANDOM = (
    "Your PIN follows from the seed of `random`: we set the same seed twice and got the same PINs twice. "
    "So can an attacker. `secrets` has no seed."
)
_ALL_ALIKE = (
    "PINs that are made in the same moment are all alike. Whoever knows the moment, or one PIN, knows the others."
)
_NEVER_ZERO = "Your PINs never begin with 0. One PIN in ten is missing, so each of the others is guessed more easily."
_TOO_SHORT = "Some of your PINs are too short: their zeros at the front are missing."


def _judge_pin_2(answer: Callable[..., Any]) -> Finding | None:
    if finding := try_case(answer, "make_pin", Case((), ANYTHING)):
        return finding
    pins = [run(answer) for _ in range(_SAMPLES)]
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
    return None


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

_FIRST_AGAIN = (
    "That is the first PIN again, which you know already. A new `random.Random(seed)` begins anew: draw the second PIN "
    "from the one that gave the first."
)
_SEED = "That is the seed. The attacker wants what comes after the first PIN."
_NUMBER_OF_PINS = "Return a list, also where it holds one PIN: several seeds may fit, and sometimes none does."


def _pins_after(first: int, seeds: range) -> list[int]:
    servers = [random.Random(seed) for seed in seeds]  # noqa: S311 - it is what the exercise is about
    return [server.randrange(1_000_000) for server in servers if server.randrange(1_000_000) == first]


def _judge_pin_6(answer: Callable[..., Any]) -> Finding | None:
    cases = []
    for seeds, at in ((range(1000, 1500), 1234), (range(77, 400), 77), (range(5), 4)):
        first = random.Random(at).randrange(1_000_000)  # noqa: S311
        after = _pins_after(first, seeds)
        known = (([first], _FIRST_AGAIN), ([at], _SEED), (after[0], _NUMBER_OF_PINS))
        cases.append(Case((first, seeds), after, known))
    cases.append(Case((123_456, range(0)), []))
    return try_cases(answer, "next_pins", cases)


PIN_6 = Exercise(
    id="pin-6",
    notebook=NOTEBOOK,
    level=Level.EXTRA,
    title="Predict the next PIN",
    answer="next_pins",
    statement="""Be the attacker. A server makes each **PIN** with `server.randrange(1_000_000)`, where `server` is \
`random.Random(seed)`. You know its first PIN, and that the seed is one of `seeds`.

`next_pins(first, seeds)` returns the list of numbers that the second PIN can be, one for each seed that \
fits.""",
    stub='''def next_pins(first, seeds):
    """What the second PIN can be: a list, in the order of the seeds."""
    return ...  # your code here, on as many lines as you like
''',
    hints=(
        "Try each seed: make your own `random.Random(seed)`, and draw from it as the server did.",
        (
            "Where the first number is `first`, you have a copy of the server. Its next `randrange(1_000_000)` "
            "is the answer."
        ),
    ),
    solution='''import random


def next_pins(first, seeds):
    """What the second PIN can be: a list, in the order of the seeds."""
    found = []
    for seed in seeds:
        server = random.Random(seed)
        if server.randrange(1_000_000) == first:
            found.append(server.randrange(1_000_000))
    return found
''',
    mistakes=(
        Mistake(
            "begins anew for the second PIN",
            "import random\n\n\ndef next_pins(first, seeds):\n"
            "    fitting = [seed for seed in seeds if random.Random(seed).randrange(1_000_000) == first]\n"
            "    return [random.Random(seed).randrange(1_000_000) for seed in fitting]\n",
            _FIRST_AGAIN,
        ),
        Mistake(
            "returns the seeds",
            "import random\n\n\ndef next_pins(first, seeds):\n"
            "    return [seed for seed in seeds if random.Random(seed).randrange(1_000_000) == first]\n",
            _SEED,
        ),
        Mistake(
            "returns the first that fits",
            "import random\n\n\ndef next_pins(first, seeds):\n    for seed in seeds:\n"
            "        server = random.Random(seed)\n        if server.randrange(1_000_000) == first:\n"
            "            return server.randrange(1_000_000)\n",
            _NUMBER_OF_PINS,
        ),
    ),
    why="You know a PIN that was sent to somebody else. Six digits did not help: the seed has far fewer possibilities.",
    judge=_judge_pin_6,
)

EXERCISES = (PIN_2, PIN_6)
