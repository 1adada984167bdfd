"""The second judge: consecutive failures of an account, its locks and its stop. Pure.

Locks have a price. Whoever can start challenges for an account (who knows the password, or only the number where the
number alone starts one) can force its stop at 100 failures: the locks alone would allow it in about two hours, and the
cooldown of sends stretches that to between eight and nine. That is NIST's price. So a challenge comes after the first
factor, the owner is told at the first lock, and recovery is another factor. Source: NIST SP 800-63B-4, 3.2.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from sms2fa.policy import CLOCK_TOLERANCE, Policy


class Standing(Enum):
    """Whether an account may try a PIN, or be sent one."""

    OPEN = "open"
    LOCKED = "locked"
    STOPPED = "stopped"


class Account(Struct, frozen=True):
    """What is remembered of an account over all its challenges, purposes and restarts.

    Attributes:
        failures: consecutive wrong PINs by purpose; their total counts.
        locked_at: when the newest lock began (aware UTC).
        verified_at: the newest success (aware UTC): the cooldown of sends starts anew there.
    """

    failures: Mapping[str, int] = {}
    locked_at: datetime | None = None
    verified_at: datetime | None = None

    @property
    def total(self) -> int:
        """Consecutive failures over all purposes."""
        return sum(self.failures.values())


Rule = Callable[[Account, Policy, datetime], Standing | None]


def stop(account: Account, policy: Policy, now: datetime) -> Standing | None:
    """So many consecutive failures end it until recovery. Source: NIST SP 800-63B-4, 3.2.2."""
    return Standing.STOPPED if policy.stop_after is not None and account.total >= policy.stop_after else None


def lock(account: Account, policy: Policy, now: datetime) -> Standing | None:
    """A lock holds for its full length and no longer. Source: OWASP WSTG-ATHN-03."""
    return Standing.LOCKED if lock_end(account, policy, now) is not None else None


RULES: tuple[Rule, ...] = (stop, lock)


def judge(account: Account, policy: Policy, now: datetime, rules: Sequence[Rule] = RULES) -> Standing:
    """The first rule that objects decides."""
    for rule in rules:
        standing = rule(account, policy, now)
        if standing is not None:
            return standing
    return Standing.OPEN


def lock_end(account: Account, policy: Policy, now: datetime) -> datetime | None:
    """When the present lock ends (aware UTC), or None where there is none.

    A clock that was set back neither lengthens a lock nor keeps one that began in its future.
    """
    began = account.locked_at
    if began is None or began > now + CLOCK_TOLERANCE:
        return None
    end = min(began, now) + policy.lock_for
    return end if now < end else None


def after_failure(account: Account, purpose: str, policy: Policy, now: datetime) -> Account:
    """One more wrong PIN, and a lock at every ``policy.lock_after``; the last one is a stop, which has no end."""
    failures = {**account.failures, purpose: account.failures.get(purpose, 0) + 1}
    total = sum(failures.values())
    stopped = policy.stop_after is not None and total >= policy.stop_after
    locks = policy.lock_after is not None and total % policy.lock_after == 0 and not stopped
    return Account(failures, now if locks else account.locked_at, account.verified_at)


def after_success(account: Account, purpose: str, now: datetime) -> Account:
    """A success takes away the failures of its own purpose, and of no other."""
    failures = {name: count for name, count in account.failures.items() if name != purpose}
    return replace(account, failures=failures, verified_at=now)


def after_recovery(account: Account) -> Account:
    """Another factor has shown who this is: failures and lock are gone."""
    return replace(account, failures={}, locked_at=None)
