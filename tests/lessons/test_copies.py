from __future__ import annotations

from pathlib import Path

import pytest

from sms2fa.lessons.copies import copy_course


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "00.ipynb").write_text("one", "utf-8")
    return folder


def test_the_first_start_copies_the_course(source: Path, tmp_path: Path) -> None:
    mine = tmp_path / "my-course"
    assert copy_course(source, mine) == ["00.ipynb: copied to my-course/"]
    assert (mine / "00.ipynb").read_text("utf-8") == "one"


def test_the_second_start_says_nothing(source: Path, tmp_path: Path) -> None:
    copy_course(source, tmp_path / "my-course")
    assert copy_course(source, tmp_path / "my-course") == []


def test_the_learners_work_is_never_overwritten(source: Path, tmp_path: Path) -> None:
    mine = tmp_path / "my-course"
    copy_course(source, mine)
    (mine / "00.ipynb").write_text("my work", "utf-8")
    (source / "00.ipynb").write_text("two", "utf-8")
    for _ in range(2):
        told = copy_course(source, mine)
        assert len(told) == 1
        assert "newer version" in told[0]
        assert (mine / "00.ipynb").read_text("utf-8") == "my work"


def test_a_notebook_that_was_put_away_is_copied_anew(source: Path, tmp_path: Path) -> None:
    mine = tmp_path / "my-course"
    copy_course(source, mine)
    (source / "00.ipynb").write_text("two", "utf-8")
    (mine / "00.ipynb").rename(mine / "00-mine.ipynb")
    assert copy_course(source, mine) == ["00.ipynb: copied to my-course/"]
    assert copy_course(source, mine) == []


def test_what_the_notebooks_link_to_comes_with_them_in_its_newest_form(source: Path, tmp_path: Path) -> None:
    mine = tmp_path / "my-course"
    (source / "figures").mkdir()
    for text in ("old", "new"):
        (source / "GLOSSARY.md").write_text(text, "utf-8")
        (source / "figures" / "steps.svg").write_text(text, "utf-8")
        copy_course(source, mine)
        assert (mine / "GLOSSARY.md").read_text("utf-8") == text
        assert (mine / "figures" / "steps.svg").read_text("utf-8") == text
