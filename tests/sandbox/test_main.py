"""``python -m sms2fa.sandbox``, as a program in a terminal."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from queue import SimpleQueue

import pytest
import requests

from sandbox.callers import FORM, MESSAGES, PATIENCE

WINDOWS = os.name == "nt"


class Program:
    """The program under way, and what it prints, line by line."""

    def __init__(self, *arguments: str, **environ: str) -> None:
        before = signal.getsignal(signal.SIGINT)
        if before is signal.SIG_IGN:  # as for whatever a shell runs in the background, and what that starts
            signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "sms2fa.sandbox", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | environ,
        )
        if before is signal.SIG_IGN:
            signal.signal(signal.SIGINT, before)
        self.printed: SimpleQueue[str] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.put(line.rstrip("\n"))

    def line_with(self, words: str) -> str:
        while words not in (line := self.printed.get(timeout=PATIENCE)):
            pass
        return line

    def end(self, number: int) -> tuple[int, str]:
        """Its exit status and what it wrote to stderr, after this signal."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stderr is not None
        return status, self.process.stderr.read()

    def close(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture
def program() -> Iterator[Program]:
    program = Program()
    yield program
    program.close()


def greeting(program: Program) -> tuple[str, tuple[str, str], str]:
    """Its address, the credentials, and the command to try."""
    url = re.findall(r"http://127\.0\.0\.1:[0-9]+", program.line_with("http://"))[0]
    sid, token = program.line_with("SID").split()[-1], program.line_with("auth token").split()[-1]
    command = program.line_with("curl ")
    while f"{url}{MESSAGES}" not in command:  # on several lines, it may be
        command += "\n" + program.printed.get(timeout=PATIENCE)
    return url, (sid, token), command


def test_it_prints_its_address_and_a_curl_line_that_works_as_printed_and_shows_what_arrives(program: Program) -> None:
    url, _, command = greeting(program)
    assert url in command
    if shutil.which("curl") is None:
        missing = "no curl found: install it to see that the printed line works"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    answer = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert re.fullmatch(r'\[\{"msgid": ?"[^"]+"\}\]\s*', answer.stdout)
    shown = program.line_with(" to ")
    assert "+81********78" in shown
    assert "from XOXZO" in shown
    assert program.printed.get(timeout=PATIENCE).strip() == "Hello"


def test_the_curl_line_is_one_line_without_gaps(program: Program) -> None:
    _, _, command = greeting(program)
    assert "  " not in command.strip()


def test_arriving_messages_are_shown_whole_with_a_masked_number(program: Program) -> None:
    url, auth, _ = greeting(program)
    answer = requests.post(
        f"{url}{MESSAGES}", data={**FORM, "message": "確認コード\nis 042917"}, auth=auth, timeout=PATIENCE
    )
    assert answer.status_code == 201
    lines = [program.line_with(" to "), *(program.printed.get(timeout=PATIENCE) for _ in range(2))]
    assert re.match("[0-9]{2}:[0-9]{2}:[0-9]{2} UTC", lines[0])
    assert [line.strip() for line in lines[1:]] == ["確認コード", "is 042917"]
    assert "8012345678" not in "".join(lines)


def test_letters_that_the_terminal_does_not_know_hide_no_message() -> None:
    program = Program(PYTHONIOENCODING="ascii")
    try:
        url, auth, _ = greeting(program)
        for text in ("確認 042917", "the next"):
            requests.post(f"{url}{MESSAGES}", data={**FORM, "message": text}, auth=auth, timeout=PATIENCE)
        shown = []
        while not shown or "the next" not in shown[-1]:
            shown.append(program.printed.get(timeout=PATIENCE))
        assert "042917" in "".join(shown)
    finally:
        program.close()


def test_a_text_cannot_steer_the_terminal(program: Program) -> None:
    url, auth, _ = greeting(program)
    requests.post(f"{url}{MESSAGES}", data={**FORM, "message": "\x1b[2JHello"}, auth=auth, timeout=PATIENCE)
    assert "\x1b" not in program.line_with("Hello")


@pytest.mark.skipif(WINDOWS, reason="a program there cannot be sent these signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_it_ends_well_when_it_is_told_to(program: Program, name: str) -> None:
    url, auth, _ = greeting(program)
    requests.post(f"{url}{MESSAGES}", data=FORM, auth=auth, timeout=PATIENCE)
    assert program.end(getattr(signal, name)) == (0, "")
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=PATIENCE)


def test_a_port_can_be_chosen_and_one_that_is_taken_is_told_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        program = Program("--port", str(port))
        status, told = program.ended()
        program.close()
    assert status == 1
    assert f"{port} is not" in told
    assert "Traceback" not in told
    again = Program("--port", str(port))
    try:
        assert greeting(again)[0].endswith(f":{port}")
    finally:
        again.close()


@pytest.mark.parametrize("port", ["65536", "http"])
def test_a_port_that_is_none_is_told_in_words(port: str) -> None:
    program = Program(f"--port={port}")
    status, told = program.ended()
    program.close()
    assert status in (1, 2)
    assert told.strip()
    assert "Traceback" not in told
    assert "Warning" not in told
