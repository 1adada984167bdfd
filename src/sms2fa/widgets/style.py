"""One look: colours, spacing, buttons and small pieces of HTML. Inline style only, because GitHub strips style sheets.

Every piece that sets a background sets its ink too, so that it reads in the light and the dark theme.
"""

from __future__ import annotations

from html import escape

import ipywidgets as W  # noqa: N812

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK JP', sans-serif"
INK, PAPER, LINE = "#1b2733", "#ffffff", "#7b8794"
MUTED = "#52606d"  # 6.5 to 1 on white
SCREEN, BEZEL = "#eef2f6", "#1b2733"
ACCENT = "#0b5cad"  # 6.6 to 1 on white

NOTICES = {  # kind: mark, background, ink. The mark and the words carry the meaning; colour repeats it.
    "info": ("i", "#e3effb", "#0b3c6f"),
    "good": ("\u2713", "#def5e3", "#12491f"),
    "bad": ("\u2717", "#fde8e6", "#7a1410"),
    "live": ("LIVE", "#a3122a", "#ffffff"),
}

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
    look = {"button_color": ACCENT, "text_color": "#ffffff"} if main else {}
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


def notice(kind: str, text: str) -> str:
    """A message in a box; an empty text gives an empty box of no height."""
    if not text:
        return '<div role="status" aria-live="polite"></div>'
    mark, background, ink = NOTICES[kind]
    return (
        f'<div role="status" aria-live="polite" style="background:{background};color:{ink};font-family:{FONT};'
        f'border-left:4px solid {ink};padding:8px 12px;margin:4px 0;line-height:1.4;overflow-wrap:anywhere">'
        f"<b>{mark}</b> {escape(text)}</div>"
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
