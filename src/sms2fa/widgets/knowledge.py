"""Who knows what during a login, in words. A picture of the course, not a rule: the rules are the verifier's."""

from __future__ import annotations

from typing import NamedTuple

from sms2fa.login import Step

HEADINGS = ("who", "the password", "the PIN", "and so")


class Knowledge(NamedTuple):
    """What one of those around a login knows."""

    who: str
    password: str
    pin: str
    result: str


def who_knows_what(step: Step, *, registered: bool) -> tuple[Knowledge, ...]:
    """Browser, server, phone and two attackers, in that order.

    Args:
        step: where the login stands.
        registered: whether somebody is enrolled.
    """
    sent = step is not Step.WAITING_FOR_PASSWORD
    return (
        Knowledge("your browser", "what you type", "what you type" if sent else "nothing yet", _BROWSER[step]),
        Knowledge(
            "the server",
            "its hash" if registered else "nothing yet",
            _DIGEST[step],
            "can check both, can read neither" if registered else "knows nobody yet",
        ),
        Knowledge("your phone", "nothing", _SMS[step], "shows it to whoever looks at it"),
        Knowledge("an attacker who reads your SMS", "nothing", _SMS[step], "is not let in: the password comes first"),
        Knowledge(
            "an attacker who stole your password",
            "all of it" if registered else "nothing yet",
            "nothing",
            "is not let in: the PIN goes to your phone" if registered else "has nothing to steal yet",
        ),
    )


_BROWSER = {
    Step.WAITING_FOR_PASSWORD: "is not logged in",
    Step.PIN_SENT: "is half way: the PIN is missing",
    Step.REFUSED: "is not logged in: that PIN was refused",
    Step.VERIFIED: "is logged in",
}
_DIGEST = {
    Step.WAITING_FOR_PASSWORD: "nothing yet",
    Step.PIN_SENT: "its digest",
    Step.REFUSED: "its digest",
    Step.VERIFIED: "its digest, and that it was used",
}
_SMS = {
    Step.WAITING_FOR_PASSWORD: "nothing that is of use now",
    Step.PIN_SENT: "all of it, in the SMS",
    Step.REFUSED: "all of it, in the SMS",
    Step.VERIFIED: "a PIN that was used, and works no more",
}
