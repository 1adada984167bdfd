"""The notebooks under nbval from elsewhere, and spread over processes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CELLS = re.compile(r"([0-9]+) passed")


def nbval(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "--nbval-current-env",
        "-q",
        "-p",
        "no:cacheprovider",
        *options,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("-n", "2", "--dist", "loadscope")], ids=["alone", "spread"])
def test_the_notebooks_pass_in_a_folder_of_their_own(tmp_path: Path, options: tuple[str, ...]) -> None:
    course = tmp_path / "elsewhere"
    shutil.copytree(ROOT / "notebooks", course)
    ran = nbval(course, *options)
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert int(CELLS.search(ran.stdout)[1]) > 100  # type: ignore[index]
    left = {path.name for path in course.iterdir()} - {path.name for path in (ROOT / "notebooks").iterdir()}
    assert left <= {"__pycache__"}, "an untouched run leaves nothing behind"


@pytest.mark.slow
def test_a_stored_output_that_differs_fails(tmp_path: Path) -> None:
    text = (ROOT / "notebooks" / "01_generate_a_pin.ipynb").read_text("utf-8")
    assert '"(42917, False)"' in text
    (tmp_path / "changed.ipynb").write_text(text.replace('"(42917, False)"', '"(42917, True)"'), "utf-8")
    ran = nbval(tmp_path)
    assert ran.returncode == 1
    assert "1 failed" in ran.stdout
