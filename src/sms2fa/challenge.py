"""The first judge: a PIN tried on a challenge. Pure: no clock, no store, no key of its own.

The rules stand in an ordered tuple, so that a lesson can take one away and show what happens. The records are msgspec's
frozen structs: a check makes eight of them, and a frozen dataclass takes ten times as long to make.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from hmac import compare_digest
from typing import Any

from msgspec import Struct

from sms2fa.policy import CLOCK_TOLERANCE, Policy


class Outcome(StrEnum):
    """What became of a PIN that was tried."""

    VERIFIED = "verified"
    WRONG_PIN = "wrong PIN"
    MALFORMED = "malformed"
    EXPIRED = "expired"
    ALREADY_USED = "already used"
    TOO_MANY_TRIES = "too many tries"
    LOCKED = "locked"
    STOPPED = "stopped"
    UNKNOWN = "unknown challenge"


_SAME_FOR_ALL = "This PIN is wrong or no longer works. Look at the newest SMS, or ask for a new PIN."
_PUBLIC_MESSAGES = {
    Outcome.VERIFIED: "The PIN is right.",
    Outcome.MALFORMED: "Type the digits of the PIN from the SMS.",
    Outcome.TOO_MANY_TRIES: "Too many wrong PINs. Ask for a new one.",
    Outcome.LOCKED: "Too many wrong PINs. This account is locked for a while.",
    Outcome.STOPPED: "Too many wrong PINs. This account needs to be recovered by other means.",
}


class Verdict(Struct, frozen=True):
    """The answer to a PIN. It is true for VERIFIED alone.

    Attributes:
        outcome: what happened, for the server.
        retry_at: when a lock ends (aware UTC), or None.
        tries_left: wrong PINs that this challenge still allows; None where that means nothing.
    """

    outcome: Outcome
    retry_at: datetime | None = None
    tries_left: int | None = None

    def __bool__(self) -> bool:
        return self.outcome is Outcome.VERIFIED

    @property
    def public_message(self) -> str:
        """What to tell the claimant: the same words for wrong, expired, used and unknown.

        Source: OWASP ASVS 5.0, 6.3.8 (no enumeration).
        """
        return _PUBLIC_MESSAGES.get(self.outcome, _SAME_FOR_ALL)


class State(StrEnum):
    """Where a challenge stands."""

    RESERVED = "reserved"  # the SMS is on its way to the gateway; the PIN does not work yet
    LIVE = "live"
    USED = "used"
    VOID = "void"  # the gateway refused; nothing was sent


_SENT = (State.LIVE, State.USED)
_RESENDABLE = (State.LIVE, State.VOID)


class Challenge(Struct, frozen=True):
    """One pending verification, from sent to settled. It does not hold the PIN, only a keyed digest.

    Attributes:
        id: 128 random bits as text. Give it to the claimant's session.
        account: who it is for.
        purpose: what for, such as "login".
        created_at: when the newest PIN was made (aware UTC).
        expires_at: when that PIN stops working (aware UTC), or None for never.
        wrong_tries: wrong PINs since then.
        sends: SMS so far, resends included.
    """

    id: str
    account: str
    purpose: str
    created_at: datetime
    expires_at: datetime | None
    pin_digest: bytes
    pair_digest: bytes  # of account and number, so that a resend cannot go elsewhere
    state: State = State.RESERVED
    wrong_tries: int = 0
    sends: int = 1

    def __repr__(self) -> str:
        return f"Challenge({self.id!r} for {self.account!r}, {self.purpose!r}, {self.state.value})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:  # msgspec's own shows the digests
        return [("id", self.id), ("account", self.account), ("purpose", self.purpose), ("state", self.state.value)]


class Attempt(Struct, frozen=True):
    """A PIN that was typed: its digests (one for each key, newest first) for this challenge, and the moment."""

    challenge_id: str
    pin_digests: Sequence[bytes]
    now: datetime

    def __repr__(self) -> str:
        return f"Attempt({self.challenge_id!r} at {self.now.isoformat()})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("challenge_id", self.challenge_id), ("now", self.now)]


Rule = Callable[[Challenge, Attempt, Policy], Outcome | None]


def is_known(challenge: Challenge, challenge_id: str) -> bool:
    """Whether this is the challenge of that id, and its SMS went out.

    A store keeps challenges by account and purpose, so the id of another's is unknown here.
    Source: OWASP ASVS 5.0, 6.6.2.
    """
    return _has_id(challenge, challenge_id) and challenge.state in _SENT


def can_resend(challenge: Challenge, challenge_id: str) -> bool:
    """Whether a new PIN may take the place of the old one: also of one that ran out, but not of a used one."""
    return _has_id(challenge, challenge_id) and challenge.state in _RESENDABLE


def _has_id(challenge: Challenge, challenge_id: str) -> bool:
    return challenge_id.isascii() and compare_digest(challenge.id, challenge_id)


def single_use(challenge: Challenge, attempt: Attempt, policy: Policy) -> Outcome | None:
    """A PIN works once. Source: NIST SP 800-63B-4, 3.1.3.2; OWASP ASVS 5.0, 6.5.1."""
    return Outcome.ALREADY_USED if challenge.state is State.USED else None


def lifetime(challenge: Challenge, attempt: Attempt, policy: Policy) -> Outcome | None:
    """A PIN works for a short while. A challenge from the future is a clock gone wrong, and counts as expired."""
    too_late = challenge.expires_at is not None and attempt.now >= challenge.expires_at
    too_early = challenge.created_at > attempt.now + CLOCK_TOLERANCE
    return Outcome.EXPIRED if too_late or too_early else None


def tries_per_pin(challenge: Challenge, attempt: Attempt, policy: Policy) -> Outcome | None:
    """After so many wrong PINs the right one does not help either. Source: OWASP ASVS 5.0, 6.6.3."""
    limit = policy.tries_per_pin
    return Outcome.TOO_MANY_TRIES if limit is not None and challenge.wrong_tries >= limit else None


def same_pin(challenge: Challenge, attempt: Attempt, policy: Policy) -> Outcome | None:
    """The digests are compared in constant time, and all of them, so that time tells nothing."""
    same = False
    for digest in attempt.pin_digests:
        same |= compare_digest(challenge.pin_digest, digest)
    return None if same else Outcome.WRONG_PIN


RULES: tuple[Rule, ...] = (single_use, lifetime, tries_per_pin, same_pin)


def judge(challenge: Challenge, attempt: Attempt, policy: Policy, rules: Sequence[Rule] = RULES) -> Outcome:
    """The first rule that objects decides; where none does, the PIN is right.

    Only WRONG_PIN and VERIFIED change anything, and what they change is the caller's to write down.
    """
    for rule in rules:
        outcome = rule(challenge, attempt, policy)
        if outcome is not None:
            return outcome
    return Outcome.VERIFIED
