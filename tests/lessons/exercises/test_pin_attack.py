from __future__ import annotations

from collections.abc import Callable

from sms2fa.lessons.exercise import Result

Attempt = Callable[[str, str], Result]


def test_the_attack_finds_what_the_server_makes_next(attempt: Attempt) -> None:
    source = (
        "import random\n\n\ndef next_pins(first, seeds):\n    servers = map(random.Random, seeds)\n"
        "    return [s.randrange(10**6) for s in servers if s.randrange(10**6) == first]\n"
    )
    assert attempt("pin-6", source)


def test_the_last_that_fits_alone_is_told_apart(attempt: Attempt) -> None:
    source = (
        "import random\n\n\ndef next_pins(first, seeds):\n    found = []\n    for seed in seeds:\n"
        "        server = random.Random(seed)\n        if server.randrange(10**6) == first:\n"
        "            found = [server.randrange(10**6)]\n    return found\n"
    )
    assert "Two seeds fit here" in attempt("pin-6", source).sentence
