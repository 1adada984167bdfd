from __future__ import annotations

import gc
import re
import threading
import weakref
from datetime import timedelta

import pytest

from sms2fa import ManualClock, Message, parse_phone
from sms2fa.lessons.classroom import COURSE_NUMBER, Classroom
from sms2fa.sandbox import CarrierRules, Delivery
from sms2fa.widgets import Phone, PhoneModel

OTHER = parse_phone("+1 202-555-0123")


def send(classroom: Classroom, text: str, to: str = COURSE_NUMBER) -> None:
    classroom.gateway.send(Message(text), to=parse_phone(to))


def test_a_message_to_its_number_arrives_unread(classroom: Classroom) -> None:
    phone = classroom.phone()
    send(classroom, "hello")
    assert phone.value == "hello"
    assert phone.model.unread == 1
    assert "1 new" in phone.screen.value


def test_a_message_to_another_number_does_not(classroom: Classroom) -> None:
    phone = classroom.phone()
    send(classroom, "hello", to=OTHER.e164)
    assert phone.value == ""
    assert "No messages." in phone.screen.value


def test_reading_takes_the_mark_away_from_all(classroom: Classroom) -> None:
    phone = classroom.phone()
    send(classroom, "one")
    send(classroom, "two")
    phone.read.click()
    assert phone.model.unread == 0
    assert "new" not in phone.screen.value
    assert phone.read.disabled


def test_the_newest_message_stands_on_top(classroom: Classroom) -> None:
    phone = classroom.phone()
    send(classroom, "older")
    send(classroom, "newer")
    assert phone.screen.value.index("newer") < phone.screen.value.index("older")


def test_text_is_shown_and_never_run(classroom: Classroom) -> None:
    phone = classroom.phone()
    send(classroom, "<img src=x onerror=alert(1)> & more\nsecond line")
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; more<br>second line" in phone.screen.value
    assert "<img" not in phone.static_html()


def test_another_sim_brings_the_messages_of_its_number(classroom: Classroom) -> None:
    send(classroom, "for the other", to=OTHER.e164)
    phone = Phone(PhoneModel(classroom.sandbox))
    assert phone.value == ""
    phone.model.insert_sim(OTHER.e164)
    assert phone.value == "for the other"


def test_its_number_is_masked_everywhere(classroom: Classroom) -> None:
    phone = classroom.phone()
    send(classroom, "hello")
    shown = phone.screen.value + phone.static_html() + phone._repr_mimebundle_()["text/plain"]
    assert "+81********78" in shown
    assert COURSE_NUMBER not in shown


def test_japanese_text_arrives_as_it_was_sent(classroom: Classroom) -> None:
    phone = classroom.phone()
    send(classroom, "あなたの確認コードは042917です。")
    assert "あなたの確認コードは042917です。" in re.sub("<[^>]+>", "", phone.screen.value)


def test_a_message_that_comes_with_the_sim_is_shown_once(classroom: Classroom) -> None:
    phone = Phone(PhoneModel(classroom.sandbox))
    classroom.sandbox._provider.carrier._listeners.insert(0, lambda message: phone.model.insert_sim(message.recipient))
    send(classroom, "once")
    assert [sms.text for sms in phone.model.messages] == ["once"]


def test_an_observer_may_read_the_phone_while_a_message_arrives(classroom: Classroom) -> None:
    phone = classroom.phone()
    phone.model.observe(lambda _: phone.model.read_all() if phone.model.unread else None, names="messages")
    send(classroom, "hello")
    assert phone.model.unread == 0


def test_a_message_that_arrives_twice_is_shown_twice_also_with_another_sim(classroom: Classroom) -> None:
    classroom.sandbox.rules = CarrierRules(Delivery(copies=2))
    phone = classroom.phone()
    send(classroom, "hello")
    assert [sms.text for sms in phone.model.messages] == ["hello", "hello"]
    assert len(Phone(PhoneModel(classroom.sandbox, COURSE_NUMBER)).model.messages) == 2


def test_a_late_message_is_not_shown_before_its_time(clock: ManualClock) -> None:
    classroom = Classroom(clock)
    classroom.sandbox.rules = CarrierRules(Delivery(late=timedelta(seconds=90)))
    phone = classroom.phone()
    send(classroom, "late")
    assert classroom.phone().value == phone.value == ""
    shown = threading.Event()
    phone.model.observe(lambda _: shown.set(), names="messages")
    clock.advance(seconds=90)
    assert shown.wait(30)
    assert classroom.phone().value == phone.value == "late"
    classroom.close()


def test_the_sender_is_the_one_that_the_carrier_lets_through(classroom: Classroom) -> None:
    classroom.sandbox.rules = CarrierRules(kddi=frozenset({COURSE_NUMBER}))
    phone = classroom.phone()
    send(classroom, "hello")
    assert phone.model.messages[0].sender == "SMS"


def test_an_arriving_message_is_announced_and_flies_in_once(classroom: Classroom) -> None:
    phone = classroom.phone()
    send(classroom, "hello <you>")
    assert "New SMS from XOXZO: hello &lt;you&gt;" in phone.announcer.value
    assert phone.screen.value.count("class=sms2fa-arrived") == 1
    phone.read.click()
    assert "class=sms2fa-arrived" not in phone.screen.value


def test_messages_that_came_with_the_sim_are_not_announced(classroom: Classroom) -> None:
    send(classroom, "hello")
    phone = classroom.phone()
    assert "New SMS" not in phone.announcer.value
    assert "class=sms2fa-arrived" not in phone.screen.value


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("Your PIN is 042917.", "042917"),
        ("あなたの確認コードは0429です。", "0429"),
        ("In 5 minutes: 042917. @shop.example #042917", "042917"),
        ("Call +818012345678.", None),
        ("hello", None),
    ],
)
def test_the_pin_of_the_newest_message_can_be_copied(classroom: Classroom, text: str, pin: str | None) -> None:
    phone = classroom.phone()
    send(classroom, "An older PIN: 777777")
    send(classroom, text)
    assert re.findall('<b data-copied="PIN">([0-9]+)</b>', phone.screen.value) == ([pin] if pin else [])


def test_the_copy_button_is_not_redrawn_and_not_in_the_static_form(classroom: Classroom) -> None:
    phone = classroom.phone()
    before = phone.copy_pin.value
    send(classroom, "Your PIN is 042917.")
    assert phone.copy_pin.value == before
    assert "Copy PIN" not in phone.static_html()
    assert "data-copied" not in phone.static_html()


def test_a_phone_that_fails_says_so_and_others_have_their_message(
    classroom: Classroom, expected_failures: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_failures.append("ZeroDivisionError")
    broken, whole = classroom.phone(), classroom.phone()
    monkeypatch.setattr(broken.model, "arrive", lambda _message: 1 / 0)
    send(classroom, "hello")
    assert "This widget failed (ZeroDivisionError)" in broken.notice.value
    assert whole.value == "hello"


def test_two_phones_of_one_model_both_follow(classroom: Classroom) -> None:
    one = classroom.phone()
    other = Phone(one.model)
    send(classroom, "hello")
    one.read.click()
    assert (
        one.screen.value.partition("</style>")[2].replace("sms2fa-arrived", "")
        == (other.screen.value.partition("</style>")[2])
    )
    assert other.read.disabled


def test_the_clock_on_the_phone_is_the_lessons_and_not_in_the_static_form(
    classroom: Classroom, clock: ManualClock
) -> None:
    phone = classroom.phone()
    assert f"{clock.now():%H:%M:%S} UTC" in phone.screen.value
    assert f"{clock.now():%H:%M:%S} UTC" not in phone.static_html()


def test_a_phone_that_nobody_looks_at_any_more_is_gone(classroom: Classroom) -> None:
    phone = PhoneModel(classroom.sandbox, COURSE_NUMBER)
    gone = weakref.ref(phone)
    del phone
    gc.collect()
    assert gone() is None
