"""The course's main path, as a learner walks it: everything is typed, clicked and read on the screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from conftest import Lab

pytestmark = pytest.mark.browser


def run_all(page: Page, lab: Lab) -> None:
    page.goto(lab.address("00_start_here"))
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.get_by_label("Account").wait_for()


def pin_on_the_phone(page: Page, messages: int) -> str:
    """The PIN of the newest message, once there are so many new ones."""
    phone = page.get_by_label("Phone", exact=True).first
    phone.get_by_text(f"{messages} new", exact=True).wait_for()
    found = re.search(r"PIN is (\d{6})", phone.inner_text())
    assert found
    return found[1]


def test_a_learner_logs_in_with_the_pin_on_the_phone_and_not_with_another(page: Page, lab: Lab) -> None:
    run_all(page, lab)
    page.get_by_label("Account").fill("alice")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_label("Mobile number").fill("(202) 555-0123")
    page.get_by_label("Country").select_option("United States +1")
    page.get_by_role("button", name="Register").click()
    page.get_by_text("Registered alice with +1********23").first.wait_for()

    page.get_by_role("button", name="Log in").click()
    right = pin_on_the_phone(page, messages=1)
    page.get_by_label("PIN", exact=True).fill(right)
    page.get_by_role("button", name="Check PIN").click()
    page.get_by_text("You are logged in as alice").first.wait_for()
    page.get_by_text("verified (now)").wait_for()

    page.get_by_role("button", name="Log out").click()
    page.get_by_text("waiting for password (now)").wait_for()
    page.get_by_role("button", name="Log in").click()
    right = pin_on_the_phone(page, messages=2)
    page.get_by_label("PIN", exact=True).fill(f"{(int(right) + 1) % 1_000_000:06d}")
    page.get_by_role("button", name="Check PIN").click()
    page.get_by_text("You are not logged in").first.wait_for()
    page.get_by_text("refused (now)").wait_for()

    assert page.locator(".jp-OutputArea-output[data-mime-type*=stderr]").count() == 0
    assert page.get_by_text("Would you like to get notified about official Jupyter news").count() == 0
