"""The tests on the other Pythons that the project promises, each in an environment of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROMISED = ("3.11", "3.12", "3.13")
OTHERS = [version for version in PROMISED if version != f"{sys.version_info[0]}.{sys.version_info[1]}"]


def interpreter(version: str) -> str | None:
    """A Python of that version: on the PATH, or one of pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    for candidate in (shutil.which(f"python{version}"), *map(str, pyenv.glob(f"versions/{version}.*/bin/python"))):
        if candidate and subprocess.run([candidate, "--version"], capture_output=True, check=False).returncode == 0:
            return candidate
    return None


@pytest.mark.slow
@pytest.mark.parametrize("version", OTHERS)
def test_the_tests_pass_on(version: str, tmp_path: Path) -> None:
    python = interpreter(version)
    if python is None:
        missing = f"Python {version} is neither on the PATH nor among pyenv's versions"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    subprocess.run([python, "-m", "venv", str(tmp_path / "venv")], check=True)
    inside = str(tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python")
    install = ["-m", "pip", "install", "--quiet", "-c", "requirements.lock", "-e", ".[course,test,dev]"]
    subprocess.run([inside, *install], cwd=ROOT, check=True)
    tests = subprocess.run(
        [inside, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow and not browser and not lint"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tests.returncode == 0, tests.stdout[-4000:] + tests.stderr[-2000:]
    assert re.search(r"[0-9]{3,} passed", tests.stdout)
