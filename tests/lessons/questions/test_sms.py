"""The right answers are right: each is asked of the sandbox or of the package."""

from __future__ import annotations

import inspect

from xoxzo.cloudpy import XoxzoClient, cloudpy

from sms2fa import count_segments, parse_phone
from sms2fa.lessons.questions.sms import PREDICT, RECALL
from sms2fa.sandbox import XoxzoSandbox
from sms2fa.widgets.question import Prompt


def right(prompt: Prompt) -> str:
    return "".join(prompt.options[place].text for place in prompt.right)


def test_a_zero_after_the_country_code_is_refused_with_400(sandbox: XoxzoSandbox) -> None:
    client = XoxzoClient(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)
    result = client.send_sms("Your PIN is 042917.", "+81" + "08012345678", "XOXZO")
    assert result.errors == 400
    assert "recipient" in result.message
    assert "400" in right(PREDICT["country-zero"])


def test_a_curly_apostrophe_makes_two_parts_of_ninety_characters() -> None:
    assert [count_segments("x" * 89 + mark).xoxzo_parts for mark in ("'", "’")] == [1, 2]
    assert right(PREDICT["curly-apostrophe"]) == "Two"


def test_the_client_sets_no_timeout() -> None:
    assert "timeout" not in inspect.getsource(cloudpy)
    assert right(PREDICT["missing-timeout"]) == "Without end"


def test_a_msgid_says_accepted(sandbox: XoxzoSandbox) -> None:
    client = XoxzoClient(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)
    result = client.send_sms("Your PIN is 042917.", "+818012345678", "XOXZO")
    status = client.get_sms_delivery_status(result.messages[0]["msgid"])
    assert status.message["status"] != "DELIVERED"
    assert "accepted" in right(PREDICT["accepted-delivered"])


def test_wrong_credentials_are_401(sandbox: XoxzoSandbox) -> None:
    result = XoxzoClient("wrong", "wrong", api_host=sandbox.url).send_sms("PIN", "+818012345678", "XOXZO")
    assert result.errors == 401
    assert "auth token is wrong" in right(RECALL["sms-refusal"])


def test_e164_drops_the_zero() -> None:
    assert right(RECALL["sms-e164"]).strip("`") == parse_phone("080-1234-5678", region="JP").e164
