from __future__ import annotations

import re
from pathlib import Path

import pytest

from sms2fa.widgets import style

WIDGETS = Path(style.__file__).parent
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21_to_1_and_a_colour_on_itself_1_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#0b5cad", "#0b5cad") == 1


@pytest.mark.parametrize("name", style.PAIRS)
def test_ink_stands_out_from_what_it_stands_on(name: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    assert contrast(*style.PAIRS[name]) >= 4.5


@pytest.mark.parametrize("theme", ["#ffffff", "#111111"], ids=["light", "dark"])
def test_one_tone_of_the_ring_around_the_focus_stands_out_in_each_theme(theme: str) -> None:
    """WCAG 2.2, 1.4.11: at least 3 to 1."""
    assert max(contrast(style.ACCENT, theme), contrast(style.PAPER, theme)) >= 3


def test_the_style_module_alone_names_colours() -> None:
    others = [path for path in WIDGETS.glob("*.py") if path.name != "style.py"]
    found = {path.name: COLOUR.findall(path.read_text("utf-8")) for path in others}
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_every_colour_of_text_is_in_a_pair() -> None:
    named = set(COLOUR.findall((WIDGETS / "style.py").read_text("utf-8")))
    paired = {colour for pair in style.PAIRS.values() for colour in pair}
    assert named - paired == {style.LINE}


def test_motion_is_for_those_alone_who_did_not_ask_for_less() -> None:
    before, _, after = style.SHEET.partition("@media (prefers-reduced-motion:no-preference){")
    assert "animation:" not in before
    inside, _, beyond = after.partition("}}")
    assert "animation:" in inside
    assert "animation:" not in beyond


def test_a_table_escapes_names_and_values() -> None:
    assert "<b>" not in style.table([("<b>", "<b>")]) + style.grid(["<b>"], [["<b>", "<b>"]])


def test_a_notice_without_text_takes_no_room() -> None:
    assert style.notice("info", "") == ""
    assert "&lt;b&gt;" in style.notice("bad", "<b>")
