"""Named sets of thresholds. Every number of the rules stands here, with its unit and its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil, prod

from sms2fa.errors import InvalidInput, InvalidPolicy

CLOCK_TOLERANCE = timedelta(seconds=60)  # a record from further in the future counts as expired. Our choice

_FEWEST_DIGITS, _MOST_DIGITS = 4, 10  # what `generate_pin` makes
_STRONG_DIGITS = 6  # Source: NIST SP 800-63B-4, 3.1.3.2
_LONGEST_LIFE = timedelta(minutes=10)  # Source: NIST SP 800-63B-4, 3.1.3.2; OWASP ASVS 5.0, 6.5.5

_MOST_DAYS = 36_525  # of guessing: a hundred years

_COUNTS = (
    "tries_per_pin",
    "lock_after",
    "stop_after",
    "sends_per_challenge",
    "sends_per_number",
    "sends_per_prefix",
    "sends_per_day",
)
_NEEDED_TIMES = ("lock_for", "longest_cooldown", "quiet", "number_window")
_TIMES = ("lifetime", "lock_for", "cooldown", "longest_cooldown", "quiet", "number_window")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The thresholds in force. None switches a rule off.

    Attributes:
        pin_length: digits. Source: NIST SP 800-63B-4, 3.1.3.2 (at least 6); OWASP ASVS 5.0, 6.5.4.
        lifetime: how long a PIN works. Source: NIST and OWASP ASVS 5.0, 6.5.5 (at most 10 minutes).
        tries_per_pin: wrong PINs until the PIN is void. Source: OWASP ASVS 5.0, 6.6.3; Twilio Verify (5).
        lock_after: an account is locked at every so many consecutive failures, over all its challenges and
            purposes. Source: OWASP WSTG-ATHN-03 (5 to 10).
        lock_for: length of such a lock. Source: OWASP WSTG-ATHN-03 (5 to 30 minutes).
        stop_after: consecutive failures until the account is stopped for good. A new PIN does not reset the
            count. Source: NIST SP 800-63B-4, 3.2.2 (at most 100).
        cooldown: wait after the first SMS to a number, doubling with each further one. Source: django-otp
            (60 s); Auth0 (doubling).
        longest_cooldown: where the doubling ends. Source: Auth0 (32 minutes).
        quiet: the doubling starts anew after so long without an SMS, or after a success. Our choice.
        sends_per_challenge: SMS for one challenge, resends included. Our choice; the need: OWASP ASVS 5.0, 2.4.1.
        sends_per_number: SMS to one number in `number_window`. Source: Auth0 (10 an hour).
        number_window: for `sends_per_number` and `sends_per_prefix`. Source: Auth0 (an hour).
        sends_per_prefix: SMS to all numbers alike but for their last four digits in `number_window`: a brake
            against SMS pumping. Our choice.
        sends_per_day: SMS in all within 24 hours: the budget. Our choice.
        regions: ISO 3166 codes of the regions that may be sent to; None for all. Source: Twilio's geo permissions.
        weak: says out loud that this policy is weaker than NIST allows. A verifier with a weak policy refuses a
            gateway that is live.

    Raises:
        InvalidPolicy: for thresholds that contradict each other, and for weak ones without ``weak=True``.
    """

    pin_length: int = 6
    lifetime: timedelta | None = timedelta(minutes=5)
    tries_per_pin: int | None = 5
    lock_after: int | None = 10
    lock_for: timedelta = timedelta(minutes=15)
    stop_after: int | None = 100
    cooldown: timedelta | None = timedelta(seconds=60)
    longest_cooldown: timedelta = timedelta(minutes=32)
    quiet: timedelta = timedelta(hours=24)
    sends_per_challenge: int | None = 5
    sends_per_number: int | None = 10
    number_window: timedelta = timedelta(hours=1)
    sends_per_prefix: int | None = 100
    sends_per_day: int | None = 1000
    regions: frozenset[str] | None = None
    weak: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.pin_length, int) or not _FEWEST_DIGITS <= self.pin_length <= _MOST_DIGITS:
            raise InvalidPolicy(
                f"expected pin_length from {_FEWEST_DIGITS} to {_MOST_DIGITS}, got {self.pin_length}",
                field="pin_length",
            )
        for name in _COUNTS:
            count = getattr(self, name)
            if count is not None and (not isinstance(count, int) or count < 1):
                raise InvalidPolicy(f"expected {name} of at least 1, or None for no limit, got {count}", field=name)
        for name in _TIMES:
            length = getattr(self, name)
            if length is None and name not in _NEEDED_TIMES:
                continue
            if not isinstance(length, timedelta) or length <= timedelta(0):
                raise InvalidPolicy(f"expected {name} as a timedelta longer than nothing, got {length!r}", field=name)
        for name in ("longest_cooldown", "quiet"):
            if self.cooldown is not None and getattr(self, name) < self.cooldown:
                raise InvalidPolicy(f"expected {name} at least as long as cooldown", field=name)
        if self.regions is not None and (
            not isinstance(self.regions, frozenset)
            or not all(len(code) == 2 and code.isupper() for code in self.regions)
        ):
            raise InvalidPolicy("expected regions as a frozenset of codes such as frozenset({'JP'})", field="regions")
        weakness = self._weakness()
        if weakness and not self.weak:
            raise InvalidPolicy(
                f"{weakness[1]}: weaker than NIST SP 800-63B-4 allows; say weak=True if you mean it", field=weakness[0]
            )

    def guessing_chance(self, *, days: float = 30, accounts: int = 1) -> float:
        """The chance that somebody who knows the passwords, and types PINs at random, is let in at least once.

        Exact for the rules that count: tries for a PIN, lock, stop, cooldown, and sends per number and day. The guesser
        is tireless: each PIN is sent as soon as the brakes allow it, and tried as often as it may be; where the budget
        of a day does not reach for all accounts, they take turns. Each PIN is counted, so a policy without a brake on
        sends can take minutes.

        Args:
            days: how long it goes on.
            accounts: how many accounts are attacked side by side, each with a number of its own.

        Returns:
            A probability, 0 to 1. It is 1 where no rule limits the guesses.

        >>> f"{NIST_800_63B.guessing_chance():.4%}"
        '0.0100%'
        >>> XOXZO_TUTORIAL_2018.guessing_chance(days=1)
        1.0
        """
        if not 0 < days <= _MOST_DAYS:
            raise InvalidInput(f"expected days over 0 and at most {_MOST_DAYS}, got {days}", field="days")
        if accounts < 1:
            raise InvalidInput(f"expected at least one account, got {accounts}", field="accounts")
        if self.tries_per_pin is None and self.lock_after is None and self.stop_after is None:
            return 1.0
        limits = (self.cooldown, self.sends_per_number, self.lock_after, self.stop_after)
        if self.tries_per_pin is not None and all(limit is None for limit in limits):
            if self.sends_per_day is None:
                return 1.0
            budget = self.sends_per_day * ceil(days)
            return 1 - float((1 - self.tries_per_pin / 10**self.pin_length) ** budget)
        guesses = self._guesses_per_pin(timedelta(days=days))
        possible = 10**self.pin_length
        budget = accounts * len(guesses) if self.sends_per_day is None else self.sends_per_day * ceil(days)
        sent = [min(accounts, max(0, budget - place * accounts)) for place in range(len(guesses))]
        misses = ((1 - min(tries, possible) / possible) ** times for tries, times in zip(guesses, sent, strict=True))
        return 1 - float(prod(misses))

    def _guesses_per_pin(self, span: timedelta) -> list[int]:
        """How often each PIN can be tried that one account can be sent within ``span``."""
        guesses: list[int] = []
        sent: list[timedelta] = []
        now, failures = timedelta(0), 0
        wait = self.cooldown or timedelta(0)
        while now < span and (self.stop_after is None or failures < self.stop_after):
            sent.append(now)
            tries, now = self._tries_on_one_pin(now, failures, span)
            guesses.append(tries)
            failures += tries
            now = max(now, sent[-1] + wait)
            wait = min(wait * 2, self.longest_cooldown)
            if self.sends_per_number is not None and len(sent) >= self.sends_per_number:
                now = max(now, sent[-self.sends_per_number] + self.number_window)
            if now - sent[-1] >= self.quiet:
                wait = self.cooldown or timedelta(0)
        return guesses

    def _tries_on_one_pin(self, sent: timedelta, failures: int, span: timedelta) -> tuple[int, timedelta]:
        """How often a PIN sent at that time can be tried, and when the account is free for the next one."""
        now, tries = sent, 0
        while now < span and (self.lifetime is None or now - sent < self.lifetime):
            limits = [
                None if self.tries_per_pin is None else self.tries_per_pin - tries,
                None if self.stop_after is None else self.stop_after - failures - tries,
                None if self.lock_after is None else self.lock_after - (failures + tries) % self.lock_after,
            ]
            more = min(limit for limit in limits if limit is not None)
            if more <= 0:
                break
            tries += more
            if self.lock_after is not None and (failures + tries) % self.lock_after == 0:
                now += self.lock_for
        return tries, now

    def _weakness(self) -> tuple[str, str] | None:
        if self.pin_length < _STRONG_DIGITS:
            return "pin_length", f"fewer than {_STRONG_DIGITS} digits"
        if self.lifetime is None or self.lifetime > _LONGEST_LIFE:
            return "lifetime", "a lifetime over ten minutes"
        if self.stop_after is None or self.stop_after > 100:
            return "stop_after", "more than 100 consecutive failures"
        if self.tries_per_pin is None:
            return "tries_per_pin", "no limit of tries for a PIN"
        return None


NIST_800_63B = Policy()
"""The default: NIST SP 800-63B-4 where it says a number, OWASP and practice where it does not."""

CLASSROOM = Policy(
    lifetime=timedelta(seconds=60),
    cooldown=timedelta(seconds=2),
    longest_cooldown=timedelta(seconds=16),
    lock_for=timedelta(seconds=20),
)
"""The same counts with short times, so that a lesson can wait for them. Ten sends to a number are still an hour's."""

XOXZO_TUTORIAL_2018 = Policy(
    pin_length=4,
    lifetime=None,
    tries_per_pin=None,
    lock_after=None,
    stop_after=None,
    cooldown=None,
    sends_per_challenge=None,
    sends_per_number=None,
    sends_per_prefix=None,
    sends_per_day=None,
    weak=True,
)
"""The tutorial that this project comes from: four digits, no end, no limits. To be attacked, not to be used."""
