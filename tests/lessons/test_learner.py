from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sms2fa.lessons import exercise as door
from sms2fa.lessons import learner
from sms2fa.lessons.learner import Endless, Raised, has_blank, is_learners, run


def written(source: str, name: str = "f") -> Callable[..., object]:
    names: dict[str, Callable[..., object]] = {}
    exec(compile(source, "<cell>", "exec"), names)
    return names[name]


@pytest.mark.parametrize(
    "filename",
    [
        "/tmp/ipykernel_4242/123456.py",
        r"C:\Users\maria\AppData\Local\Temp\ipykernel_4242\123456.py",
        "<ipython-input-1-abc>",
        "<stdin>",
        "<string>",
    ],
)
def test_a_cell_is_the_learners(filename: str) -> None:
    assert is_learners(filename)


@pytest.mark.parametrize(
    "filename",
    [json.__file__, pytest.__file__, learner.__file__, door.__code__.co_filename, "<frozen importlib._bootstrap>"],
)
def test_a_library_and_this_package_are_not(filename: str) -> None:
    assert not is_learners(filename)


def test_an_exception_is_found_at_the_learners_innermost_line() -> None:
    function = written("import json\n\ndef g(x):\n    return json.loads(x)\n\ndef f(x):\n    return g(x)\n")
    got = run(function, "{")
    assert isinstance(got, Raised)
    assert isinstance(got.error, json.JSONDecodeError)
    assert got.line is not None
    assert (got.line.where, got.line.number) == ("your cell", 4)


def test_a_line_of_a_file_is_named_by_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_helpers.py").write_text("def f(x):\n    return 1 / x\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import my_helpers

    got = run(my_helpers.f, 0)
    assert got.line == learner.Line("my_helpers.py", 2, "return 1 / x")


def test_an_exception_outside_the_learners_lines_has_none() -> None:
    got = run(int, "x")
    assert isinstance(got, Raised)
    assert got.line is None
    assert got.words.startswith("ValueError: ")


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    while True: pass\n",
        "def f():\n    n = 0\n    while True:\n        n += 1\n",
        "def f():\n    return [x for x in iter(int, 1)]\n",
        "def f():\n    while True:\n        try:\n            int('x')\n        except Exception:\n            pass\n",
    ],
)
def test_a_loop_without_an_end_is_stopped(source: str) -> None:
    got = run(written(source), patience=0.05)
    assert isinstance(got, Raised)
    assert isinstance(got.error, Endless)
    assert got.line is not None


def test_exit_is_an_exception_like_another() -> None:
    assert isinstance(run(sys.exit), Raised)


def test_a_press_on_stop_is_not_swallowed() -> None:
    def pressed() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(pressed)


def test_a_debugger_keeps_its_trace() -> None:
    def debugger(*_: object) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(debugger)
    try:
        assert run(lambda: sys.gettrace()) is debugger
        assert sys.gettrace() is debugger
    finally:
        sys.settrace(before)


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    return ...\n",
        "def f():\n    x = ...\n    return 1\n",
        "def f():\n    return g(..., 1)\n",
        "def f():\n    def g():\n        return ...\n    return g()\n",
        "f = ...\n",
    ],
)
def test_an_ellipsis_marks_a_blank(source: str) -> None:
    assert has_blank(written(source))


@pytest.mark.parametrize("source", ["def f():\n    return '...'\n", "f = len\n", "f = 5\n", "f = None\n"])
def test_without_one_there_is_no_blank(source: str) -> None:
    assert not has_blank(written(source))
