"""From what people type to E.164, and masks for everything that is shown."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from sms2fa import PhoneNumber, mask_phone, parse_phone
from sms2fa.errors import InvalidPhoneNumber
from sms2fa.phone import example_mobile

NUMBER = "+818012345678"
REGIONS = sorted(region for region in phonenumbers.SUPPORTED_REGIONS if example_mobile(region))


@pytest.mark.parametrize(
    ("typed", "region", "e164"),
    [
        (NUMBER, None, NUMBER),
        ("+81 80 1234 5678", None, NUMBER),
        ("+81-80-1234-5678", "US", NUMBER),  # the region is for national forms only
        ("080-1234-5678", "JP", NUMBER),
        ("080 1234 5678", "jp", NUMBER),
        ("08012345678", "JP", NUMBER),
        ("  080-1234-5678\n", "JP", NUMBER),
        ("０８０－１２３４－５６７８", "JP", NUMBER),  # full-width digits and hyphens
        ("０８０ー１２３４ー５６７８", "JP", NUMBER),  # the long-vowel key, which people take for a hyphen
        ("080‐1234−5678", "JP", NUMBER),  # noqa: RUF001 - U+2010 and U+2212
        ("＋８１　８０　１２３４　５６７８", None, NUMBER),  # noqa: RUF001
        ("(202) 555-0123", "US", "+12025550123"),
        ("1 202.555.0123", "US", "+12025550123"),
        ("+1 (202) 555-0199", None, "+12025550199"),
    ],
)
def test_a_mobile_number_is_read_as_people_write_it(typed: str, region: str | None, e164: str) -> None:
    assert parse_phone(typed, region=region).e164 == e164


@pytest.mark.parametrize(("typed", "region"), [(NUMBER, "JP"), ("+12025550123", "US")])
def test_a_number_knows_its_region(typed: str, region: str) -> None:
    assert parse_phone(typed).region == region


@pytest.mark.parametrize("region", REGIONS)
def test_a_number_in_national_form_is_the_same_in_international_form(region: str) -> None:
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    number = parse_phone(phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL), region=region)
    assert number.e164 == phonenumbers.format_number(example, PhoneNumberFormat.E164)
    assert number == parse_phone(phonenumbers.format_number(example, PhoneNumberFormat.INTERNATIONAL))


@pytest.mark.parametrize("region", REGIONS)
def test_the_example_shown_for_a_region_is_read_there(region: str) -> None:
    assert parse_phone(example_mobile(region), region=region) == parse_phone(example_mobile(region), region.lower())


def test_examples_shown_are_no_strangers_and_an_unknown_region_has_none() -> None:
    assert parse_phone(example_mobile("JP"), region="JP").e164 == NUMBER
    assert parse_phone(example_mobile("US"), region="US").e164.startswith("+120255501")
    assert example_mobile("XX") == ""


class TestExamplesOfXoxzosDocumentation:
    """Its examples are loose, and its own client's tests send to a number with the national 0 kept."""

    def test_a_digit_too_many_is_refused(self) -> None:
        assert _refusal("+8190123456789") == ("phone", "not_in_plan")

    def test_a_landline_is_refused_for_sms(self) -> None:
        assert _refusal("+81987654321") == ("phone", "not_mobile")

    def test_the_national_zero_after_the_country_code_is_forgiven_and_gone(self) -> None:
        assert parse_phone("+8108012345678").e164 == NUMBER


@pytest.mark.parametrize(
    ("typed", "region", "reason"),
    [
        ("", "JP", "not_a_number"),
        ("   ", None, "not_a_number"),
        ("call me", "JP", "not_a_number"),
        ("+1-800-FLOWERS", None, "not_a_number"),
        ("tel:+818012345678", None, "not_a_number"),
        ("++818012345678", None, "not_a_number"),
        ("+81 80\n1234 5678", None, "not_a_number"),
        ("٠٨٠-١٢٣٤-٥٦٧٨", "JP", "not_a_number"),  # Arabic-Indic digits
        ("+1 202-555-0123 ext. 5", None, "not_a_number"),
        ("+1 202-555-0123 x5", None, "not_a_number"),
        ("+1 202-555-0123;ext=5", None, "not_a_number"),
        ("+1 202-555-0123,5", None, "not_a_number"),
        ("+1 202-555-0123#5", None, "not_a_number"),
        ("0" * 41, "JP", "not_a_number"),
        (None, None, "not_a_number"),
        (818012345678, None, "not_a_number"),
        (b"+818012345678", None, "not_a_number"),
        ("080-1234-5678", None, "no_region"),
        ("818012345678", None, "no_region"),
        ("+81 80 1234 567", None, "not_in_plan"),
        ("+999 80 1234 5678", None, "not_in_plan"),
        ("+81" + "8" * 30, None, "not_in_plan"),
        ("8012345678", "JP", "wrong_region"),
        ("080-1234-567", "JP", "wrong_region"),
        ("81 80 1234 5678", "JP", "wrong_region"),
        ("(202) 555-0123", "JP", "wrong_region"),
        ("(901) 555-0123", "JP", "wrong_region"),  # else it were 090-1555-0123, a stranger's mobile
        ("011 81 80 1234 5678", "US", "wrong_region"),
        ("03-1234-5678", "JP", "not_mobile"),
        ("+1 800-555-0199", None, "not_mobile"),
    ],
)
def test_what_cannot_receive_an_sms_is_refused_with_its_reason(typed: str, region: str | None, reason: str) -> None:
    assert _refusal(typed, region) == ("phone", reason)


@pytest.mark.parametrize("region", ["", "XX", "JPN", "81", "日本"])
@pytest.mark.parametrize("typed", ["080-1234-5678", NUMBER])
def test_an_unknown_region_is_named_as_the_bad_field(typed: str, region: str) -> None:
    assert _refusal(typed, region) == ("region", "unknown_region")


@settings(deadline=None)
@given(st.text() | st.text("+0123456789０９٣ ()-./ext", max_size=20), st.sampled_from([None, "JP", "US", "DE"]))
def test_any_text_is_a_number_or_an_invalid_phone_number(typed: str, region: str | None) -> None:
    try:
        e164 = parse_phone(typed, region=region).e164
    except InvalidPhoneNumber:
        return
    assert re.fullmatch(r"\+[1-9][0-9]{1,14}", e164)
    assert parse_phone(e164).e164 == e164


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{!r:>40}".format, lambda number: number.masked])
def test_a_number_is_never_shown_in_full(show: object) -> None:
    shown = show(parse_phone(NUMBER))  # type: ignore[operator]
    assert "+81********78" in shown
    assert "1234" not in shown


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (NUMBER, "+81********78"),
        (PhoneNumber(NUMBER, "JP"), "+81********78"),
        ("+12025550123", "+1********23"),
        ("+99912345678", "+*********78"),  # no country has this code
        ("08012345678", "***********"),
        ("+81 80 1234 5678", "****************"),
        ("+818012345678\n", "**************"),
        ("＋８１８０１２３４５６７８", "*************"),  # noqa: RUF001
        ("+٨١٨٠١٢٣٤٥٦٧٨", "*************"),
        ("+1234567", "********"),
        ("", ""),
        (None, "****"),
        (818012345678, "************"),
    ],
)
def test_a_mask_shows_country_code_and_two_digits_or_nothing(text: str, masked: str) -> None:
    assert mask_phone(text) == masked


@settings(deadline=None)
@given(st.text() | st.from_regex(r"\+[0-9]{5,17}", fullmatch=True))
def test_no_mask_of_any_text_shows_more_than_country_code_and_two_digits(text: str) -> None:
    masked = mask_phone(text)
    assert len(masked) == len(text)
    if masked != "*" * len(text):
        shown = re.fullmatch(r"\+([0-9]*)\*{3,}([0-9]{2})", masked)
        assert shown is not None
        assert text.startswith(f"+{shown[1]}")
        assert text.endswith(shown[2])
        assert not shown[1] or int(shown[1]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE


def _refusal(typed: str, region: str | None = None) -> tuple[str, str]:
    with pytest.raises(InvalidPhoneNumber) as caught:
        parse_phone(typed, region=region)
    return caught.value.field, caught.value.reason
