"""Which randomness a learner's function asks for: seen while it runs, with nothing patched or seeded.

Python tells a profile function of each call. So `draws_of` sees what the module `random` (and `secrets`, which is made
of it) is asked for in one call of the learner's function.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from math import prod
from types import FrameType
from typing import Any, NamedTuple

from sms2fa.lessons.learner import run

_RANDOM = random.Random.randrange.__code__.co_filename
_JUDGED = 2**24  # possibilities. A fair way with as few throws one draw in sixty away, or more, and so is seen to do it
_SMALL = 256  # the same for several draws, each of so many possibilities: of a byte, one in forty-three is thrown away


class Draw(NamedTuple):
    """One question for randomness.

    Attributes:
        seeded: whether a generator with a seed answered, and not the operating system.
        size: how many results were possible, all equally likely; 0 where that is not seen.
    """

    seeded: bool
    size: int


def draws_of(answer: Callable[..., Any]) -> tuple[Any, list[Draw] | None]:
    """Call the learner's function. Returns what came out and the draws, or None while another profile runs."""
    draws: list[Draw] = []

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        draw = None
        if event == "call" and frame.f_code.co_filename == _RANDOM:
            draw = _python_draw(frame)
        elif event == "c_call":
            draw = _built_in_draw(frame, argument)
        if draw is not None:
            draws.append(draw)

    if sys.getprofile() is not None:
        return run(answer), None
    sys.setprofile(profile)
    try:
        got = run(answer)
    finally:
        sys.setprofile(None)
    return got, draws


def possibilities(samples: list[list[Draw]]) -> int:
    """How many equally likely results the draws of one sample have together; 0 where that is not certain.

    It is certain where each sample drew the same: had one thrown draws away, it would have drawn once more.
    """
    sizes = {tuple(draw.size for draw in draws) for draws in samples}
    if len(sizes) != 1:
        return 0
    (size,) = sizes
    judged = 0 not in size and (prod(size) <= _JUDGED or max(size) <= _SMALL)
    return prod(size) if size and judged else 0


def _python_draw(frame: FrameType) -> Draw | None:
    """What a function of the module random is asked for; None where it asks another one in turn."""
    generator, name = frame.f_locals.get("self"), frame.f_code.co_name
    if not isinstance(generator, random.SystemRandom):
        return None  # in the end it calls a built-in one
    asked_by_learner = frame.f_back is None or frame.f_back.f_code.co_filename != _RANDOM
    if name == "_randbelow_with_getrandbits":
        return Draw(False, _whole(frame.f_locals.get("n")))
    if name == "getrandbits" and asked_by_learner:
        return Draw(False, 2 ** min(_whole(frame.f_locals.get("k")), 4 * _SMALL))
    return Draw(False, 0) if name in ("random", "randbytes") else None


def _built_in_draw(frame: FrameType, function: Any) -> Draw | None:
    if function.__name__ in ("urandom", "getrandom"):
        return None if frame.f_code.co_filename == _RANDOM else Draw(False, 0)
    generator = getattr(function, "__self__", None)
    if isinstance(generator, random.Random) and function.__name__ in ("random", "getrandbits"):
        return Draw(True, 0)
    return None


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0
