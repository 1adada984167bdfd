"""An application served on loopback, and the threads that it needs."""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from queue import SimpleQueue
from subprocess import run
from urllib.parse import urlsplit

import pytest
import requests
from werkzeug.wrappers import Request, Response

from sandbox.callers import FORM, MESSAGES, PATIENCE, client_of, drain, in_thread
from sms2fa import ManualClock, TwoFactorError
from sms2fa.sandbox import XoxzoSandbox
from sms2fa.sandbox.agenda import Agenda
from sms2fa.sandbox.server import Server


@Request.application
def echo(request: Request) -> Response:
    return Response(request.path)


@pytest.fixture
def agenda(clock: ManualClock) -> Agenda:
    return Agenda(clock)


@pytest.fixture
def server(agenda: Agenda) -> Iterator[Server]:
    server = Server(echo, [agenda])
    yield server
    close(server)


def close(server: Server) -> None:
    in_thread(server.close).result(PATIENCE)  # one that hangs fails the test


def answers(server: Server) -> bool:
    try:
        return requests.get(f"{server.url}/path", timeout=PATIENCE).text == "/path"
    except requests.ConnectionError:
        return False


class TestServing:
    def test_it_answers_on_loopback_at_a_free_port_at_once(self, server: Server) -> None:
        assert urlsplit(server.url).hostname == "127.0.0.1"
        assert urlsplit(server.url).port == server.port > 0
        assert answers(server)

    def test_it_is_not_reached_by_the_addresses_of_the_network(self, server: Server) -> None:
        with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.2", server.port), PATIENCE):
            pass

    def test_it_answers_several_at_a_time(self, agenda: Agenda) -> None:
        together = threading.Barrier(4)

        @Request.application
        def wait_for_the_others(request: Request) -> Response:
            together.wait(PATIENCE)
            return Response("all here")

        server = Server(wait_for_the_others, [agenda])
        try:
            asked = [in_thread(lambda: requests.get(server.url, timeout=PATIENCE).text) for _ in range(4)]
            assert [each.result(PATIENCE) for each in asked] == ["all here"] * 4
        finally:
            close(server)

    def test_many_connections_at_once_are_all_accepted(self, server: Server) -> None:
        connections = [socket.create_connection(("127.0.0.1", server.port), PATIENCE) for _ in range(50)]
        try:
            for connection in connections:
                connection.sendall(b"GET /path HTTP/1.0\r\n\r\n")
            for connection in connections:
                with connection.makefile("rb") as answer:
                    assert answer.read().endswith(b"/path")
        finally:
            for connection in connections:
                connection.close()

    def test_a_request_that_is_none_is_refused_and_does_not_stop_it(self, server: Server) -> None:
        for request in (b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                with connection.makefile("rb") as answer:
                    assert answer.read()
        assert answers(server)

    def test_a_port_can_be_chosen(self, agenda: Agenda, server: Server) -> None:
        port = server.port
        close(server)
        again = Server(echo, [agenda], port)
        try:
            assert again.port == port
            assert answers(again)
        finally:
            close(again)

    def test_a_port_that_is_taken_is_told_in_words_and_leaves_nothing_behind(
        self, agenda: Agenda, server: Server
    ) -> None:
        before = set(threading.enumerate())
        with pytest.raises(TwoFactorError, match=f"expected a free port, and {server.port} is not"):
            Server(echo, [agenda], server.port)
        assert set(threading.enumerate()) == before
        assert answers(server)

    @pytest.mark.parametrize("port", [65_536, -1])
    def test_a_port_that_is_none_is_told_in_words_and_leaves_no_socket(self, agenda: Agenda, port: int) -> None:
        with pytest.raises(TwoFactorError):
            Server(echo, [agenda], port)
        gc.collect()  # a socket that was left open warns now, and a warning is an error

    def test_requests_are_logged_and_not_printed(
        self, server: Server, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG, "sms2fa"):
            assert answers(server)
        assert capfd.readouterr() == ("", "")
        assert "GET /path" in caplog.text

    def test_the_log_has_no_colours(self, server: Server, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG, "sms2fa"):
            assert answers(server)
            with XoxzoSandbox() as sandbox:
                requests.get(sandbox.url, timeout=PATIENCE)
        assert not [message for message in caplog.messages if "\x1b" in message]


class TestRefusing:
    def test_connections_are_refused_and_accepted_again_at_the_same_port(self, server: Server) -> None:
        port = server.port
        for _ in range(3):
            server.refuse()
            assert not answers(server)
            server.accept()
            assert server.port == port
            assert answers(server)

    def test_nobody_else_gets_the_port_meanwhile(self, server: Server) -> None:
        server.refuse()
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", server.port))

    def test_it_can_be_closed_while_it_refuses(self, server: Server) -> None:
        server.refuse()
        close(server)
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("127.0.0.1", server.port))


class TestAgendas:
    def test_what_is_due_runs_by_itself(self, server: Server, agenda: Agenda) -> None:
        ran: SimpleQueue[str] = SimpleQueue()
        for name in ("one", "two"):
            agenda.at(agenda.clock.now(), lambda name=name: ran.put(name))
        assert drain(ran, 2) == ["one", "two"]

    def test_what_is_late_runs_once_the_clock_is_pushed(
        self, server: Server, agenda: Agenda, clock: ManualClock
    ) -> None:
        ran: SimpleQueue[str] = SimpleQueue()
        agenda.at(clock.now() + timedelta(seconds=60), lambda: ran.put("later"))
        agenda.at(clock.now(), lambda: ran.put("now"))
        assert drain(ran, 1) == ["now"]
        assert ran.empty()
        clock.advance(seconds=60)
        assert drain(ran, 1) == ["later"]

    def test_one_agenda_does_not_wait_for_another(self, clock: ManualClock) -> None:
        slow, quick, go = Agenda(clock), Agenda(clock), threading.Event()
        ran: SimpleQueue[str] = SimpleQueue()
        server = Server(echo, [slow, quick])
        try:
            slow.at(clock.now(), lambda: ran.put("slow") if go.wait(PATIENCE) else None)
            quick.at(clock.now(), lambda: ran.put("quick"))
            assert drain(ran, 1) == ["quick"]
        finally:
            go.set()
            close(server)

    def test_it_closes_while_the_last_thing_on_an_agenda_runs(self, agenda: Agenda) -> None:
        server = Server(echo, [agenda])
        begun, go = threading.Event(), threading.Event()
        agenda.at(agenda.clock.now(), lambda: begun.set() or go.wait(PATIENCE))
        assert begun.wait(PATIENCE)
        closing = in_thread(server.close)
        assert server._stopped.wait(PATIENCE)
        go.set()
        closing.result(PATIENCE / 4)

    def test_after_the_close_nothing_runs(self, agenda: Agenda) -> None:
        server = Server(echo, [agenda])
        close(server)
        ran: list[str] = []
        agenda.at(agenda.clock.now(), lambda: ran.append("it"))
        assert ran == []

    def test_something_on_an_agenda_may_close_it(self, agenda: Agenda) -> None:
        before = set(threading.enumerate())
        server = Server(echo, [agenda])
        own, closed = set(threading.enumerate()) - before, threading.Event()
        agenda.at(agenda.clock.now(), lambda: server.close() or closed.set())
        assert closed.wait(PATIENCE)
        for thread in own:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        assert not answers(server)


FORKED = """
import os, sys
from xoxzo.cloudpy import XoxzoClient
from sms2fa.sandbox import XoxzoSandbox

def sends(sandbox):
    client = XoxzoClient(sandbox.sid, sandbox.auth_token, api_host=sandbox.url)
    return client.send_sms("Hello", "+818012345678", "XOXZO").errors is None

sandbox = XoxzoSandbox().open()
child = os.fork()
if child == 0:
    fits = sends(sandbox)  # the parent's, by its address
    if sys.argv[1] == "close":
        sandbox.close()
        sandbox.open()
        fits = fits and sends(sandbox) and len(sandbox.messages) == 1  # now the child's own
        sandbox.close()
    if sys.argv[1] == "exit":
        sys.exit(0 if fits else 1)  # what is registered for the end of the program runs too
    os._exit(0 if fits else 1)
_, status = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(status) == 0
assert sends(sandbox)
assert len(sandbox.messages) == 2
sandbox.close()
print("parent ended well")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("way", ["leave", "exit", "close"])
def test_a_forked_child_that_ends_or_closes_it_leaves_the_parents_open(way: str) -> None:
    ended = run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKED, way],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "parent ended well\n", "")


def test_a_program_that_ends_without_closing_ends_well() -> None:
    program = "from sms2fa.sandbox import XoxzoSandbox; print(XoxzoSandbox().open().url)"
    ended = run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("http://127.0.0.1:")


def test_a_request_that_is_too_large_is_answered_before_it_is_read_whole(sandbox: XoxzoSandbox) -> None:
    answer = requests.post(
        f"{sandbox.url}{MESSAGES}",
        data={**FORM, "message": "x" * 5_000_000},
        auth=(sandbox.sid, sandbox.auth_token),
        timeout=PATIENCE,
    )
    assert (answer.status_code, list(answer.json())) == (413, ["detail"])
    assert client_of(sandbox).send_sms(**FORM).errors is None
