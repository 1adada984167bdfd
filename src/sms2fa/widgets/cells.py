"""Which cell of the notebook made or shows which widget. What a newer run of a cell replaces is closed.

ipywidgets keeps every widget for ever: fifty runs of a cell are fifty copies, in the kernel and in the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from IPython.core.getipython import get_ipython


class Closable(Protocol):
    """What can be closed; closing twice is fine."""

    def close(self) -> None:
        """Free what it holds."""
        ...


class Cells:
    """The widgets of each cell. A widget that no cell holds any more is closed."""

    def __init__(self) -> None:
        self._present: dict[int, Closable] = {}  # what the run under way has made or shown
        self._held: dict[str, dict[int, Closable]] = {}

    def note(self, widget: Closable) -> None:
        """The run under way has made or shown a widget."""
        self._present[id(widget)] = widget

    def finish(self, cell: str | None) -> None:
        """The run has ended. Without a name (not every front end gives one) nothing is known, and nothing closed."""
        present, self._present = self._present, {}
        if cell is None:
            return
        before = self._held.pop(cell, {})
        if present:
            self._held[cell] = present
        held = {place for widgets in self._held.values() for place in widgets}
        for place, widget in before.items():
            if place not in held:
                widget.close()


class Notebook:
    """The notebook as widgets see it: cells that have run. Outside a notebook nothing is known, and nothing happens."""

    def __init__(self) -> None:
        self._cells = Cells()
        self._actions: list[Callable[[], object]] = []
        self._shells: list[object] = []

    def note(self, widget: Closable) -> None:
        """The cell that runs now has made or shown a widget."""
        shell = get_ipython()
        if shell is None:
            return
        if shell not in self._shells:
            self._shells.append(shell)
            shell.events.register("pre_run_cell", self._runs)
            shell.events.register("post_run_cell", self._ran)
        self._cells.note(widget)

    def after_each_cell(self, action: Callable[[], object]) -> None:
        """Do something whenever a cell has run, as soon as there is a widget."""
        self._actions.append(action)

    def _runs(self, _info: object) -> None:
        self._cells.finish(None)  # what a handler made since the last cell belongs to none

    def _ran(self, result: Any) -> None:
        self._cells.finish(getattr(result.info, "cell_id", None))
        for action in self._actions:
            action()


NOTEBOOK = Notebook()
