"""Cells of a real IPython shell, as a notebook runs them: with the id of the cell."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Callable, Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets.widgets import widget as registry

import sms2fa.widgets as public
from sms2fa.widgets.cells import Cells

SET_UP = (
    "from sms2fa import ManualClock\nfrom sms2fa.lessons.classroom import Classroom\n"
    "from sms2fa.lessons.quiz import predict\nfrom sms2fa.widgets import *\nclassroom = Classroom(ManualClock())"
)
WIDGETS = {
    "Board": "classroom.board()",
    "CheckDesk": "classroom.check_desk()",
    "ClockDial": "classroom.clock_dial()",
    "LiveDesk": "LiveDesk()",
    "LoginForm": "LoginForm(BoardModel(classroom.sandbox, classroom.verifier, classroom.clock).form)",
    "Phone": "classroom.phone()",
    "Phones": "classroom.phones('+818012345678', '+12025550123')",
    "PinDial": "PinDial()",
    "Question": "predict('expiry')",
    "SmsDesk": "classroom.sms_desk()",
}
Run = Callable[[str, str], object]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a cell of that id; its last value is displayed, as a notebook does."""
    hook, main = sys.displayhook, sys.modules["__main__"]  # IPython puts its own in their place
    shell = InteractiveShell.instance()

    def run(source: str, cell: str) -> object:
        result = shell.run_cell(source, store_history=True, cell_id=cell)
        result.raise_error()
        return result.result

    run(SET_UP, "set-up")
    classroom = shell.user_ns["classroom"]
    yield run
    classroom.close()
    shell.reset()
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()
    sys.displayhook, sys.modules["__main__"] = hook, main
    capsys.readouterr()


def living() -> int:
    return len(registry._instances)


@pytest.mark.parametrize("runs", [3, pytest.param(50, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", WIDGETS)
def test_a_cell_that_is_run_often_leaves_one_widget_and_one_model(run: Run, name: str, runs: int) -> None:
    models = [weakref.ref(run(WIDGETS[name], "a").model)]  # type: ignore[attr-defined]
    once = living()
    models += [weakref.ref(run(WIDGETS[name], "a").model) for _ in range(runs)]  # type: ignore[attr-defined]
    assert living() == once
    InteractiveShell.instance().reset(new_session=False)  # IPython itself keeps every result, in Out
    gc.collect()
    assert sum(model() is not None for model in models) <= 1


def test_every_public_view_is_tried() -> None:
    assert {name for name in public.__all__ if hasattr(getattr(public, name), "static_html")} == set(WIDGETS)


def test_a_widget_that_was_made_and_never_shown_is_replaced_too(run: Run) -> None:
    (phone,) = run("phone = classroom.phone()\n(phone,)", "a")  # type: ignore[misc]  # in a tuple it is not shown
    run("phone = classroom.phone()", "a")
    assert phone.comm is None


def test_a_widget_that_another_cell_shows_stays(run: Run) -> None:
    phone = run("phone = classroom.phone()\nphone", "a")
    run("phone", "b")
    run("classroom.phone()", "a")
    assert phone.comm is not None  # type: ignore[attr-defined]
    run("1", "b")
    assert phone.comm is None  # type: ignore[attr-defined]


def test_a_widget_that_a_cell_shows_again_stays(run: Run) -> None:
    keep = "if 'kept' not in globals():\n    kept = classroom.phone()\nkept"
    phone = run(keep, "a")
    run(keep, "a")
    assert phone.comm is not None  # type: ignore[attr-defined]


def test_without_the_id_of_the_cell_nothing_is_closed(run: Run) -> None:
    phones = [run("classroom.phone()", None) for _ in range(3)]  # type: ignore[arg-type]
    assert all(phone.comm is not None for phone in phones)  # type: ignore[attr-defined]


def test_a_clock_that_a_cell_pushed_is_noticed(run: Run) -> None:
    dial = run("dial = classroom.clock_dial()\ndial", "a")
    run("classroom.clock.advance(seconds=90)", "b")
    assert "1 minute 30 seconds" in dial.face.value  # type: ignore[attr-defined]


class Door:
    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_what_no_cell_holds_any_more_is_closed_once() -> None:
    cells, door = Cells(), Door()
    for cell in ("a", "b"):
        cells.note(door)
        cells.finish(cell)
    cells.finish("a")
    assert door.closed == 0
    cells.finish("b")
    cells.finish("b")
    assert door.closed == 1


def test_what_was_made_between_two_cells_belongs_to_none() -> None:
    cells, door = Cells(), Door()
    cells.note(door)
    cells.finish(None)
    cells.finish("a")
    cells.finish("a")
    assert door.closed == 0
