"""A provider that is called in process, on the clock that stands still."""

from __future__ import annotations

import pytest

from sandbox.callers import Caller, caller_of
from sms2fa import ManualClock
from sms2fa.sandbox.provider import Provider


@pytest.fixture
def provider(clock: ManualClock) -> Provider:
    return Provider(clock)


@pytest.fixture
def caller(provider: Provider) -> Caller:
    """A partner whose credit does not run out."""
    return caller_of(provider)


@pytest.fixture
def stranger(provider: Provider) -> Caller:
    """Another account at the same provider."""
    return caller_of(provider)
