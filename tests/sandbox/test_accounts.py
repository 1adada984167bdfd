"""Accounts at the sandbox: credentials, credit and countries."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from sandbox.callers import LANDLINE, OTHER_PHONE, PATIENCE, PHONE
from sms2fa.errors import InvalidInput
from sms2fa.sandbox.accounts import TEST_TEXT, Kind, SandboxAccount


def test_credentials_are_made_anew_for_each_account() -> None:
    accounts = [SandboxAccount() for _ in range(20)]
    assert len({account.sid for account in accounts} | {account.auth_token for account in accounts}) == 40


def test_the_default_is_a_partner_whose_credit_does_not_run_out_and_who_may_send_anywhere() -> None:
    account = SandboxAccount()
    assert account.kind is Kind.PARTNER
    assert all(account.charge(1_000_000) for _ in range(3))
    assert account.may_send_to(PHONE)
    assert account.may_send_to(OTHER_PHONE)


def test_credit_runs_out_exactly_and_what_does_not_reach_takes_nothing() -> None:
    account = SandboxAccount(credit=25)
    assert [account.charge(10), account.charge(10), account.charge(10), account.charge(5), account.charge(1)] == [
        *(True, True, False, True, False)
    ]
    assert account.credit == 0


@pytest.fixture
def _threads_by_turns() -> Iterator[None]:
    """Threads that give way to each other all the time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


class Slowly(int):
    """A number that takes its time to compare, so that another thread comes in between."""

    def __lt__(self, other: int) -> bool:
        answer = int(self) < other
        for _ in range(20):
            answer = bool(answer)
        return answer

    def __sub__(self, other: int) -> Slowly:
        return Slowly(int(self) - other)


@pytest.mark.usefixtures("_threads_by_turns")
def test_threads_never_spend_a_credit_twice() -> None:
    account, together = SandboxAccount(credit=Slowly(1_000)), Barrier(8)

    def spend() -> int:
        together.wait(PATIENCE)
        return sum(account.charge(1) for _ in range(300))

    with ThreadPoolExecutor(8) as pool:
        spent = [future.result(PATIENCE) for future in [pool.submit(spend) for _ in range(8)]]
    assert (sum(spent), account.credit) == (1_000, 0)


@pytest.mark.parametrize(
    ("countries", "recipient", "allowed"),
    [
        (["JP"], PHONE, True),
        (["JP"], LANDLINE, True),
        (["JP"], OTHER_PHONE, False),
        (["JP", "US"], OTHER_PHONE, True),
        (["CA"], OTHER_PHONE, False),  # the same country code, another country
        ([], PHONE, False),
    ],
)
def test_an_account_may_send_to_its_countries_alone(countries: list[str], recipient: str, allowed: bool) -> None:
    assert SandboxAccount(countries=iter(countries)).may_send_to(recipient) is allowed


@pytest.mark.parametrize(
    ("kind", "text"), [(Kind.PARTNER, "Hello"), (Kind.STANDARD, "Hello"), (Kind.UNPAID, TEST_TEXT)]
)
def test_only_an_unpaid_account_has_its_text_replaced(kind: Kind, text: str) -> None:
    assert SandboxAccount(kind).text_sent("Hello") == text


@pytest.mark.parametrize("kind", Kind)
def test_the_representation_says_the_kind_and_no_credential(kind: Kind) -> None:
    account = SandboxAccount(kind)
    assert repr(account) == f"SandboxAccount({kind.value})"


def test_countries_that_are_one_text_are_refused() -> None:
    with pytest.raises(InvalidInput, match="such as"):
        SandboxAccount(countries="JP")
