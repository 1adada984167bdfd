"""A classroom for the widgets, and no silent failure."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from sms2fa import ManualClock
from sms2fa.lessons.classroom import Classroom


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def classroom(clock: ManualClock) -> Iterator[Classroom]:
    classroom = Classroom(clock)
    yield classroom
    classroom.close()


@pytest.fixture(autouse=True)
def no_handler_fails(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """ipywidgets swallows an exception in a handler and logs it; here it fails the test."""
    yield
    failures = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in failures] == []
