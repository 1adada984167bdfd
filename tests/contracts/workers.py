"""Verifiers in processes of their own, to race each other and to be killed; and what their tests have in common."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Literal

from contracts.store import PATIENCE, Barrier
from sms2fa import NIST_800_63B, Challenge, Message, Outcome, PhoneNumber, Policy, SqliteStore, SystemClock, Verifier
from sms2fa.account import Account
from sms2fa.clock import Clock
from sms2fa.errors import TwoFactorError
from sms2fa.gateways import DeliveryStatus, Gateway, Receipt
from sms2fa.gateways.recording import RecordingGateway
from sms2fa.stores import Store
from sms2fa.stores.redis import RedisStore

OpenStore = Callable[[], SqliteStore | RedisStore]

KEY = b"k" * 32
PHONE = "+818012345678"
BRAKES = ("cooldown", "sends_per_challenge", "sends_per_number", "sends_per_prefix", "sends_per_day")
# Ten digits, so that no two random PINs are the same; no brakes, so that a test can send as often as it needs.
FREE = replace(NIST_800_63B, pin_length=10, **dict.fromkeys(BRAKES))

Round = tuple[Challenge, Sequence[str]]  # a challenge, and the PINs to type one after another
Command = tuple[Literal["start", "resend", "check"], dict[str, str]]
Report = tuple[Literal["looked", "sent", "done"], Any]  # at the clock; the PIN that was sent; what a command gave


def a_verifier(
    store: Store, policy: Policy = FREE, gateway: Gateway | None = None, clock: Clock | None = None
) -> Verifier:
    return Verifier(gateway or RecordingGateway(), store=store, key=KEY, policy=policy, clock=clock)


def outcome(verifier: Verifier, challenge: Challenge, pin: str) -> Outcome | str:
    """What a PIN earns; an error as text, so that it is counted too."""
    try:
        return verifier.check(challenge.id, pin, account=challenge.account, purpose=challenge.purpose).outcome
    except TwoFactorError as error:
        return repr(error)


def stored_challenge(store: Store, account: str = "alice", purpose: str = "login") -> Challenge:
    challenge = store.transact(account, purpose, lambda case: (case, case.challenge))
    assert challenge is not None
    return challenge


def stored_account(store: Store, account: str = "alice") -> Account:
    return store.transact(account, "", lambda case: (case, case.account))


class Fleet:
    """Processes that type PINs at the same moment. They are started once, since starting one takes a while."""

    def __init__(self, size: int) -> None:
        self.size = size
        context = multiprocessing.get_context("spawn")
        self._ready = context.Barrier(size)  # kept: it goes with the last who refers to it, and a process starts slowly
        self._pipes, self._processes = [], []
        for _ in range(size):
            ours, theirs = context.Pipe()
            process = context.Process(target=check_at_once, args=(theirs, self._ready), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def check(self, open_store: OpenStore, rounds: Sequence[Round]) -> list[list[Outcome | str]]:
        """Each process types all the PINs of the first round at once, then those of the second; outcomes by round."""
        for pipe in self._pipes:
            pipe.send((open_store, rounds))
        answers = [_answer(pipe) for pipe in self._pipes]
        return [[one for answer in answers for one in answer[number]] for number in range(len(rounds))]

    def close(self) -> None:
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            pipe.close()
            process.join(PATIENCE)
            process.close()


def check_at_once(pipe: Connection, ready: Barrier) -> None:
    """For a process of its own; see `Fleet.check`."""
    while True:
        try:
            open_store, rounds = pipe.recv()
        except EOFError:
            return
        answers = []
        with open_store() as store:
            verifier = a_verifier(store)
            for challenge, pins in rounds:
                ready.wait(PATIENCE)
                answers.append([outcome(verifier, challenge, pin) for pin in pins])
        pipe.send(answers)


class Doomed:
    """A verifier in a process that is going to be killed.

    It reports each command that is done before it begins the next; each PIN at the moment when its SMS goes out; and
    with ``hang_at`` it stops for ever at the gateway, or at its clock, where a check is between reading and writing.
    """

    def __init__(
        self, open_store: OpenStore, policy: Policy = FREE, *, hang_at: Literal["gateway", "clock"] | None = None
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=obey, args=(theirs, open_store, policy, hang_at), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> Doomed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.join(PATIENCE)
        self._process.close()
        self._pipe.close()

    def ask(self, *commands: Command) -> None:
        self._pipe.send(commands)

    def report(self) -> Report:
        """The next report; waits for it."""
        report: Report = _answer(self._pipe)
        return report

    def kill(self) -> list[Report]:
        """Kill it now, and give the reports that it got out before."""
        self._process.kill()
        self._process.join(PATIENCE)
        assert self._process.exitcode is not None
        assert self._process.exitcode < 0, "it ended by itself"
        reports: list[Report] = []
        while True:
            try:
                reports.append(self._pipe.recv())
            except EOFError:
                return reports


def obey(pipe: Connection, open_store: OpenStore, policy: Policy, hang_at: str | None) -> None:
    """For a process of its own; see `Doomed`."""
    gateway = ReportingGateway(pipe, hang_at == "gateway")
    clock = HangingClock(pipe) if hang_at == "clock" else SystemClock()
    with open_store() as store:
        verifier = a_verifier(store, policy, gateway, clock)
        for method, arguments in pipe.recv():
            pipe.send(("done", getattr(verifier, method)(**arguments)))
        pipe.recv()  # nothing comes


class ReportingGateway:
    live = False

    def __init__(self, pipe: Connection, hangs: bool) -> None:
        self._pipe, self._hangs = pipe, hangs

    def send(self, message: Message, *, to: PhoneNumber) -> Receipt:
        self._pipe.send(("sent", message.variables["pin"]))
        if self._hangs:
            self._pipe.recv()
        return Receipt("1", DeliveryStatus.QUEUED)


class HangingClock:
    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def now(self) -> datetime:
        self._pipe.send(("looked", None))
        self._pipe.recv()
        return datetime.now(UTC)


def _answer(pipe: Connection) -> Any:
    assert pipe.poll(PATIENCE), "a process does not answer"
    return pipe.recv()
