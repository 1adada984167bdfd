"""The third judge: whether one more SMS may go out. Cooldown, caps and regions. Pure.

Each brake counts *sends*, moments at which an SMS was handed to the gateway. A stranger can use up the ten sends an
hour of somebody's number; so a refusal says which brake it was and when it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sms2fa.policy import CLOCK_TOLERANCE, Policy

DAY = timedelta(hours=24)  # the window of the budget
_REMEMBERED = 32  # sends kept of a pair of account and number: the cooldown has stopped doubling long before

Sends = tuple[datetime, ...]  # oldest first


class History(NamedTuple):
    """The sends that the brakes look at.

    Attributes:
        pair: to this number for this account.
        number: to this number.
        prefix: to all numbers alike but for the last four digits.
        day: to all numbers.
    """

    pair: Sends = ()
    number: Sends = ()
    prefix: Sends = ()
    day: Sends = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One more SMS that somebody asks for.

    Attributes:
        region: of the number.
        sends: SMS that went out for this challenge before.
        verified_at: the account's newest success (aware UTC).
        now: the moment (aware UTC).
    """

    region: str
    sends: int
    verified_at: datetime | None
    now: datetime
    history: History = History()  # noqa: RUF009 - a tuple


@dataclass(frozen=True, slots=True)
class Refusal:
    """A brake that holds, in words, and until when (None where waiting does not help)."""

    reason: str
    text: str
    retry_at: datetime | None = None


Rule = Callable[[Request, Policy], Refusal | None]


def regions(request: Request, policy: Policy) -> Refusal | None:
    """Only where this service has customers. Source: Twilio's geo permissions."""
    if policy.regions is None or request.region in policy.regions:
        return None
    return Refusal("region", f"expected a number of {', '.join(sorted(policy.regions))}")


def per_challenge(request: Request, policy: Policy) -> Refusal | None:
    """So many SMS for one challenge."""
    if policy.sends_per_challenge is None or request.sends < policy.sends_per_challenge:
        return None
    return Refusal("challenge", f"{request.sends} messages were sent for this login; start a new one")


def cooldown(request: Request, policy: Policy) -> Refusal | None:
    """A wait between two SMS to one number for one account, doubling until a success or a quiet day."""
    sends = _in_a_row(request, policy)
    if policy.cooldown is None or not sends:
        return None
    wait = policy.cooldown
    for _ in sends[1:]:
        wait = min(wait * 2, policy.longest_cooldown)
    end = min(sends[-1], request.now) + wait
    return Refusal("cooldown", "a message was sent to this number a moment ago", end) if request.now < end else None


def per_number(request: Request, policy: Policy) -> Refusal | None:
    """So many SMS an hour to one number, whoever asks."""
    return _cap(
        request.history.number, policy.sends_per_number, policy.number_window, request.now, "number", "to this number"
    )


def per_prefix(request: Request, policy: Policy) -> Refusal | None:
    """So many SMS an hour to numbers alike: the sign of SMS pumping."""
    return _cap(
        request.history.prefix,
        policy.sends_per_prefix,
        policy.number_window,
        request.now,
        "prefix",
        "to numbers like this",
    )


def per_day(request: Request, policy: Policy) -> Refusal | None:
    """The budget of 24 hours."""
    return _cap(request.history.day, policy.sends_per_day, DAY, request.now, "day", "in all")


RULES: tuple[Rule, ...] = (regions, per_challenge, cooldown, per_number, per_prefix, per_day)


def judge(request: Request, policy: Policy, rules: Sequence[Rule] = RULES) -> Refusal | None:
    """The first brake that holds, or None where the SMS may go out."""
    for rule in rules:
        refusal = rule(request, policy)
        if refusal is not None:
            return refusal
    return None


def after_send(history: History, policy: Policy, now: datetime) -> History:
    """One more send, and what no brake looks at any more forgotten."""
    return History(
        pair=(*_unbroken(history.pair, policy.quiet, now), now)[-_REMEMBERED:],
        number=_counted(history.number, policy.sends_per_number, policy.number_window, now),
        prefix=_counted(history.prefix, policy.sends_per_prefix, policy.number_window, now),
        day=_counted(history.day, policy.sends_per_day, DAY, now),
    )


def given_back(history: History, sent_at: datetime) -> History:
    """The history without one send that the gateway refused."""
    return History(*(_without(sends, sent_at) for sends in history))


def _in_a_row(request: Request, policy: Policy) -> Sends:
    """The sends since the newest success or quiet day."""
    sends = _unbroken(request.history.pair, policy.quiet, request.now)
    success = request.verified_at
    if success is None or success > request.now + CLOCK_TOLERANCE:
        return sends
    return tuple(sent for sent in sends if sent > success)


def _unbroken(sends: Sends, quiet: timedelta, now: datetime) -> Sends:
    """The newest sends with less than ``quiet`` between each and the next, and between the last and now."""
    row: list[datetime] = []
    later = now
    for sent in reversed(sends):
        if sent > now + CLOCK_TOLERANCE:
            continue
        if later - sent >= quiet:
            break
        row.append(sent)
        later = sent
    return tuple(reversed(row))


def _within(sends: Sends, window: timedelta, now: datetime) -> Sends:
    """The sends of the last ``window``; those of a clock gone wrong count as long past."""
    return tuple(sent for sent in sends if now - window < sent <= now + CLOCK_TOLERANCE)


def _counted(sends: Sends, limit: int | None, window: timedelta, now: datetime) -> Sends:
    """One more send in its window, and so at most ``limit``; left alone where this policy does not count them."""
    return sends if limit is None else (*_within(sends, window, now), now)


def _cap(
    sends: Sends, limit: int | None, window: timedelta, now: datetime, reason: str, whereto: str
) -> Refusal | None:
    recent = _within(sends, window, now)
    if limit is None or len(recent) < limit:
        return None
    return Refusal(
        reason, f"{len(recent)} messages were sent {whereto}, which is the limit", sorted(recent)[-limit] + window
    )


def _without(sends: Sends, sent_at: datetime) -> Sends:
    if sent_at not in sends:
        return sends
    position = sends.index(sent_at)
    return sends[:position] + sends[position + 1 :]
