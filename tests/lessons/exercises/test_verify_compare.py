from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercise import Result

Attempt = Callable[[str, str], Result]

same = EXERCISES["verify-1"].build(EXERCISES["verify-1"].solution)


@given(pin=st.text("0123456789", min_size=6, max_size=6), typed=st.text(max_size=8))
def test_the_comparison_says_what_equality_says(pin: str, typed: str) -> None:
    assert same(pin, typed) is (pin == typed)
    assert same(pin, pin) is True


@pytest.mark.parametrize(
    "body",
    [
        "return hmac.compare_digest(typed.encode(), pin.encode())",
        'return hmac.compare_digest(bytes(pin, "utf-8"), bytes(typed, "utf-8"))',
        "return secrets.compare_digest(pin.encode(), typed.encode())",
        "wrong = len(pin) ^ len(typed)\n    for a, b in zip(pin, typed):\n        wrong |= ord(a) ^ ord(b)\n"
        "    return wrong == 0",
        "wrong = len(pin) != len(typed)\n    for a, b in zip(pin, typed):\n        wrong += a != b\n"
        "    return wrong == 0",
    ],
)
def test_other_ways_in_constant_time_pass(attempt: Attempt, body: str) -> None:
    result = attempt("verify-1", f"import hmac\nimport secrets\n\n\ndef same(pin, typed):\n    {body}\n")
    assert result, repr(result)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return not pin != typed", "`==` stops"),
        ("return pin in [typed]", "`==` stops"),
        ("return pin.encode() == typed.encode()", "`==` stops"),
        ("return len(pin) == len(typed) and all(a == b for a, b in zip(pin, typed))", "Your loop stops"),
        ("return len(pin) == len(typed) and all(pin[i] == typed[i] for i in range(6))", "Your loop stops"),
        ("return pin is typed", "Expected True"),
        ("return typed in pin", ""),
    ],
)
def test_other_comparisons_are_told_apart(attempt: Attempt, body: str, words: str) -> None:
    source = f"def same(pin, typed):\n    pin, typed = pin[:3] + pin[3:], typed\n    {body}\n" if " is " in body else ""
    result = attempt("verify-1", source or f"def same(pin, typed):\n    {body}\n")
    assert not result
    assert words in result.sentence


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('hmac.compare_digest(pin.encode("ascii", "ignore"), typed.encode("ascii", "ignore"))', "left out"),
        ('hmac.compare_digest(pin.encode("ascii"), typed.encode("ascii"))', "UTF-8"),
        ('hmac.compare_digest(pin.encode("latin-1"), typed.encode("latin-1"))', "UTF-8"),
        ("hmac.compare_digest(pin.encode(), typed)", "Encode both"),
        ("hmac.compare_digest(pin, typed.encode())", "Encode both"),
        ("hmac.compare_digest(pin.encode(), typed.encode()[:6])", "different lengths"),
    ],
)
def test_other_ways_to_encode_are_told_apart(attempt: Attempt, line: str, words: str) -> None:
    assert words in attempt("verify-1", f"import hmac\n\n\ndef same(pin, typed):\n    return {line}\n").sentence
