"""One-time PINs: made from the system's randomness, kept as text, read as people type them."""

from __future__ import annotations

import re
import secrets

from sms2fa.errors import InvalidInput, MalformedPin

SHORTEST, LONGEST = 4, 10  # digits. Source: Twilio Verify, "code length 4-10"; the seed begins at 4.

_FULL_WIDTH = str.maketrans("０１２３４５６７８９　－‐‑\u00a0", "0123456789 --- ")
_TYPED = re.compile(r"[0-9](?:[ -]*[0-9])*")
_LONGEST_INPUT = 64  # characters; more is not a slip of the finger


def generate_pin(length: int = 6) -> str:
    """Make a PIN that cannot be guessed better than by chance.

    All ``10 ** length`` PINs are equally likely, those with leading zeros included: that is why it is text.

    Args:
        length: digits, 4 to 10. Six is the least that NIST allows.

    Raises:
        InvalidInput: for another length.

    Source: NIST SP 800-63B-4, 3.1.3.2 (at least six digits, approved generator); OWASP ASVS 5.0, 6.5.3, 6.5.4.

    >>> pin = generate_pin()
    >>> len(pin), pin.isdecimal()
    (6, True)
    """
    if not isinstance(length, int) or not SHORTEST <= length <= LONGEST:
        raise InvalidInput(f"expected a length of {SHORTEST} to {LONGEST} digits, got {length!r}", field="length")
    return f"{secrets.randbelow(10**length):0{length}d}"


def normalize_pin(text: str, length: int = 6) -> str:
    """Read a PIN as people type it.

    Spaces and hyphens between the digits and full-width digits are accepted, and blanks around them; nothing else.

    Args:
        text: what was typed.
        length: how many digits the PIN has.

    Returns:
        ``length`` ASCII digits.

    Raises:
        MalformedPin: where that is not what was typed. The error does not repeat the input.

    >>> normalize_pin(" 042-917 "), normalize_pin("０４２　９１７")
    ('042917', '042917')
    """
    if isinstance(text, str) and len(text) == length and text.isascii() and text.isdecimal():
        return text
    expected = f"expected {length} digits"
    if not isinstance(text, str):
        raise MalformedPin(f"{expected} as text, got {type(text).__name__}", field="pin")
    typed = text.strip().translate(_FULL_WIDTH)
    if len(text) > _LONGEST_INPUT or not _TYPED.fullmatch(typed):
        raise MalformedPin(f"{expected}; spaces and hyphens may stand between them, nothing else", field="pin")
    digits = typed.replace(" ", "").replace("-", "")
    if len(digits) != length:
        raise MalformedPin(f"{expected}, got {len(digits)}", field="pin")
    return digits
