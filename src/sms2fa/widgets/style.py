"""One look: colours, spacing, buttons and small pieces of HTML. Inline style only, because GitHub strips style sheets.

Every piece that sets a background sets its ink too, so that it reads in the light and the dark theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import ipywidgets as W  # noqa: N812

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK JP', sans-serif"
INK, PAPER, LINE = "#1b2733", "#ffffff", "#7b8794"
MUTED = "#52606d"  # 6.5 to 1 on white
SCREEN = "#eef2f6"
ACCENT, ON_ACCENT = "#0b5cad", "#ffffff"  # 6.6 to 1

NOTICES = {  # kind: mark, background, ink. The mark and the words carry the meaning; colour repeats it.
    "info": ("i", "#e3effb", "#0b3c6f"),
    "good": ("\u2713", "#def5e3", "#12491f"),
    "bad": ("\u2717", "#fde8e6", "#7a1410"),
    "live": ("LIVE", "#a3122a", "#ffffff"),
}

CARDS = {  # kind: mark, paper, ink
    "plain": ("\u2022", SCREEN, INK),
    "good": NOTICES["good"],
    "not yet": ("\u2192", "#fff4dc", "#5c3b00"),
}

PAIRS = {  # every ink and what it stands on: at least 4.5 to 1 (WCAG 2.2, 1.4.3)
    "text": (INK, PAPER),
    "text on a screen": (INK, SCREEN),
    "aside": (MUTED, PAPER),
    "aside on a screen": (MUTED, SCREEN),
    "mark": (ACCENT, PAPER),
    "mark on a screen": (ACCENT, SCREEN),
    "main button": (ON_ACCENT, ACCENT),
    **{f"notice: {kind}": (ink, paper) for kind, (_, paper, ink) in NOTICES.items()},
    **{f"card: {kind}": (ink, paper) for kind, (_, paper, ink) in CARDS.items()},
}

# For the living widget alone; see `Region`, which brings it into the page. The ring has two tones, so that it stands
# out in the light and the dark theme; its rule names the class thrice, since ipywidgets takes the ring from its fields.
# Only who did not ask for less motion sees a message fly in.
SHEET = (
    f".sms2fa.sms2fa.sms2fa :focus-visible,.sms2fa-screen:focus-visible{{outline:3px solid {ACCENT}!important;"
    f"outline-offset:-3px!important;box-shadow:inset 0 0 0 5px {PAPER}!important}}"
    f".sms2fa-screen{{background:{SCREEN};color:{INK}}}"
    f".sms2fa-handset{{border:9px solid {INK};border-radius:30px;box-sizing:border-box;box-shadow:0 0 0 1px {LINE}}}"
    ".sms2fa.jupyter-widgets-disconnected::after{content:'The kernel is gone. Run the cell again to go on.';"
    f"background:{NOTICES['bad'][1]};color:{NOTICES['bad'][2]};padding:8px 12px;font-weight:700;order:-1}}"
    ".sms2fa .sms2fa.jupyter-widgets-disconnected::after,.sms2fa .jupyter-widgets-disconnected::before{display:none}"
    "@media (prefers-reduced-motion:no-preference){.sms2fa-arrived{animation:sms2fa-arrive .45s ease-out}}"
    "@keyframes sms2fa-arrive{from{transform:translateY(-18px) scale(.94)}}"
)

REGIONS = [  # for a number in national form
    ("Japan +81", "JP"),
    ("United States +1", "US"),
    ("United Kingdom +44", "GB"),
    ("Germany +49", "DE"),
    ("France +33", "FR"),
    ("India +91", "IN"),
    ("Indonesia +62", "ID"),
    ("Malaysia +60", "MY"),
    ("Philippines +63", "PH"),
    ("Singapore +65", "SG"),
]

FORM_WIDTH, SERVER_WIDTH, PHONE_WIDTH = 304, 246, 252  # pixels: side by side on a laptop of 1280


def button(text: str, *, main: bool = False) -> W.Button:
    """A button as wide as its text needs; the main one of its group stands out."""
    look = {"button_color": ACCENT, "text_color": ON_ACCENT} if main else {}
    return W.Button(description=text, style=look, layout=W.Layout(width="auto", flex="1 1 auto", min_width="90px"))


def field(widget: W.Widget) -> W.Widget:
    """A field as wide as its column, with its label in front."""
    widget.style.description_width = "102px"
    widget.layout.width = "98%"
    return widget


def buttons(*widgets: W.Widget) -> W.HBox:
    """Buttons in a row that wraps where it is narrow."""
    return W.HBox(list(widgets), layout=W.Layout(flex_flow="row wrap", width="100%", max_width="460px"))


def side_by_side(*widgets: W.Widget) -> W.HBox:
    """Widgets beside each other where there is room, else beneath."""
    layout = W.Layout(flex_flow="row wrap", align_items="flex-start", grid_gap="10px")
    return W.HBox(list(widgets), layout=layout)


def notice(kind: str, text: str, further: str = "") -> str:
    """A message in a box; an empty text gives an empty box of no height.

    Args:
        kind: one of `NOTICES`.
        text: is escaped.
        further: HTML that follows it.
    """
    if not text:
        return ""
    mark, background, ink = NOTICES[kind]
    return (
        f'<div style="background:{background};color:{ink};font-family:{FONT};'
        f'border-left:4px solid {ink};padding:8px 12px;margin:4px 0;line-height:1.4;overflow-wrap:anywhere">'
        f"<b>{mark}</b> {escape(text)}{further}</div>"
    )


def panel(title: str, body: str, *, width: str = "auto") -> str:
    """A card with a heading."""
    return (
        f'<div style="background:{PAPER};color:{INK};font-family:{FONT};line-height:1.45;border:1px solid {LINE};'
        f'border-radius:8px;padding:10px 14px;box-sizing:border-box;width:{width};max-width:100%">'
        f'<div style="font-weight:700;margin-bottom:6px">{escape(title)}</div>{body}</div>'
    )


def table(rows: list[tuple[str, str]]) -> str:
    """Names and values, both escaped."""
    cell = f"text-align:left;vertical-align:top;background:{PAPER};overflow-wrap:anywhere"
    cells = "".join(
        f'<tr><td style="{cell};padding:2px 14px 2px 0;color:{MUTED};white-space:nowrap">{escape(name)}</td>'
        f'<td style="{cell};padding:2px 0;color:{INK}">{escape(value)}</td></tr>'
        for name, value in rows
    )
    return f'<table style="border-collapse:collapse;color:{INK};background:{PAPER};margin:0">{cells}</table>'


def grid(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with a line of headings; everything is escaped."""
    cell = f"text-align:left;vertical-align:top;background:{PAPER};color:{INK};padding:3px 14px 3px 0"
    edge = f"border-bottom:1px solid {LINE}"
    head = "".join(f'<th style="{cell};{edge};font-weight:700">{escape(text)}</th>' for text in headings)
    lines = "".join(
        f'<tr><th style="{cell};font-weight:700">{escape(first)}</th>'
        + "".join(f'<td style="{cell}">{escape(text)}</td>' for text in others)
        + "</tr>"
        for first, *others in rows
    )
    look = f"border-collapse:collapse;color:{INK};background:{PAPER};margin:0"
    return f'<table style="{look}"><tr>{head}</tr>{lines}</table>'
