"""What GitHub, nbconvert and the notebook before its first run show of each widget."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

import sms2fa.widgets as public
from sms2fa import ManualClock, Message, parse_phone
from sms2fa.lessons.classroom import COURSE_NUMBER, Classroom
from sms2fa.lessons.quiz import predict
from sms2fa.widgets import LiveDesk, LoginForm, PinDial
from sms2fa.widgets.view import HOW_TO_WAKE, View

OTHER = "+12025550123"
MAKE: dict[str, Callable[[Classroom], View]] = {
    "Board": lambda classroom: classroom.board(),
    "CheckDesk": lambda classroom: classroom.check_desk(),
    "ClockDial": lambda classroom: classroom.clock_dial(),
    "LiveDesk": lambda _: LiveDesk(),
    "LoginForm": lambda classroom: LoginForm(classroom.board().form.model),
    "Phone": lambda classroom: classroom.phone(),
    "Phones": lambda classroom: classroom.phones(COURSE_NUMBER, OTHER),
    "PinDial": lambda _: PinDial(),
    "Question": lambda _: predict("expiry"),
    "SmsDesk": lambda classroom: classroom.sms_desk(),
}
# In reading order; each has to come after the one before.
ORDER = {
    "Board": [
        "Login form",
        "buttons",
        "Server",
        "waiting for password (now)",
        "Messages",
        "Who knows what",
        "attacker",
    ],
    "CheckDesk": ["Verifier desk", "says", "Send a PIN", "phone", "SMS from XOXZO", "hello"],
    "ClockDial": ["Clock", "pushed so far", "0 seconds", "buttons"],
    "LiveDesk": ["A real SMS", "says", "Not asked"],
    "LoginForm": ["Login form", "fields", "account", "buttons", "Register", "state", "waiting for password"],
    "Phone": ["Messages", "1 new", "+81********78", "XOXZO", "hello"],
    "Phones": ["Messages", "+81********78", "hello", "Messages", "+1********23", "No messages."],
    "PinDial": ["PIN generator", "digits", "6", "chance of 5 guesses", "1 in 200,000"],
    "Question": ["Predict", "lifetime of 60 seconds", "A", "B", "C"],
    "SmsDesk": ["SMS desk", "message", "number", "characters", "parts that Xoxzo bills", "SMS from XOXZO"],
}
ALLOWED = {"b", "br", "code", "div", "i", "pre", "span", "table", "td", "th", "tr"}


class Reader(HTMLParser):
    """Names of elements and attributes, and the text as it is read out."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


@pytest.fixture(params=MAKE)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def html(name: str, classroom: Classroom) -> str:
    """The static form, after an SMS has come."""
    widget = MAKE[name](classroom)
    classroom.gateway.send(Message("hello"), to=parse_phone(COURSE_NUMBER))
    return str(widget._repr_mimebundle_()["text/html"])


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def test_every_public_view_is_tried() -> None:
    assert {name for name in public.__all__ if hasattr(getattr(public, name), "static_html")} == set(MAKE) == set(ORDER)


def test_it_needs_no_style_sheet_no_script_no_picture_and_no_role(html: str) -> None:
    reader = read(html)
    assert reader.elements <= ALLOWED
    assert reader.attributes <= {"style"}
    assert "var(" not in html


def test_it_reads_in_order_as_plain_text(name: str, html: str) -> None:
    text, place = read(html).text, 0
    for words in ORDER[name]:
        assert words in text[place:], f"{words!r} is missing after {text[:place]!r}"
        place = text.index(words, place) + len(words)


def test_it_ends_with_how_to_wake_it(html: str) -> None:
    text = " ".join(read(html).text.split())
    assert re.search(re.escape(HOW_TO_WAKE) + r"( Then pick an answer and read why\.)?$", text)


def test_it_has_no_full_number(html: str) -> None:
    assert COURSE_NUMBER not in html
    assert OTHER not in html


def test_it_is_the_same_on_another_day(name: str, clock: ManualClock) -> None:
    """Else the stored outputs of the notebooks would change at each run."""
    forms = set()
    for _ in range(2):
        other = Classroom(clock)
        clock.advance(seconds=123_456)
        forms.add(MAKE[name](other).static_html())
        other.close()
    assert len(forms) == 1
