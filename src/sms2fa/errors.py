"""Every error that sms2fa raises.

    TwoFactorError
    ├── InvalidInput            (also a ValueError) bad input; ``field`` names it
    │   ├── InvalidPhoneNumber  ``reason``: see `parse_phone`
    │   ├── InvalidMessage      ``reason``: empty, too_long, not_text
    │   ├── MalformedPin        not the digits that a PIN has
    │   ├── InvalidPolicy       thresholds that contradict each other, or weak ones not called weak
    │   └── InvalidKey          a key that is too short to protect a PIN
    ├── SendRefused             our own brakes: ``reason`` and ``retry_at``
    ├── GatewayError            the provider: ``status`` (HTTP) and ``field``
    │   ├── GatewayRefused      a definite no: nothing was sent
    │   │   ├── CredentialsRefused
    │   │   ├── NotEnoughCredit
    │   │   ├── RecipientRefused
    │   │   ├── CountryNotAllowed
    │   │   ├── MessageRefused
    │   │   ├── MessageNotFound
    │   │   ├── RateLimited
    │   │   └── ProviderUnreachable
    │   └── OutcomeUnknown      the SMS may have gone out; ``challenge_id`` is set by the verifier
    │       └── UnreadableAnswer
    ├── StoreError              the store could not answer: nobody is let in
    └── LoginError              registering and logging in
        ├── AccountTaken
        ├── NumberTaken
        ├── WeakPassword
        ├── WrongPassword
        └── WrongStep           e.g. a PIN before the password

Errors carry their evidence as attributes, and never a PIN, a credential or a full phone number.
"""

from __future__ import annotations

from datetime import datetime


class TwoFactorError(Exception):
    """Root of all errors of this package. All of them can be pickled, and so cross from one process to another."""

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, (type(self), self.args), self.__dict__


def _rebuilt(kind: type[TwoFactorError], words: tuple[object, ...]) -> TwoFactorError:
    error = kind.__new__(kind)
    error.args = words
    return error


class InvalidInput(TwoFactorError, ValueError):
    """Bad input. ``field`` names the argument, ``reason`` is a word to branch on."""

    def __init__(self, text: str, *, field: str, reason: str = "invalid") -> None:
        super().__init__(text)
        self.field = field
        self.reason = reason


class InvalidPhoneNumber(InvalidInput):
    """Not a phone number that can receive an SMS."""


class InvalidMessage(InvalidInput):
    """A text that cannot be sent as one SMS."""


class MalformedPin(InvalidInput):
    """What was typed is not a PIN at all, so it does not count as a try."""


class InvalidPolicy(InvalidInput):
    """A policy that contradicts itself, or a weak one where it is not allowed."""


class InvalidKey(InvalidInput):
    """A server-side key that cannot protect a PIN."""


class SendRefused(TwoFactorError):
    """One of our own brakes holds: no SMS was sent, nothing was spent.

    Attributes:
        reason: which brake: "cooldown", "challenge", "number", "prefix", "day", "region", "locked", "stopped",
            or "unknown" for a resend of a challenge that is not there.
        retry_at: when it ends (aware UTC), or None where waiting does not help.
    """

    def __init__(self, text: str, *, reason: str, retry_at: datetime | None = None) -> None:
        super().__init__(text)
        self.reason = reason
        self.retry_at = retry_at


class GatewayError(TwoFactorError):
    """The provider did not take the message, or did not say so.

    Attributes:
        status: the HTTP status of a refusal or a failure, or None where there was none.
        field: the request field that the provider complained about, or None.
    """

    def __init__(self, text: str, *, status: int | None = None, field: str | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.field = field


class GatewayRefused(GatewayError):
    """A definite refusal: nothing was sent."""


class CredentialsRefused(GatewayRefused):
    """SID or auth token is wrong."""


class NotEnoughCredit(GatewayRefused):
    """The account at the provider has no credit left."""


class RecipientRefused(GatewayRefused):
    """The provider does not send to this recipient."""


class CountryNotAllowed(GatewayRefused):
    """The account at the provider may not send to the recipient's country."""


class MessageRefused(GatewayRefused):
    """The provider does not take this text or this sender."""


class MessageNotFound(GatewayRefused):
    """The provider knows no message with this msgid."""


class RateLimited(GatewayRefused):
    """Too many requests in too short a time. Waiting helps."""


class ProviderUnreachable(GatewayRefused):
    """No connection came about, so nothing was sent. Trying again is safe."""


class OutcomeUnknown(GatewayError):
    """The SMS may have gone out, or not. Sending again may send it twice.

    Attributes:
        challenge_id: of the challenge whose PIN stays live, so that a claimant who did receive the SMS can still
            type it. Set by the verifier; None from a bare gateway.
    """

    challenge_id: str | None = None


class UnreadableAnswer(OutcomeUnknown):
    """The provider answered, but not with what its documentation promises."""


class StoreError(TwoFactorError):
    """The store could not answer. Nobody is let in."""


class LoginError(TwoFactorError):
    """Registering or logging in did not work."""


class AccountTaken(LoginError):
    """There is an account of this name already."""


class NumberTaken(LoginError):
    """This mobile number belongs to another account: one number, one account."""


class WeakPassword(LoginError):
    """The password is too short, or longer than anybody types."""


class WrongPassword(LoginError):
    """Account and password do not belong together (or there is no such account: the same words for both)."""


class WrongStep(LoginError):
    """A step of the login came before the one it needs."""
