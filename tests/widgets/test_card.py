from __future__ import annotations

from sms2fa.widgets import style
from sms2fa.widgets.card import Card, inline

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


def test_each_kind_has_its_own_mark_so_that_nothing_relies_on_colour() -> None:
    assert len({mark for mark, _, _ in style.CARDS.values()}) == len(style.CARDS)
