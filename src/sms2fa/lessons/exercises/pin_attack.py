"""An exercise of notebook 01: how a PIN that comes from `random` is predicted."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sms2fa.lessons.exercise import Exercise, Level, Mistake
from sms2fa.lessons.probes import Case, Finding, try_cases

NOTEBOOK = "01_generate_a_pin"

_FIRST_AGAIN = (
    "That is the first PIN again, which you know already. A new `random.Random(seed)` begins anew: draw the second PIN "
    "from the one that gave the first."
)
_SEED = "That is the seed. The attacker wants what comes after the first PIN."
_NUMBER_OF_PINS = "Return a list, also where it holds one PIN: several seeds may fit, and sometimes none does."
_FIRST_ONLY = "Two seeds fit here, and your list holds one PIN. Go on to the last seed, also after one that fits."
_TWINS = range(12_800, 12_850)  # two of these seeds, 12807 and 12842, begin with the same number


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
    first = random.Random(12_807).randrange(1_000_000)  # noqa: S311
    both = _pins_after(first, _TWINS)
    cases.append(Case((first, _TWINS), both, ((both[:1], _FIRST_ONLY), (both[1:], _FIRST_ONLY))))
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
        Mistake(
            "stops at the first that fits",
            "import random\n\n\ndef next_pins(first, seeds):\n    for seed in seeds:\n"
            "        server = random.Random(seed)\n        if server.randrange(1_000_000) == first:\n"
            "            return [server.randrange(1_000_000)]\n    return []\n",
            _FIRST_ONLY,
        ),
    ),
    why="You know a PIN that was sent to somebody else. Six digits did not help: the seed has far fewer possibilities.",
    judge=_judge_pin_6,
)

EXERCISES = (PIN_6,)
