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
def expected_failures(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """A handler that fails, fails the test, wherever the exception was caught: in our views, in ipywidgets, in the
    sandbox' threads. A test whose point it is appends a word of the log line; then that line has to come."""
    expected: list[str] = []
    yield expected
    records = [record for phase in ("setup", "call", "teardown") for record in caplog.get_records(phase)]
    lines = [record.getMessage() for record in records if is_failure(record)]
    assert [line for line in lines if not any(word in line for word in expected)] == []
    assert [word for word in expected if not any(word in line for line in lines)] == []


def is_failure(record: logging.LogRecord) -> bool:
    """ipywidgets logs an exception in a callback as a warning."""
    return record.levelno >= logging.ERROR or "Exception in callback" in record.getMessage()
