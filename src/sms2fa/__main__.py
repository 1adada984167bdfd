"""``python -m sms2fa lab | doctor | test | ...``: what make calls, and what one types on Windows."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

try:
    from sms2fa import wheelhouse
    from sms2fa.doctor import examine
    from sms2fa.lessons.copies import copy_course
    from sms2fa.lessons.deck import fetch_reveal, make_deck
    from sms2fa.lessons.notebooks import regenerate
    from sms2fa.lessons.solutions import make_solutions
except ImportError as error:
    sys.exit(f"{error.name} is missing. Install the course: python -m pip install -c requirements.lock -e .[course]")

_ROOT = Path(__file__).resolve().parents[2]
_COURSE = _ROOT / "notebooks"
_BUILD = _ROOT / "build"
_FIRST = "00_start_here.ipynb"
_MOST_WORKERS = "4"
_CHECKS = (
    ("-m", "ruff", "check", "."),
    ("-m", "ruff", "format", "--check", "."),
    ("-m", "mypy"),
    ("-c", "from importlinter.cli import lint_imports_command as check; check()"),
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m sms2fa", description="The sms2fa course.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, (_, text) in _COMMANDS.items():
        commands.add_parser(name, help=text, add_help=False)
    chosen, further = parser.parse_known_args(arguments)
    if not (_COURSE / _FIRST).exists():
        sys.exit("expected a checkout of the repository; install it with: python -m pip install -e .[course]")
    return _COMMANDS[chosen.command][0](further)


def _lab(options: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m sms2fa lab")
    parser.add_argument("--folder", type=Path, default=_ROOT / "my-course", help="where your copy of the course lies")
    chosen, further = parser.parse_known_args(options)
    for line in copy_course(_COURSE, chosen.folder):
        print(line)  # noqa: T201 - a command line speaks
    # In a container one is root, and JupyterLab would refuse to start. It listens on loopback alone.
    as_root = ("--allow-root",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    return _run(
        ("-m", "jupyterlab", f"--LabApp.default_url=/lab/tree/{_FIRST}", *as_root, *further), folder=chosen.folder
    )


def _doctor(options: list[str]) -> int:
    argparse.ArgumentParser(prog="python -m sms2fa doctor").parse_args(options)
    diagnosis = examine()
    print(diagnosis)  # noqa: T201
    return 0 if diagnosis else 1


def _test(options: list[str]) -> int:
    return _pytest("not slow", options)


def _test_all(options: list[str]) -> int:
    return _pytest("slow", options)


def _pytest(marks: str, options: list[str]) -> int:
    return _run(("-m", "pytest", "-n", "auto", "--maxprocesses", _MOST_WORKERS, "-m", marks, *options))


def _notebooks(options: list[str]) -> int:
    for path in sorted(_COURSE.glob("*.ipynb")) if not options else map(Path, options):
        print(f"executing {path.name}")  # noqa: T201
        regenerate(path)
    return 0


def _deck(options: list[str]) -> int:
    folder = _folder("deck", options)
    try:
        fetch_reveal(folder)
    except subprocess.CalledProcessError:
        return _without_pip()
    for page in make_deck(sorted(_COURSE.glob("*.ipynb")), folder):
        print(page)  # noqa: T201
    return 0


def _solutions(options: list[str]) -> int:
    for path in make_solutions(_COURSE, _folder("solutions", options)):
        print(path)  # noqa: T201
    return 0


def _wheelhouse(options: list[str]) -> int:
    try:
        print(wheelhouse.fill(_ROOT, _folder("wheelhouse", options)))  # noqa: T201
    except subprocess.CalledProcessError:
        return _without_pip()
    return 0


def _without_pip() -> int:
    print("This needs the network, and pip in the environment (after uv: uv pip install pip).")  # noqa: T201
    return 1


def _api(options: list[str]) -> int:
    return _run(("-m", "sms2fa.reference", str(_folder("api", options))))


def _folder(command: str, options: list[str]) -> Path:
    parser = argparse.ArgumentParser(prog=f"python -m sms2fa {command}")
    parser.add_argument("--folder", type=Path, default=_BUILD / command, help="where it goes")
    folder: Path = parser.parse_args(options).folder
    return folder.resolve()


def _bench(options: list[str]) -> int:
    modules = ("benchmarks.verifier", "benchmarks.sandbox", "benchmarks.widgets")
    return max(_run(("-m", module, *options), _ROOT / "tests") for module in modules)


def _lint(options: list[str]) -> int:
    return max(_run((*check, *options)) for check in _CHECKS)


def _run(command: tuple[str, ...], folder: Path = _ROOT) -> int:
    with subprocess.Popen([sys.executable, *command], cwd=folder) as process:  # noqa: S603 - our own
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # the child heard it too, and ends in its own way: JupyterLab asks first
                continue


_COMMANDS: dict[str, tuple[Callable[[list[str]], int], str]] = {
    "lab": (_lab, "open the course in JupyterLab; what follows goes to JupyterLab (--no-browser, --port 8899)"),
    "doctor": (_doctor, "look whether everything for the course is in place, and say what to do"),
    "test": (_test, "run the tests; what follows goes to pytest"),
    "test-all": (_test_all, "run the long tests; what follows goes to pytest"),
    "wheelhouse": (_wheelhouse, "pack what a room without network needs into build/wheelhouse"),
    "deck": (_deck, "make slides from the notebooks in build/deck"),
    "solutions": (_solutions, "solve every exercise in copies of the notebooks in build/solutions"),
    "api": (_api, "make the reference of the package in build/api"),
    "notebooks": (_notebooks, "execute the notebooks and store their outputs; what follows names them"),
    "bench": (_bench, "measure, beside what it cannot do without and beside others"),
    "lint": (_lint, "check style, types and import direction"),
}

if __name__ == "__main__":
    sys.exit(main())
