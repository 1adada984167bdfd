"""Templates: texts with placeholders, which a person at Xoxzo approves."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sms2fa.errors import InvalidInput

# Written {name} in the documentation and {{name}} in the blog.
_PLACEHOLDER = re.compile(r"\{\{\s*(?P<double>\w+)\s*\}\}|\{\s*(?P<single>\w+)\s*\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One template.

    Attributes:
        id: its number at the API.
        account: the SID of its owner.
        name: for people.
        approved_content: what can be sent, or "".
        pending_content: what waits for approval, or "".
    """

    id: int
    account: str = field(repr=False)
    name: str
    approved_content: str
    pending_content: str

    @property
    def status(self) -> str:
        """APPROVED, or PENDING until a person has looked at it; also after a change."""
        return "PENDING" if self.pending_content else "APPROVED"

    def fill(self, variables: Mapping[str, object]) -> str:
        """The text with these values. Raises KeyError for a value that is missing."""
        return _PLACEHOLDER.sub(lambda found: str(variables[_name(found)]), self.approved_content)

    def names(self) -> list[str]:
        """The placeholders of the newest content, each once."""
        content = self.pending_content or self.approved_content
        return list(dict.fromkeys(_name(found) for found in _PLACEHOLDER.finditer(content)))


class Templates:
    """All accounts' templates."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._templates: dict[int, Template] = {}

    def create(self, account: str, name: str, content: str) -> Template:
        """A new one, which is PENDING."""
        with self._lock:
            template = Template(next(self._ids), account, name, "", content)
            self._templates[template.id] = template
            return template

    def of(self, account: str) -> list[Template]:
        """Those of one account, oldest first."""
        with self._lock:
            return [template for template in self._templates.values() if template.account == account]

    def find(self, account: str, id_: int) -> Template | None:
        """One of that account, or None."""
        template = self._templates.get(id_)
        return template if template is not None and template.account == account else None

    def update(self, template: Template, name: str, content: str) -> Template:
        """Give it another name or content; a changed content is PENDING again."""
        current = template.pending_content or template.approved_content
        pending = template.pending_content if content == current else content
        return self._put(replace(template, name=name, pending_content=pending))

    def delete(self, template: Template) -> None:
        """Forget it."""
        with self._lock:
            self._templates.pop(template.id, None)

    def approve(self, id_: int) -> Template:
        """Play Xoxzo's reviewer. Approving twice is fine. Raises InvalidInput where there is no such template."""
        template = self._templates.get(id_)
        if template is None:
            raise InvalidInput(f"expected the id of a template, got {id_!r}", field="id")
        if not template.pending_content:
            return template
        return self._put(replace(template, approved_content=template.pending_content, pending_content=""))

    def _put(self, template: Template) -> Template:
        with self._lock:
            self._templates[template.id] = template
            return template


def _name(found: re.Match[str]) -> str:
    return found["double"] or found["single"]
