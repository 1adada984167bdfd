from __future__ import annotations

import threading

import pytest

from sms2fa import TwoFactorError, XoxzoGateway, compose, parse_phone
from sms2fa.lessons.demos import newest_pin, race
from sms2fa.sandbox import XoxzoSandbox


def test_a_race_runs_all_at_once_and_counts_what_came_back() -> None:
    together = threading.Barrier(20)  # falls only if all twenty are there
    assert race(lambda: together.wait(30) >= 0, times=20) == {True: 20}


def test_what_a_runner_raises_comes_back() -> None:
    def stumble() -> int:
        raise ValueError("stumbled")

    with pytest.raises(ValueError, match="stumbled"):
        race(stumble, times=2)


def test_the_newest_pin_is_read_as_text(sandbox: XoxzoSandbox, gateway: XoxzoGateway) -> None:
    for pin in ("111111", "042917"):
        gateway.send(compose(pin), to=parse_phone("+818012345678"))
    assert newest_pin(sandbox) == "042917"


def test_without_a_message_it_says_what_to_do(sandbox: XoxzoSandbox) -> None:
    with pytest.raises(TwoFactorError, match="no SMS with a PIN"):
        newest_pin(sandbox)
