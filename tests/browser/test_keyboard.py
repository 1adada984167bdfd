"""Each widget used once by keyboard alone: Tab, letters, Enter, Space, arrows. No mouse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from conftest import Lab, Learner

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def start(learner: Learner, notebook: str) -> None:
    learner.set_up()
    learner.open(notebook)
    learner.run_all()


def output(page: Page, source: str) -> Locator:
    """The output of the cell whose source has this in it."""
    return page.locator(".jp-CodeCell", has_text=source).last.locator(".jp-OutputArea-output").last


def enter(learner: Learner, area: Locator) -> None:
    """Put the focus on the output, as a screen reader's cursor does; from there on there is Tab."""
    area.evaluate("element => { element.tabIndex = -1; element.focus() }")


def pin_in(area: Locator) -> str:
    found = re.search(r"PIN is ([0-9]{6})", area.get_by_role("group", name="Phone").inner_text())
    assert found
    return found[1]


def test_one_logs_in_on_the_board(learner: Learner) -> None:
    start(learner, "00_start_here")
    board = output(learner.page, "classroom.board()")
    enter(learner, board)
    for label, text in (("Account", "alice"), ("Password", "correct horse"), ("Mobile number", "080-1234-5678")):
        learner.tab_to(board.get_by_label(label))
        learner.type(text)
    learner.tab_to(board.get_by_role("button", name="Register"))
    learner.press("Enter")
    board.get_by_text("Registered alice").first.wait_for()
    assert learner.has_focus(board.get_by_role("button", name="Register"))
    learner.tab_to(board.get_by_role("button", name="Log in"))
    learner.press("Space")
    board.get_by_text("PIN sent (now)").wait_for()
    assert learner.has_focus(board.get_by_label("PIN", exact=True)), "the focus goes on to the PIN"
    learner.type(pin_in(board))
    learner.press("Enter")
    board.get_by_text("verified (now)").wait_for()
    assert learner.has_focus(board.get_by_role("button", name="Log out")), "the focus goes on to what can be done now"
    learner.tab_to(board.get_by_role("log", name="Server log"))
    learner.tab_to(board.get_by_role("group", name="Phone"))
    learner.tab_to(board.get_by_role("button", name="Mark as read"))
    learner.press("Enter")
    board.get_by_text("1 new", exact=True).wait_for(state="detached")
    assert learner.has_focus(board.get_by_role("group", name="Phone"))
    assert learner.errors() == []


def test_one_answers_a_question(learner: Learner) -> None:
    start(learner, "00_start_here")
    question = output(learner.page, 'recall("start-order")')
    enter(learner, question)
    learner.tab_to(question.get_by_role("button", name="C"))
    learner.press("Enter")
    question.get_by_text("C. Not this one.").first.wait_for()
    learner.press("Shift+Tab", "Shift+Tab", "Space")
    question.get_by_text("A. Right.").first.wait_for()
    assert learner.has_focus(question.get_by_role("button", name="A"))


def test_one_turns_the_dial_of_the_pin(learner: Learner) -> None:
    start(learner, "01_generate_a_pin")
    dial = output(learner.page, "dial = PinDial()")
    enter(learner, dial)
    learner.tab_to(dial.get_by_label("Digits"))
    learner.press("ArrowUp", "ArrowUp")
    dial.get_by_text("100,000,000").wait_for()
    learner.tab_to(dial.get_by_role("button", name="Generate a PIN"))
    learner.press("Enter")
    dial.get_by_text(re.compile("^[0-9]{8}$")).wait_for()


def test_one_sends_an_sms_from_the_desk_and_it_counts_as_one_types(learner: Learner) -> None:
    start(learner, "02_send_the_sms")
    desk = output(learner.page, "desk = classroom.sms_desk()")
    enter(learner, desk)
    learner.tab_to(desk.get_by_label("Mobile number"))
    learner.tab_to(desk.get_by_label("Message"))
    learner.press("Control+a")
    learner.type("Hello, こんにちは 042917")
    desk.get_by_text("19 (UCS-2)").wait_for()
    learner.tab_to(desk.get_by_role("button", name="Send the SMS"))
    learner.press("Enter")
    desk.get_by_role("group", name="Phone").get_by_text("こんにちは").wait_for()
    learner.tab_to(desk.get_by_role("button", name="2 seconds later"))
    learner.press("Space")
    desk.get_by_text("The status is DELIVERING").first.wait_for()
    assert learner.has_focus(desk.get_by_role("button", name="2 seconds later"))


def test_one_tries_a_pin_at_the_verifiers_desk(learner: Learner) -> None:
    start(learner, "03_verify_the_pin")
    desk = output(learner.page, "desk = classroom.check_desk()")
    enter(learner, desk)
    learner.tab_to(desk.get_by_role("button", name="Send a PIN"))
    learner.press("Space")
    desk.get_by_text("1 new", exact=True).wait_for()
    learner.tab_to(desk.get_by_label("PIN", exact=True))
    pin = pin_in(desk)
    learner.page.keyboard.insert_text(f" {pin[:3]} {pin[3:]} ")  # as pasted
    learner.press("Enter")
    desk.get_by_text("Server: verified").first.wait_for()
    assert learner.has_focus(desk.get_by_label("PIN", exact=True))


@pytest.fixture
def others(learner: Learner, lab: Lab) -> Page:
    """The widgets that no notebook has."""
    notebook = lab.write(
        "others",
        "from sms2fa import ManualClock\nfrom sms2fa.lessons import open_classroom\n"
        "from sms2fa.widgets import LiveDesk\n"
        "classroom = open_classroom(ManualClock())",
        "classroom.clock_dial()",
        "classroom.phones('+818012345678', '+12025550123')",
        "LiveDesk()",
    )
    start(learner, notebook)
    return learner.page


def test_one_pushes_the_clock_and_the_phones_follow(learner: Learner, others: Page) -> None:
    dial, phones = output(others, "classroom.clock_dial()"), output(others, "classroom.phones")
    before = phones.get_by_role("group", name="Phone").last.inner_text()
    enter(learner, dial)
    learner.tab_to(dial.get_by_role("button", name="1 minute later"))
    learner.press("Enter")
    dial.get_by_text("1 minute", exact=True).wait_for()
    learner.tab_to(dial.get_by_label("Seconds"))
    learner.press("Control+a")
    learner.type("5")
    learner.tab_to(dial.get_by_role("button", name="Push the clock"))
    learner.press("Space")
    dial.get_by_text("1 minute 5 seconds").wait_for()
    assert phones.get_by_role("group", name="Phone").last.inner_text() != before
    learner.picture("clock-dial-and-phones")


def test_one_copies_a_pin_by_keyboard_and_is_told_when_there_is_none(learner: Learner, others: Page) -> None:
    phones = output(others, "classroom.phones")
    enter(learner, phones)
    learner.tab_to(phones.get_by_role("button", name="Copy PIN").last)
    learner.press("Enter")
    phones.get_by_text("There is no PIN in the newest message.").wait_for()


def test_one_asks_for_a_real_sms_and_is_told_what_is_missing(learner: Learner, others: Page) -> None:
    desk = output(others, "LiveDesk()")
    enter(learner, desk)
    learner.tab_to(desk.get_by_label("I want to"))
    learner.type("send a real SMS")
    learner.tab_to(desk.get_by_role("button", name="Show what would be sent"))
    learner.press("Enter")
    desk.get_by_text("missing: XOXZO_API").first.wait_for()
    assert learner.has_focus(desk.get_by_role("button", name="Show what would be sent"))
