"""A folder of its own for each test that records progress, and a way to run an answer as a learner would write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercise import Result
from sms2fa.lessons.progress import FILE, my_progress


@pytest.fixture
def progress_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The learner's progress lies in a fresh folder."""
    monkeypatch.chdir(tmp_path)
    my_progress.cache_clear()
    yield tmp_path / FILE
    my_progress.cache_clear()


@pytest.fixture
def attempt() -> Callable[[str, str], Result]:
    """Check a source, as if it stood in the cell above."""
    return lambda exercise_id, source: EXERCISES[exercise_id].check(EXERCISES[exercise_id].build(source))
