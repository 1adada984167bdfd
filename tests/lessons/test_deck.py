"""The slides: what is on them, and that they open where there is no network."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from sms2fa.lessons import deck
from sms2fa.lessons.deck import fetch_reveal, make_deck, slides_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

COURSE = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(COURSE.glob("*.ipynb"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def on(kind: str) -> dict[str, object]:
    return {"slideshow": {"slide_type": kind}}


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A notebook with two slides, a picture beside it, and cells that are on no slide."""
    cells = [
        new_markdown_cell("# Send a letter\n\n![A stamp.](figures/stamp.svg)", metadata=on("slide")),
        new_markdown_cell("Left out: for reading."),
        new_markdown_cell("See [the glossary](GLOSSARY.md#stamp) and [a page](https://a.example/).", metadata=on("-")),
        new_code_cell("stamps = 1\nstamps", metadata=on("slide"), outputs=[new_output("stream", text="one stamp")]),
        new_markdown_cell("Skipped.", metadata=on("skip")),
    ]
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "stamp.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    nbformat.write(new_notebook(cells=cells), tmp_path / "letter.ipynb")
    return tmp_path / "letter.ipynb"


def test_only_cells_with_a_slide_type_are_on_slides_and_links_into_the_course_are_words(letter: Path) -> None:
    notebook = slides_of(nbformat.read(letter, as_version=4))
    assert [cell.source.splitlines()[0] for cell in notebook.cells] == [
        "# Send a letter",
        "See the glossary and [a page](https://a.example/).",
        "stamps = 1",
    ]
    assert "![A stamp.](figures/stamp.svg)" in notebook.cells[0].source


def test_a_page_loads_nothing_but_files_beside_it(letter: Path, tmp_path: Path) -> None:
    [page] = make_deck([letter], tmp_path / "deck")
    html = page.read_text("utf-8")
    loaded = re.findall(r'(?:<script[^>]* src|<link[^>]* href|<img[^>]* src)="([^"]*)"', html)
    assert "reveal/dist/reveal.js" in loaded
    assert [target for target in loaded if not target.startswith(("reveal/", "figures/"))] == []
    assert not re.search(r"\bimport\b.*https?:|url\([\"']?https?:", html)
    assert (tmp_path / "deck" / "figures" / "stamp.svg").exists()
    assert '<a href="letter.html">Send a letter</a>' in (tmp_path / "deck" / "index.html").read_text("utf-8")


def test_a_notebook_without_slides_has_no_page(tmp_path: Path) -> None:
    nbformat.write(new_notebook(cells=[new_markdown_cell("For reading.")]), tmp_path / "read.ipynb")
    assert make_deck([tmp_path / "read.ipynb"], tmp_path / "deck") == []
    assert not (tmp_path / "deck" / "read.html").exists()


def test_reveal_is_fetched_by_its_digest_and_only_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.search(r"--hash=sha256:[0-9a-f]{64}$", deck._WHEEL)
    (tmp_path / "reveal" / "dist").mkdir(parents=True)
    (tmp_path / "reveal" / "dist" / "reveal.js").touch()
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("fetched again"))
    assert fetch_reveal(tmp_path) == tmp_path / "reveal"


@pytest.mark.slow
def test_a_file_that_is_not_the_one_we_know_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = hashlib.sha256(b"something else").hexdigest()
    monkeypatch.setattr(deck, "_WHEEL", re.sub(r"[0-9a-f]{64}$", wrong, deck._WHEEL))
    with pytest.raises(subprocess.CalledProcessError):
        fetch_reveal(tmp_path)
    assert not (tmp_path / "reveal").exists()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The deck of the course."""
    folder = tmp_path_factory.mktemp("deck")
    fetch_reveal(folder)
    make_deck(NOTEBOOKS, folder)
    return folder


@pytest.fixture
def offline_page() -> object:
    """A page of a browser that can open files alone; it remembers what else was asked for, and what went wrong."""
    if CHROMIUM is None:
        missing = "no Chromium found: install it to look at the slides"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    sync_api = pytest.importorskip("playwright.sync_api", reason="the browser tests need the extra dev")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.troubles = []
        page.on("pageerror", lambda error: page.troubles.append(str(error)))

        def only_files(route: object) -> None:
            if route.request.url.startswith("file:"):
                route.continue_()
            else:
                page.troubles.append(route.request.url)
                route.abort()

        page.route("**/*", only_files)
        yield page
        browser.close()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_slides_of_a_notebook_open_with_the_network_cut_off(
    notebook: Path, whole: Path, offline_page: Page
) -> None:
    page = offline_page
    title = nbformat.read(notebook, as_version=4).cells[0].source.splitlines()[0].removeprefix("# ")
    page.goto((whole / f"{notebook.stem}.html").as_uri())
    page.wait_for_function("Reveal.isReady()")
    assert page.get_by_role("heading", name=title).is_visible()
    number = page.evaluate("Reveal.getTotalSlides()")
    assert number >= 5
    for _ in range(number):  # each shows something, all of it
        words, height, room = page.evaluate(
            "(() => { const slide = Reveal.getCurrentSlide();"
            " return [slide.innerText, slide.scrollHeight, slide.clientHeight] })()"
        )
        assert words.strip()
        assert height <= room + 2, f"it does not fit: {words[:60]!r}"
        page.evaluate("Reveal.next()")
    assert page.evaluate("Reveal.isLastSlide()")
    broken = "[...document.images].filter(image => !image.complete || !image.naturalWidth).map(image => image.src)"
    assert page.evaluate(broken) == []
    assert page.troubles == []
