from __future__ import annotations

from datetime import timedelta

import pytest

from sms2fa import ManualClock, Message, Outcome, parse_phone
from sms2fa.lessons.classroom import COURSE_NUMBER, Classroom
from sms2fa.sandbox import CarrierRules, Delivery
from sms2fa.widgets import ClockDial


@pytest.fixture
def dial(classroom: Classroom) -> ClockDial:
    return classroom.clock_dial()


def test_each_button_pushes_the_clock_by_what_it_says(dial: ClockDial, clock: ManualClock) -> None:
    begun = clock.now()
    for seconds, button in dial.pushes.items():
        before = clock.now()
        button.click()
        assert clock.now() - before == timedelta(seconds=seconds)
    assert dial.value == clock.now()
    assert clock.now() - begun == timedelta(seconds=370)
    assert "6 minutes 10 seconds" in dial.face.value


def test_the_field_pushes_by_any_number_of_seconds(dial: ClockDial) -> None:
    dial.seconds.value = 86_400
    dial.push.click()
    assert "pushed so far" in dial.face.value
    assert "1 day" in dial.face.value


@pytest.mark.parametrize(("seconds", "words"), [(-1, "Expected seconds >= 0"), (10**12, "at most 31,622,400 seconds")])
def test_a_push_that_cannot_be_is_refused_in_words(dial: ClockDial, seconds: int, words: str) -> None:
    before = dial.value
    dial.seconds.value = seconds
    dial.push.click()
    assert words in dial.model.notice
    assert dial.value == before


def test_a_late_message_comes_with_the_push(dial: ClockDial, classroom: Classroom) -> None:
    classroom.sandbox.rules = CarrierRules(Delivery(late=timedelta(seconds=60)))
    phone = classroom.phone()
    classroom.gateway.send(Message("late"), to=parse_phone(COURSE_NUMBER))
    assert phone.value == ""
    dial.pushes[60].click()
    assert phone.value == "late"


def test_phone_board_desk_and_another_dial_show_the_same_time(dial: ClockDial, classroom: Classroom) -> None:
    phone, board, desk, other = classroom.phone(), classroom.board(), classroom.check_desk(), classroom.clock_dial()
    dial.pushes[300].click()
    time = f"{dial.value:%H:%M:%S} UTC"
    for shown in (phone.screen, board.steps, desk.history, other.face, dial.face):
        assert time in shown.value


def test_the_desks_push_the_same_clock(dial: ClockDial, classroom: Classroom) -> None:
    classroom.check_desk().minute.click()
    classroom.sms_desk().later.click()
    assert "1 minute 2 seconds" in dial.face.value


def test_a_pin_that_was_outwaited_is_refused(dial: ClockDial, classroom: Classroom) -> None:
    desk = classroom.check_desk()
    desk.send.click()
    desk.pin.value = desk.phone.value
    dial.pushes[60].click()
    desk.pin.value = "".join(filter(str.isdigit, desk.phone.value))[:6]
    desk.check.click()
    assert desk.value is not None
    assert desk.value.outcome is Outcome.EXPIRED


def test_the_static_form_is_the_same_at_any_time(dial: ClockDial) -> None:
    assert "pushed so far: 0 seconds" in dial._repr_mimebundle_()["text/plain"]
    assert f"{dial.value:%Y}" not in dial.static_html()


def test_a_clock_that_was_turned_back_is_said_to_be(dial: ClockDial, clock: ManualClock) -> None:
    clock.set(clock.now() - timedelta(hours=1))
    dial.model.time_passed()
    assert "back 1 hour" in dial.face.value
