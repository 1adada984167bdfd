from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sms2fa import CLASSROOM, Challenge, Outcome
from sms2fa.challenge import Attempt as Tried
from sms2fa.challenge import State, judge
from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercise import Result

Attempt = Callable[[str, str], Result]
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)

check_tries, check_once = (EXERCISES[name].build(EXERCISES[name].solution) for name in ("verify-3", "verify-4"))


def judged(typed: list[str], *, over: Outcome) -> list[str]:
    """What the package's judge says to each; an outcome of another rule than ours ends the comparison."""
    challenge = Challenge("id", "alice", "login", NOON, None, b"042917", b"", State.LIVE)
    said = []
    for pin in typed:
        outcome = judge(challenge, Tried("id", [pin.encode()], NOON), CLASSROOM)
        if outcome not in (Outcome.VERIFIED, Outcome.WRONG_PIN, over):
            break
        said.append(outcome.value)
        if outcome is Outcome.WRONG_PIN:
            challenge = replace(challenge, wrong_tries=challenge.wrong_tries + 1)
        if outcome is Outcome.VERIFIED and over is Outcome.ALREADY_USED:
            challenge = replace(challenge, state=State.USED)
    return said


def said_by(function: Callable[[dict[str, Any], str], str], typed: list[str]) -> list[str]:
    challenge = {"pin": "042917", "wrong": 0, "used": False}
    return [function(challenge, pin) for pin in typed]


TYPED = st.lists(st.sampled_from(["042917", "111111", "942917"]), max_size=9)


@given(TYPED)
def test_tries_are_judged_as_the_package_judges_them(typed: list[str]) -> None:
    assert said_by(check_tries, typed) == judged(typed, over=Outcome.TOO_MANY_TRIES)


@given(TYPED)
def test_single_use_is_judged_as_the_package_judges_it(typed: list[str]) -> None:
    said = judged(typed, over=Outcome.ALREADY_USED)
    assert said_by(check_once, typed)[: len(said)] == said


@pytest.mark.parametrize("limit", ["> 3", ">= 4", ">= 6"])
def test_another_limit_is_told_apart(attempt: Attempt, limit: str) -> None:
    source = (
        f'def check_tries(challenge, typed):\n    if challenge["wrong"] {limit}:\n        return "too many tries"\n'
        '    if typed == challenge["pin"]:\n        return "verified"\n    challenge["wrong"] += 1\n'
        '    return "wrong PIN"\n'
    )
    assert attempt("verify-3", source).sentence


def test_counting_before_comparing_passes(attempt: Attempt) -> None:
    """It is the safer order where two tries come at once."""
    source = (
        'def check_tries(challenge, typed):\n    challenge["wrong"] += 1\n    if challenge["wrong"] > 5:\n'
        '        return "too many tries"\n    return "verified" if typed == challenge["pin"] else "wrong PIN"\n'
    )
    assert attempt("verify-3", source)


def test_a_word_of_their_own_is_told_apart(attempt: Attempt) -> None:
    result = attempt("verify-4", "def check_once(challenge, typed):\n    return True\n")
    assert "Expected a text (str): 'verified'" in result.sentence


def test_what_was_typed_before_is_shown(attempt: Attempt) -> None:
    mistake = EXERCISES["verify-4"].mistakes[0]
    assert "after 042917" in dict(attempt("verify-4", mistake.source).tried)["tried"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('challenge["wrong"] = 1', "is 1. Each one has to add 1"),
        ('challenge["wrong"] =+ 1', "is 1. Each one has to add 1"),
        ('challenge["wrong"] = True', "is True. Each one has to add 1"),
        ('challenge["wrong"] += 2', "gives up before five"),
        ("pass", "nothing was added"),
    ],
)
def test_a_count_that_does_not_grow_is_not_taken_for_a_sixth_try(attempt: Attempt, line: str, words: str) -> None:
    source = (
        'def check_tries(challenge, typed):\n    if challenge["wrong"] >= 5:\n        return "too many tries"\n'
        f'    if typed == challenge["pin"]:\n        return "verified"\n    {line}\n    return "wrong PIN"\n'
    )
    assert words in attempt("verify-3", source).sentence


def test_a_limit_of_eight_is_not_taken_for_a_sixth_try(attempt: Attempt) -> None:
    source = (
        'def check_tries(challenge, typed):\n    if challenge["wrong"] >= 8:\n        return "too many tries"\n'
        '    if typed == challenge["pin"]:\n        return "verified"\n    challenge["wrong"] += 1\n'
        '    return "wrong PIN"\n'
    )
    assert "returned 'wrong PIN'. Expected 'too many tries'" in attempt("verify-3", source).sentence
