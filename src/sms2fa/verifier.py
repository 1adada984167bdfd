"""The verifier: makes a PIN, has it sent, and says whether it came back.

The rules are the judges' (`challenge`, `account`, `sending`); this is the shell around them, into which gateway,
store, policy, key and clock are handed.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from sms2fa import account as accounts
from sms2fa import challenge as challenges
from sms2fa import sending
from sms2fa.account import Account, Standing
from sms2fa.challenge import Attempt, Challenge, Outcome, State, Verdict
from sms2fa.clock import Clock, SystemClock
from sms2fa.errors import (
    GatewayRefused,
    InvalidInput,
    InvalidKey,
    InvalidPhoneNumber,
    InvalidPolicy,
    MalformedPin,
    OutcomeUnknown,
    SendRefused,
)
from sms2fa.gateways import Gateway
from sms2fa.message import Message, compose
from sms2fa.phone import PhoneNumber, parse_phone
from sms2fa.pin import generate_pin, normalize_pin
from sms2fa.policy import NIST_800_63B, Policy
from sms2fa.sending import History, Request
from sms2fa.stores import Case, Counter, Store

_SHORTEST_KEY = 32  # bytes. Source: RFC 2104, section 3: a key as long as the hash
_LONGEST_NAME = 256  # characters of an account or a purpose

Compose = Callable[[str, timedelta | None], Message]


class Verifier:
    """Sends one-time PINs by SMS and checks them.

    Args:
        gateway: what sends the SMS.
        store: where challenges, failures and sends lie.
        policy: the thresholds in force.
        key: the server-side secret, at least 32 bytes; or several, newest first, to rotate them. After a rotation
            PINs under way and their numbers are checked under every key of the list. Cooldowns and caps of sends are
            counted under the newest key alone, so a rotation forgets them.
        clock: what tells the time.
        compose: writes the SMS for a PIN and its lifetime. To name your service and bind the PIN to your site:
            ``functools.partial(compose, service="Shop", host="shop.example")``.

    Raises:
        InvalidKey: for a key under 32 bytes.
        InvalidPolicy: for a weak policy with a gateway that is live.
    """

    def __init__(
        self,
        gateway: Gateway,
        *,
        store: Store,
        key: bytes | Sequence[bytes],
        policy: Policy = NIST_800_63B,
        clock: Clock | None = None,
        compose: Compose = compose,
    ) -> None:
        if policy.weak and gateway.live:
            raise InvalidPolicy("a weak policy works only with a gateway that is not live", field="policy")
        self.policy = policy
        self._gateway = gateway
        self._store = store
        self._keys = _checked_keys(key)
        self._clock = clock or SystemClock()
        self._compose = compose

    def start(self, *, account: str, phone: str | PhoneNumber, purpose: str = "login") -> Challenge:
        """Send a PIN. An older challenge of this account and purpose is void from now on.

        Args:
            account: who is to be verified, as your service knows them.
            phone: the number that the account has enrolled, in E.164 form.
            purpose: what the PIN is for. It works for nothing else.

        Returns:
            The challenge; keep its ``id`` in the claimant's session.

        Raises:
            InvalidInput: for an account or a purpose that is no printable text of 1 to 256 characters.
            InvalidPhoneNumber: for a number that cannot receive an SMS, or (reason "not_e164") is not in E.164 form.
            SendRefused: one of our brakes holds, or the account is locked; nothing was sent.
            GatewayRefused: the provider refused; nothing was sent or spent, and no PIN is live.
            OutcomeUnknown: the SMS may have gone out; the challenge of its ``challenge_id`` is live.
            StoreError: the store could not answer. No PIN works; where it failed after sending, an SMS went out.
        """
        return self._send(_name(account, "account"), _name(purpose, "purpose"), _number(phone), resend_of=None)

    def resend(self, challenge_id: str, *, phone: str | PhoneNumber, account: str, purpose: str = "login") -> Challenge:
        """Send a new PIN for a challenge. The older PIN is void from now on.

        The number has to be the one that the challenge began with. Raises what `start` raises, and `SendRefused` with
        the reason "unknown" for a challenge that is not there, was used, or began with another number.
        """
        if not isinstance(challenge_id, str):  # a session that was lost
            raise _no_such_login()
        return self._send(_name(account, "account"), _name(purpose, "purpose"), _number(phone), resend_of=challenge_id)

    def check(self, challenge_id: str, pin: str, *, account: str, purpose: str = "login") -> Verdict:
        """Say whether this is the PIN of that challenge, for that account and purpose.

        Whatever was typed earns a verdict, never an exception. Only a wrong PIN on a live challenge counts as a try.

        Raises:
            InvalidInput: for an account or a purpose that is no printable text of 1 to 256 characters.
            StoreError: the store could not answer. Nobody is let in.
        """
        account, purpose = _name(account, "account"), _name(purpose, "purpose")
        try:
            pin = normalize_pin(pin, self.policy.pin_length)
        except MalformedPin:
            return Verdict(Outcome.MALFORMED)
        if not isinstance(challenge_id, str):
            return Verdict(Outcome.UNKNOWN)
        digests = [key.digest("pin", purpose, account, challenge_id, pin) for key in self._keys]

        def step(case: Case) -> tuple[Case, Verdict]:
            return self._judge(case, Attempt(challenge_id, digests, self._clock.now()), purpose)

        return self._store.transact(account, purpose, step)

    def recover(self, account: str) -> None:
        """Lift the stop and the lock of an account, after it was verified by another factor."""

        def step(case: Case) -> tuple[Case, None]:
            return replace(case, account=accounts.after_recovery(case.account)), None

        self._store.transact(_name(account, "account"), "", step)

    def _judge(self, case: Case, attempt: Attempt, purpose: str) -> tuple[Case, Verdict]:
        challenge, account, now = case.challenge, case.account, attempt.now
        if challenge is None or not challenges.is_known(challenge, attempt.challenge_id):
            return case, Verdict(Outcome.UNKNOWN)
        standing = accounts.judge(account, self.policy, now)
        if standing is not Standing.OPEN:
            return case, self._barred(standing, account, now)
        outcome = challenges.judge(challenge, attempt, self.policy)
        if outcome is Outcome.VERIFIED:
            used = replace(challenge, state=State.USED)
            return Case(used, accounts.after_success(account, purpose, now)), Verdict(outcome)
        if outcome is Outcome.WRONG_PIN:
            challenge = replace(challenge, wrong_tries=challenge.wrong_tries + 1)
            account = accounts.after_failure(account, purpose, self.policy, now)
            limit = self.policy.tries_per_pin
            left = None if limit is None else limit - challenge.wrong_tries
            return Case(challenge, account), Verdict(outcome, accounts.lock_end(account, self.policy, now), left)
        return case, Verdict(outcome)

    def _barred(self, standing: Standing, account: Account, now: datetime) -> Verdict:
        if standing is Standing.STOPPED:
            return Verdict(Outcome.STOPPED)
        return Verdict(Outcome.LOCKED, retry_at=accounts.lock_end(account, self.policy, now))

    def _send(self, account: str, purpose: str, number: PhoneNumber, *, resend_of: str | None) -> Challenge:
        """Reserve, send, settle. A process that dies in between leaves the send spent and the PIN void."""
        pin = generate_pin(self.policy.pin_length)
        message = self._compose(pin, self.policy.lifetime)
        counters = self._counters(account, number)
        reserved = self._reserve(account, purpose, number, pin, counters, resend_of)
        try:
            self._gateway.send(message, to=number)
        except GatewayRefused:
            self._settle(reserved, State.VOID, counters)
            raise
        except OutcomeUnknown as error:
            error.challenge_id = self._settle(reserved, State.LIVE, counters).id
            raise
        return self._settle(reserved, State.LIVE, counters)

    def _reserve(
        self,
        account: str,
        purpose: str,
        number: PhoneNumber,
        pin: str,
        counters: Sequence[Counter],
        resend_of: str | None,
    ) -> Challenge:
        pair_digest = counters[0].key
        new_id = secrets.token_urlsafe(16)

        def step(case: Case) -> tuple[Case, Challenge]:
            now = self._clock.now()
            challenge_id, sends = new_id, 0
            if resend_of is not None:
                sends = self._sends_before(case.challenge, resend_of, account, number)
                challenge_id = resend_of
            self._refuse_barred(case.account, now)
            history = History(*case.sends)
            request = Request(number.region, sends, case.account.verified_at, now, history)
            refusal = sending.judge(request, self.policy)
            if refusal is not None:
                raise SendRefused(refusal.text, reason=refusal.reason, retry_at=refusal.retry_at)
            challenge = Challenge(
                id=challenge_id,
                account=account,
                purpose=purpose,
                created_at=now,
                expires_at=None if self.policy.lifetime is None else now + self.policy.lifetime,
                pin_digest=self._keys[0].digest("pin", purpose, account, challenge_id, pin),
                pair_digest=pair_digest,
                sends=sends + 1,
            )
            return replace(case, challenge=challenge, sends=sending.after_send(history, self.policy, now)), challenge

        return self._store.transact(account, purpose, step, counters)

    def _sends_before(self, challenge: Challenge | None, challenge_id: str, account: str, number: PhoneNumber) -> int:
        pairs = [key.pair_digest(account, number) for key in self._keys]
        if (
            challenge is None
            or not challenges.can_resend(challenge, challenge_id)
            or challenge.pair_digest not in pairs
        ):
            raise _no_such_login()
        return challenge.sends

    def _refuse_barred(self, account: Account, now: datetime) -> None:
        standing = accounts.judge(account, self.policy, now)
        if standing is Standing.LOCKED:
            end = accounts.lock_end(account, self.policy, now)
            raise SendRefused("too many wrong PINs: this account is locked for a while", reason="locked", retry_at=end)
        if standing is Standing.STOPPED:
            raise SendRefused("too many wrong PINs: this account needs to be recovered", reason="stopped")

    def _settle(self, reserved: Challenge, state: State, counters: Sequence[Counter]) -> Challenge:
        refused = state is State.VOID
        settled = replace(reserved, state=state, sends=reserved.sends - refused)

        def step(case: Case) -> tuple[Case, Challenge]:
            if refused:
                case = replace(case, sends=sending.given_back(History(*case.sends), reserved.created_at))
            now = case.challenge
            if now is not None and (now.id, now.pin_digest) == (reserved.id, reserved.pin_digest):  # none is newer
                case = replace(case, challenge=settled)
            return case, settled

        return self._store.transact(reserved.account, reserved.purpose, step, counters if refused else ())

    def _counters(self, account: str, number: PhoneNumber) -> tuple[Counter, ...]:
        """The rows of sends of this pair, number, prefix and of all, in the order of `History`."""
        key, policy = self._keys[0], self.policy
        return (
            Counter(key.pair_digest(account, number), policy.quiet),
            Counter(key.digest("number", number.e164)[:16], policy.number_window),
            Counter(key.digest("prefix", number.e164[:-4])[:16], policy.number_window),
            Counter(key.digest("day")[:16], sending.DAY),
        )


def _no_such_login() -> SendRefused:
    return SendRefused("there is no such challenge under way; start a new one", reason="unknown")


class _Key:
    """A server-side key that makes digests. It goes into the HMAC once, which halves the time."""

    __slots__ = ("_hmac",)

    def __init__(self, key: bytes) -> None:
        self._hmac = hmac.new(key, digestmod="sha256")

    def digest(self, *parts: str) -> bytes:
        # Names are printable, so a NUL stands between two parts only: ("ab", "c") and ("a", "bc") differ.
        copy = self._hmac.copy()
        copy.update("\0".join(parts).encode("utf-8", "replace"))
        return copy.digest()

    def pair_digest(self, account: str, number: PhoneNumber) -> bytes:
        return self.digest("pair", account, number.e164)[:16]


def _checked_keys(key: bytes | Sequence[bytes]) -> tuple[_Key, ...]:
    keys = (key,) if isinstance(key, bytes) else tuple(key or ())
    if not keys or not all(isinstance(one, bytes) and len(one) >= _SHORTEST_KEY for one in keys):
        raise InvalidKey(
            f"expected a key of at least {_SHORTEST_KEY} bytes, such as secrets.token_bytes({_SHORTEST_KEY})",
            field="key",
        )
    return tuple(map(_Key, keys))


def _name(text: str, field: str) -> str:
    if not isinstance(text, str) or not 1 <= len(text) <= _LONGEST_NAME:
        raise InvalidInput(f"expected {field} as text of 1 to {_LONGEST_NAME} characters", field=field)
    if not text.isprintable():
        raise InvalidInput(f"expected {field} as printable text", field=field)
    return text


def _number(phone: str | PhoneNumber) -> PhoneNumber:
    if isinstance(phone, PhoneNumber):
        return phone
    number = parse_phone(phone)
    if number.e164 != phone:
        raise InvalidPhoneNumber(
            "expected a number in E.164 form, + and digits only; parse_phone reads what people type",
            field="phone",
            reason="not_e164",
        )
    return number
