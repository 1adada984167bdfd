from __future__ import annotations

from collections.abc import Callable

import pytest
from xoxzo.cloudpy import XoxzoClient
from xoxzo.cloudpy.cloudpy import XoxzoResponse

from sms2fa import Message, XoxzoGateway, parse_phone
from sms2fa.errors import GatewayRefused
from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercise import Result
from sms2fa.lessons.exercises.sms_answer import Answer
from sms2fa.sandbox import XoxzoSandbox

became = EXERCISES["sms-4"].build(EXERCISES["sms-4"].solution)


def test_the_answer_that_is_tried_has_the_attributes_of_the_clients() -> None:
    real = vars(XoxzoResponse())
    assert {name: real[name] for name in vars(Answer())} == vars(Answer())


def test_a_real_answer_is_read(sandbox: XoxzoSandbox) -> None:
    client = XoxzoClient(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)
    assert became(client.send_sms("Your PIN is 042917.", "+818012345678", "XOXZO")) == "accepted"
    assert became(client.send_sms("Your PIN is 042917.", "my phone", "XOXZO")) == "refused"
    stranger = XoxzoClient("wrong", "wrong", api_host=sandbox.url)
    assert became(stranger.send_sms("Your PIN is 042917.", "+818012345678", "XOXZO")) == "refused"


def test_what_the_gateway_calls_refused_is_refused(sandbox: XoxzoSandbox) -> None:
    stranger = XoxzoGateway("wrong", "wrong", api_host=sandbox.url)
    with pytest.raises(GatewayRefused) as caught:
        stranger.send(Message("Your PIN is 042917."), to=parse_phone("+818012345678"))
    assert became(Answer(caught.value.status)) == "refused"


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ("errors in (400, 401, 403, 404)", "are examples"),
        ("errors is not None and errors < 499", "302 is no refusal"),
        ("errors is not None and 400 <= errors < 498", "are examples"),
        ("400 <= errors <= 498", "is None where the message was accepted"),
        ("498 >= errors", "is None where the message was accepted"),
        ("len(errors) > 0", "raised TypeError"),
    ],
)
def test_other_ranges_do_not_pass(attempt: Callable[[str, str], Result], refused: str, words: str) -> None:
    source = (
        f'def became(result):\n    errors = result.errors\n    if {refused}:\n        return "refused"\n'
        '    msgid = result.messages and "msgid" in result.messages[0]\n'
        '    return "accepted" if errors is None and msgid else "unknown"\n'
    )
    assert words in attempt("sms-4", source).sentence
