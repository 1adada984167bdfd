"""The links in our documents and notebooks lead somewhere. Links into the web are checked by a workflow, weekly."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import nbformat
import pytest

from contracts.notebook import anchors

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def documents() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md", "*.ipynb"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def prose(path: Path) -> str:
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.sub(r"(?ms)^```.*?^```|`[^`\n]*`", "", path.read_text("utf-8"))


def dead(path: Path, text: str) -> list[str]:
    """The links of a document that lead nowhere."""
    found = []
    for target in LINK.findall(text):
        if re.match(r"https://[a-z0-9.-]+\.[a-z]+(/|$)", target):
            continue
        file, _, anchor = target.partition("#")
        there = path.parent / file if file else path
        if not there.exists() or (anchor and anchor not in anchors(prose(there))):
            found.append(target)
    return found


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(path: Path) -> None:
    assert dead(path, prose(path)) == []


@pytest.mark.parametrize(
    "link",
    [
        "nowhere.md",
        "README.md#nothing",
        "#nothing",
        "http://plain.example/",
        "https:/one.example",
        "notebooks/99.ipynb",
    ],
)
def test_a_link_that_leads_nowhere_is_found(link: str) -> None:
    assert dead(ROOT / "README.md", f"[this]({link}) and [that](CONTRIBUTING.md)") == [link]


def test_the_documents_are_looked_at() -> None:
    names = {path.name for path in documents()}
    assert {"README.md", "CONTRIBUTING.md", "INSTRUCTORS.md", "GLOSSARY.md", "00_start_here.ipynb"} <= names
