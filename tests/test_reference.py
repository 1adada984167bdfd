"""The reference of the package: one page for each module, and nothing that its maker complains about."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "sms2fa"


@pytest.mark.slow
@pytest.mark.lint
def test_it_is_built_without_a_warning_and_has_a_page_for_every_module(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error::UserWarning", "-m", "sms2fa.reference", str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    modules = {path.relative_to(PACKAGE.parent).with_suffix("") for path in PACKAGE.rglob("*.py")}
    programs = {path for path in modules if path.name in {"__main__", "reference"}}
    expected = {path.parent if path.name == "__init__" else path for path in modules - programs}
    pages = {page.relative_to(tmp_path).with_suffix("") for page in tmp_path.rglob("*.html")}
    assert pages - {Path("index")} == expected
    verdict = (tmp_path / "sms2fa" / "challenge.html").read_text("utf-8")
    assert "Outcome" in verdict  # the type of a named tuple's field, found in its module
    assert "retry_at" in verdict
