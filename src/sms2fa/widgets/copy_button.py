"""A button that copies a word of the widget into the clipboard, and says so."""

from __future__ import annotations

from html import escape

import ipywidgets as W  # noqa: N812

from sms2fa.widgets import style
from sms2fa.widgets.region import Region

# The browser lets a page write to the clipboard in the moment of a click, so this runs in the page, not in the kernel.
# Where there is no clipboard (a page without https, an old browser), the word is selected, and Ctrl+C does it.
_SCRIPT = """\
const widget=this.closest('.sms2fa'),said=widget.querySelector('.sms2fa-said span');
const found=widget.querySelector('[data-copied]'),say=text=>{said.textContent=text};
const select=()=>{getSelection().selectAllChildren(found);
say('Not copied: this page may not use the clipboard. The NAME is selected now: press Ctrl+C or Cmd+C.')};
if(!found)say('There is no NAME in the newest message.');
else if(!navigator.clipboard)select();
else navigator.clipboard.writeText(found.textContent).then(()=>say('Copied. Paste it into the form.'),select);
"""


class CopyButton(W.HTML):  # type: ignore[misc]  # ipywidgets has no types
    """Copies what is `marked` in the same widget. It never changes, so it keeps the focus.

    Args:
        text: on the button.
        name: of what it copies, in words.

    Attributes:
        said: what became of it, to be shown in the same widget.
    """

    def __init__(self, text: str, name: str) -> None:
        super().__init__(layout=W.Layout(flex="1 1 auto", min_width="90px", margin="0"))
        self.said = Region("status", looks=("sms2fa-said",), margin="0")
        self.said.show(f'<span style="font-family:{style.FONT};line-height:1.4;overflow-wrap:anywhere"></span>')
        self.value = (
            f'<button type="button" class="lm-Widget jupyter-widgets jupyter-button widget-button" '
            f'data-lm-suppress-shortcuts="true" style="width:calc(100% - 4px)" '
            f'onclick="{escape(_SCRIPT.replace("NAME", name))}">{escape(text)}</button>'
        )


def marked(name: str, html: str) -> str:
    """A word that can be copied; an empty one is left out.

    Args:
        name: what it is.
        html: the word, escaped.
    """
    return f'<b data-copied="{escape(name)}">{html}</b>' if html else ""
