"""What went wrong inside a widget, as its user may read it: no PIN, no full number, no credential, no path."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import PurePath

from sms2fa.phone import hide_digits

_LINES_KEPT = 6
_HIDDEN = "\u2022\u2022\u2022\u2022"
_TOKENS = re.compile(r"(?=[\w-]*[0-9A-Z])(?=[\w-]*[a-z])[\w-]{16,}")  # a SID or an auth token


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception without what nobody should see.

    Attributes:
        kind: the class of the exception.
        message: what it says.
        lines: where it happened, the innermost place last.
    """

    kind: str
    message: str
    lines: tuple[str, ...]

    @classmethod
    def of(cls, error: BaseException, secrets: Iterable[str] = ()) -> Failure:
        """Look at an exception.

        Args:
            error: what was raised.
            secrets: texts that must not appear, such as what was typed into a password field.
        """
        hidden = [secret for secret in secrets if secret]
        frames = traceback.extract_tb(error.__traceback__)[-_LINES_KEPT:]
        return cls(
            type(error).__name__,
            _without(str(error), hidden),
            tuple(
                f"{PurePath(frame.filename).name}, line {frame.lineno}, in {frame.name}: "
                f"{_without(frame.line or '', hidden)}"
                for frame in frames
            ),
        )

    @property
    def html(self) -> str:
        """A fold that opens by mouse and keyboard."""
        place = "overflow-x:auto;white-space:pre-wrap;background:transparent;color:inherit;margin:6px 0 0"
        return (
            f'<details style="margin-top:6px"><summary style="cursor:pointer">Details</summary>'
            f'<pre style="{place}">{escape(str(self))}</pre></details>'
        )

    def __str__(self) -> str:
        return "\n".join([*self.lines, f"{self.kind}: {self.message}"])


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, _HIDDEN)
    return _TOKENS.sub(_HIDDEN, hide_digits(text))
