"""Real JupyterLab in real Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_START_SECONDS = 60


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of notebook 00 in a JupyterLab started by `python -m sms2fa lab` with an empty home folder."""
    folder = tmp_path_factory.mktemp("lab")
    env = {**os.environ, "HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(folder / "runtime")}
    command = [sys.executable, "-m", "sms2fa", "lab", "--no-browser", "--ServerApp.port=0"]
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--folder", str(folder / "my-course")], env=env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield _address(folder / "runtime", server)
        finally:
            os.killpg(server.pid, 15)
            server.wait(timeout=30)


@pytest.fixture
def page(lab: str) -> Iterator[Page]:
    """A page of a new browser, wide enough for the board."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium; .ci/run installs it")
        pytest.skip("no Chromium found: install it to run the browser tests")
    sync_api = pytest.importorskip("playwright.sync_api", reason="the browser tests need the extra dev")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(30_000)
        yield page
        browser.close()


def _address(runtime: Path, server: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, "JupyterLab stopped; see lab.log"
        for info in runtime.glob("jpserver-*.json"):
            found = json.loads(info.read_text("utf-8"))
            return f"{found['url']}lab/tree/00_start_here.ipynb?token={found['token']}"
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not start; see lab.log")
