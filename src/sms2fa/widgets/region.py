"""A part of a widget that stays in the page while its content changes: focus, scrolling and announcements survive."""

from __future__ import annotations

from typing import Any

import ipywidgets as W  # noqa: N812

from sms2fa.widgets import style

_UNSEEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"


class Region(W.HTML):  # type: ignore[misc]  # ipywidgets has no types
    """HTML in an element that has a role and stays.

    ipywidgets replaces what lies inside at every change and has no way to set a role: a screen reader would not
    announce such a change. So the content brings a line of script that gives the role to the element around it, and the
    style sheet of all living widgets. Where a page forbids scripts, everything is there but the announcement.

    Args:
        role: "status" is announced at each change; "group" and "log" are places to go to.
        label: its name; a role other than "status" needs one.
        scrolls: whether it scrolls: then the keyboard can reach it.
        looks: names of classes from the style sheet.
    """

    def __init__(
        self, role: str, label: str = "", *, scrolls: bool = False, looks: tuple[str, ...] = (), **layout: str
    ) -> None:
        sizes: dict[str, Any] = {"overflow": "auto", **layout} if scrolls else layout
        super().__init__(tabbable=True if scrolls else None, layout=W.Layout(**sizes))
        self._dom_classes = looks
        live = "off" if role == "log" else "polite"  # the lines of a log are too many to be read out
        facts = {"role": role} | ({"aria-label": label} if label else {})
        facts |= {"aria-live": live} if role in ("status", "log") else {}
        script = "".join(f"e.setAttribute('{name}','{value}');" for name, value in facts.items())
        if scrolls:  # `focus()` of ipywidgets goes to the content, which cannot have it
            script += "this.parentElement.focus=()=>e.focus();"
        self._head = f"<style onload=\"const e=this.closest('.widget-html');{script}\">{style.SHEET}</style>"
        self.show("")

    def show(self, html: str) -> None:
        """Replace the content."""
        self.value = self._head + html


class Announcer(Region):
    """Says something to those who do not see the page; it takes no room."""

    def __init__(self) -> None:
        super().__init__("status", height="0", margin="0")

    def announce(self, html: str) -> None:
        """Say it, once."""
        self.show(f'<div style="{_UNSEEN}">{html}</div>')
