"""What a handset shows as the sender: carriers replace what they do not allow.

Source: Xoxzo's SMS documentation for Japan: no number that starts with +81 or 0; KDDI shows no alphanumeric sender.
"""

from __future__ import annotations

REPLACED_SENDER = "SMS"  # Assumed: the documentation says that a carrier replaces the sender, not by what.


def shown_sender(sender: str, recipient: str, *, on_kddi: bool = False) -> str:
    """The sender that the phone of this recipient shows.

    >>> shown_sender("XOXZO", "+818012345678"), shown_sender("08012345678", "+818012345678")
    ('XOXZO', 'SMS')
    """
    if not recipient.startswith("+81"):
        return sender
    number = sender.lstrip("+")
    if not number.isdecimal():
        return REPLACED_SENDER if on_kddi else sender
    return REPLACED_SENDER if number.startswith(("81", "0")) else sender
