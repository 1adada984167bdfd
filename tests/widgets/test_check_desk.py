from __future__ import annotations

import re

import pytest

from sms2fa import Outcome
from sms2fa.lessons.classroom import Classroom
from sms2fa.widgets import CheckDesk


@pytest.fixture
def desk(classroom: Classroom) -> CheckDesk:
    return classroom.check_desk()


def send(desk: CheckDesk) -> str:
    desk.send.click()
    found = re.search(r"PIN is (\d{6})", desk.phone.value)
    assert found
    return found[1]


def check(desk: CheckDesk, pin: str) -> Outcome:
    desk.pin.value = pin
    desk.check.click()
    assert desk.value is not None
    return desk.value.outcome


def test_each_outcome_can_be_brought_about(desk: CheckDesk) -> None:
    pin = send(desk)
    assert check(desk, pin) is Outcome.VERIFIED
    assert check(desk, pin) is Outcome.ALREADY_USED
    desk.minute.click()
    pin = send(desk)
    wrong = f"{(int(pin) + 1) % 1_000_000:06d}"
    assert [check(desk, wrong) for _ in range(5)] == [Outcome.WRONG_PIN] * 5
    assert check(desk, pin) is Outcome.TOO_MANY_TRIES
    desk.minute.click()
    pin = send(desk)
    desk.minute.click()
    assert check(desk, pin) is Outcome.EXPIRED


def test_checking_before_sending_says_what_to_do(desk: CheckDesk) -> None:
    desk.check.click()
    assert desk.model.notice == "Send a PIN first."
    assert desk.value is None


def test_sending_too_soon_says_how_long_to_wait(desk: CheckDesk) -> None:
    send(desk)
    desk.send.click()
    assert "Try again in 2 seconds." in desk.model.notice


def test_the_history_shows_what_the_claimant_is_told(desk: CheckDesk) -> None:
    check_after_send = check(desk, send(desk))
    assert check_after_send is Outcome.VERIFIED
    assert "verified" in desk.history.value
    assert "The PIN is right." in desk.history.value


@pytest.mark.parametrize("typed", [" {}", "{}\t", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "\u3000{}", "{}\xa0"])
def test_a_pin_is_taken_as_it_is_pasted(desk: CheckDesk, typed: str) -> None:
    assert check(desk, typed.format(send(desk))) is Outcome.VERIFIED


def test_full_width_digits_are_taken(desk: CheckDesk) -> None:
    assert check(desk, send(desk).translate(str.maketrans("0123456789", "０１２３４５６７８９"))) is Outcome.VERIFIED


def test_it_says_until_when_the_pin_works_and_what_time_it_is(desk: CheckDesk) -> None:
    assert ("the newest PIN", "none yet") in desk.model.facts
    send(desk)
    end = desk.model.challenge.expires_at
    assert ("the newest PIN", f"until {end:%H:%M:%S} UTC") in desk.model.facts
    desk.minute.click()
    assert ("the clock", f"{end:%H:%M:%S} UTC") in desk.model.facts
    assert f"{end:%H:%M:%S} UTC" in desk.history.value


def test_a_desk_of_an_earlier_run_says_what_to_do(desk: CheckDesk, classroom: Classroom) -> None:
    classroom.close()
    desk.send.click()
    assert "run its cell again" in desk.model.notice
