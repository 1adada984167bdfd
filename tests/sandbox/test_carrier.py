"""What happens behind the sandbox' API."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from sms2fa import ManualClock
from sms2fa.sandbox.carrier import Carrier, SandboxMessage

TEXT = "Your PIN is 0429175386."


@pytest.fixture
def carrier(clock: ManualClock) -> Carrier:
    return Carrier(clock)


def accept(carrier: Carrier, text: str = TEXT, recipient: str = "+818012345678") -> SandboxMessage:
    return carrier.accept(recipient=recipient, sender="XOXZO", text=text)


@pytest.mark.parametrize(
    ("seconds", "status"),
    [
        (0, "QUEUED"),
        (0.999, "QUEUED"),
        (1, "DELIVERING"),
        (2.999, "DELIVERING"),
        (3, "DELIVERED"),
        (86400, "DELIVERED"),
    ],
)
def test_the_status_follows_the_clock(carrier: Carrier, clock: ManualClock, seconds: float, status: str) -> None:
    message = accept(carrier)
    clock.advance(seconds=seconds)
    assert message.status == status


def test_a_message_from_the_future_is_still_queued(carrier: Carrier, clock: ManualClock) -> None:
    message = accept(carrier)
    clock.set(clock.now() - timedelta(hours=1))
    assert message.status == "QUEUED"


def test_a_landline_is_taken_and_its_delivery_fails(carrier: Carrier, clock: ManualClock) -> None:
    message = accept(carrier, recipient="+81312345678")
    clock.advance(seconds=120)
    assert message.status in ("FAIL", "FAILED")


def test_messages_stand_oldest_first_and_are_found_by_their_msgid(carrier: Carrier) -> None:
    accepted = [accept(carrier, text=str(number)) for number in range(5)]
    assert carrier.messages() == accepted
    assert [carrier.find(message.msgid) for message in accepted] == accepted
    assert carrier.find("unknown") is None


def test_a_message_remembers_when_it_was_accepted(carrier: Carrier, clock: ManualClock) -> None:
    accepted_at, message = clock.now(), accept(carrier)
    clock.advance(seconds=60)
    assert message.sent_at == accepted_at


@pytest.mark.parametrize(("text", "cost"), [("x" * 140, 10), ("x" * 141, 20), ("é" * 70, 10), ("é" * 660, 100)])
def test_each_part_costs(carrier: Carrier, text: str, cost: int) -> None:
    assert accept(carrier, text=text).cost == cost


def test_every_listener_hears_of_each_message_to_come(carrier: Carrier) -> None:
    heard: list[tuple[str, SandboxMessage]] = []
    accept(carrier)
    carrier.listen(lambda message: heard.append(("one", message)))
    carrier.listen(lambda message: heard.append(("two", message)))
    message = accept(carrier)
    assert heard == [("one", message), ("two", message)]


def test_a_listener_that_raises_is_logged_and_stops_nobody(carrier: Carrier, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[SandboxMessage] = []

    def broken(message: SandboxMessage) -> None:
        raise RuntimeError("the phone fell into the water")

    carrier.listen(broken)
    carrier.listen(heard.append)
    with caplog.at_level(logging.DEBUG):
        message = accept(carrier)
    assert heard == carrier.messages() == [message]
    assert "the phone fell into the water" in caplog.text
    assert not [secret for secret in ("0429175386", "8012345678") if secret in caplog.text]


def test_a_listener_may_read_the_messages_and_add_a_listener(carrier: Carrier) -> None:
    heard: list[SandboxMessage] = []

    def curious(message: SandboxMessage) -> None:
        heard.extend(carrier.messages())
        carrier.listen(heard.append)

    carrier.listen(curious)
    with ThreadPoolExecutor(1) as pool:  # a deadlock shows as a timeout
        message = pool.submit(accept, carrier).result(timeout=60)
    assert heard == [message]


def test_threads_lose_no_message(carrier: Carrier) -> None:
    heard: list[SandboxMessage] = []
    carrier.listen(heard.append)
    with ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(lambda number: accept(carrier, str(number)), range(200)))
    assert {message.msgid for message in carrier.messages()} == {message.msgid for message in accepted}
    assert len({message.msgid for message in heard}) == 200


def test_the_representation_shows_neither_text_nor_full_number(carrier: Carrier) -> None:
    shown = repr(accept(carrier))
    assert not [secret for secret in ("0429175386", "8012345678") if secret in shown]
    assert "78" in shown
