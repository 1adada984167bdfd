"""The set-up of a lesson: a sandbox, a gateway to it, a verifier, and the widgets that look at them."""

from __future__ import annotations

import secrets
from weakref import WeakSet

from sms2fa.clock import Clock, ManualClock, SystemClock
from sms2fa.errors import TwoFactorError
from sms2fa.gateways.xoxzo import XoxzoGateway
from sms2fa.policy import CLASSROOM
from sms2fa.sandbox import XoxzoSandbox
from sms2fa.stores.sqlite import SqliteStore
from sms2fa.verifier import Verifier
from sms2fa.widgets import (
    Board,
    BoardModel,
    CheckDesk,
    CheckDeskModel,
    ClockDial,
    ClockDialModel,
    Phone,
    PhoneModel,
    Phones,
    PhonesModel,
    SmsDesk,
    SmsDeskModel,
)

COURSE_NUMBER = "+818012345678"  # printed in Xoxzo's documentation; the live gateway refuses it


class Classroom:
    """Everything that a lesson needs, on this machine.

    Attributes:
        sandbox: Xoxzo's API on loopback.
        gateway: `XoxzoGateway` to it.
        verifier: with the CLASSROOM policy and a store in memory.
        clock: what all of them go by.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.sandbox = XoxzoSandbox(clock).open()
        self.gateway = XoxzoGateway(self.sandbox.sid, self.sandbox.auth_token, api_host=self.sandbox.url)
        self._store = SqliteStore(":memory:")
        self._boards: WeakSet[BoardModel] = WeakSet()
        key = secrets.token_bytes(32)
        self.verifier = Verifier(self.gateway, store=self._store, policy=CLASSROOM, key=key, clock=clock)

    def board(self) -> Board:
        """Form, server and phone side by side."""
        model = BoardModel(self.sandbox, self.verifier, self.clock)
        self._boards.add(model)
        return Board(model)

    def phone(self, number: str = COURSE_NUMBER) -> Phone:
        """A phone with that number."""
        return Phone(PhoneModel(self.sandbox, number))

    def phones(self, *numbers: str) -> Phones:
        """Phones side by side, each with a number."""
        return Phones(PhonesModel([PhoneModel(self.sandbox, number) for number in numbers]))

    def clock_dial(self) -> ClockDial:
        """A dial that pushes the time; what goes by it follows. Needs a classroom with a `ManualClock`."""
        return ClockDial(ClockDialModel(self._pushed()))

    def sms_desk(self) -> SmsDesk:
        """A desk to send SMS from. Needs a classroom with a `ManualClock`."""
        return SmsDesk(SmsDeskModel(self.gateway, self._pushed(), PhoneModel(self.sandbox, COURSE_NUMBER)))

    def check_desk(self) -> CheckDesk:
        """A desk to try PINs at. Needs a classroom with a `ManualClock`."""
        return CheckDesk(CheckDeskModel(self.verifier, self._pushed(), PhoneModel(self.sandbox, COURSE_NUMBER)))

    def close(self) -> None:
        """Stop the sandbox and forget the challenges. Closing twice is fine."""
        self.sandbox.close()
        self._store.close()
        for board in list(self._boards):
            board.close()

    def _pushed(self) -> ManualClock:
        if not isinstance(self.clock, ManualClock):
            raise TwoFactorError("this widget needs a clock that can be pushed: open_classroom(ManualClock())")
        return self.clock

    def __repr__(self) -> str:
        return "Classroom(SANDBOX)"


_open: list[Classroom] = []


def open_classroom(clock: Clock | None = None) -> Classroom:
    """Set up a lesson and say where its messages go. A classroom that this kernel opened before is closed.

    Args:
        clock: what everything goes by; by default the time of this machine.
    """
    while _open:
        _open.pop().close()
    _open.append(Classroom(clock or SystemClock()))
    print(  # noqa: T201 - the learner reads it
        "SANDBOX: every SMS goes to a phone drawn in this notebook. No account, no cost, no real message."
    )
    return _open[0]
