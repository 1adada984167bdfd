"""The other way: Xoxzo makes, sends and checks the code, by its hosted OTP API.

It saves the whole of our verifier, and its rules go with it: neither lifetime nor tries are documented, nothing binds a
code to an account or a purpose, and an account's failures over many codes are nobody's count but yours.

Assumed, since Xoxzo's documentation and its blog disagree: that `verify` takes website, phone_number, otp_id and code
together, answers "OTP verified successfully." to the right code, and 400 with the key "code" to any that does not work.
Any other answer lets nobody in.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from sms2fa.challenge import Outcome, Verdict
from sms2fa.errors import InvalidInput, OutcomeUnknown, RecipientRefused, UnreadableAnswer
from sms2fa.gateways.answers import Answer, error_of, nothing_was_sent
from sms2fa.gateways.connection import Connection
from sms2fa.phone import PhoneNumber, is_printed

_VERIFIED = "OTP verified successfully."  # Assumed.
_MOST_CHARACTERS = 32  # of a code that is passed on


class HostedChallenge(Struct, frozen=True):
    """A code under way.

    Attributes:
        id: the msgid that Xoxzo gave.
        phone: where it went.
    """

    id: str
    phone: PhoneNumber


class XoxzoOtpVerifier:
    """Has Xoxzo send codes and check them.

    Args:
        sid, auth_token, api_host, timeout, retry_waits: as for `sms2fa.XoxzoGateway`.
        website: the name that codes are made for. Register it once with `register`.
    """

    def __init__(
        self,
        sid: str,
        auth_token: str,
        website: str,
        api_host: str | None = None,
        timeout: float = 10,
        *,
        retry_waits: Sequence[float] = (0.2, 0.6),
    ) -> None:
        if not isinstance(website, str) or not website:
            raise InvalidInput("expected a website as text, such as 'shop.example'", field="website")
        self.website = website
        self._connection = Connection(sid, auth_token, api_host, timeout, retry_waits)

    @property
    def live(self) -> bool:
        """Whether a code goes to a real phone."""
        return self._connection.live

    def register(self) -> None:
        """Register the website. Registering twice is fine.

        Xoxzo says "already exists" of another account's website too; then `start` raises MessageRefused.

        Raises:
            GatewayError: where Xoxzo does not take it.
        """
        answer = self._call("/otp/register-website/", website=self.website)
        known = isinstance(answer.body, dict) and "already exists" in str(answer.body.get("website"))
        if not answer.accepted and not known:
            raise error_of(answer)
        if not isinstance(answer.body, dict):
            raise UnreadableAnswer("Xoxzo answered in a form that we do not know; register again")

    def start(self, *, phone: PhoneNumber) -> HostedChallenge:
        """Have a code made and sent. An older one of this number is void, as far as we know.

        Raises:
            GatewayRefused: nothing was sent.
            OutcomeUnknown: the SMS may have gone out.
        """
        if self.live and is_printed(phone):
            raise RecipientRefused("expected your own number: this one is printed in the course", field="phone_number")
        answer = self._call("/otp/request/", website=self.website, phone_number=phone.e164)
        if not answer.accepted:
            raise error_of(answer)
        msgid = answer.body.get("msgid") if isinstance(answer.body, dict) else None
        if not isinstance(msgid, str) or not msgid:
            raise UnreadableAnswer("Xoxzo answered without a msgid, so the code may have gone out or not")
        return HostedChallenge(msgid, phone)

    def check(self, challenge: HostedChallenge, pin: str) -> Verdict:
        """Ask Xoxzo whether this is the code.

        Returns:
            VERIFIED, WRONG_PIN (also for a code that ran out or was used: Xoxzo does not say which), or MALFORMED.

        Raises:
            GatewayError: Xoxzo did not say. Nobody is let in.
        """
        digits = pin.strip() if isinstance(pin, str) else ""
        if not digits.isascii() or not digits.isdecimal() or len(digits) > _MOST_CHARACTERS:
            return Verdict(Outcome.MALFORMED)
        fields = {"website": self.website, "phone_number": challenge.phone.e164, "otp_id": challenge.id, "code": digits}
        try:
            answer = self._call("/otp/verify/", **fields)
            body = answer.body if isinstance(answer.body, dict) else {}
            if answer.accepted and body.get("message") == _VERIFIED:
                return Verdict(Outcome.VERIFIED)
            if answer.status == 400 and "code" in body:
                return Verdict(Outcome.WRONG_PIN)
            if not answer.accepted:
                raise error_of(answer)
        except OutcomeUnknown as error:  # in the words of checking
            words = "no verdict from Xoxzo; the code may be used up by now"
            raise OutcomeUnknown(words, status=error.status) from None
        raise UnreadableAnswer("Xoxzo answered in a form that we do not know")

    def _call(self, path: str, **fields: object) -> Answer:
        return self._connection.call(lambda: self._connection.post(path, fields), again=nothing_was_sent)

    def __repr__(self) -> str:
        return f"XoxzoOtpVerifier({self.website!r}, {'LIVE' if self.live else 'not live'})"
