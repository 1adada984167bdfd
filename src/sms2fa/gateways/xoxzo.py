"""The gateway to Xoxzo, over its own client.

The only module that imports `xoxzo.cloudpy`. The client sets no timeout, so every call runs in a worker thread that is
waited on for a limited time; neither the client nor `requests` is patched.
"""

from __future__ import annotations

import ipaddress
import os
import re
import threading
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from ssl import SSLCertVerificationError
from typing import Any
from urllib.parse import urlsplit

from requests import exceptions
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import NewConnectionError
from xoxzo.cloudpy import XoxzoClient
from xoxzo.cloudpy.cloudpy import XoxzoResponse

from sms2fa.errors import (
    CredentialsRefused,
    GatewayError,
    GatewayRefused,
    InvalidInput,
    MessageNotFound,
    MessageRefused,
    NotEnoughCredit,
    OutcomeUnknown,
    ProviderUnreachable,
    RecipientRefused,
    UnreadableAnswer,
)
from sms2fa.gateways import DeliveryStatus, Receipt
from sms2fa.message import Message
from sms2fa.phone import PhoneNumber, is_printed

LIVE_HOST = "https://api.xoxzo.com"

_NOT_FOUND = 404
_LONGEST_TIMEOUT = 3600  # seconds
_MOST_ABANDONED = 8  # calls that hang; with more of them a hanging provider would eat the memory
_STATUS_WORDS = {  # the blog's words and the help page's
    "QUEUED": DeliveryStatus.QUEUED,
    "DELIVERING": DeliveryStatus.DELIVERING,
    "DELIVERED": DeliveryStatus.DELIVERED,
    "OK": DeliveryStatus.DELIVERED,
    "FAIL": DeliveryStatus.FAILED,
    "FAILED": DeliveryStatus.FAILED,
}
_FIELDS = ("recipient", "message", "sender")  # that Xoxzo complains about
_LIKE_A_NUMBER = re.compile(r"[0-9](?:[ ().-]*[0-9]){3,}")  # a phone's, or a PIN


class XoxzoGateway:
    """Sends messages through Xoxzo.

    Args:
        sid: the account's SID.
        auth_token: its auth token.
        api_host: the address, by default Xoxzo's own. An address of this machine makes the gateway not live.
        sender: what the phone shows as sender, where the carrier lets it: at most 10 letters and digits, or 15 digits.
        timeout: seconds that one call may take in all.

    Raises:
        InvalidInput: for empty credentials, an address that is none, or one that would carry the credentials over
            the network in clear.
    """

    def __init__(
        self, sid: str, auth_token: str, api_host: str | None = None, sender: str = "XOXZO", timeout: float = 10
    ) -> None:
        for field, value in (("sid", sid), ("auth_token", auth_token)):
            if not isinstance(value, str) or not value or not value.isascii():
                raise InvalidInput(f"expected {field} as text from your Xoxzo account", field=field)
        if not isinstance(timeout, int | float) or not 0 < timeout <= _LONGEST_TIMEOUT:
            raise InvalidInput(f"expected a timeout of over 0 and up to {_LONGEST_TIMEOUT} seconds", field="timeout")
        self.sender = sender
        self.timeout = timeout
        self._host = _checked_host(api_host or LIVE_HOST)
        self._client = XoxzoClient(sid, auth_token, api_host=self._host)
        self._workers = _Workers()

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> XoxzoGateway:
        """The gateway that sends real SMS, with the credentials of XOXZO_API_SID and XOXZO_API_AUTH_TOKEN.

        Raises:
            InvalidInput: naming the variables that are missing.
        """
        environ = os.environ if environ is None else environ
        names = ("XOXZO_API_SID", "XOXZO_API_AUTH_TOKEN")
        missing = [name for name in names if not environ.get(name)]
        if missing:
            raise InvalidInput(
                f"expected the environment variables {' and '.join(names)}; missing: {', '.join(missing)}",
                field="environ",
            )
        return cls(environ[names[0]], environ[names[1]])

    @property
    def live(self) -> bool:
        """Whether a message goes to a real phone: always, unless the address is of this machine."""
        return not _is_loopback(self._host)

    def send(self, message: Message, *, to: PhoneNumber) -> Receipt:
        """Hand over a message.

        Returns:
            A receipt with the msgid. Accepted is not delivered: ask `receipt` later.

        Raises:
            GatewayRefused: one of its kinds says why; nothing was sent.
            OutcomeUnknown: no answer, or an unreadable one, after the request had gone out.
        """
        if self.live and is_printed(to):
            raise RecipientRefused("expected your own number: this one is printed in the course", field="recipient")
        answer = self._call(lambda: self._client.send_sms(message=message.text, recipient=to.e164, sender=self.sender))
        if answer.errors is not None:
            raise _error(answer)
        first = answer.messages[0] if isinstance(answer.messages, list) and answer.messages else None
        # A redirected POST is followed as a GET, which lists older messages: those have a status, a new one has none.
        msgid = first.get("msgid") if isinstance(first, dict) and "status" not in first else None
        if not isinstance(msgid, str) or not msgid:
            raise UnreadableAnswer("Xoxzo answered without a msgid, so the SMS may have gone out or not")
        return Receipt(msgid, DeliveryStatus.QUEUED)

    def receipt(self, msgid: str) -> Receipt:
        """Ask what became of a message.

        Raises:
            MessageNotFound: for a msgid that Xoxzo does not know.
            GatewayError: as for `send`.
        """
        if not isinstance(msgid, str) or not re.fullmatch(r"[A-Za-z0-9_-]+", msgid):
            raise InvalidInput("expected a msgid as send() returned it: letters, digits, - and _", field="msgid")
        try:
            answer = self._call(lambda: self._client.get_sms_delivery_status(msgid))
            if answer.errors == _NOT_FOUND:
                raise MessageNotFound("expected a msgid that Xoxzo knows", status=_NOT_FOUND)
            if answer.errors is not None:
                raise _error(answer)
        except OutcomeUnknown as error:  # in the words of asking, which sends nothing
            raise UnreadableAnswer("no status from Xoxzo this time; ask again", status=error.status) from None
        word = answer.message.get("status") if isinstance(answer.message, dict) else None
        if not isinstance(word, str):
            raise UnreadableAnswer("Xoxzo answered without a status")
        return Receipt(msgid, _STATUS_WORDS.get(word.upper(), DeliveryStatus.UNKNOWN))

    def _call(self, request: Callable[[], XoxzoResponse]) -> XoxzoResponse:
        # Once the sandbox is closed its address is no longer in NO_PROXY; a proxy would be handed the PIN.
        if not self.live and select_proxy(self._host, get_environ_proxies(self._host)):
            raise ProviderUnreachable("no sandbox is open here (it is closed, or in another process); nothing was sent")
        return self._workers.call(request, self.timeout)

    def __repr__(self) -> str:
        return f"XoxzoGateway({self._host!r}, {'LIVE' if self.live else 'not live'})"


class _Workers:
    """Calls that are waited on for a limited time, and abandoned then."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._abandoned = 0

    def call(self, request: Callable[[], XoxzoResponse], timeout: float) -> XoxzoResponse:
        with self._lock:
            if self._abandoned >= _MOST_ABANDONED:
                raise ProviderUnreachable(f"{_MOST_ABANDONED} earlier calls to Xoxzo still hang; try again later")
        answers: SimpleQueue[XoxzoResponse | Exception] = SimpleQueue()
        finished = threading.Event()
        given_up = threading.Event()

        def work() -> None:
            try:
                answers.put(request())
            except Exception as error:  # noqa: BLE001 - handed to the caller, below
                answers.put(error)
            with self._lock:
                finished.set()
                if given_up.is_set():
                    self._abandoned -= 1

        threading.Thread(target=work, name="xoxzo-call", daemon=True).start()
        try:
            answer = answers.get(timeout=timeout)
        except Empty:
            with self._lock:
                if not finished.is_set():
                    given_up.set()
                    self._abandoned += 1
            raise OutcomeUnknown(
                f"no answer from Xoxzo within {timeout:g} seconds; the SMS may have gone out or not"
            ) from None
        if isinstance(answer, Exception):
            raise answer
        return answer


def _error(answer: XoxzoResponse) -> GatewayError:
    """What the caller can do about a refusal, by status. Source: Xoxzo's documentation, "errors"."""
    status, body = answer.errors, answer.message
    if status == XoxzoClient.REQUESTS_EXCEPITON:
        return _connection_error(body.get("http_error") if isinstance(body, dict) else None)
    field = next((name for name in _FIELDS if name in body), None) if isinstance(body, dict) else None
    said = _said(body)
    match status:
        case 401:
            return CredentialsRefused(f"expected the SID and auth token of a Xoxzo account{said}", status=status)
        case 403 if "credit" in said:
            return NotEnoughCredit(f"expected credit on the Xoxzo account{said}", status=status)
        case 400 | 403 if field == "recipient" or "Country not allowed" in said:
            return RecipientRefused(
                f"expected a recipient that exists, in E.164 form{said}", status=status, field=field
            )
        case 400 | 403:
            return MessageRefused(f"Xoxzo refused the message{said}", status=status, field=field)
        case _ if 400 <= status < 500:
            return GatewayRefused(f"Xoxzo refused with HTTP status {status}", status=status)
        case _:
            return OutcomeUnknown(
                f"Xoxzo failed with HTTP status {status}; the SMS may have gone out or not", status=status
            )


def _connection_error(error: object) -> GatewayError:
    # `requests` raises ConnectionError both for a refused connection and for one dropped after sending; only the
    # urllib3 error inside tells them apart.
    reason = (
        getattr(error.args[0], "reason", None) if isinstance(error, exceptions.ConnectionError) and error.args else None
    )
    reason = getattr(reason, "original_error", reason)  # of a proxy that cannot be reached
    inner = reason.args[0] if isinstance(reason, Exception) and reason.args else None
    if isinstance(error, exceptions.SSLError) and isinstance(inner, SSLCertVerificationError):
        return ProviderUnreachable("the certificate of the address was not accepted; nothing was sent")
    if isinstance(error, exceptions.ConnectTimeout) or isinstance(reason, NewConnectionError):
        return ProviderUnreachable("no connection to Xoxzo (or its sandbox is closed); nothing was sent")
    return OutcomeUnknown("the connection to Xoxzo broke; the SMS may have gone out or not")


def _said(body: Any) -> str:
    """The provider's own words, short and without any number that may be a phone's."""
    if not isinstance(body, dict):
        return ""
    words = "; ".join(
        f"{name}: {' '.join(map(str, text)) if isinstance(text, list) else text}" for name, text in body.items()
    )
    return f" ({_LIKE_A_NUMBER.sub('***', words)[:200]})"


def _checked_host(host: str) -> str:
    expected = InvalidInput("expected api_host as an address such as 'https://api.xoxzo.com'", field="api_host")
    try:
        parts = urlsplit(host)
        parts.port  # noqa: B018 - raises for a port that is none
    except (AttributeError, TypeError, ValueError):
        raise expected from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise expected
    if parts.scheme == "http" and not _is_loopback(host):
        raise InvalidInput(
            "expected https: over http the credentials would cross the network in clear", field="api_host"
        )
    return host.rstrip("/")


def _is_loopback(host: str) -> bool:
    name = urlsplit(host).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
