"""Loopback: whether a host is this machine."""

from __future__ import annotations

import pytest

from sms2fa.loopback import is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_is_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["xoxzo.com", "localhost.xoxzo.com", "8.8.8.8", "0.0.0.0", "2130706433", "::ffff:127.0.0.1", "", None]
)
def test_nothing_else_is_on_any_python(host: str | None) -> None:
    assert not is_loopback(host)
