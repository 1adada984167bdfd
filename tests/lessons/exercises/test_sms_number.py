from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms2fa import mask_phone, parse_phone
from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercise import Result

Attempt = Callable[[str, str], Result]

to_e164, mask = (EXERCISES[name].build(EXERCISES[name].solution) for name in ("sms-1", "sms-2"))


@given(st.integers(0, 99))
def test_the_mask_is_the_packages(last: int) -> None:
    number = f"+120255501{last:02d}"
    assert mask(number, "+1") == mask_phone(number)
    assert mask("+818012345678", "+81") == mask_phone("+818012345678")


def test_the_form_is_read_as_the_package_reads_it() -> None:
    assert to_e164("080-1234-5678") == parse_phone("080-1234-5678", region="JP").e164


def test_the_american_region_is_told_by_its_error(attempt: Attempt) -> None:
    source = (
        'from sms2fa import parse_phone\n\n\ndef to_e164(written):\n    return parse_phone(written, region="US").e164\n'
    )
    result = attempt("sms-1", source)
    assert "raised InvalidPhoneNumber in line 5" in result.sentence
    assert "as written in US" in dict(result.tried)["raised"]


def test_a_mask_without_enough_stars_is_told_so(attempt: Attempt) -> None:
    source = 'def mask(number, country):\n    return country + "***" + number[-2:]\n'
    assert "same number of stars" in attempt("sms-2", source).sentence


def test_none_for_what_is_no_number_is_not_taken_for_a_missing_return(attempt: Attempt) -> None:
    source = (
        "from sms2fa import parse_phone\n\n\ndef to_e164(written):\n    try:\n"
        '        return parse_phone(written, region="JP").e164\n    except ValueError:\n        return None\n'
    )
    assert "Is there a `return`" not in attempt("sms-1", source).sentence


def test_the_object_as_text_is_not_shown_without_a_word(attempt: Attempt) -> None:
    head = "from sms2fa import parse_phone\n\n\ndef to_e164(written):\n"
    source = f'{head}    phone = parse_phone(written, region="JP")\n    return f"{{phone}}"\n'
    assert "hides most digits" in attempt("sms-1", source).sentence


@pytest.mark.parametrize(
    ("hidden", "words"), [("len(number) - 2", "Three stars"), ("len(number) - len(country)", "Two stars")]
)
def test_too_many_stars_are_counted(attempt: Attempt, hidden: str, words: str) -> None:
    source = f'def mask(number, country):\n    return country + "*" * ({hidden}) + number[-2:]\n'
    assert words in attempt("sms-2", source).sentence
