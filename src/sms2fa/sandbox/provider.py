"""What stands behind the API: accounts, the carrier, templates, codes, calls and callbacks, on one clock."""

from __future__ import annotations

from sms2fa.clock import Clock
from sms2fa.sandbox.accounts import SandboxAccount
from sms2fa.sandbox.callbacks import Callbacks
from sms2fa.sandbox.calls import Exchange
from sms2fa.sandbox.carrier import Carrier
from sms2fa.sandbox.otp import Otps
from sms2fa.sandbox.templates import Templates


class Provider:
    """The provider that the API is the door of.

    Args:
        clock: what everything goes by.
        kept: how many messages are remembered.

    Attributes:
        accounts: by SID.
    """

    def __init__(self, clock: Clock, kept: int = 10_000) -> None:
        self.accounts: dict[str, SandboxAccount] = {}
        self.carrier = Carrier(clock, kept)
        self.templates = Templates()
        self.otps = Otps(clock)
        self.exchange = Exchange(clock)
        self.callbacks = Callbacks(clock)

    def add(self, account: SandboxAccount) -> SandboxAccount:
        """Open an account."""
        self.accounts[account.sid] = account
        return account
