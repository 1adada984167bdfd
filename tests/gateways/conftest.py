"""A provider that goes wrong in every way, and a sandbox that closes quickly."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contracts.gateway import ScriptedProvider
from sms2fa.sandbox import server


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def closing_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of sandboxes are closed here, one after another."""
    monkeypatch.setattr(server, "_POLL", 0.002)
