"""A folder with every package that the course needs, for a room without a network."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

_EDITABLE = "editables"  # what hatchling asks for besides itself when it installs with -e


@dataclass(frozen=True, slots=True)
class Wheelhouse:
    """The folder, filled.

    Attributes:
        folder: where it is.
        wheels: how many packages lie in it.
        megabytes: how large they are together.
    """

    folder: Path
    wheels: int
    megabytes: int

    def __str__(self) -> str:
        machine = f"Python {sys.version_info[0]}.{sys.version_info[1]} on {platform.system()} {platform.machine()}"
        return f"{self.wheels} packages, {self.megabytes} MB, in {self.folder}. They fit {machine}, and no other."


def requirements(root: Path) -> list[str]:
    """What the course and the installation of the project itself need, from ``pyproject.toml``."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    course = project["project"]["optional-dependencies"]["course"]
    return [*project["project"]["dependencies"], *course, *project["build-system"]["requires"], _EDITABLE]


def fill(root: Path, folder: Path) -> Wheelhouse:
    """Put the packages that the lock names into the folder, in place of those that lie there.

    What lies there stays until all is downloaded.

    Args:
        root: the checkout, with ``pyproject.toml`` and ``requirements.lock``.
        folder: made where it is missing.

    Raises:
        subprocess.CalledProcessError: where pip cannot download or build something; pip has said what.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.resolve()) as new:
        pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", new)
        lock = ("-c", "requirements.lock")
        subprocess.run([*pip, *lock, *requirements(root)], cwd=root, check=True)  # noqa: S603 - pip, and our own list
        for old in folder.glob("*.whl"):
            old.unlink()
        wheels = [wheel.replace(folder / wheel.name) for wheel in Path(new).glob("*.whl")]
    size = sum(wheel.stat().st_size for wheel in wheels)
    return Wheelhouse(folder, len(wheels), round(size / 1_000_000))
