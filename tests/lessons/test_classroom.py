from __future__ import annotations

import pytest

from sms2fa import ManualClock, TwoFactorError
from sms2fa.lessons import open_classroom


def test_it_says_that_nothing_real_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    classroom = open_classroom()
    assert capsys.readouterr().out.startswith("SANDBOX")
    assert not classroom.gateway.live
    classroom.close()


def test_a_cell_that_is_run_twice_leaves_one_sandbox_open() -> None:
    first = open_classroom()
    second = open_classroom()
    with pytest.raises(TwoFactorError, match="closed"):
        first.sandbox.url  # noqa: B018
    assert second.sandbox.url.startswith("http://127.0.0.1:")
    second.close()


def test_it_does_not_read_the_credentials_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XOXZO_API_SID", "real-sid")
    monkeypatch.setenv("XOXZO_API_AUTH_TOKEN", "real-token")
    classroom = open_classroom()
    assert not classroom.gateway.live
    assert classroom.sandbox.sid != "real-sid"
    classroom.close()


def test_a_desk_needs_a_clock_that_can_be_pushed() -> None:
    classroom = open_classroom()
    with pytest.raises(TwoFactorError, match="ManualClock"):
        classroom.check_desk()
    classroom = open_classroom(ManualClock())
    assert classroom.check_desk().value is None
    classroom.close()
