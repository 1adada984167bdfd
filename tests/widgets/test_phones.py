from __future__ import annotations

from sms2fa import Message, parse_phone
from sms2fa.lessons.classroom import COURSE_NUMBER, Classroom

OTHER = "+12025550123"


def test_each_phone_shows_the_messages_of_its_own_number(classroom: Classroom) -> None:
    phones = classroom.phones(COURSE_NUMBER, OTHER)
    classroom.gateway.send(Message("for you"), to=parse_phone(COURSE_NUMBER))
    classroom.gateway.send(Message("for the other"), to=parse_phone(OTHER))
    assert phones.value == ("for you", "for the other")


def test_the_static_form_names_them_one_after_the_other(classroom: Classroom) -> None:
    rows = classroom.phones(COURSE_NUMBER, OTHER).static_rows()
    assert rows == [("phone", "+81********78"), ("phone", "+1********23")]
