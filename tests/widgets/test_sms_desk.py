from __future__ import annotations

import pytest

from sms2fa.lessons.classroom import Classroom
from sms2fa.widgets import SmsDesk


@pytest.fixture
def desk(classroom: Classroom) -> SmsDesk:
    return classroom.sms_desk()


def test_a_message_is_sent_and_followed_to_its_delivery(desk: SmsDesk) -> None:
    desk.send.click()
    assert desk.value
    assert desk.phone.value == desk.text.value
    seen = [desk.model.status]
    for _ in range(2):
        desk.later.click()
        seen.append(desk.model.status)
    assert seen == ["QUEUED", "DELIVERING", "DELIVERED"]


def test_asking_before_sending_says_so(desk: SmsDesk) -> None:
    desk.ask.click()
    assert "send a message first" in desk.model.notice


@pytest.mark.parametrize(
    ("text", "expected"), [("", "got an empty one"), ("x" * 661, "at most 660 characters, got 661")]
)
def test_a_message_that_cannot_be_sent_is_refused_and_kept(desk: SmsDesk, text: str, expected: str) -> None:
    desk.text.value = text
    desk.send.click()
    assert expected in desk.model.notice
    assert desk.text.value == text
    assert desk.value == ""


def test_the_parts_are_counted_as_one_types(desk: SmsDesk) -> None:
    desk.text.value = "x" * 140
    assert ("parts that Xoxzo bills", "1") in desk.model.facts
    desk.text.value = "’" + "x" * 139
    assert ("parts that Xoxzo bills", "3") in desk.model.facts
    desk.text.value = "x" * 661
    assert ("parts that Xoxzo bills", "too long: at most 660") in desk.model.facts


def test_the_number_is_judged_as_one_types(desk: SmsDesk) -> None:
    desk.number.value = "080-1234"
    assert "such as 080-1234-5678" in dict(desk.model.facts)["number"]
    desk.region.value = "US"
    desk.number.value = "202-555-0123"
    assert "+1********23" in dict(desk.model.facts)["number"]
    desk.send.click()
    assert desk.phone.model.number == "+12025550123"


def test_a_closed_sandbox_is_said(desk: SmsDesk, classroom: Classroom) -> None:
    classroom.close()
    desk.send.click()
    assert desk.value == ""
    assert desk.model.notice_kind == "bad"
    assert desk.model.failure is None


def test_two_desks_of_one_model_agree(desk: SmsDesk) -> None:
    other = SmsDesk(desk.model)
    desk.text.value = "typed here"
    desk.send.click()
    assert other.text.value == "typed here"
    assert other.value == desk.value
    assert other.phone.value == "typed here"
