from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms2fa import normalize_pin
from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercise import Result

Attempt = Callable[[str, str], Result]

as_pin, read_pin = (EXERCISES[name].build(EXERCISES[name].solution) for name in ("pin-1", "pin-4"))


def outcome(function: Callable[[str], str], typed: str) -> str:
    try:
        return function(typed)
    except ValueError:
        return "refused"


@given(st.integers(0, 999_999))
def test_a_number_as_pin_is_a_pin(number: int) -> None:
    assert normalize_pin(as_pin(number)) == as_pin(number)
    assert int(as_pin(number)) == number


@given(st.lists(st.sampled_from(["0", "4", "9", "０", "９", " ", "-"]), max_size=12).map("".join))
def test_it_reads_digits_and_separators_as_the_package_does(typed: str) -> None:
    """The package also refuses a hyphen before the first and after the last digit."""
    typed = typed.strip(" -")
    assert outcome(read_pin, typed) == outcome(normalize_pin, typed)


@given(st.text(max_size=8))
def test_what_the_package_reads_it_reads_alike(typed: str) -> None:
    read = outcome(read_pin, typed)
    assert outcome(normalize_pin, typed) in (read, "refused")


@pytest.mark.parametrize(
    "form", ['f"{number:06}"', "str(number).zfill(6)", '"%06d" % number', 'str(number).rjust(6, "0")']
)
def test_other_ways_to_write_it_pass(attempt: Attempt, form: str) -> None:
    assert attempt("pin-1", f"def as_pin(number):\n    return {form}\n")


def test_four_digits_are_told_apart(attempt: Attempt) -> None:
    result = attempt("pin-1", 'def as_pin(number):\n    return f"{number:04d}"\n')
    assert "zeros at the front are missing" in result.sentence


def test_a_short_pin_is_not_to_be_filled_up(attempt: Attempt) -> None:
    source = (
        "import unicodedata\n\n\ndef read_pin(typed):\n"
        '    return unicodedata.normalize("NFKC", typed).replace(" ", "").replace("-", "").zfill(6)\n'
    )
    assert "filled up" in attempt("pin-4", source).sentence


def test_none_for_what_is_no_pin_is_told_apart(attempt: Attempt) -> None:
    source = (
        "import unicodedata\n\n\ndef read_pin(typed):\n"
        '    digits = unicodedata.normalize("NFKC", typed).replace(" ", "").replace("-", "")\n'
        "    return digits if len(digits) == 6 and digits.isdecimal() else None\n"
    )
    assert "returned None" in attempt("pin-4", source).sentence


@pytest.mark.parametrize("digit", ["int(c)", "c"])
def test_digits_of_another_script_are_malformed(attempt: Attempt, digit: str) -> None:
    source = (
        'def read_pin(typed):\n    kept = [c for c in typed.translate(WIDE) if c not in " -"]\n'
        "    if len(kept) == 6 and all(c.isdecimal() for c in kept):\n"
        f'        return "".join(str({digit}) for c in kept)\n    raise ValueError("expected six digits")\n'
    )
    wide = 'WIDE = str.maketrans("０１２３４５６７８９", "0123456789")\n'
    assert "other scripts" in attempt("pin-4", f"{wide}\n\n{source}").sentence
