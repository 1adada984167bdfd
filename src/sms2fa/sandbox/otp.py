"""Xoxzo's hosted one-time passwords: it makes, sends and checks the code.

Documented: register, request, verify; that one code at a time is active for a number and a website; the text of the
one template. Assumed: everything about length, lifetime, tries and the words of refusals.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from hmac import compare_digest

from sms2fa.clock import Clock

TEXT = "あなたの確認コードは{code}です。"  # Source: Xoxzo's OTP documentation, template 3, the only one.
TEMPLATE_ID = 3
SENDER = "Xoxzo"  # Assumed.
LIFETIME = timedelta(minutes=10)  # Assumed.
TRIES = 5  # Assumed.
_REMEMBERED = timedelta(days=1)  # an expired code, so that it is called expired
_DIGITS = 6  # as in the documentation's example; assumed to hold for all


@dataclass(slots=True)
class Otp:
    """A code under way."""

    code: str = field(repr=False)
    msgid: str
    expires_at: datetime
    wrong_tries: int = 0


class Checked(Enum):
    """What the service says to a code."""

    VERIFIED = "OTP verified successfully."
    WRONG = "Invalid code."
    EXPIRED = "Code expired."
    TOO_MANY = "Too many attempts."


class Otps:
    """Websites, and the codes under way for them.

    Args:
        clock: what lifetimes go by.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._websites: dict[str, str] = {}  # website to the SID of its account
        self._active: dict[tuple[str, str], Otp] = {}  # by website and number

    def register(self, account: str, website: str) -> bool:
        """Take a website. False where somebody has it already."""
        with self._lock:
            if website in self._websites:
                return False
            self._websites[website] = account
            return True

    def has(self, account: str, website: str) -> bool:
        """Whether the website is this account's."""
        return self._websites.get(website) == account

    def request(self, website: str, number: str, send: Callable[[str], str]) -> str:
        """Make a code, and send it. An older one of this number and website is void.

        Args:
            website: a registered one.
            number: E.164.
            send: sends a text and returns its msgid.
        """
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        msgid = send(TEXT.format(code=code))
        now = self._clock.now()
        with self._lock:
            self._active = {key: otp for key, otp in self._active.items() if now < otp.expires_at + _REMEMBERED}
            self._active[website, number] = Otp(code, msgid, now + LIFETIME)
        return msgid

    def verify(self, account: str, code: str, *, website: str = "", number: str = "", msgid: str = "") -> Checked:
        """Check a code: by website and number, or by the msgid of the request. It works once."""
        with self._lock:
            key = next((key for key, otp in self._active.items() if self._fits(key, otp, website, number, msgid)), None)
            if key is None or self._websites.get(key[0]) != account:
                return Checked.WRONG
            otp = self._active[key]
            if self._clock.now() >= otp.expires_at:
                return Checked.EXPIRED
            if otp.wrong_tries >= TRIES:
                return Checked.TOO_MANY
            if compare_digest(otp.code.encode(), code.encode("utf-8", "replace")):
                del self._active[key]
                return Checked.VERIFIED
            otp.wrong_tries += 1
            return Checked.WRONG

    def _fits(self, key: tuple[str, str], otp: Otp, website: str, number: str, msgid: str) -> bool:
        return otp.msgid == msgid if msgid else key == (website, number)
