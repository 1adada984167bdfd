"""A card: a heading, sentences, what was tried, and notes. HTML with inline style only, and the same as plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from sms2fa.widgets import style

Rows = tuple[tuple[str, str], ...]

_CODE = "font-family:ui-monospace,Menlo,Consolas,monospace;background:transparent;color:inherit;padding:0"


def inline(text: str) -> str:
    """A paragraph as HTML: escaped, with `code`, **bold** and lines as in Markdown."""
    parts = re.split(r"`([^`]+)`", escape(text))  # every second one is code
    prose = [re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", part).replace("\n", "<br>") for part in parts[::2]]
    code = [f'<code style="{_CODE}">{part}</code>' for part in parts[1::2]]
    return "".join(one for pair in zip(prose, [*code, ""], strict=True) for one in pair)


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """What an exercise, a hint or a solution says.

    Attributes:
        heading: what this is, in a few words.
        kind: "plain", "good" or "not yet".
        sentences: paragraphs; backticks mark code.
        rows: names and values, in reading order.
        code: lines of Python, or "".
        notes: what one could do next.
    """

    heading: str
    kind: str = "plain"
    sentences: tuple[str, ...] = ()
    rows: Rows = ()
    code: str = ""
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        width = max((len(name) for name, _ in self.rows), default=0) + 1
        rows = [f"  {name + ':':<{width}} {value}" for name, value in self.rows]
        code = [f"    {line}".rstrip() for line in self.code.splitlines()]
        return "\n".join([self.heading, *self.sentences, *rows, *code, *self.notes])

    def _repr_html_(self) -> str:
        mark, paper, ink = style.CARDS[self.kind]  # the heading says it in words; mark and colour repeat it
        parts = [f'<div style="font-weight:700">{mark} {escape(self.heading)}</div>']
        parts += [f'<div style="margin-top:4px">{inline(text)}</div>' for text in self.sentences]
        if self.rows:
            parts.append(_table(self.rows, paper, ink))
        if self.code:
            parts.append(f'<pre style="{_CODE};margin:8px 0;white-space:pre-wrap">{escape(self.code)}</pre>')
        parts += [f'<div style="margin-top:6px"><i>{inline(text)}</i></div>' for text in self.notes]
        return (
            f'<div style="background:{paper};color:{ink};font-family:{style.FONT};border-left:4px solid {ink};'
            f'padding:8px 12px;margin:4px 0;line-height:1.45;max-width:60em;overflow-wrap:anywhere">'
            f"{''.join(parts)}</div>"
        )


def _table(rows: Rows, paper: str, ink: str) -> str:
    cell = f"text-align:left;vertical-align:top;background:{paper};color:{ink};overflow-wrap:anywhere"
    lines = "".join(
        f'<tr><td style="{cell};padding:2px 14px 2px 0;white-space:nowrap">{escape(name)}</td>'
        f'<td style="{cell};padding:2px 0;white-space:pre-wrap"><code style="{_CODE}">{escape(value)}</code></td></tr>'
        for name, value in rows
    )
    return f'<table style="border-collapse:collapse;margin:6px 0;background:{paper};color:{ink}">{lines}</table>'
