from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sms2fa.lessons.progress import Progress, Record, my_progress


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "my-progress.json"


def tried(old: Record) -> Record:
    return old._replace(tries=old.tries + 1)


def test_reading_makes_no_file(file: Path) -> None:
    progress = Progress(file)
    assert progress.records() == {}
    assert progress.record("pin-1") == Record()
    assert not file.exists()


def test_what_is_noted_is_read_again_in_another_kernel(file: Path) -> None:
    assert Progress(file).note("pin-1", tried) == Record(tries=1)
    assert Progress(file).note("pin-1", lambda old: old._replace(passed=True)) == Record(tries=1, passed=True)
    assert Progress(file).records() == {"pin-1": Record(1, 0, 0, True)}


def test_a_person_can_read_the_file(file: Path) -> None:
    Progress(file).note("pin-1", tried)
    content = json.loads(file.read_text("utf-8"))
    assert content["exercises"] == {"pin-1": {"tries": 1, "hints": 0, "asked": 0, "passed": False}}
    assert "delete this file" in content["about"]
    assert len(file.read_text("utf-8").splitlines()) > 5


def test_two_notebooks_do_not_overwrite_each_other(file: Path) -> None:
    one, other = Progress(file), Progress(file)
    one.note("pin-1", tried)
    other.note("sms-1", tried)
    one.note("pin-1", tried)
    assert Progress(file).records() == {"pin-1": Record(2), "sms-1": Record(1)}


def test_no_other_file_is_left_behind(file: Path) -> None:
    Progress(file).note("pin-1", tried)
    assert [path.name for path in file.parent.iterdir()] == ["my-progress.json"]


def test_records_of_a_newer_course_are_kept(file: Path) -> None:
    Progress(file).note("later-9", tried)
    Progress(file).note("pin-1", tried)
    assert Progress(file).record("later-9") == Record(1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"exercises": []}',
        b'{"exercises": {"pin-1": 5}}',
        b'{"exercises": {"pin-1": {"tries": "many"}}}',
        b'{"exercises": {"pin-1": {"passed": 1}}}',
        b"\xff\x00",
    ],
)
def test_a_damaged_file_is_told_once_and_left_alone(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    progress = Progress(file)
    assert progress.note("pin-1", tried) == Record(1)
    assert "damaged" in progress.take_notice()
    assert progress.note("pin-1", tried) == Record(2)
    assert progress.take_notice() == ""
    assert file.read_bytes() == content


def test_a_file_that_notepad_saved_is_read(file: Path) -> None:
    Progress(file).note("pin-1", tried)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert Progress(file).record("pin-1") == Record(1)


def test_a_folder_that_takes_no_file_is_told_once(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "missing" / "my-progress.json")
    assert progress.note("pin-1", tried) == Record(1)
    assert "could not be written" in progress.take_notice()
    assert progress.note("pin-1", tried) == Record(2)
    assert progress.records() == {"pin-1": Record(2)}
    assert progress.take_notice() == ""


def test_a_file_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "my-progress.json").mkdir()
    progress = Progress(tmp_path / "my-progress.json")
    assert progress.note("pin-1", tried) == Record(1)
    assert "could not be read" in progress.take_notice()
    assert not progress.reset()
    assert "could not be deleted" in progress.take_notice()
    assert progress.records() == {}


def test_a_file_that_is_busy_for_a_moment_is_waited_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace a file that another notebook reads."""
    refusals = [PermissionError("busy"), PermissionError("busy")]
    replace = Path.replace

    def busy(self: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", busy)
    progress = Progress(file)
    progress.note("pin-1", tried)
    assert progress.take_notice() == ""
    assert Progress(file).record("pin-1") == Record(1)


def test_reset_forgets_all_and_mends_a_damaged_file(file: Path) -> None:
    file.write_text("{", "utf-8")
    progress = Progress(file)
    progress.note("pin-1", tried)
    assert progress.reset()
    assert progress.records() == {}
    progress.note("sms-1", tried)
    assert Progress(file).records() == {"sms-1": Record(1)}


def test_it_stays_where_the_notebook_began(progress_file: Path) -> None:
    progress = my_progress()
    (progress_file.parent / "elsewhere").mkdir()
    os.chdir(progress_file.parent / "elsewhere")
    progress.note("pin-1", tried)
    assert my_progress() is progress
    assert progress_file.exists()
