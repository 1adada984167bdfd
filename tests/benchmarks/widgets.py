"""How fast a click changes the phone beside a bare ipywidgets button and label, in one JupyterLab and one browser.

Run it with `make bench`. Medians of one run, taken by turns; what counts are the ratios. Needs Chromium.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import ipywidgets as W  # noqa: N812
import nbformat
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks.table import head, line, milli
from sms2fa import ManualClock
from sms2fa.lessons.classroom import COURSE_NUMBER, Classroom
from sms2fa.sandbox import XoxzoSandbox
from sms2fa.widgets import Phone, PhoneModel

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ROUNDS, MESSAGES, RUNS = 40, 200, 50
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
BARE = """\
import ipywidgets as W
label, button = W.Label("0"), W.Button(description="bare")
button.on_click(lambda _: setattr(label, "value", str(int(label.value) + 1)))
W.VBox([button, label])"""
DESK = """\
from sms2fa import ManualClock
from sms2fa.lessons import open_classroom
classroom = open_classroom(ManualClock())
classroom.sms_desk()"""
CLICK = """async ([name, target]) => {
    const button = [...document.querySelectorAll('button')].find(one => one.textContent === name);
    const begun = performance.now();
    const changed = new Promise(done => new MutationObserver((_, observer) => {observer.disconnect(); done()})
        .observe(document.querySelector(target), {childList: true, subtree: true, characterData: true}));
    button.click();
    await changed;
    return performance.now() - begun;
}"""
REDRAW = """html => {
    const place = document.querySelector('.sms2fa-screen .widget-html-content'), begun = performance.now();
    place.innerHTML = html;
    place.getBoundingClientRect();
    return performance.now() - begun;
}"""


def main() -> None:
    head()
    leaks()
    if CHROMIUM is None:
        print("| click to changed phone | not measured: no Chromium found | | | at most 1.5 |")
        return
    from playwright.sync_api import sync_playwright

    with lab() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1400, "height": 1600})
        page.goto(address)
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        page.get_by_role("button", name="Send the SMS").wait_for()
        page.wait_for_timeout(2_000)
        clicks(lambda name, target: float(page.evaluate(CLICK, [name, target])) / 1000)
        redraws(lambda html: float(page.evaluate(REDRAW, html)) / 1000)
        browser.close()


def clicks(click: Callable[[str, str], float]) -> None:
    spans: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        spans[0].append(click("Send the SMS", ".sms2fa-screen"))
        spans[1].append(click("bare", ".jp-OutputArea .widget-label:not(.widget-html .widget-label)"))
    ours, theirs = map(statistics.median, spans)
    line(
        "click on Send to changed phone",
        milli(ours),
        f"a bare button and label {milli(theirs)}",
        ours / theirs,
        "at most 1.5",
    )


def redraws(draw: Callable[[str], float]) -> None:
    """The kernel writes the drawing, the page lays it out."""
    with XoxzoSandbox(ManualClock()) as sandbox:
        for number in range(MESSAGES):
            text = f"This is Xoxzo. Your PIN is {number:06d}. It works once, for 1 minute. Tell it to nobody."
            sandbox._provider.carrier.accept(recipient=COURSE_NUMBER, sender="XOXZO", text=text)
        phone = Phone(PhoneModel(sandbox, COURSE_NUMBER))
        kernel, page = list[float](), list[float]()
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            phone._redraw()
            kernel.append(time.perf_counter() - begun)
            page.append(draw(phone.screen.value))
    ours, theirs = statistics.median(kernel), statistics.median(page)
    line(
        f"redraw of a phone with {MESSAGES} messages",
        milli(ours + theirs),
        f"kernel {milli(ours)}, page {milli(theirs)}",
        None,
        "below 50 ms",
    )


def leaks() -> None:
    shell = InteractiveShell.instance()
    shell.user_ns["classroom"] = classroom = Classroom(ManualClock())
    counts = list[int]()
    for _ in range(RUNS):
        shell.run_cell("desk = classroom.sms_desk(); board = classroom.board()", cell_id="widgets")
        counts.append(len(W.widgets.widget._instances))
    classroom.close()
    shell.history_manager.end_session()
    line(
        f"ipywidgets after {RUNS} runs of a cell",
        f"{counts[-1]}",
        f"after one run {counts[0]}",
        counts[-1] / counts[0],
        "1.00",
    )


@contextmanager
def lab() -> Iterator[str]:
    """The address of a notebook with both in a JupyterLab of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        notebook = new_notebook(cells=[new_code_cell(BARE), new_code_cell(DESK)], metadata=KERNEL)
        nbformat.write(notebook, folder / "both.ipynb")
        env = {**os.environ, "HOME": name, "JUPYTER_RUNTIME_DIR": str(folder / "runtime")}
        command = [sys.executable, "-m", "sms2fa", "lab", "--no-browser", "--ServerApp.port=0", "--folder", name]
        with subprocess.Popen(
            command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as server:
            try:
                info = started(folder / "runtime")
                yield f"{info['url']}lab/tree/both.ipynb?token={info['token']}&reset"
            finally:
                os.killpg(server.pid, 15)
                server.wait(timeout=30)


def started(runtime: Path) -> dict[str, str]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for info in runtime.glob("jpserver-*.json"):
            text = info.read_text("utf-8")
            if text.rstrip().endswith("}"):  # it may be half written
                return dict(json.loads(text))
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not start")


if __name__ == "__main__":
    main()
