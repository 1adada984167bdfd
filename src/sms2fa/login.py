"""Registering and logging in: what a service does around the verifier.

One number belongs to one account. The password comes first, then the PIN; nobody is in before both. Password guessing
has limits of its own in a real service; they are not the subject here.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from sms2fa.challenge import Outcome, Verdict
from sms2fa.errors import (
    AccountTaken,
    GatewayRefused,
    InvalidInput,
    NumberTaken,
    OutcomeUnknown,
    SendRefused,
    StoreError,
    WeakPassword,
    WrongPassword,
    WrongStep,
)
from sms2fa.phone import PhoneNumber, parse_phone
from sms2fa.verifier import Verifier

_log = logging.getLogger(__name__)

SHORTEST_PASSWORD = 8  # characters, beside a second factor. Source: NIST SP 800-63B-4, 3.1.1.2
_LONGEST_PASSWORD = 256  # characters: hashing more is a favour to whoever wants to keep the server busy
_LONGEST_ACCOUNT = 64


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A person enrolled: an account, the hash of its password, and its mobile number."""

    account: str
    phone: PhoneNumber
    password_hash: str = field(repr=False)


class Subscribers:
    """Who is enrolled, in SQLite.

    Args:
        path: a file, made where it is missing, or ":memory:" for this object alone.

    Source: OWASP Password Storage Cheat Sheet for Argon2id with 19 MiB, two passes, one lane.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self._lock = threading.Lock()
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._nobody = self._hasher.hash("the password of an account that does not exist")
        try:
            self._connection = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise StoreError(f"expected a file that can be opened as a database: {error}") from error
        self._execute(
            "CREATE TABLE IF NOT EXISTS subscribers"
            " (account TEXT PRIMARY KEY, number TEXT UNIQUE NOT NULL, password_hash TEXT NOT NULL)"
        )

    def register(self, account: str, password: str, phone: PhoneNumber) -> Subscriber:
        """Enrol an account with its mobile number.

        Raises:
            InvalidInput: for an account name that is empty, too long or not printable.
            WeakPassword: for a password under 8 characters, or over 256.
            AccountTaken: where the account exists.
            NumberTaken: where another account has this number.
        """
        account = account.strip()
        if not account or len(account) > _LONGEST_ACCOUNT or not account.isprintable():
            raise InvalidInput(f"expected an account name of 1 to {_LONGEST_ACCOUNT} characters", field="account")
        password = password.encode("utf-8", "replace").decode()
        if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
            raise WeakPassword(f"expected a password of {SHORTEST_PASSWORD} to {_LONGEST_PASSWORD} characters")
        subscriber = Subscriber(account, phone, self._hasher.hash(password))
        try:
            self._execute("INSERT INTO subscribers VALUES (?, ?, ?)", account, phone.e164, subscriber.password_hash)
        except sqlite3.IntegrityError as error:
            if "number" in str(error):
                raise NumberTaken("this mobile number belongs to another account: one number, one account") from None
            raise AccountTaken("there is an account of this name already; choose another name, or log in") from None
        return subscriber

    def authenticate(self, account: str, password: str) -> Subscriber:
        """The first factor.

        Raises:
            WrongPassword: in the same words, after the same time, for a wrong password and for no such account.
        """
        account = account.strip()
        find = "SELECT account, number, password_hash FROM subscribers WHERE account = ?"
        row = next(iter(self._execute(find, account)), None) if account.isprintable() else None
        password = password.encode("utf-8", "replace").decode()
        try:
            self._hasher.verify(self._nobody if row is None else row[2], password[: _LONGEST_PASSWORD + 1])
        except VerifyMismatchError:
            row = None
        if row is None:
            raise WrongPassword("account and password do not belong together")
        return Subscriber(row[0], parse_phone(row[1]), row[2])

    def close(self) -> None:
        """Close the database. Closing twice is fine; afterwards everything raises StoreError."""
        self._connection.close()

    def __del__(self) -> None:
        if hasattr(self, "_connection"):
            self.close()

    def _execute(self, statement: str, *values: str) -> list[tuple[str, str, str]]:
        try:
            with self._lock:
                return self._connection.execute(statement, values).fetchall()
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise StoreError(f"SQLite could not answer: {error}") from error


class Step(StrEnum):
    """Where a login stands."""

    WAITING_FOR_PASSWORD = "waiting for password"  # noqa: S105 - a step, not a password
    PIN_SENT = "PIN sent"
    VERIFIED = "verified"
    REFUSED = "refused"


class Login:
    """One browser's way in: register, then password, then PIN.

    Args:
        subscribers: who is enrolled.
        verifier: the second factor.
        log: where the server writes what happens; never a PIN, never a full number.
    """

    def __init__(self, subscribers: Subscribers, verifier: Verifier, log: logging.Logger = _log) -> None:
        self._subscribers = subscribers
        self._verifier = verifier
        self._log = log
        self._challenge_id: str | None = None
        self.subscriber: Subscriber | None = None
        self.step = Step.WAITING_FOR_PASSWORD

    def register(self, account: str, password: str, phone: PhoneNumber) -> Subscriber:
        """Enrol an account; see `Subscribers.register`. A login under way goes on."""
        subscriber = self._subscribers.register(account, password, phone)
        self._log.info("registered %r with %s", subscriber.account, phone.masked)
        return subscriber

    def enter_password(self, account: str, password: str) -> None:
        """The first factor; where it is right, a PIN is sent. A login under way starts over.

        Raises:
            WrongPassword: and nothing is sent.
            SendRefused, GatewayRefused: the PIN was not sent; the step is still the password.
            OutcomeUnknown: the PIN may have gone out, and can be entered.
        """
        self._start_over()
        try:
            subscriber = self._subscribers.authenticate(account, password)
        except WrongPassword:
            self._log.info("password refused")
            raise
        self._log.info("password of %r is right", subscriber.account)
        try:
            challenge = self._verifier.start(account=subscriber.account, phone=subscriber.phone)
        except OutcomeUnknown as error:
            if error.challenge_id is not None:
                self._sent(error.challenge_id, subscriber, "PIN perhaps sent")
            raise
        except (SendRefused, GatewayRefused) as error:
            self._log.info("no PIN sent: %s", error)
            raise
        except StoreError as error:  # it may have failed after sending
            self._log.info("no PIN works: %s", error)
            raise
        self._sent(challenge.id, subscriber)

    def send_again(self) -> None:
        """Send a new PIN; the older one is void.

        Raises:
            WrongStep: before the password, or after the login is verified.
            SendRefused, GatewayError: as for `enter_password`.
        """
        challenge_id, subscriber = self._under_way()
        try:
            self._verifier.resend(challenge_id, phone=subscriber.phone, account=subscriber.account)
        except OutcomeUnknown:
            self._sent(challenge_id, subscriber, "PIN perhaps sent")
            raise
        except (SendRefused, GatewayRefused) as error:
            self._log.info("no PIN sent: %s", error)
            raise
        except StoreError as error:  # it may have failed after sending
            self._log.info("no PIN works: %s", error)
            raise
        self._sent(challenge_id, subscriber)

    def enter_pin(self, pin: str) -> Verdict:
        """The second factor. A malformed PIN changes nothing; a wrong one is refused, and may be tried again.

        Raises:
            WrongStep: before the password, or after the login is verified.
        """
        challenge_id, subscriber = self._under_way()
        verdict = self._verifier.check(challenge_id, pin, account=subscriber.account)
        left = "" if verdict.tries_left is None else f", {verdict.tries_left} tries left"
        self._log.info("PIN of %r: %s%s", subscriber.account, verdict.outcome.value, left)
        if verdict:
            self.step = Step.VERIFIED
        elif verdict.outcome is not Outcome.MALFORMED:
            self.step = Step.REFUSED
        return verdict

    def log_out(self) -> None:
        """Back to the password."""
        if self.subscriber is not None:
            self._log.info("%r logged out", self.subscriber.account)
        self._start_over()

    def _start_over(self) -> None:
        self._challenge_id = self.subscriber = None
        self.step = Step.WAITING_FOR_PASSWORD

    def _sent(self, challenge_id: str, subscriber: Subscriber, what: str = "PIN sent") -> None:
        self._challenge_id, self.subscriber, self.step = challenge_id, subscriber, Step.PIN_SENT
        self._log.info("%s to %s; only its digest is kept", what, subscriber.phone.masked)

    def _under_way(self) -> tuple[str, Subscriber]:
        if self.step is Step.VERIFIED:
            raise WrongStep("you are logged in already")
        if self._challenge_id is None or self.subscriber is None:
            raise WrongStep("expected account and password first")
        return self._challenge_id, self.subscriber
