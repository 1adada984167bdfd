"""The SMS text: composed for a PIN, counted in segments and in the parts that Xoxzo bills."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from types import MappingProxyType

from sms2fa.errors import InvalidInput, InvalidMessage

LONGEST_TEXT = 660  # characters. Source: Xoxzo's SMS documentation, "Message too long".

# Characters that fill one part, two parts, and so on. Source: Xoxzo's price table.
XOXZO_ASCII_PARTS = (140, 264, 396, 528, 660)
XOXZO_OTHER_PARTS = (70, 132, 198, 264, 330, 396, 462, 528, 594, 660)

# Source: 3GPP TS 23.038, 6.2.1: the default alphabet, and its extension table (each costs two septets).
GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
_GSM_ALONE, _GSM_JOINED = 160, 153  # septets a segment, alone and when joined to others
_UCS2_ALONE, _UCS2_JOINED = 70, 67  # UTF-16 units a segment


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text needs on the air, and what Xoxzo bills.

    Attributes:
        encoding: "GSM-7" or "UCS-2".
        characters: length as Python counts it.
        units: septets (GSM-7) or 16-bit units (UCS-2).
        gsm_parts: segments by the GSM's own rule.
        xoxzo_parts: parts by Xoxzo's table, or None where the text is too long to be sent.
        culprits: the characters that force UCS-2, each once, in order of appearance.
    """

    encoding: str
    characters: int
    units: int
    gsm_parts: int
    xoxzo_parts: int | None
    culprits: str


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """A text to send. ``repr()`` shows its length alone, since it holds a PIN.

    Attributes:
        text: 1 to 660 characters.
        variables: the values for a template of the provider, by name.
        spoken: the text for a voice call, digits spelled; by default the text itself.

    Raises:
        InvalidMessage: for an empty text, one over 660 characters, or one with half a character in it.
    """

    text: str
    variables: Mapping[str, str] = field(default_factory=dict)
    spoken: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InvalidMessage(
                "expected a message of 1 to 660 characters, got an empty one", field="message", reason="empty"
            )
        if len(self.text) > LONGEST_TEXT:
            raise InvalidMessage(
                f"expected a message of at most {LONGEST_TEXT} characters, got {len(self.text)}",
                field="message",
                reason="too_long",
            )
        if not all(_can_be_sent(text) for text in (self.text, self.spoken)):
            raise InvalidMessage("expected a message of characters that exist", field="message", reason="not_text")
        object.__setattr__(self, "variables", MappingProxyType(dict(self.variables)))
        object.__setattr__(self, "spoken", self.spoken or self.text)

    def __repr__(self) -> str:
        return f"Message({len(self.text)} characters)"


def _can_be_sent(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)  # halves of a UTF-16 pair


def compose(pin: str, lifetime: timedelta | None = None, *, service: str = "Xoxzo", host: str | None = None) -> Message:
    """Write the SMS for a PIN.

    Args:
        pin: the digits.
        lifetime: how long the PIN works; None leaves the sentence out.
        service: who sends it.
        host: the site's domain. Then the last line binds the PIN to it, and browsers offer it there alone.

    Raises:
        InvalidInput: for a host that is not a bare domain such as "shop.example".
        InvalidMessage: where a long service name makes the text too long.

    Source: the seed for the first sentences; WICG sms-one-time-codes for the last line.

    >>> compose("042917", timedelta(minutes=5)).text
    'This is Xoxzo. Your PIN is 042917. It works once, for 5 minutes. Tell it to nobody.'
    """
    words = [f"This is {service}."]
    life = "" if lifetime is None else f"It works once, for {_in_words(lifetime)}."
    ending = [life, "Tell it to nobody."] if life else ["Tell it to nobody."]
    text = " ".join([*words, f"Your PIN is {pin}.", *ending])
    if host is not None:
        text += f"\n{_origin_bound(host, pin)}"
    digits = ", ".join(pin)
    spoken = " ".join([*words, f"Your PIN is: {digits}.", f"Once more: {digits}."])
    return Message(text, variables={"pin": pin, "service": service}, spoken=spoken)


def count_segments(text: str) -> Segments:
    """Count a text in segments and in Xoxzo's parts.

    Xoxzo's table counts characters; that an emoji is one of them is our assumption.

    Source: 3GPP TS 23.038 and 23.040 for segments; Xoxzo's price table for parts.

    >>> count_segments("Your PIN is 042917").gsm_parts
    1
    >>> count_segments("Xoxzo’s PIN").culprits
    '’'
    """
    culprits = "".join(dict.fromkeys(c for c in text if c not in GSM_ALPHABET and c not in GSM_EXTENSION))
    if culprits:
        widths = [2 if ord(c) > 0xFFFF else 1 for c in text]
        alone, joined = _UCS2_ALONE, _UCS2_JOINED
    else:
        widths = [2 if c in GSM_EXTENSION else 1 for c in text]
        alone, joined = _GSM_ALONE, _GSM_JOINED
    return Segments(
        encoding="UCS-2" if culprits else "GSM-7",
        characters=len(text),
        units=sum(widths),
        gsm_parts=_fill(widths, alone, joined),
        xoxzo_parts=_xoxzo_parts(text),
        culprits=culprits,
    )


def _fill(widths: list[int], alone: int, joined: int) -> int:
    """Segments needed, where a character of two units is never cut in half."""
    if sum(widths) <= alone:
        return 1 if widths else 0
    parts, used = 1, 0
    for width in widths:
        if used + width > joined:
            parts, used = parts + 1, 0
        used += width
    return parts


def _xoxzo_parts(text: str) -> int | None:
    table = XOXZO_ASCII_PARTS if text.isascii() else XOXZO_OTHER_PARTS
    if not text:
        return 0
    return next((parts for parts, most in enumerate(table, start=1) if len(text) <= most), None)


def _origin_bound(host: str, pin: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", host):
        raise InvalidInput("expected a bare domain such as 'shop.example', in lower case", field="host")
    return f"@{host} #{pin}"


def _in_words(duration: timedelta) -> str:
    seconds = ceil(duration.total_seconds())
    count, unit = (seconds // 60, "minute") if seconds % 60 == 0 else (seconds, "second")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
