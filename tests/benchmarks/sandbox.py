"""How fast the sandbox answers beside a bare Flask view, and the gateway beside the client's own call.

Run it with `make bench`. Medians of one run, taken by turns; what counts are the ratios.
"""

from __future__ import annotations

import statistics
import time
from base64 import b64encode
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlencode

from flask import Flask, request
from xoxzo.cloudpy import XoxzoClient

from benchmarks.table import head, line, milli
from sms2fa import Message, SystemClock, XoxzoGateway, parse_phone
from sms2fa.sandbox import SandboxMessage, XoxzoSandbox
from sms2fa.sandbox.server import Server

ROUNDS = 1_000
FORM = {"message": "This is Xoxzo. Your PIN is 042917.", "recipient": "+818012345678", "sender": "XOXZO"}


def main() -> None:
    head()
    with XoxzoSandbox() as sandbox:
        beside_a_bare_view(sandbox)
        beside_the_client(sandbox)
        until_a_phone_hears(sandbox)


def beside_a_bare_view(sandbox: XoxzoSandbox) -> None:
    bare = Flask("bare")

    @bare.post("/sms/messages/")
    def answer() -> tuple[list[dict[str, str]], int]:
        return [{"msgid": str(len(request.form))}], 201

    server = Server(bare, ())
    token = b64encode(f"{sandbox.sid}:{sandbox.auth_token}".encode()).decode()
    ours, theirs = by_turns(lambda: post(int(sandbox.url.rpartition(":")[2]), token), lambda: post(server.port, token))
    server.close()
    line(
        "the sandbox takes an SMS",
        f"{1 / ours:,.0f} requests a second",
        f"a bare Flask view {1 / theirs:,.0f}",
        theirs / ours,
        "at least 0.7",
    )


def beside_the_client(sandbox: XoxzoSandbox) -> None:
    gateway = XoxzoGateway(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)
    client = XoxzoClient(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)
    message, phone = Message(FORM["message"]), parse_phone(FORM["recipient"])
    ours, theirs = by_turns(lambda: gateway.send(message, to=phone), lambda: client.send_sms(**FORM))
    line("`XoxzoGateway.send`", milli(ours), f"the client's own call {milli(theirs)}", ours / theirs, "at most 1.25")


def until_a_phone_hears(sandbox: XoxzoSandbox) -> None:
    clock, spans = SystemClock(), list[float]()

    def hear(message: SandboxMessage) -> None:
        spans.append((clock.now() - message.sent_at).total_seconds())

    sandbox.listen(hear)
    client = XoxzoClient(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)
    for _ in range(ROUNDS):
        client.send_sms(**FORM)
    line(
        "from arrival to listener",
        milli(statistics.median(spans)),
        f"the slowest {milli(max(spans))}",
        None,
        "below 5 ms",
    )


def post(port: int, token: str) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Basic {token}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sms/messages/", urlencode(FORM), headers)
    answer = connection.getresponse()
    assert answer.status == 201, answer.read()
    answer.read()
    connection.close()


def by_turns(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Seconds that each call takes."""
    spans: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for work, taken in zip((one, other), spans, strict=True):
            begun = time.perf_counter()
            work()
            taken.append(time.perf_counter() - begun)
    return statistics.median(spans[0]), statistics.median(spans[1])


if __name__ == "__main__":
    main()
