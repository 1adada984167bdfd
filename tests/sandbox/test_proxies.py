"""Calls to this machine, kept away from proxies."""

from __future__ import annotations

import os
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from sandbox.callers import FORM, client_of
from sms2fa.sandbox import XoxzoSandbox
from sms2fa.sandbox.proxies import NoProxy

NAMES = ("NO_PROXY", "no_proxy")


@pytest.mark.parametrize("before", [(None, None), ("a.example", None), (None, "b.example"), ("a", "b"), ("", "")])
def test_no_proxy_names_loopback_while_a_sandbox_is_open_and_is_as_before_then(
    monkeypatch: pytest.MonkeyPatch, before: tuple[str | None, str | None]
) -> None:
    for name, value in zip(NAMES, before, strict=True):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    first, second = XoxzoSandbox().open(), XoxzoSandbox().open()
    try:
        for _ in range(2):
            for name, value in zip(NAMES, before, strict=True):
                assert os.environ[name].split(",") == [*filter(None, [value]), "127.0.0.1"]
            first.close()
    finally:
        first.close()
        second.close()
    assert tuple(os.environ.get(name) for name in NAMES) == before


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_dead_proxy_does_not_matter(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as dead:
        address = f"http://127.0.0.1:{dead.getsockname()[1]}"
    monkeypatch.setenv(name, address)
    with XoxzoSandbox() as sandbox:
        assert client_of(sandbox).send_sms(**FORM).errors is None


def test_a_no_proxy_for_everything_keeps_its_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "*")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with XoxzoSandbox() as sandbox:
        assert client_of(sandbox).send_sms(**FORM).errors is None
        assert requests.utils.get_environ_proxies("http://provider.example") == {}


def test_threads_that_open_and_close_leave_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "a.example")
    proxies = NoProxy()

    def come_and_go(_: int) -> bool:
        proxies.add()
        named = all("127.0.0.1" in os.environ[name] for name in NAMES)
        proxies.remove()
        return named

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(come_and_go, range(2_000)))
    assert [os.environ[name] for name in NAMES] == ["a.example"] * 2
