"""What the repository as a whole keeps true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "sms2fa"
TEXTS = {".py", ".md", ".ipynb", ".toml", ".yml", ".lock", ".json", ".sh", ""}
# Rooms whose door has nothing to test, and the entry that the browser test starts.
UNTESTED = {"__init__.py", "widgets/style.py", "stores/__init__.py", "gateways/__init__.py"}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    paths = [ROOT / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.suffix in TEXTS and path.is_file()]


@pytest.mark.lint
def test_style_types_and_import_direction_hold() -> None:
    if find_spec("ruff") is None and not os.environ.get("CI"):
        pytest.skip("the extra dev, with ruff and mypy, is not installed")
    lint = subprocess.run(
        [sys.executable, "-m", "sms2fa", "lint"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_every_module_has_a_test_module() -> None:
    paths = [str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"]
    modules = {path.replace("__main__.py", "main.py") for path in paths}
    tests = {
        re.sub(r"(^|/)test_", r"\1", str(path.relative_to(ROOT / "tests"))) for path in ROOT.glob("tests/**/test_*.py")
    }
    assert sorted(modules - tests - UNTESTED) == []


def test_no_file_names_a_machine_path_or_a_package_index() -> None:
    forbidden = re.compile("|".join(["/" + "root/", "/" + "home/", "/" + "work/", "index" + "-url", "pypi" + r"\.org"]))
    found = {str(path.relative_to(ROOT)): forbidden.findall(path.read_text("utf-8")) for path in tracked()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_the_lock_has_exact_versions_and_nothing_else() -> None:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert len(pins) > 100
    for line in pins:
        assert re.fullmatch(r"[a-z0-9.-]+==[0-9][0-9a-z.]*( ; [^#]+)?", line), line


def test_the_environment_file_installs_the_course_with_one_command() -> None:
    text = (ROOT / "environment.yml").read_text("utf-8")
    assert re.search(r"^  - python=3\.[0-9]+$", text, re.MULTILINE)
    assert "      - -c requirements.lock\n      - -e .[course,test]\n" in text


def test_only_the_gateway_imports_the_client() -> None:
    importers = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"^\s*(from|import) xoxzo\b", path.read_text("utf-8"), re.M)
    }
    assert importers == {"gateways/xoxzo.py"}


def test_every_text_file_is_opened_as_utf_8() -> None:
    for path in PACKAGE.rglob("*.py"):
        for call in re.findall(r"(?:read_text|write_text)\(([^()]*(?:\([^()]*\))?[^()]*)\)", path.read_text("utf-8")):
            assert '"utf-8"' in call, f"{path.name}: {call}"
