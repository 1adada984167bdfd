"""Phone numbers: from what people type to E.164, and masks for everything that is shown or logged.

The numbering plans are those of the library phonenumbers (Google's libphonenumber).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from sms2fa.errors import InvalidPhoneNumber

_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: " "}
_WRITTEN_LIKE_A_NUMBER = re.compile(
    r"\+?[ ().\-/\u2010-\u2015\u2212\u30fc]*[0-9][0-9 ().\-/\u2010-\u2015\u2212\u30fc]*"
)
_LIKE_A_SECRET = re.compile(r"\+?[0-9\uff10-\uff19](?:[ ().,:/\u2010-\u2015\u3000-]*[0-9\uff10-\uff19]){3,}")
_LONGEST_INPUT = 40  # characters: 15 digits with room for separators
_RECEIVES_SMS = {  # what the plan calls a mobile, cannot tell from one, or does not know
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.UNKNOWN,
}
_DOCUMENTED = {"JP": "080-1234-5678", "US": "(202) 555-0123"}  # from Xoxzo's documentation; reserved for fiction
_PRINTED = re.compile(r"\+818012345678|\+120255501[0-9]{2}")
_KINDS = {
    PhoneNumberType.FIXED_LINE: "a landline",
    PhoneNumberType.TOLL_FREE: "a toll-free number",
    PhoneNumberType.PREMIUM_RATE: "a premium-rate number",
    PhoneNumberType.SHARED_COST: "a shared-cost number",
    PhoneNumberType.VOIP: "an internet telephone",
    PhoneNumberType.PERSONAL_NUMBER: "a forwarding number",
    PhoneNumberType.PAGER: "a pager",
    PhoneNumberType.UAN: "a company number",
    PhoneNumberType.VOICEMAIL: "a voice mailbox",
}


@dataclass(frozen=True, slots=True, repr=False)
class PhoneNumber:
    """A number that can receive an SMS, as far as its numbering plan tells. Made by `parse_phone`.

    ``str()`` and ``repr()`` show the masked form; the full number is only in ``e164``.

    Attributes:
        e164: ``+`` and at most 15 digits.
        region: ISO 3166 code of the region that the number belongs to, such as "JP".
    """

    e164: str
    region: str

    @property
    def masked(self) -> str:
        """The number with country code and last two digits only."""
        return mask_phone(self.e164)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"PhoneNumber({self.masked})"


def parse_phone(text: str, region: str | None = None) -> PhoneNumber:
    """Read a mobile number as people write it.

    Args:
        text: a number in international form (``+81 80 1234 5678``), or in the national form of ``region``
            (``080-1234-5678`` in Japan). Full-width digits are read too.
        region: ISO 3166 code of the region whose national form is meant.

    Raises:
        InvalidPhoneNumber: with the ``reason``: "not_a_number", "no_region", "unknown_region", "not_in_plan",
            "wrong_region" or "not_mobile".

    Source: ITU-T E.164 for the form; libphonenumber for the plans.

    >>> parse_phone("080-1234-5678", region="JP").e164
    '+818012345678'
    >>> parse_phone("+1 202-555-0123")
    PhoneNumber(+1********23)
    """
    if not isinstance(text, str):
        raise InvalidPhoneNumber(
            f"expected a phone number as text, got {type(text).__name__}", field="phone", reason="not_a_number"
        )
    written = text.strip().translate(_FULL_WIDTH)
    if len(written) > _LONGEST_INPUT or not _WRITTEN_LIKE_A_NUMBER.fullmatch(written):
        raise InvalidPhoneNumber(
            "expected a phone number: digits, spaces and hyphens, with + in front of a country code",
            field="phone",
            reason="not_a_number",
        )
    international = written.startswith("+")
    region = _checked_region(region, needed=not international)
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise InvalidPhoneNumber(
            _unassigned(region, international), field="phone", reason="not_in_plan" if international else "wrong_region"
        )
    if not international and not _is_national_form(number, written):
        raise InvalidPhoneNumber(_unassigned(region, international), field="phone", reason="wrong_region")
    kind = phonenumbers.number_type(number)
    if kind not in _RECEIVES_SMS:
        raise InvalidPhoneNumber(
            f"expected a mobile number; this one is {_KINDS[kind]}, which cannot receive an SMS",
            field="phone",
            reason="not_mobile",
        )
    return PhoneNumber(
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        region=phonenumbers.region_code_for_number(number) or "ZZ",
    )


def is_e164(text: str) -> bool:
    """Whether this is a number that exists, mobile or not, and is written in E.164 form."""
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return False
    valid = phonenumbers.is_valid_number(number)
    return valid and bool(phonenumbers.format_number(number, PhoneNumberFormat.E164) == text)


def hide_digits(text: str) -> str:
    """Hide whatever in a text may be a PIN or a phone number: four digits or more, with what people write between them.

    >>> hide_digits("no 042 917 for +33 6.12.34.56.78, required: 20")
    'no •••• for ••••, required: 20'
    """
    return _LIKE_A_SECRET.sub("••••", text)


def mask_phone(phone: str | PhoneNumber) -> str:
    """The form for screens and logs: country code, stars, the last two digits.

    Never raises: what is no E.164 number is masked whole.

    >>> mask_phone("+818012345678")
    '+81********78'
    >>> mask_phone("not a number")
    '************'
    """
    text = phone.e164 if isinstance(phone, PhoneNumber) else str(phone)
    if re.fullmatch(r"\+[0-9]{8,15}", text):
        try:
            country = f"+{phonenumbers.parse(text).country_code}"
        except phonenumbers.NumberParseException:
            country = "+"
        return country + "*" * (len(text) - len(country) - 2) + text[-2:]
    return "*" * len(text)


def example_mobile(region: str) -> str:
    """A mobile number in the national form of a region, to show what is expected; "" for an unknown region."""
    if region in _DOCUMENTED:
        return _DOCUMENTED[region]
    number = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    return "" if number is None else str(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))


def is_printed(number: PhoneNumber) -> bool:
    """Whether this number is shown as an example in the course, in its errors, or in Xoxzo's documentation."""
    example = phonenumbers.example_number_for_type(number.region, PhoneNumberType.MOBILE)
    shown = None if example is None else phonenumbers.format_number(example, PhoneNumberFormat.E164)
    return bool(_PRINTED.fullmatch(number.e164)) or number.e164 == shown


def _checked_region(region: str | None, *, needed: bool) -> str | None:
    if region is None:
        if needed:
            raise InvalidPhoneNumber(
                "expected a number that starts with + and its country code, or else a region such as 'JP'",
                field="phone",
                reason="no_region",
            )
        return None
    code = region.upper() if isinstance(region, str) else ""
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidPhoneNumber(
            "expected a region as a two-letter code such as 'JP' or 'US'", field="region", reason="unknown_region"
        )
    return code


def _is_national_form(number: phonenumbers.PhoneNumber, written: str) -> bool:
    # Memphis' (901) 555-0123 without its +1 would else be taken for the Japanese mobile 090-1555-0123: the library
    # forgives a missing national prefix, and the PIN would go to a stranger.
    typed = re.sub(r"[^0-9]", "", written)
    national = re.sub(r"[^0-9]", "", phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))
    prefix = phonenumbers.ndd_prefix_for_region(phonenumbers.region_code_for_number(number) or "ZZ", True) or ""
    return typed in (national, prefix + national)


def _unassigned(region: str | None, international: bool) -> str:
    if international or region is None:
        return "expected a number that exists: its country has none of this form (a digit too many, or too few?)"
    return (
        f"expected a number as written in {region}, such as {example_mobile(region)}; "
        "write a number of another region with + and its country code"
    )
