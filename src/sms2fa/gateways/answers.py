"""Xoxzo's answers, and what a caller can do about each that is not the one hoped for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from ssl import SSLCertVerificationError
from typing import Any

from requests import exceptions
from urllib3.exceptions import NewConnectionError

from sms2fa.errors import (
    CountryNotAllowed,
    CredentialsRefused,
    GatewayError,
    GatewayRefused,
    MessageRefused,
    NotEnoughCredit,
    OutcomeUnknown,
    ProviderUnreachable,
    RateLimited,
    RecipientRefused,
)
from sms2fa.phone import hide_digits

_FIELDS = (  # of a request
    "recipient", "phone_number", "message", "tts_message", "tts_lang", "sender", "caller", "variables", "content",
    "template_id", "website", "code",
)  # fmt: skip
_WRONG_METHOD = 405  # what a POST meets that was redirected and followed as a GET: the first address may have taken it
_RECIPIENTS = ("recipient", "phone_number")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: HTTP's, or None where no answer came.
        body: the JSON, or None where it was none.
        error: the exception of `requests` where no answer came.
    """

    status: int | None
    body: Any = None
    error: Exception | None = None

    @property
    def accepted(self) -> bool:
        """Whether Xoxzo says that it did what it was asked."""
        return self.status in (200, 201)


def nothing_was_sent(answer: Answer) -> bool:
    """Whether no connection came about, so that trying again cannot send an SMS twice.

    `requests` raises ConnectionError both for a refused connection and for one dropped after sending; only the
    urllib3 error inside tells them apart.
    """
    return isinstance(answer.error, exceptions.ConnectTimeout) or isinstance(_reason(answer.error), NewConnectionError)


def may_pass(answer: Answer) -> bool:
    """Whether asking once more may help, where asking twice does no harm."""
    return answer.status is None or answer.status == 429 or answer.status >= 500


def error_of(answer: Answer) -> GatewayError:
    """The error for an answer that is not `Answer.accepted`. Source: Xoxzo's documentation, "errors"."""
    status, body = answer.status, answer.body
    if status is None:
        return _connection_error(answer)
    field = next((name for name in _FIELDS if name in body), None) if isinstance(body, dict) else None
    said = said_by(body)
    match status:
        case 401:
            # Without what was said, which may repeat the credentials.
            return CredentialsRefused("expected the SID and auth token of a Xoxzo account", status=status)
        case 403 if "credit" in said:
            return NotEnoughCredit(f"expected credit on the Xoxzo account{said}", status=status)
        case 400 | 403 if "Country not allowed" in said:
            return CountryNotAllowed(f"the Xoxzo account may not send to this country{said}", status=status)
        case 400 | 403 if field in _RECIPIENTS:
            return RecipientRefused(
                f"expected a recipient that exists, in E.164 form{said}", status=status, field=field
            )
        case 400 | 403:
            return MessageRefused(f"Xoxzo refused the message{said}", status=status, field=field)
        case 429:
            return RateLimited(f"too many requests to Xoxzo; nothing was sent{said}", status=status)
        case _ if 400 <= status < 500 and status != _WRONG_METHOD:
            return GatewayRefused(f"Xoxzo refused with HTTP status {status}", status=status)
        case _:
            return OutcomeUnknown(
                f"Xoxzo failed with HTTP status {status}; the SMS may have gone out or not", status=status
            )


def said_by(body: Any) -> str:
    """The provider's own words, short and without any number that may be a phone's or a PIN."""
    if isinstance(body, dict):
        words = "; ".join(f"{name}: {_flat(text)}" for name, text in body.items())
    else:
        words = _flat(body) if isinstance(body, str | list) else ""
    if not words:
        return ""
    return f" ({hide_digits(words)[:200]})"


def _flat(text: Any) -> str:
    return " ".join(map(str, text)) if isinstance(text, list) else str(text)


def _connection_error(answer: Answer) -> GatewayError:
    reason = _reason(answer.error)
    inner = reason.args[0] if isinstance(reason, Exception) and reason.args else None
    if isinstance(answer.error, exceptions.SSLError) and isinstance(inner, SSLCertVerificationError):
        return ProviderUnreachable("the certificate of the address was not accepted; nothing was sent")
    if nothing_was_sent(answer):
        return ProviderUnreachable("no connection to Xoxzo (or its sandbox is closed); nothing was sent")
    return OutcomeUnknown("the connection to Xoxzo broke; the SMS may have gone out or not")


def _reason(error: Exception | None) -> object:
    """The urllib3 error inside one of `requests`, if any."""
    if not isinstance(error, exceptions.ConnectionError) or not error.args:
        return None
    reason = getattr(error.args[0], "reason", None)
    return getattr(reason, "original_error", reason)  # of a proxy that cannot be reached
