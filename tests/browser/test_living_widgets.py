"""What only a browser shows: what is announced, what moves, what is copied, and what happens when something fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from conftest import Lab, Learner

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SET_UP = """\
import threading
from sms2fa import ManualClock, Message, parse_phone
from sms2fa.lessons import open_classroom
from sms2fa.widgets import PinDial, PinDialModel

classroom = open_classroom(ManualClock())

def send(text, after=0):
    message, phone = Message(text), parse_phone("+818012345678")
    threading.Timer(after, lambda: classroom.gateway.send(message, to=phone)).start()

class Broken(PinDialModel):
    def generate(self):
        raise KeyError("fuse 042917")
"""
AFTER = 3  # seconds until the SMS of a cell comes


@pytest.fixture
def phone(learner: Learner, lab: Lab) -> Page:
    """A phone, shown twice; an SMS comes a moment later."""
    notebook = lab.write("phone", SET_UP, "phone = classroom.phone()\nphone", "phone", f"send('PIN: 042917', {AFTER})")
    learner.set_up()
    learner.open(notebook)
    learner.run_all()
    return learner.page


def test_an_arriving_sms_is_announced_by_an_element_that_stays(phone: Page) -> None:
    status = phone.locator(".sms2fa-phone > [role=status]").nth(1)
    before = status.element_handle()
    phone.get_by_text("1 new", exact=True).first.wait_for()
    assert "New SMS from XOXZO: PIN: 042917" in status.inner_text()
    assert status.get_attribute("aria-live") == "polite"
    assert status.evaluate("(now, before) => now === before", before)


def test_two_copies_of_a_phone_both_follow(phone: Page) -> None:
    phone.get_by_text("1 new", exact=True).nth(1).wait_for()
    phone.get_by_role("button", name="Mark as read").last.click()
    phone.get_by_text("1 new", exact=True).first.wait_for(state="detached")
    assert phone.get_by_text("1 new", exact=True).count() == 0


@pytest.mark.parametrize("target", ["group", "button"])
def test_the_focus_stays_when_an_sms_comes(learner: Learner, phone: Page, target: str) -> None:
    name = {"group": "Phone", "button": "Copy PIN"}[target]
    focused = phone.get_by_role(target, name=name).first  # type: ignore[arg-type]
    focused.focus()
    phone.get_by_text("1 new", exact=True).first.wait_for()
    phone.wait_for_timeout(300)
    assert learner.has_focus(focused)


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
def test_an_sms_flies_in_unless_one_asked_for_less_motion(
    learner: Learner, lab: Lab, page: Page, motion: str, moves: bool
) -> None:
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    notebook = lab.write("motion", SET_UP, "phone = classroom.phone()\nphone", "send('PIN: 042917', 1)")
    learner.set_up()
    learner.open(notebook)
    learner.run_all()
    arrived = page.locator(".sms2fa-arrived")
    arrived.wait_for()
    assert (arrived.evaluate("element => getComputedStyle(element).animationName") != "none") is moves


def test_the_pin_is_copied_into_the_clipboard(phone: Page) -> None:
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.get_by_text("1 new", exact=True).first.wait_for()
    phone.get_by_role("button", name="Copy PIN").first.click()
    phone.get_by_text("Copied. Paste it into the form.").first.wait_for()
    assert phone.evaluate("navigator.clipboard.readText()") == "042917"


def test_without_a_clipboard_the_pin_is_selected_and_one_is_told(learner: Learner, lab: Lab, page: Page) -> None:
    page.add_init_script("delete Navigator.prototype.clipboard")
    notebook = lab.write("clipboard", SET_UP, "phone = classroom.phone()\nphone", "send('PIN: 042917')")
    learner.set_up()
    learner.open(notebook)
    learner.run_all()
    page.get_by_text("1 new", exact=True).wait_for()
    page.get_by_role("button", name="Copy PIN").click()
    page.get_by_text("The PIN is selected now: press Ctrl+C").wait_for()
    assert page.evaluate("getSelection().toString()") == "042917"


def test_a_failing_handler_is_shown_with_a_fold_that_the_keyboard_opens(learner: Learner, lab: Lab, page: Page) -> None:
    learner.set_up()
    learner.open(lab.write("broken", SET_UP, "PinDial(Broken())"))
    learner.run_all()
    page.get_by_role("button", name="Generate a PIN").focus()
    learner.press("Enter")
    page.get_by_text("This widget failed (KeyError)").wait_for()
    learner.tab_to(page.locator("summary"))
    details = page.locator("details").get_by_text("raise KeyError")
    assert not details.is_visible()
    learner.press("Enter")
    details.wait_for()
    assert "042917" not in page.locator("details").inner_text()
    learner.picture("a-failure")


def test_a_cell_that_is_run_again_replaces_its_widget(learner: Learner, lab: Lab, page: Page) -> None:
    count = "import ipywidgets\nlen(ipywidgets.widgets.widget._instances)"
    learner.set_up()
    learner.open(lab.write("again", SET_UP, "classroom.board()", count))
    numbers = []
    for _ in range(3):
        learner.run_all()
        numbers.append(page.locator(".jp-OutputArea-output").last.inner_text())
    assert len(set(numbers)) == 1, numbers
    assert page.get_by_label("Account").count() == 1
    assert learner.errors() == []


def test_run_all_while_one_types_gives_a_fresh_widget_that_works(learner: Learner, lab: Lab, page: Page) -> None:
    learner.set_up()
    learner.open(lab.write("typing", SET_UP, "classroom.board()"))
    learner.run_all()
    page.get_by_label("Account").focus()
    learner.type("al")
    learner.choose("Run", "Run All Cells")
    page.keyboard.type("ice", delay=20)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.wait_for_timeout(2_000)
    assert page.get_by_label("Account").count() == 1
    page.get_by_label("Account").fill("bob")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_label("Mobile number").fill("080-1234-5678")
    page.get_by_role("button", name="Register").click()
    page.get_by_text("Registered bob").first.wait_for()
    assert learner.errors() == []


def test_a_widget_whose_kernel_is_gone_says_so(learner: Learner, lab: Lab, page: Page) -> None:
    learner.set_up()
    learner.open(lab.write("lost", SET_UP, "classroom.phone()"))
    learner.run_all()
    learner.choose("Kernel", "Restart Kernel…")
    page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    page.wait_for_function(
        """() => [...document.querySelectorAll('.sms2fa')].some(
            widget => getComputedStyle(widget, '::after').content.includes('The kernel is gone'))"""
    )
    learner.picture("a-lost-kernel")
