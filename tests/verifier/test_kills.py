"""Processes that are killed: what they have reported is on record, and nothing is half done."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from contracts.gateway import wrong
from contracts.workers import (
    FREE,
    PHONE,
    Command,
    Doomed,
    OpenStore,
    a_verifier,
    outcome,
    stored_account,
    stored_challenge,
)
from sms2fa import NIST_800_63B, Challenge, Outcome, Policy
from sms2fa.errors import SendRefused
from sms2fa.gateways.recording import RecordingGateway
from sms2fa.stores import Store

pytestmark = pytest.mark.parametrize("new_data", ["file", "redis"], indirect=True)

ALICE = {"account": "alice", "purpose": "login"}
START: Command = ("start", {**ALICE, "phone": PHONE})
# Wrong PINs and sends almost without end, so that a lost one shows in the count.
COUNTING = replace(
    FREE,
    tries_per_pin=None,
    lock_after=None,
    stop_after=None,
    sends_per_day=1_000_000,
    lifetime=timedelta(hours=1),
    weak=True,
)


def check(challenge: Challenge, pin: str) -> Command:
    return "check", {"challenge_id": challenge.id, "pin": pin, "account": challenge.account}


def reason_of_refusal(store: Store, policy: Policy, account: str = "alice") -> str:
    """Why nothing more is sent to this account, on the number of all these tests."""
    with pytest.raises(SendRefused) as caught:
        a_verifier(store, policy).start(account=account, phone=PHONE)
    return caught.value.reason


def test_killed_between_send_and_check_the_pin_works_and_send_and_failures_count(open_store: OpenStore) -> None:
    with Doomed(open_store, NIST_800_63B) as sender:
        sender.ask(START)
        (_, pin), (_, challenge) = sender.report(), sender.report()
        sender.kill()
    with Doomed(open_store, NIST_800_63B) as checker:
        checker.ask(*[check(challenge, wrong(pin))] * 3)
        assert [checker.report()[1].tries_left for _ in range(3)] == [4, 3, 2]
        checker.kill()
    with open_store() as store:
        assert reason_of_refusal(store, NIST_800_63B) == "cooldown"
        verifier = a_verifier(store, NIST_800_63B)
        assert verifier.check(challenge.id, wrong(pin), account="alice").tries_left == 1
        assert outcome(verifier, challenge, pin) is Outcome.VERIFIED


@pytest.mark.parametrize("resend", [False, True])
def test_killed_between_reserve_and_settle_the_pin_is_void_and_the_send_spent(
    open_store: OpenStore, resend: bool
) -> None:
    policy = replace(NIST_800_63B, pin_length=10, cooldown=None, sends_per_number=2 if resend else 1)
    gateway = RecordingGateway()
    command = START
    if resend:
        with open_store() as store:
            challenge = a_verifier(store, policy, gateway).start(**ALICE, phone=PHONE)
        command = ("resend", {**ALICE, "phone": PHONE, "challenge_id": challenge.id})
    with Doomed(open_store, policy, hang_at="gateway") as sender:
        sender.ask(command)
        kind, pin = sender.report()
        assert kind == "sent"
        assert sender.kill() == []
    with open_store() as store:
        left = stored_challenge(store)
        verifier = a_verifier(store, policy)
        assert [outcome(verifier, left, one) for one in (*gateway.pins, pin)] == [Outcome.UNKNOWN] * (1 + resend)
        assert stored_account(store).total == 0
        assert reason_of_refusal(store, policy) == reason_of_refusal(store, policy, "bob") == "number"
        more = replace(policy, sends_per_number=3)
        with pytest.raises(SendRefused) as caught:
            a_verifier(store, more).resend(left.id, **ALICE, phone=PHONE)
        assert caught.value.reason == "unknown"
        assert a_verifier(store, more).start(**ALICE, phone=PHONE).sends == 1


@pytest.mark.parametrize("right", [False, True])
def test_killed_between_reading_and_writing_a_check_has_not_happened_and_stands_in_nobodys_way(
    open_store: OpenStore, right: bool
) -> None:
    gateway = RecordingGateway()
    with open_store() as store:
        challenge = a_verifier(store, gateway=gateway).start(**ALICE, phone=PHONE)
    pin = gateway.pins[-1]
    with Doomed(open_store, hang_at="clock") as checker:
        checker.ask(check(challenge, pin if right else wrong(pin)))
        assert checker.report() == ("looked", None)
        assert checker.kill() == []
    with open_store() as store:
        assert stored_challenge(store) == challenge
        assert stored_account(store).total == 0
        assert outcome(a_verifier(store), challenge, pin) is Outcome.VERIFIED


class Run(NamedTuple):
    """What a process that was killed has left behind.

    Attributes:
        reported: the commands that it did, with their results.
        sent: SMS that it handed to the gateway.
        unreported: the command that it was doing; none where it had done them all.
    """

    reported: list[tuple[Command, Any]]
    sent: int
    unreported: list[Command]


def runs(open_store: OpenStore, to_do: list[Command], kills: int) -> Iterator[Run]:
    """Do all commands, in one process after another; each but the last is killed at a random moment."""
    for kills_left in range(kills, -1, -1):
        enough = random.randint(1, max(1, 2 * len(to_do) // (kills_left + 1))) if kills_left else len(to_do)
        results, sent = [], 0
        with Doomed(open_store, COUNTING) as child:
            child.ask(*to_do)
            while len(results) < enough:
                kind, result = child.report()
                results += [result] if kind == "done" else []
                sent += kind == "sent"
            for kind, result in child.kill():
                results += [result] if kind == "done" else []
                sent += kind == "sent"
        done, to_do = to_do[: len(results)], to_do[len(results) :]
        yield Run(list(zip(done, results, strict=True)), sent, to_do[:1])
        to_do = to_do[1:]
        if not to_do:
            return


@pytest.mark.parametrize(("checks", "kills"), [(60, 2), pytest.param(1000, 40, marks=pytest.mark.slow)])
def test_killed_in_the_middle_of_many_checks_no_failure_is_lost_no_used_pin_lives_and_no_send_is_forgotten(
    open_store: OpenStore, checks: int, kills: int
) -> None:
    gateway = RecordingGateway()
    with open_store() as store:
        verifier = a_verifier(store, COUNTING, gateway)
        alices = verifier.start(**ALICE, phone=PHONE)
        others = [verifier.start(account=f"user {number}", phone=PHONE) for number in range(checks // 2)]
    failing = check(alices, wrong(gateway.pins[0]))
    using = [check(*pair) for pair in zip(others, gateway.pins[1:], strict=True)]
    to_do = [command for one in using for command in (failing, one)]
    for number in range(0, checks, 10):
        to_do.insert(number, ("start", {"account": f"newcomer {number}", "phone": PHONE}))

    used: list[Command] = []
    failures, sent, perhaps_sent = 0, len(gateway.pins), 0
    for run in runs(open_store, to_do, kills):
        with open_store() as store:
            verifier = a_verifier(store, COUNTING)

            results = [result for command, result in run.reported if command == failing]
            assert {result.outcome for result in results} <= {Outcome.WRONG_PIN}
            on_record = stored_account(store).total
            assert failures + len(results) <= on_record <= failures + len(results) + run.unreported.count(failing)
            assert stored_challenge(store).wrong_tries == on_record
            failures = on_record

            results = [result for command, result in run.reported if command in using]
            assert {result.outcome for result in results} <= {Outcome.VERIFIED}
            used += [command for command, _ in run.reported if command in using]
            assert {verifier.check(**arguments).outcome for _, arguments in used} <= {Outcome.ALREADY_USED}

            sent += run.sent
            perhaps_sent += sum(method == "start" for method, _ in run.unreported)
            assert reason_of_refusal(store, replace(COUNTING, sends_per_day=sent)) == "day"
    assert len(used) + kills >= len(using)
    with open_store() as store:
        enough = replace(COUNTING, sends_per_day=sent + perhaps_sent + 1)
        assert a_verifier(store, enough).start(**ALICE, phone=PHONE).sends == 1
