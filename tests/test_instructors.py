"""The guide for instructors: its minutes add up, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from sms2fa.__main__ import _COMMANDS

COURSE = Path(__file__).parents[1] / "notebooks"
GUIDE = (COURSE / "INSTRUCTORS.md").read_text("utf-8")
STAGE = re.compile(r"(?m)^\| ([0-9]{2}): [^|]+ \| ([0-9]+) \|")
MINUTES = re.compile(r"\*\*([0-9]+) minutes\.?\*\*")


def plans() -> dict[int, list[tuple[str, int]]]:
    """The stages of each plan, as notebook and minutes, by the minutes in the plan's heading."""
    found = {}
    for length, text in re.findall(r"(?ms)^## A plan of ([0-9]+) minutes$(.*?)(?=^## )", GUIDE):
        found[int(length)] = [(notebook, int(minutes)) for notebook, minutes in STAGE.findall(text)]
    return found


def minutes_of_notebooks() -> dict[str, int]:
    found = {}
    for path in sorted(COURSE.glob("*.ipynb")):
        title = nbformat.read(path, as_version=4).cells[0].source
        found[path.name[:2]] = int(MINUTES.search(title)[1])
    return found


def test_the_stages_of_a_plan_add_up_to_its_minutes() -> None:
    assert 110 in plans()
    for length, stages in plans().items():
        assert sum(minutes for _, minutes in stages) == length


def test_the_stages_of_a_notebook_take_its_minutes_and_every_stage_has_its_notebook() -> None:
    minutes = minutes_of_notebooks()
    for length, stages in plans().items():
        planned: dict[str, int] = {}
        for notebook, stage in stages:
            planned[notebook] = planned.get(notebook, 0) + stage
        assert planned == {notebook: minutes[notebook] for notebook in planned}, f"plan of {length} minutes"


def test_a_plan_has_all_notebooks_as_far_as_there_are_any() -> None:
    assert max(plans()) == sum(minutes_of_notebooks().values())


def test_the_guide_has_what_an_instructor_asks_for() -> None:
    headings = re.findall(r"(?m)^## (.+)$", GUIDE)
    for wanted in (
        "Who it is for",
        "What they can do afterwards",
        "Before the day",
        "A room without network",
        "Slides and solutions",
        "When something fails",
        "What to cut first",
        "Common questions",
        "Where learners stumble",
        "Knobs",
        "Field report",
    ):
        assert wanted in headings
    learners = GUIDE.split("## Who it is for")[1].split("\n## ")[0]
    assert len(re.findall(r"(?m)^\| an? [^|]+\|", learners)) == 3
    assert "Nobody has taught this course yet" in GUIDE
    assert re.search(r"(?m)^\| Binder", GUIDE)


def test_the_commands_that_the_guide_and_the_readme_name_exist() -> None:
    readme = (COURSE.parent / "README.md").read_text("utf-8")
    contributing = (COURSE.parent / "CONTRIBUTING.md").read_text("utf-8")
    makefile = (COURSE.parent / "Makefile").read_text("utf-8")
    for text in (GUIDE, readme, contributing):
        for command in re.findall(r"python -m sms2fa ([a-z-]+)", text):
            assert command in _COMMANDS
        for target in re.findall(r"(?:`|^    )make ([a-z-]+)", text, re.MULTILINE):
            assert re.search(rf"(?m)^[a-z -]*\b{target}\b[a-z -]*:", makefile), target
