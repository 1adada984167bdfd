from __future__ import annotations

from collections.abc import Callable

import pytest

from sms2fa.lessons.exercise import Result

Attempt = Callable[[str, str], Result]
SOURCE = """import hmac


def check_once(challenge, typed):
    pin = challenge["pin"]
    if challenge["used"]:
        return "already used"
    if {condition}:
        challenge["used"] = True
        return "verified"
    return "wrong PIN"
"""


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("typed in pin", "whoever types `0`"),
        ("pin.startswith(typed)", "whoever types `0`"),
        ("pin.endswith(typed)", "nothing at all"),
        ("not pin != typed", "`==` stops"),
        ("pin.encode() == typed.encode()", "`==` stops"),
        ("hmac.compare_digest(pin, typed)", "Japanese keyboard"),
        ("int(pin) == int(typed)", "ValueError"),
    ],
)
def test_other_comparisons_do_not_pass(attempt: Attempt, condition: str, words: str) -> None:
    result = attempt("verify-4", SOURCE.format(condition=condition))
    assert not result
    assert words in result.sentence


@pytest.mark.parametrize(
    "condition",
    [
        "hmac.compare_digest(pin.encode(), typed.encode())",
        'typed != "" and hmac.compare_digest(typed.encode(), pin.encode())',
    ],
)
def test_a_comparison_in_constant_time_passes(attempt: Attempt, condition: str) -> None:
    result = attempt("verify-4", SOURCE.format(condition=condition))
    assert result, repr(result)
