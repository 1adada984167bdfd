"""The sender that a phone shows."""

from __future__ import annotations

import pytest

from sandbox.callers import OTHER_PHONE, PHONE
from sms2fa.sandbox.handset import REPLACED_SENDER, shown_sender


@pytest.mark.parametrize("sender", ["+818012345678", "818012345678", "08012345678", "0", "814512345678"])
def test_in_japan_a_number_that_starts_with_81_or_0_is_replaced(sender: str) -> None:
    assert shown_sender(sender, PHONE) == REPLACED_SENDER


@pytest.mark.parametrize("sender", ["XOXZO", "Xoxzo 2", "+12025550123", "12025550123", "18", "0X", "81Shop"])
def test_in_japan_any_other_sender_is_shown(sender: str) -> None:
    assert shown_sender(sender, PHONE) == sender


@pytest.mark.parametrize("sender", ["XOXZO", "+818012345678", "08012345678"])
@pytest.mark.parametrize("on_kddi", [True, False])
def test_elsewhere_every_sender_is_shown(sender: str, on_kddi: bool) -> None:
    assert shown_sender(sender, OTHER_PHONE, on_kddi=on_kddi) == sender


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("XOXZO", REPLACED_SENDER),
        ("0X", REPLACED_SENDER),
        ("+12025550123", "+12025550123"),
        ("12025550123", "12025550123"),
        ("818012345678", REPLACED_SENDER),
    ],
)
def test_kddi_shows_no_letters(sender: str, shown: str) -> None:
    assert shown_sender(sender, PHONE, on_kddi=True) == shown
