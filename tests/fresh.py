"""What a stranger has: a checkout without anything built, another Python, an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def interpreter(version: str) -> str:
    """A Python of that version, on the PATH or one of pyenv's. Without one the test is skipped, and in CI it fails."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    for candidate in (shutil.which(f"python{version}"), *map(str, pyenv.glob(f"versions/{version}.*/bin/python"))):
        if candidate and subprocess.run([candidate, "--version"], capture_output=True, check=False).returncode == 0:
            return candidate
    missing = f"Python {version} is neither on the PATH nor among pyenv's versions"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def checkout(folder: Path) -> Path:
    """A copy of the files that git knows or would add, and of no others."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def environment(python: str, folder: Path) -> Path:
    """A new virtual environment. Returns the folder of its programs."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    return folder / ("Scripts" if os.name == "nt" else "bin")
