"""Every notebook of the course in JupyterLab, light and dark: it runs, everyone can use it, nothing is cut off."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from conftest import Learner

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOKS = sorted(path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
OURS = ".jp-OutputArea"
GRAVE = ("serious", "critical")
SIZES = {"a window of 1024": (1024, 768), "1280 at 200 %": (640, 400)}
CUT = """() => [...document.querySelectorAll('.jp-OutputArea :is(button, input, select, textarea)')].filter(control => {
    const box = control.getBoundingClientRect();
    const area = control.closest('.jp-OutputArea-output').getBoundingClientRect();
    return box.width && (box.left < area.left - 1 || box.right > area.right + 1);
}).map(control => control.outerHTML.slice(0, 120))"""


def findings(page: Page, context: object) -> list[str]:
    """What axe finds, gravest first, each with the element."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    violations: list[dict[str, Any]] = axe.run(page, context=context).response["violations"]
    return sorted(
        f"{violation['impact']}: {violation['id']}: {node['html'][:160]}"
        for violation in violations
        for node in violation["nodes"]
    )


def grave(found: list[str]) -> list[str]:
    return [line for line in found if line.startswith(GRAVE)]


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_notebook_runs_and_axe_finds_nothing_grave_in_its_outputs(
    learner: Learner, notebook: str, theme: str
) -> None:
    learner.set_up(theme=theme)
    learner.open(notebook)
    learner.page.locator(OURS).first.wait_for()
    stored = findings(learner.page, OURS)
    learner.run_all()
    assert learner.errors() == []
    learner.enlarge()
    found = findings(learner.page, OURS)
    labs = findings(learner.page, {"exclude": [[OURS]]})
    name = f"{notebook}-{theme.lower()}"
    learner.picture(name)
    learner.keep(f"{name}-axe.txt", "\n".join(["In our outputs:", *found, "", "JupyterLab's own:", *labs, ""]))
    print(f"axe in {name}: {len(found)} in our outputs; JupyterLab's own, apart:", *labs, sep="\n  ")  # noqa: T201
    # A stored plot is a PNG, which JupyterLab shows without its text; the text comes with the first run.
    assert [line for line in grave(stored) if ": image-alt: " not in line] == []
    assert grave(found) == []


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_no_control_is_cut_off_in_a_narrow_window_or_a_large_zoom(learner: Learner, notebook: str) -> None:
    learner.set_up()
    learner.open(notebook)
    learner.run_all()
    for name, (width, height) in SIZES.items():
        learner.page.set_viewport_size({"width": width, "height": height})
        if width == 640:
            learner.press("Control+b")  # one folds the file browser away
        learner.enlarge()
        assert learner.page.evaluate(CUT) == [], name
        learner.picture(f"{notebook}-{width}")
