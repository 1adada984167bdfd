"""The tests on the other Pythons that the project promises, each in a fresh checkout and an environment of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fresh import checkout, environment, interpreter

PROMISED = ("3.11", "3.12", "3.13")
OTHERS = [version for version in PROMISED if version != f"{sys.version_info[0]}.{sys.version_info[1]}"]


@pytest.mark.slow
@pytest.mark.parametrize("version", OTHERS)
def test_the_tests_pass_on(version: str, tmp_path: Path) -> None:
    inside = str(environment(interpreter(version), tmp_path / "venv") / "python")
    root = checkout(tmp_path / "checkout")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)  # some tests ask git for the files
    install = ["-m", "pip", "install", "--quiet", "-c", "requirements.lock", "-e", ".[course,test,dev]"]
    subprocess.run([inside, *install], cwd=root, check=True)
    tests = subprocess.run(
        [inside, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow and not browser and not lint"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tests.returncode == 0, tests.stdout[-4000:] + tests.stderr[-2000:]
    assert re.search(r"[0-9]{3,} passed", tests.stdout)
