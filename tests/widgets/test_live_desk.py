"""The desk for a real SMS, with a second sandbox that plays the live host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sms2fa import XoxzoGateway
from sms2fa.phone import parse_phone
from sms2fa.sandbox import FaultKind, Kind, XoxzoSandbox
from sms2fa.widgets.live_desk import PHRASE, LiveDesk, LiveDeskModel

OWN = parse_phone("+81 80 1234 5679")  # not printed in the course, so that a live gateway takes it


class PlayedLive(XoxzoGateway):
    """A gateway that takes a sandbox for the live host."""

    live = True  # type: ignore[assignment]


@pytest.fixture
def host() -> Iterator[XoxzoSandbox]:
    with XoxzoSandbox() as host:
        yield host


@pytest.fixture
def desk(host: XoxzoSandbox) -> LiveDesk:
    return LiveDesk(
        LiveDeskModel(lambda: PlayedLive(host.account.sid, host.account.auth_token, api_host=host.url, retry_waits=()))
    )


def fill(desk: LiveDesk, **values: str) -> None:
    for name, value in {"phrase": PHRASE, "number": "080-1234-5679", **values}.items():
        desk.fields[name].value = value


def test_a_message_is_asked_for_shown_confirmed_sent_and_followed(desk: LiveDesk, host: XoxzoSandbox) -> None:
    fill(desk, text="Hello")
    desk.look.click()
    assert host.messages == []
    assert dict(desk.model.plan.facts)["recipient"] == "+81********79 (JP)"
    assert "LIVE" in desk.notice.value
    desk.send.click()
    (message,) = host.messages
    assert (message.recipient, message.text, message.msgid) == (OWN.e164, "Hello", desk.value)
    desk.ask.click()
    assert desk.model.status == "QUEUED"
    assert "QUEUED" in desk.shown.value


def test_an_automatic_run_sends_nothing_reads_no_variable_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XOXZO_API_SID", "XOXZO_API_AUTH_TOKEN"):
        monkeypatch.setenv(name, "set-but-nobody-asked")
    desk = LiveDesk()
    assert "Not asked" in desk.static_html()
    assert desk.send.disabled
    desk.model.send()
    assert desk.value == ""


def test_without_the_words_nothing_is_prepared(desk: LiveDesk) -> None:
    fill(desk, phrase="yes")
    desk.look.click()
    assert desk.model.plan is None
    assert PHRASE in desk.model.notice


def test_what_is_missing_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XOXZO_API_SID", "a-sid")
    monkeypatch.delenv("XOXZO_API_AUTH_TOKEN", raising=False)
    desk = LiveDesk()
    fill(desk)
    desk.look.click()
    assert "missing: XOXZO_API_AUTH_TOKEN" in desk.model.notice
    assert "a-sid" not in desk.model.notice


@pytest.mark.parametrize("name", ["number", "text", "template", "phrase"])
def test_a_change_after_looking_takes_the_plan_away(desk: LiveDesk, host: XoxzoSandbox, name: str) -> None:
    fill(desk)
    desk.look.click()
    desk.fields[name].value = "1"
    assert desk.send.disabled
    desk.model.send()
    assert host.messages == []


def test_one_confirmation_sends_one_message(desk: LiveDesk, host: XoxzoSandbox) -> None:
    fill(desk)
    desk.look.click()
    desk.send.click()
    desk.model.send()
    assert len(host.messages) == 1
    desk.look.click()  # the words have to be typed anew
    assert desk.model.plan is None


def test_a_number_that_the_course_prints_is_refused_before_anything_is_shown(desk: LiveDesk) -> None:
    fill(desk, number="080-1234-5678")
    desk.look.click()
    assert desk.model.plan is None
    assert "printed in the course" in desk.model.notice


def test_a_template_is_filled_and_sent(desk: LiveDesk, host: XoxzoSandbox) -> None:
    template = host._provider.templates.create(host.account.sid, "pin", "Your PIN is {pin}.")
    host.approve_template(template.id)
    host.account.kind = Kind.STANDARD
    fill(desk, template=str(template.id), values="pin = 042917\n")
    desk.look.click()
    assert ("template", "number 1, with pin=042917") in desk.model.plan.facts
    desk.send.click()
    assert host.messages[0].text == "Your PIN is 042917."


@pytest.mark.parametrize(("name", "value"), [("template", "one"), ("values", "042917"), ("text", ""), ("number", "1")])
def test_what_cannot_be_sent_is_said_before_it_is_shown(desk: LiveDesk, name: str, value: str) -> None:
    fill(desk, **{"template": "1" if name == "values" else "", name: value})
    desk.look.click()
    assert desk.model.plan is None
    assert desk.model.notice_kind == "bad"


def test_a_standard_account_is_told_that_its_text_was_refused(desk: LiveDesk, host: XoxzoSandbox) -> None:
    host.account.kind = Kind.STANDARD
    fill(desk)
    desk.look.click()
    desk.send.click()
    assert "Free-form messages are not allowed" in desk.model.notice
    assert desk.value == ""


def test_an_unknown_outcome_has_to_be_asked_for_anew(desk: LiveDesk, host: XoxzoSandbox) -> None:
    host.faults.add(FaultKind.BAD_GATEWAY, accepted=True)
    fill(desk)
    desk.look.click()
    desk.send.click()
    assert "may have gone out" in desk.model.notice
    assert desk.fields["phrase"].value == ""
    assert len(host.messages) == 1


def test_no_credential_and_no_full_number_is_shown(desk: LiveDesk, host: XoxzoSandbox) -> None:
    fill(desk)
    desk.look.click()
    desk.send.click()
    shown = desk.static_html() + desk.shown.value + desk.notice.value + repr(desk.model.plan)
    for secret in (host.sid, host.auth_token, OWN.e164):
        assert secret not in shown
