"""Small things that many tests need."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sms2fa import ManualClock, XoxzoGateway
from sms2fa.sandbox import XoxzoSandbox


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands still, at a moment with microseconds."""
    return ManualClock(datetime(2026, 11, 1, 9, 0, 0, 123457, tzinfo=UTC))


@pytest.fixture
def sandbox(clock: ManualClock) -> Iterator[XoxzoSandbox]:
    """An open sandbox on that clock."""
    with XoxzoSandbox(clock) as sandbox:
        yield sandbox


@pytest.fixture
def gateway(sandbox: XoxzoSandbox) -> XoxzoGateway:
    """The real gateway, with the sandbox behind it."""
    return XoxzoGateway(sandbox.sid, sandbox.auth_token, api_host=sandbox.url, timeout=30)
