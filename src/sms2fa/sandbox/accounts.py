"""Accounts at the provider: who may send what, where to, and for how much."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable
from enum import StrEnum

import phonenumbers

from sms2fa.errors import InvalidInput

TEST_TEXT = "This is a test message from Xoxzo."  # Assumed: the words that take the place of an unpaid account's text.


class Kind(StrEnum):
    """What Xoxzo lets an account do."""

    PARTNER = "partner"  # free-form text and templates
    STANDARD = "standard"  # templates only: what a new account is since June 2026
    UNPAID = "unpaid"  # never bought credit: a test message takes the place of its text


class SandboxAccount:
    """One account, with credentials made anew.

    Args:
        kind: what it may send.
        credit: what it can spend, in credits; None never runs out.
        countries: ISO 3166 codes of the regions it may send to; None for all.

    Attributes:
        sid, auth_token: its credentials.

    Raises:
        InvalidInput: for countries that are one text.
    """

    def __init__(
        self, kind: Kind = Kind.PARTNER, credit: int | None = None, countries: Iterable[str] | None = None
    ) -> None:
        if isinstance(countries, str):
            raise InvalidInput(
                f"expected countries as a set such as {{'JP', 'US'}}, got {countries!r}", field="countries"
            )
        self.sid = secrets.token_urlsafe(16)
        self.auth_token = secrets.token_urlsafe(24)
        self.kind = kind
        self.credit = credit
        self.countries = None if countries is None else frozenset(countries)
        self._lock = threading.Lock()

    def charge(self, cost: int) -> bool:
        """Take the cost from the credits. False where they do not reach; then nothing is taken."""
        with self._lock:
            if self.credit is None:
                return True
            if self.credit < cost:
                return False
            self.credit -= cost
            return True

    def may_send_to(self, recipient: str) -> bool:
        """Whether the account may send to the country of that number (E.164)."""
        if self.countries is None:
            return True
        return phonenumbers.region_code_for_number(phonenumbers.parse(recipient)) in self.countries

    def text_sent(self, text: str) -> str:
        """The text that goes out in the place of what the account asked for."""
        return TEST_TEXT if self.kind is Kind.UNPAID else text

    def __repr__(self) -> str:
        return f"SandboxAccount({self.kind.value})"
