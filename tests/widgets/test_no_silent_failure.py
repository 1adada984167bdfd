"""The fixture of this folder finds a failing handler, wherever its exception is swallowed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = """
import ipywidgets as W
from sms2fa import Message, parse_phone
from sms2fa.widgets.view import Model, View

def fail(*_):
    raise KeyError("fuse")
"""
FAILING = {
    "ipywidgets": "def test_it():\n    button = W.Button()\n    button.on_click(fail)\n    button.click()",
    "a view": "def test_it():\n    Model().guard(fail)",
    "a listener": "def test_it(classroom):\n    classroom.sandbox.listen(fail)\n"
    "    classroom.gateway.send(Message('x'), to=parse_phone('+818012345678'))",
    "an expected failure that does not come": "def test_it(expected_failures):\n    expected_failures.append('fuse')",
}


@pytest.mark.parametrize("source", FAILING.values(), ids=FAILING)
def test_a_handler_that_fails_fails_its_test(source: str, tmp_path: Path) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_it.py").write_text(f"{HEAD}\n{source}\n", "utf-8")
    (tmp_path / "pytest.ini").touch()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert "1 passed, 1 error" in ran.stdout, ran.stdout
    assert "expected_failures" in ran.stdout
