from __future__ import annotations

import pytest

from sms2fa.widgets.card import KINDS, Card, inline

CARD = Card(
    "pin-1: not yet", "not yet", ("Use `<b>`.",), (("got", "<1>"), ("expected", "'2'")), "x = 1 < 2", ("Next.",)
)


def test_as_text_it_reads_in_order() -> None:
    assert repr(CARD).splitlines() == [
        "pin-1: not yet",
        "Use `<b>`.",
        "  got:      <1>",
        "  expected: '2'",
        "    x = 1 < 2",
        "Next.",
    ]


def test_as_html_every_part_is_escaped_and_in_the_same_order() -> None:
    html = CARD._repr_html_()
    parts = ["pin-1: not yet", "&lt;b&gt;", "&lt;1&gt;", "&#x27;2&#x27;", "1 &lt; 2", "Next."]
    places = [html.index(part) for part in parts]
    assert places == sorted(places)
    assert "<b>`" not in html


def test_html_has_inline_style_alone() -> None:
    assert "<style" not in CARD._repr_html_()
    assert "class=" not in CARD._repr_html_()


def test_markdown_in_a_sentence_becomes_html() -> None:
    assert inline("a **b** & c").replace(" ", "") == "a<b>b</b>&amp;c"
    assert "<b>" not in inline("`2 ** 3 ** 4`")
    assert "<code" in inline("`x`")
    assert inline("one\ntwo") == "one<br>two"


@pytest.mark.parametrize("kind", KINDS)
def test_ink_stands_out_from_paper(kind: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    _, paper, ink = KINDS[kind]
    assert (luminance(paper) + 0.05) / (luminance(ink) + 0.05) > 4.5


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
