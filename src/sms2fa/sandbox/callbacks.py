"""Delivery reports to a callback URL.

Assumed: that an SMS is reported by a POST of its status fields, once, when its status is final; that an answer other
than 2xx is tried again, and how often. Source, for calls: Xoxzo's voice documentation ("will call the URL with http
POST method" when the call ended).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import requests

from sms2fa.clock import Clock
from sms2fa.loopback import is_loopback
from sms2fa.sandbox.agenda import Agenda

WAITS = (timedelta(seconds=5), timedelta(seconds=30))  # before the second and the third try
_PATIENCE = 5  # seconds for an answer
_REMEMBERED = 1_000

_log = logging.getLogger(__name__)

Fields = Callable[[], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Callback:
    """One try to report.

    Attributes:
        url: where to.
        fields: what was posted.
        status: the HTTP status of the answer, or None where none came.
        problem: why it failed, in words, or "".
    """

    url: str
    fields: Mapping[str, object] = field(repr=False)
    status: int | None
    problem: str = ""


class Callbacks:
    """Reports that are due, and what became of those that were made.

    Only addresses of this machine are called: the sandbox reaches nobody else.

    Attributes:
        agenda: what is due.
        made: the newest tries, oldest first.
    """

    def __init__(self, clock: Clock) -> None:
        self.agenda = Agenda(clock)
        self.made: list[Callback] = []

    def plan(self, url: str, moment: datetime, fields: Fields) -> None:
        """Report to that address at that moment; the fields are asked for then."""
        if url:
            self.agenda.at(moment, lambda: self._report(url, fields, WAITS))

    def _report(self, url: str, fields: Fields, waits: tuple[timedelta, ...]) -> None:
        ours = _is_on_this_machine(url)
        callback = _call(url, dict(fields())) if ours else Callback(url, {}, None, "not on this machine")
        self.made = [*self.made, callback][-_REMEMBERED:]
        if callback.problem:
            _log.warning("no report to a callback URL: %s", callback.problem)
        if callback.problem and waits and ours:
            moment = self.agenda.clock.now() + waits[0]
            self.agenda.at(moment, lambda: self._report(url, fields, waits[1:]))


def _call(url: str, fields: Mapping[str, object]) -> Callback:
    try:
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between two programs on one machine
            answer = session.post(url, data=dict(fields), timeout=_PATIENCE, allow_redirects=False)
    except requests.RequestException as error:
        return Callback(url, fields, None, type(error).__name__)
    taken = 200 <= answer.status_code < 300
    return Callback(url, fields, answer.status_code, "" if taken else f"HTTP status {answer.status_code}")


def _is_on_this_machine(url: str) -> bool:
    try:
        parts = urlsplit(url)
        if "\\" in url or "@" in parts.netloc:  # requests reads these in another way, and would call another host
            return False
        return parts.scheme in ("http", "https") and is_loopback(parts.hostname)
    except ValueError:
        return False
