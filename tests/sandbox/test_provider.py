"""What stands behind the API, on one clock."""

from __future__ import annotations

import pytest

from sandbox.callers import PHONE
from sms2fa import ManualClock
from sms2fa.sandbox.accounts import SandboxAccount
from sms2fa.sandbox.provider import Provider


def test_accounts_are_found_by_their_sid(provider: Provider) -> None:
    accounts = [provider.add(SandboxAccount()) for _ in range(3)]
    assert [provider.accounts[account.sid] for account in accounts] == accounts


def test_everything_goes_by_one_clock(provider: Provider, clock: ManualClock) -> None:
    assert provider.carrier.clock is clock
    assert provider.carrier.agenda.clock is clock
    assert provider.callbacks.agenda.clock is clock
    call = provider.exchange.call(caller="1", recipient=PHONE, text="", language="", recording_url="", account="")
    clock.advance(seconds=60)
    assert call.status == "COMPLETED"


@pytest.mark.parametrize("kept", [1, 3])
def test_it_remembers_as_many_messages_as_it_was_told(clock: ManualClock, kept: int) -> None:
    provider = Provider(clock, kept)
    for number in range(5):
        provider.carrier.accept(recipient=PHONE, sender="XOXZO", text=str(number))
    assert [message.text for message in provider.carrier.messages()] == ["2", "3", "4"][3 - kept :]
