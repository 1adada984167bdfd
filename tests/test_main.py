from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sms2fa import __main__ as main

ROOT = Path(__file__).parents[1]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Path]]:
    """The programs that would have been started, and where."""
    calls: list[tuple[list[str], Path]] = []

    class Program:
        def __init__(self, command: list[str], *, cwd: Path) -> None:
            calls.append((command, cwd))
            self.interrupted = len(calls) == 1

        def __enter__(self) -> Program:
            return self

        def __exit__(self, *error: object) -> None:
            pass

        def wait(self) -> int:
            if self.interrupted:  # by Ctrl-C, once: the program gets the time to end in its own way
                self.interrupted = False
                raise KeyboardInterrupt
            return 7

    monkeypatch.setattr(main.subprocess, "Popen", Program)
    return calls


def test_lab_opens_the_first_notebook_of_the_learners_copy(
    started: list[tuple[list[str], Path]], tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    assert main.main(["lab", "--folder", str(mine), "--no-browser", "--port", "8899"]) == 7
    command, folder = started[0]
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert command[3].endswith("=/lab/tree/00_start_here.ipynb")
    assert command[-3:] == ["--no-browser", "--port", "8899"]
    assert folder == mine
    assert (mine / "00_start_here.ipynb").exists()


@pytest.mark.parametrize(("command", "marks"), [("test", "not slow"), ("test-all", "slow")])
def test_test_hands_its_options_to_pytest(started: list[tuple[list[str], Path]], command: str, marks: str) -> None:
    assert main.main([command, "-x", "-k", "phone"]) == 7
    ran, folder = started[0]
    assert ran[1:3] == ["-m", "pytest"]
    assert ran[ran.index("-m", 3) + 1] == marks
    assert ran[-3:] == ["-x", "-k", "phone"]
    assert folder == ROOT


def test_lint_runs_all_checks_and_fails_if_one_does(started: list[tuple[list[str], Path]]) -> None:
    assert main.main(["lint"]) == 7
    assert len(started) == 4


def test_bench_runs_the_benchmarks(started: list[tuple[list[str], Path]]) -> None:
    assert main.main(["bench"]) == 7
    modules = [f"benchmarks.{name}" for name in ("verifier", "sandbox", "widgets")]
    assert [command[1:] for command, _ in started] == [["-m", module] for module in modules]
    assert all(
        (folder / f"{module.replace('.', '/')}.py").is_file()
        for (_, folder), module in zip(started, modules, strict=True)
    )


def test_no_command_prints_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.main([])
    assert "command" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["wheelhouse", "deck", "solutions"])
def test_what_is_built_goes_into_a_folder_of_its_own_in_build_or_where_one_wants_it(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folders: list[Path] = []

    def built(*arguments: object) -> list[str]:
        folders.append(Path(str(arguments[-1])))
        return ["made"]

    monkeypatch.setattr(main.wheelhouse, "fill", built)
    for name in ("fetch_reveal", "make_deck", "make_solutions"):
        monkeypatch.setattr(main, name, built)
    assert main.main([command]) == 0
    assert set(folders) == {ROOT / "build" / command}
    folders.clear()
    assert main.main([command, "--folder", str(tmp_path)]) == 0
    assert set(folders) == {tmp_path}
    assert "made" in capsys.readouterr().out


def test_the_reference_is_made_by_a_program_of_its_own_since_it_needs_the_extra_dev(
    started: list[tuple[list[str], Path]],
) -> None:
    assert main.main(["api"]) == 7
    assert started[0][0] == [sys.executable, "-m", "sms2fa.reference", str(ROOT / "build" / "api")]


@pytest.mark.parametrize(("command", "function"), [("wheelhouse", "wheelhouse.fill"), ("deck", "fetch_reveal")])
def test_where_pip_fails_it_is_said_what_is_needed(
    command: str, function: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object) -> None:
        raise main.subprocess.CalledProcessError(1, "pip")

    monkeypatch.setattr(f"sms2fa.__main__.{function}", failing)
    assert main.main([command]) == 1
    assert "needs the network, and pip" in capsys.readouterr().out
