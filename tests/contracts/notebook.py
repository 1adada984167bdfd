"""What every notebook of the course keeps true: rules, each of which names what it finds.

A code cell's tag says what it is: ``set-up`` opens the lesson, ``exercise`` holds a stub, ``check`` tries the answer,
``nbval-ignore-output`` shows something random.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import nbformat

LONGEST_CELL = 20  # lines
LONGEST_NAME = 40  # characters of a file name
BANNED = ("simply", "just", "obviously", "of course", "easy", "easily", "trivial", "trivially")

_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
_ALLOWED_NUMBER = re.compile(  # Xoxzo's documentation, numbers for fiction, and a slip that reaches nobody
    r"\+81 ?80[ -]?1234[ -]?5678|\+1 ?202-?555-?01[0-9]{2}|\+8108012345678"
)
_NUMBER = re.compile(r"(?<![\w+])\+[0-9][0-9 -]{7,}[0-9]")
_MACHINE = re.compile(r"(?:/(?:home|root|Users|work|tmp)/|[A-Z]:\\\\)[\w.\\/-]*")
_CREDENTIAL = re.compile(r"(?:sid|auth_token|key|password)\s*=\s*[\"'][\w-]{20,}[\"']")
_CHECK = re.compile(r"exercise\(\"([\w-]+)\"\)\.check\(")
_MINUTES = re.compile(r"\*\*([0-9]+) minutes\.?\*\*")


@dataclass(frozen=True)
class Lesson:
    """A notebook, and the papers that speak of it.

    Attributes:
        papers: other documents whose tables give its minutes, by name.
        exercises: ids of those that belong to it.
    """

    path: Path
    notebook: nbformat.NotebookNode
    papers: dict[str, str]
    exercises: tuple[str, ...] = ()

    @property
    def code(self) -> list[nbformat.NotebookNode]:
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    @property
    def prose(self) -> str:
        return "\n\n".join(cell.source for cell in self.notebook.cells if cell.cell_type == "markdown")

    @property
    def outputs(self) -> list[nbformat.NotebookNode]:
        return [output for cell in self.code for output in cell.outputs]


Rule = Callable[[Lesson], Iterator[str]]


def tags(cell: nbformat.NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def kernel_is_python3(lesson: Lesson) -> Iterator[str]:
    kernel = lesson.notebook.metadata.get("kernelspec", {}).get("name")
    if kernel != "python3":
        yield f"expected the kernel python3, got {kernel!r}"


def cell_ids_are_unique(lesson: Lesson) -> Iterator[str]:
    for id_, times in Counter(cell.get("id") for cell in lesson.notebook.cells).items():
        if times > 1 or not id_:
            yield f"cell id {id_!r} stands {times} times"


def it_has_its_parts(lesson: Lesson) -> Iterator[str]:
    parts = {
        "minutes": _MINUTES,
        "objectives": r"When you have finished this notebook, you can",
        "recap": r"(?m)^## Recap",
        "next": r"\*\*Next:\*\*|last notebook so far",
        "glossary": r"\(GLOSSARY\.md",
    }
    for name, pattern in parts.items():
        if not re.search(pattern, lesson.prose):
            yield f"no {name}"


def prose_comes_before_code(lesson: Lesson) -> Iterator[str]:
    cells = lesson.notebook.cells
    if not cells or cells[0].cell_type != "markdown":
        yield "the first cell is not prose"
    for before, cell in pairwise(cells):
        if cell.cell_type == before.cell_type == "code" and not {"set-up", "check"} & set(tags(cell)):
            yield f"{cell.id}: code follows code without a word"


def no_cell_is_too_long(lesson: Lesson) -> Iterator[str]:
    for cell in lesson.code:
        lines = len(cell.source.splitlines())
        if lines > LONGEST_CELL:
            yield f"{cell.id}: {lines} lines of code, more than {LONGEST_CELL}"


def no_cell_is_empty(lesson: Lesson) -> Iterator[str]:
    for cell in lesson.notebook.cells:
        if not cell.source.strip():
            yield f"{cell.get('id')}: empty"


def each_exercise_is_checked_once(lesson: Lesson) -> Iterator[str]:
    checked = Counter(_CHECK.findall("\n".join(cell.source for cell in lesson.code)))
    for id_, times in checked.items():
        if times > 1:
            yield f"exercise {id_} is checked {times} times"
        if id_ not in lesson.exercises:
            yield f"there is no exercise {id_} for this notebook"
    for id_ in lesson.exercises:
        if id_ not in checked:
            yield f"exercise {id_} has no cell that checks it"
    for cell, after in pairwise([*lesson.notebook.cells, nbformat.v4.new_markdown_cell()]):
        if "exercise" in tags(cell) and not _CHECK.search(after.source):
            yield f"{cell.id}: no cell that checks it comes next"


def images_have_a_text(lesson: Lesson) -> Iterator[str]:
    for alt, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", lesson.prose):
        if not alt.strip():
            yield f"{target}: an image without alternative text"
    for tag in re.findall(r"<img[^>]*>", lesson.prose):
        if not re.search(r'alt="[^"]+"', tag):
            yield "an <img> without alternative text"
    for output in lesson.outputs:
        if "image/png" in output.get("data", {}) and not output.data.get("text/plain", "").startswith("Plot: "):
            yield "a plot without a description"


def links_resolve(lesson: Lesson) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)]+)\)", lesson.prose):
        file, _, anchor = target.partition("#")
        if target.startswith("https://"):
            continue
        found = lesson.path.parent / file if file else lesson.path
        if not found.exists():
            yield f"{target}: no such file"
        elif anchor and found.suffix == ".md" and anchor not in anchors(found.read_text("utf-8")):
            yield f"{target}: no such heading"


def anchors(text: str) -> set[str]:
    """The names that GitHub gives to headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def no_widget_is_stored(lesson: Lesson) -> Iterator[str]:
    if any(_WIDGET_VIEW in output.get("data", {}) for output in lesson.outputs):
        yield "a widget-view is stored"
    for name in set(lesson.notebook.metadata) - {"kernelspec", "language_info"}:
        yield f"metadata.{name} is stored"


def it_is_executed_in_order(lesson: Lesson) -> Iterator[str]:
    if [cell.execution_count for cell in lesson.code] != list(range(1, len(lesson.code) + 1)):
        yield "the cells were not executed in order"
    if any(output.output_type == "error" for output in lesson.outputs):
        yield "an error is stored"


def random_cells_assert_what_matters(lesson: Lesson) -> Iterator[str]:
    for cell in lesson.code:
        if "nbval-ignore-output" in tags(cell) and not (re.search(r"(?m)^\s*assert ", cell.source) and cell.outputs):
            yield f"{cell.id}: its output is not compared, and nothing is asserted or stored"


def file_names_are_short(lesson: Lesson) -> Iterator[str]:
    if len(lesson.path.name) >= LONGEST_NAME:
        yield f"a file name of {len(lesson.path.name)} characters"


def it_names_no_machine_credential_or_stranger(lesson: Lesson) -> Iterator[str]:
    text = nbformat.writes(lesson.notebook)
    for path in _MACHINE.findall(text):
        yield f"a path of this machine: {path}"
    if _CREDENTIAL.search(text.replace('\\"', '"')):
        yield "something that looks like a credential"
    for number in _NUMBER.findall(text):
        if not _ALLOWED_NUMBER.fullmatch(number):
            yield "a phone number that is not a documentation number"


def words_are_friendly(lesson: Lesson) -> Iterator[str]:
    prose = re.sub(r"(?s)```.*?```|`[^`]*`|!\[", "", lesson.prose)
    for word in BANNED:
        if re.search(rf"\b{word}\b", prose, re.IGNORECASE):
            yield f"the word {word!r}"
    if "!" in prose:
        yield "an exclamation mark"


def minutes_agree(lesson: Lesson) -> Iterator[str]:
    title = lesson.notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    minutes = _MINUTES.search(lesson.prose)
    for name, text in lesson.papers.items():
        row = re.search(rf"\| [^|]*{re.escape(title)}[^|]*\| ([0-9]+) \|", text)
        if row is None or minutes is None or row[1] != minutes[1]:
            yield f"its minutes are not those of {name}"


RULES: tuple[Rule, ...] = (
    kernel_is_python3,
    cell_ids_are_unique,
    it_has_its_parts,
    prose_comes_before_code,
    no_cell_is_too_long,
    no_cell_is_empty,
    each_exercise_is_checked_once,
    images_have_a_text,
    links_resolve,
    no_widget_is_stored,
    it_is_executed_in_order,
    random_cells_assert_what_matters,
    file_names_are_short,
    it_names_no_machine_credential_or_stranger,
    words_are_friendly,
    minutes_agree,
)


def problems(lesson: Lesson) -> list[str]:
    """What all rules find, each with the rule's name."""
    return [f"{rule.__name__}: {found}" for rule in RULES for found in rule(lesson)]
