from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from sms2fa.lessons import EXERCISES, course_map, exercise
from sms2fa.lessons.course_map import TITLES, CourseMap
from sms2fa.lessons.progress import Record

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(progress_file: Path) -> Path:
    return progress_file


def test_it_lists_every_exercise_in_the_order_of_the_course() -> None:
    listed = [line[1].split()[0] for line in course_map().lines]
    assert listed == list(EXERCISES)
    assert [line[0] for line in course_map().lines] == sorted(line[0] for line in course_map().lines)


def test_it_says_what_is_passed_tried_and_open() -> None:
    exercise("pin-1").check(EXERCISES["pin-1"].build(EXERCISES["pin-1"].solution))
    exercise("sms-5").check(lambda text, host, pin: text)
    shown = course_map()
    states = {line[1].split()[0]: line[3] for line in shown.lines}
    assert [name for name, state in states.items() if state == "passed"] == ["pin-1"]
    assert [name for name, state in states.items() if state == "tried"] == ["sms-5"]
    assert shown.summary.startswith(f"1 of {len(EXERCISES)} exercises passed, 1 of ")


def test_text_and_html_say_the_same() -> None:
    shown = course_map()
    for word in ("pin-1 A PIN is text", "01 Generate a PIN", "core", "open", shown.summary):
        assert word in repr(shown)
        assert word in shown._repr_html_()
    assert len(repr(shown).splitlines()) == len(EXERCISES) + 2


def test_a_damaged_file_is_told_in_the_map(progress_file: Path) -> None:
    progress_file.write_text("{", "utf-8")
    assert "damaged" in repr(course_map())


def test_a_record_of_an_exercise_that_is_gone_is_passed_over() -> None:
    shown = CourseMap(EXERCISES.values(), {"gone-1": Record(passed=True)})
    assert shown.summary.startswith("0 of ")


def test_looking_at_it_makes_no_file(progress_file: Path) -> None:
    repr(course_map())
    assert not progress_file.exists()


@pytest.mark.parametrize("stem", TITLES)
def test_its_titles_are_those_of_the_notebooks(stem: str) -> None:
    first = nbformat.read(NOTEBOOKS / f"{stem}.ipynb", as_version=4).cells[0].source
    title = re.match(r"# (.+)", first)
    assert title
    assert TITLES[stem] == f"{stem[:2]} {title[1]}"


def test_every_exercise_stands_in_a_notebook_with_a_title() -> None:
    assert {each.notebook for each in EXERCISES.values()} <= set(TITLES)
