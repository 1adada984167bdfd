"""Ways to call the sandbox, and what most of its tests send."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse
from xoxzo.cloudpy import XoxzoClient

from sms2fa.sandbox import Kind, SandboxAccount, XoxzoSandbox
from sms2fa.sandbox.api import create_api
from sms2fa.sandbox.provider import Provider

PATIENCE = 60  # seconds until something that hangs fails the test
PHONE, OTHER_PHONE, LANDLINE = "+818012345678", "+12025550123", "+81312345678"
TEXT = "Your PIN is 042917."
FORM = {"message": TEXT, "recipient": PHONE, "sender": "XOXZO"}
MESSAGES = "/sms/messages/"
REQUIRED = ["This field is required."]


def client_of(sandbox: XoxzoSandbox) -> XoxzoClient:
    return XoxzoClient(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)


class Caller:
    """A program that calls the API in process, with the credentials of one account."""

    def __init__(self, client: FlaskClient, account: SandboxAccount) -> None:
        self.client = client
        self.account = account

    def open(self, method: str, path: str, **options: Any) -> TestResponse:
        return self.client.open(path, method=method, auth=(self.account.sid, self.account.auth_token), **options)

    def get(self, path: str) -> TestResponse:
        return self.open("GET", path)

    def post(self, path: str, fields: Mapping[str, Any], *, as_json: bool = False) -> TestResponse:
        # by hand, as the test client cannot write every JSON text that a stranger can
        body = {"data": json.dumps(fields), "content_type": "application/json"} if as_json else {"data": fields}
        return self.open("POST", path, **body)

    def send(self, **changes: Any) -> TestResponse:
        return self.post(MESSAGES, {name: value for name, value in {**FORM, **changes}.items() if value is not None})

    def sent(self, **changes: Any) -> str:
        """The msgid of an SMS that is accepted."""
        answer = self.send(**changes)
        assert answer.status_code == 201, answer.text
        return str(answer.json[0]["msgid"])


def caller_of(provider: Provider, kind: Kind = Kind.PARTNER, **options: Any) -> Caller:
    """One more account at that provider, and its caller."""
    return Caller(create_api(provider).test_client(), provider.add(SandboxAccount(kind, **options)))


def drain(queue: SimpleQueue[Any], count: int) -> list[Any]:
    """The next things on a queue, each waited for."""
    return [queue.get(timeout=PATIENCE) for _ in range(count)]


def in_thread(work: Any) -> Future[Any]:
    """Work under way in a thread of its own, which nobody waits for at the end."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised where the result is asked for
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future
