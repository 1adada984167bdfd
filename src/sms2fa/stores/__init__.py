"""Stores: where challenges, failures and sends lie, and the one thing a store must do.

A store gives an *atomic read-judge-write*: it reads a `Case`, calls a step on it, and writes what the step gives
back, with nobody else in between. It repeats no rule of its own.

What no rule looks at any more is rubbish, and forgotten an hour later: a challenge that ran out, sends that left their
window. An account's failures are never forgotten by time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol, TypeVar

from msgspec import Struct

from sms2fa.account import Account
from sms2fa.challenge import Challenge
from sms2fa.sending import Sends

T = TypeVar("T")


KEPT = timedelta(hours=1)  # rubbish is kept for so long after it stopped to matter, for whoever looks into an incident


class Counter(NamedTuple):
    """The name of a row of sends.

    Attributes:
        key: a keyed digest; the store never sees a number.
        window: how long a send matters to the brake that looks at this row.
    """

    key: bytes
    window: timedelta


class Case(Struct, frozen=True):
    """What lies before the judges: one account, its challenge for one purpose, and the sends that were asked for.

    There is one challenge for each account and purpose: a newer one takes the place of the older.
    """

    challenge: Challenge | None = None
    account: Account = Account()
    sends: tuple[Sends, ...] = ()  # in the order of the counters


Step = Callable[[Case], tuple[Case, T]]


class Store(Protocol):
    """What the verifier needs of a store."""

    def transact(self, account: str, purpose: str, step: Step[T], counters: Sequence[Counter] = ()) -> T:
        """Read the case, call the step, write the case that it gives back, and return its result.

        The step may be called more than once (where another process was faster), and may raise: then nothing is
        written. ``counters`` name the sends to read and write.

        Raises:
            StoreError: where the store cannot answer.
        """
        ...

    def close(self) -> None:
        """Let go of the database. Closing twice is fine."""
        ...
