"""Slides for an instructor, from the notebooks, with all they need beside them: they open without a network.

A cell is on a slide when it says so (in JupyterLab: Property Inspector, Slide Type). Cells that say nothing are left
out, because most of a notebook is for reading and trying.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from html import escape
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter

# reveal.js from the package index: the wheel of sphinx-revealjs holds the unchanged release 5.2. It is not installed.
_WHEEL = "sphinx-revealjs==3.2.1 --hash=sha256:805bed3ca459346e0f01967d5ed1c40d6b7b917de1541e1e4566c8341fe7017b"
_INSIDE = "sphinx_revealjs/_static/revealjs/"
_WANTED = re.compile(
    r"LICENSE|dist/(reveal\.js|reveal\.css|theme/white\.css|theme/fonts/source-sans-pro/.*)"
    r"|plugin/notes/(notes\.js|speaker-view\.html)"
)
_TEMPLATE = Path(__file__).with_name("deck.html.j2")
_REVEAL = "reveal"  # the folder beside the pages
_SHOWN = {"slide", "subslide", "fragment", "notes", "-"}
_LOCAL_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:)[^)]*\)")  # to a file that does not lie beside the deck


def make_deck(notebooks: Iterable[Path], folder: Path) -> list[Path]:
    """Write a page of slides for each notebook that has some, and an index.

    Args:
        notebooks: the notebooks, executed; figures lie beside them.
        folder: where the pages go. reveal.js has to lie in it: see `fetch_reveal`.

    Returns:
        The pages that were written, without the index.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages: dict[Path, str] = {}
    for path in notebooks:
        notebook = slides_of(nbformat.read(path, as_version=4))
        if not notebook.cells:
            continue
        exporter = SlidesExporter(
            template_file=str(_TEMPLATE),
            reveal_url_prefix=_REVEAL,
            reveal_theme="white",
            exclude_input_prompt=True,
            exclude_output_prompt=True,
        )
        page, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": path.stem}})
        written = folder / f"{path.stem}.html"
        written.write_text(page, "utf-8", newline="\n")
        pages[written] = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
        if (path.parent / "figures").is_dir():
            shutil.copytree(path.parent / "figures", folder / "figures", dirs_exist_ok=True)
    items = "".join(f'<li><a href="{page.name}">{escape(title)}</a></li>' for page, title in pages.items())
    index = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Slides</title><ul>{items}</ul></html>\n'
    (folder / "index.html").write_text(index, "utf-8", newline="\n")
    return list(pages)


def slides_of(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The cells that belong on slides. Links to other files of the course become plain words."""
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("slideshow", {}).get("slide_type") in _SHOWN]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _LOCAL_LINK.sub(r"\1", cell.source)
    return notebook


def fetch_reveal(folder: Path) -> Path:
    """Put reveal.js into the folder of a deck, unless it is there. Needs the package index, once.

    Raises:
        subprocess.CalledProcessError: where pip cannot download it, or it is not the file that we know.
    """
    target = folder / _REVEAL
    if (target / "dist" / "reveal.js").exists():
        return target
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        (scratch / "wanted.txt").write_text(_WHEEL, "utf-8")
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes")
        subprocess.run([*pip, "-r", "wanted.txt", "-d", "."], cwd=scratch, check=True)  # noqa: S603 - pip, with a hash
        with zipfile.ZipFile(next(scratch.glob("*.whl"))) as wheel:
            for member in wheel.namelist():
                inner = member.removeprefix(_INSIDE)
                if inner != member and _WANTED.fullmatch(inner):
                    (target / inner).parent.mkdir(parents=True, exist_ok=True)
                    (target / inner).write_bytes(wheel.read(member))
    return target
