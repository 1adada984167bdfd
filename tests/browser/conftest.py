"""Real JupyterLab in real Chromium."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_START_SECONDS = 60
_KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    url: str
    token: str
    course: Path

    def address(self, notebook: str) -> str:
        return f"{self.url}lab/tree/{notebook}.ipynb?token={self.token}&reset"

    def write(self, notebook: str, *cells: str) -> str:
        """Add a notebook to the learner's copies."""
        made = new_notebook(cells=[new_code_cell(source) for source in cells], metadata=_KERNEL)
        nbformat.write(made, self.course / f"{notebook}.ipynb")
        return notebook


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab started by `python -m sms2fa lab` with an empty home folder."""
    folder = tmp_path_factory.mktemp("lab")
    env = {**os.environ, "HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(folder / "runtime")}
    command = [sys.executable, "-m", "sms2fa", "lab", "--no-browser", "--ServerApp.port=0"]
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--folder", str(folder / "my-course")], env=env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            info = _started(folder / "runtime", server)
            yield Lab(info["url"], info["token"], folder / "my-course")
        finally:
            os.killpg(server.pid, 15)
            server.wait(timeout=30)


@pytest.fixture
def browser() -> Iterator[Browser]:
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
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Page:
    """A page of a new browser, wide enough for the board."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(30_000)
    return page


@pytest.fixture
def learner(page: Page, lab: Lab, artefacts: Path) -> Iterator[Learner]:
    """Somebody at that page; what they change in the settings is set back."""
    learner = Learner(page, lab, artefacts)
    yield learner
    learner.set_up(theme="Light", whole=False)


@pytest.fixture(scope="session")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots and lists are kept: the folder of SMS2FA_SCREENSHOTS, or one of pytest's."""
    named = os.environ.get("SMS2FA_SCREENSHOTS")
    folder = Path(named).absolute() if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Learner:
    """Opens notebooks, runs them, and uses the keyboard."""

    def __init__(self, page: Page, lab: Lab, artefacts: Path) -> None:
        self.page = page
        self._lab = lab
        self._artefacts = artefacts

    def set_up(self, *, theme: str = "Light", whole: bool = True) -> None:
        """Choose a theme, and whether the page holds the whole notebook or what one sees of it, as by default."""
        self._set("apputils-extension:themes", {"theme": f"JupyterLab {theme}"})
        self._set("notebook-extension:tracker", {"windowingMode": "none"} if whole else {})

    def open(self, notebook: str) -> None:
        self.page.goto(self._lab.address(notebook))
        self.page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()

    def choose(self, menu: str, entry: str) -> None:
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_text(entry, exact=True).click()

    def run_all(self) -> None:
        """Clear all outputs, run all cells, and wait for the last one. Needs the whole notebook in the page."""
        self.choose("Edit", "Clear Outputs of All Cells")
        self.choose("Run", "Run All Cells")
        self.page.wait_for_function(
            """() => {
                const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(e => e.textContent);
                return prompts.length && prompts.every(text => /\\[\\d+\\]/.test(text));
            }""",
            timeout=120_000,
        )
        self.page.wait_for_timeout(1_500)  # the last widgets are drawn

    def errors(self) -> list[str]:
        """What went wrong in any output."""
        found = self.page.locator(
            ".jp-OutputArea-output[data-mime-type*=stderr], .jp-OutputArea-output[data-mime-type*=error]"
        )
        return found.all_inner_texts()

    def tab_to(self, target: Locator, *, limit: int = 40) -> None:
        """Press Tab until the target has the focus, and see that one sees it."""
        for _ in range(limit):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                break
        else:
            where = self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
            raise AssertionError(f"{target} was not reached by Tab; the focus is at {where}")
        assert self.ring(target) >= 2, "the focus is not visible"

    def ring(self, target: Locator) -> float:
        """How wide the line around it is, in pixels."""
        style = "const style = getComputedStyle(element)"
        return float(
            target.evaluate(
                f"element => {{{style}; return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)}}"
            )
        )

    def has_focus(self, target: Locator) -> bool:
        """Whether it has the focus, or gets it in a moment."""
        for _ in range(20):
            if target.evaluate("element => element === document.activeElement"):
                return True
            self.page.wait_for_timeout(50)
        return False

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def enlarge(self) -> None:
        """Make the window so high that all of the notebook is seen; the width stays."""
        height = self.page.evaluate(
            """() => {
                const panel = document.querySelector('.jp-WindowedPanel-outer');
                const cells = [...panel.querySelectorAll('.jp-Cell')];
                return panel.scrollTop + cells.at(-1).getBoundingClientRect().bottom;
            }"""
        )
        width = self.page.viewport_size["width"]
        self.page.set_viewport_size({"width": width, "height": min(round(height) + 60, 16_000)})
        self.page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")
        self.page.wait_for_timeout(800)

    def picture(self, name: str) -> None:
        """Keep a screenshot of what is seen."""
        self.page.screenshot(path=self._artefacts / f"{name}.png")

    def keep(self, name: str, text: str) -> None:
        (self._artefacts / name).write_text(text, "utf-8")

    def _set(self, plugin: str, settings: dict[str, Any]) -> None:
        answer = self.page.request.put(
            f"{self._lab.url}lab/api/settings/@jupyterlab/{plugin}",
            data=json.dumps({"raw": json.dumps(settings)}),
            headers={"Authorization": f"token {self._lab.token}", "Content-Type": "application/json"},
        )
        assert answer.ok, answer.text()


def _started(runtime: Path, server: subprocess.Popen[bytes]) -> dict[str, str]:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, "JupyterLab stopped; see lab.log"
        for info in runtime.glob("jpserver-*.json"):
            text = info.read_text("utf-8")
            if re.search(r"}\s*$", text):  # it may be half written
                return dict(json.loads(text))
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not start; see lab.log")
