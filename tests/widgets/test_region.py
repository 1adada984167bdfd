from __future__ import annotations

from sms2fa.widgets import style
from sms2fa.widgets.region import Announcer, Region


def test_a_status_is_announced_and_a_log_is_not_read_out() -> None:
    assert "setAttribute('role','status')" in Region("status").value
    assert "setAttribute('aria-live','polite')" in Region("status").value
    assert "setAttribute('aria-live','off')" in Region("log", "Server log").value
    assert "aria-live" not in Region("group", "Phone").value


def test_a_region_that_scrolls_can_be_reached_by_the_keyboard_and_has_a_name() -> None:
    region = Region("group", "Phone", scrolls=True, height="9px")
    assert region.tabbable
    assert region.layout.overflow == "auto"
    assert "'aria-label','Phone'" in region.value


def test_role_and_style_sheet_come_with_every_content() -> None:
    region = Region("status")
    region.show("<b>new</b>")
    assert region.value.endswith("</style><b>new</b>")
    assert style.SHEET in region.value


def test_an_announcement_is_for_the_ear_alone() -> None:
    announcer = Announcer()
    announcer.announce("New SMS")
    assert "New SMS" in announcer.value
    assert "clip-path" in announcer.value
