"""Faults on demand: what goes wrong between a client and a provider, reproducible by a seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn

from werkzeug.wrappers import Response

from sms2fa.errors import InvalidInput

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class FaultKind(StrEnum):
    """What goes wrong. The first group answers instead of the API, which may have done its work all the same."""

    DROPPED = "connection dropped before the answer"
    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    GATEWAY_TIMEOUT = "504"
    HTML = "a page instead of JSON"
    EMPTY = "an answer without a body"
    REDIRECT = "a redirect to the same path"
    # These spoil the API's own answer, so its work is always done.
    DELAYED = "an answer that takes its time"
    DROPPED_IN_BODY = "connection dropped in the answer"
    TRUNCATED = "JSON that ends too early"
    LISTED = "a list where an object is due"


_SPOILED = {FaultKind.DELAYED, FaultKind.DROPPED_IN_BODY, FaultKind.TRUNCATED, FaultKind.LISTED}
_PAGE = "<!doctype html><title>Sign in</title><h1>Sign in to use this network</h1>"  # as an airport's wifi answers
_THROTTLED = '{"detail": "Request was throttled. Expected available in 1 second."}'  # Source: Xoxzo, "Rate limiting".


@dataclass(slots=True)
class Fault:
    """One fault, and when it strikes.

    Attributes:
        kind: what goes wrong.
        path: only requests whose path begins so.
        times: how often it strikes; None for always.
        rate: the share of requests that it strikes, from over 0 to 1.
        accepted: whether the API does its work before its answer is lost: the SMS goes out.
        seconds: how long a DELAYED answer takes.
    """

    kind: FaultKind
    path: str = "/"
    times: int | None = None
    rate: float = 1.0
    accepted: bool = False
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.kind = FaultKind(self.kind)
        if not 0 < self.rate <= 1:
            raise InvalidInput(f"expected a rate of over 0 and up to 1, got {self.rate}", field="rate")
        if self.times is not None and self.times < 1:
            raise InvalidInput(f"expected times of 1 or more, or None for always, got {self.times}", field="times")
        if self.accepted and self.kind is FaultKind.TOO_MANY_REQUESTS:
            raise InvalidInput("expected no work from a request that is throttled", field="accepted")
        if not self.path.startswith("/"):
            raise InvalidInput("expected a path that begins with /", field="path")
        if not 0 <= self.seconds < float("inf") or (self.seconds > 0) != (self.kind is FaultKind.DELAYED):
            raise InvalidInput("expected seconds over 0 for a DELAYED answer, and for no other", field="seconds")


class Faults:
    """The faults that are set. The oldest that fits a request strikes it.

    Args:
        seed: of the chance that ``rate`` needs: the same requests in the same order meet the same faults.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)  # noqa: S311 - not a secret
        self._faults: list[Fault] = []
        self._released = threading.Event()

    def add(
        self,
        kind: FaultKind,
        *,
        path: str = "/",
        times: int | None = None,
        rate: float = 1.0,
        accepted: bool = False,
        seconds: float = 0.0,
    ) -> None:
        """Set a fault; see `Fault`."""
        fault = Fault(kind, path, times, rate, accepted, seconds)
        with self._lock:
            self._faults.append(fault)
            self._released.clear()

    def clear(self) -> None:
        """Take all faults away. Answers that are delayed come at once."""
        with self._lock:
            self._faults.clear()
        self.release()

    def release(self) -> None:
        """Let answers that are delayed come at once, such as before the server closes."""
        self._released.set()

    def hold(self) -> None:
        """Delay again, after `release`."""
        self._released.clear()

    def around(self, app: WSGIApplication) -> WSGIApplication:
        """The application with these faults.

        A connection is dropped by a ConnectionAbortedError, which our server knows; in process the caller gets it.
        """

        def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            fault = self._strike(environ["PATH_INFO"])
            if fault is None:
                return app(environ, start_response)
            answer = self._answer(fault, app, environ)
            return answer(environ, start_response)

        return serve

    def _strike(self, path: str) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if path.startswith(fault.path) and (fault.rate == 1 or self._random.random() < fault.rate):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times == 0:
                            self._faults.remove(fault)
                    return fault
        return None

    def _answer(self, fault: Fault, app: WSGIApplication, environ: WSGIEnvironment) -> Response:
        if fault.kind is FaultKind.DELAYED:
            self._released.wait(fault.seconds)
        if fault.kind in _SPOILED or fault.accepted:
            answer = Response.from_app(app, environ, buffered=True)
            if fault.kind in _SPOILED:
                return _spoiled(answer, fault.kind)
        if fault.kind is FaultKind.DROPPED:
            _drop()
        return _instead(fault.kind, environ["PATH_INFO"])


def _instead(kind: FaultKind, path: str) -> Response:
    match kind:
        case FaultKind.TOO_MANY_REQUESTS:
            return Response(_THROTTLED, 429, mimetype="application/json")
        case FaultKind.HTML:
            return Response(_PAGE, 200, mimetype="text/html")
        case FaultKind.EMPTY:
            return Response(b"", 200)
        case FaultKind.REDIRECT:  # relative, as the proxies in between do not know the host
            return Response(status=302, headers={"Location": path})
        case _:
            return Response(f"<h1>{kind.value}</h1>", int(kind.value), mimetype="text/html")


def _spoiled(answer: Response, kind: FaultKind) -> Response:
    body = answer.get_data()
    match kind:
        case FaultKind.TRUNCATED:
            answer.set_data(body[: len(body) // 2])
        case FaultKind.LISTED:
            answer.set_data(b"[" + body + b"]")
        case FaultKind.DROPPED_IN_BODY:  # the length was promised for the whole
            answer.response = _broken_off(body[: len(body) // 2])
    return answer


def _broken_off(body: bytes) -> Iterator[bytes]:
    yield body
    _drop()


def _drop() -> NoReturn:
    raise ConnectionAbortedError("dropped by the sandbox, as it was told")
