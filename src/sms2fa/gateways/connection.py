"""A connection to Xoxzo, or to its sandbox: address, credentials, time limit and retries."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies, select_proxy

from sms2fa.errors import InvalidInput, ProviderUnreachable
from sms2fa.gateways.answers import Answer
from sms2fa.gateways.limits import LimitedCalls
from sms2fa.loopback import is_loopback

LIVE_HOST = "https://api.xoxzo.com"

_LONGEST_TIMEOUT = 3600  # seconds


class Connection:
    """Makes calls to one account at one address.

    Args:
        sid: the account's SID.
        auth_token: its auth token.
        api_host: the address, by default Xoxzo's own. An address of this machine makes the connection not live.
        timeout: seconds that one call may take in all, retries included.
        retry_waits: about how many seconds to wait before each retry; () for none.

    Raises:
        InvalidInput: for empty credentials, an address that is none, or one that would carry the credentials over
            the network in clear.
    """

    def __init__(
        self, sid: str, auth_token: str, api_host: str | None, timeout: float, retry_waits: Sequence[float]
    ) -> None:
        for field, value in (("sid", sid), ("auth_token", auth_token)):
            if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable():
                raise InvalidInput(f"expected {field} as text from your Xoxzo account", field=field)
        if not isinstance(timeout, int | float) or not 0 < timeout <= _LONGEST_TIMEOUT:
            raise InvalidInput(f"expected a timeout of over 0 and up to {_LONGEST_TIMEOUT} seconds", field="timeout")
        waits = tuple(retry_waits)
        if not all(isinstance(wait, int | float) and 0 <= wait <= _LONGEST_TIMEOUT for wait in waits):
            raise InvalidInput(
                "expected retry_waits as seconds of 0 or more, or () for no retries", field="retry_waits"
            )
        self.host = _checked_host(LIVE_HOST if api_host is None else api_host)
        self.timeout = timeout
        self._retry_waits = waits
        self._credentials = (sid, auth_token)
        self._calls = LimitedCalls()

    @property
    def live(self) -> bool:
        """Whether a message goes to a real phone: always, unless the address is of this machine."""
        return not is_loopback(urlsplit(self.host).hostname)

    def call(self, request: Callable[[], Answer], again: Callable[[Answer], bool]) -> Answer:
        """Make a call within the time limit, and once more where ``again`` says so.

        Raises:
            OutcomeUnknown: where it takes longer.
            ProviderUnreachable: where it cannot be made; nothing was sent.
        """
        # Once the sandbox is closed its address is no longer in NO_PROXY; a proxy would be handed the PIN.
        if not self.live and select_proxy(self.host, get_environ_proxies(self.host)):
            raise ProviderUnreachable("no sandbox is open here (it is closed, or in another process); nothing was sent")
        deadline = time.monotonic() + self.timeout
        for wait in self._retry_waits:
            answer = self._calls.call(request, deadline - time.monotonic())
            wait = random.uniform(wait / 2, wait)  # noqa: S311 - so that many workers do not come back at once
            if not again(answer) or time.monotonic() + wait >= deadline:
                return answer
            time.sleep(wait)
        return self._calls.call(request, deadline - time.monotonic())

    def post(self, path: str, fields: Mapping[str, object]) -> Answer:
        """One request with a JSON body, for what `xoxzo.cloudpy` has no call for. Hand it to `call`."""
        try:
            answer = requests.post(
                f"{self.host}{path}",
                json=fields,
                auth=self._credentials,
                timeout=self.timeout,
                allow_redirects=False,  # a POST that is followed as a GET sends nothing, and looks like success
            )
        except requests.RequestException as error:
            return Answer(None, error=error)
        try:
            return Answer(answer.status_code, answer.json())
        except ValueError:
            return Answer(answer.status_code)

    def __repr__(self) -> str:
        return f"Connection({self.host!r}, {'LIVE' if self.live else 'not live'})"


def _checked_host(host: str) -> str:
    expected = InvalidInput("expected api_host as an address such as 'https://api.xoxzo.com'", field="api_host")
    try:
        parts = urlsplit(host)
        parts.port  # noqa: B018 - raises for a port that is none
        odd = "@" in parts.netloc or not host.isprintable() or " " in host
    except (AttributeError, TypeError, ValueError):
        raise expected from None
    if odd or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise expected
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise InvalidInput(
            "expected https: over http the credentials would cross the network in clear", field="api_host"
        )
    return host.rstrip("/")
