"""What happens behind the sandbox' API."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.callers import LANDLINE, OTHER_PHONE, PATIENCE, PHONE
from sms2fa import ManualClock
from sms2fa.errors import InvalidInput
from sms2fa.sandbox.carrier import Carrier, CarrierRules, Delivery, Ending, SandboxMessage, cost_of

TEXT = "Your PIN is 0429175386."
MINUTE = timedelta(minutes=1)


@pytest.fixture
def carrier(clock: ManualClock) -> Carrier:
    return Carrier(clock)


@pytest.fixture
def heard(carrier: Carrier) -> list[SandboxMessage]:
    """What a phone that listens has heard."""
    heard: list[SandboxMessage] = []
    carrier.listen(heard.append)
    return heard


class CountedMoment(datetime):
    """A moment that counts how often it is compared, or the time between two is taken."""

    used = 0

    def __sub__(self, other: object) -> object:
        CountedMoment.used += 1
        return super().__sub__(other)

    def __lt__(self, other: object) -> bool:
        CountedMoment.used += 1
        return super().__lt__(other)

    def __ge__(self, other: object) -> bool:
        CountedMoment.used += 1
        return super().__ge__(other)


def accept(carrier: Carrier, text: str = TEXT, recipient: str = PHONE, sender: str = "XOXZO") -> SandboxMessage:
    return carrier.accept(recipient=recipient, sender=sender, text=text)


class TestStatus:
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
    def test_it_follows_the_clock(self, carrier: Carrier, clock: ManualClock, seconds: float, status: str) -> None:
        message = accept(carrier)
        clock.advance(seconds=seconds)
        assert message.status == status

    def test_a_message_from_the_future_is_still_queued(self, carrier: Carrier, clock: ManualClock) -> None:
        message = accept(carrier)
        clock.set(clock.now() - timedelta(hours=1))
        assert message.status == "QUEUED"

    def test_a_landline_is_taken_and_its_delivery_fails(
        self, carrier: Carrier, clock: ManualClock, heard: list[SandboxMessage]
    ) -> None:
        message = accept(carrier, recipient=LANDLINE)
        clock.advance(seconds=120)
        carrier.agenda.run_due()
        assert (message.status, message.arrived, heard) == ("FAILED", False, [])

    def test_a_message_remembers_when_it_was_accepted(self, carrier: Carrier, clock: ManualClock) -> None:
        accepted_at, message = clock.now(), accept(carrier)
        clock.advance(seconds=60)
        assert message.sent_at == accepted_at


class TestRules:
    def test_a_good_day_is_the_default(self, carrier: Carrier, heard: list[SandboxMessage]) -> None:
        assert carrier.rules == CarrierRules()
        messages = [accept(carrier) for _ in range(3)]  # not even repeats are dropped
        assert heard == messages
        assert all(message.arrived for message in messages)

    def test_a_late_message_arrives_at_its_moment_and_is_reported_then(
        self, carrier: Carrier, clock: ManualClock, heard: list[SandboxMessage]
    ) -> None:
        carrier.rules = CarrierRules(Delivery(late=MINUTE))
        message = accept(carrier)
        clock.advance(seconds=59.999)
        carrier.agenda.run_due()
        assert (heard, message.arrived, message.status) == ([], False, "DELIVERING")
        clock.advance(seconds=0.001)
        carrier.agenda.run_due()
        assert (heard, message.arrived, message.status) == ([message], True, "DELIVERED")

    def test_late_messages_arrive_in_the_order_of_their_moments(
        self, carrier: Carrier, clock: ManualClock, heard: list[SandboxMessage]
    ) -> None:
        for minutes in (3, 1, 2):
            carrier.rules = CarrierRules(Delivery(late=minutes * MINUTE))
            accept(carrier, text=f"{minutes} late")
        clock.advance(seconds=180)
        carrier.agenda.run_due()
        assert [message.text for message in heard] == ["1 late", "2 late", "3 late"]

    def test_a_message_keeps_the_rules_of_the_moment_at_which_it_was_accepted(
        self, carrier: Carrier, clock: ManualClock, heard: list[SandboxMessage]
    ) -> None:
        carrier.rules = CarrierRules(Delivery(late=MINUTE))
        message = accept(carrier)
        carrier.rules = CarrierRules(Delivery(ending=Ending.LOST))
        clock.advance(seconds=60)
        carrier.agenda.run_due()
        assert heard == [message]

    @pytest.mark.parametrize(("ending", "status"), [(Ending.FAILED, "FAILED"), (Ending.LOST, "DELIVERING")])
    @pytest.mark.parametrize("late", [timedelta(0), MINUTE])
    def test_what_fails_or_is_lost_never_arrives_and_only_a_failure_is_reported(
        self,
        carrier: Carrier,
        clock: ManualClock,
        heard: list[SandboxMessage],
        ending: Ending,
        status: str,
        late: timedelta,
    ) -> None:
        carrier.rules = CarrierRules(Delivery(late=late, ending=ending))
        message = accept(carrier)
        clock.advance(seconds=86400)
        carrier.agenda.run_due()
        assert (heard, message.arrived, message.status) == ([], False, status)
        assert message.reported is (ending is Ending.FAILED)

    @pytest.mark.parametrize("late", [timedelta(0), MINUTE])
    def test_copies_arrive_as_often_as_they_are_told_to(
        self, carrier: Carrier, clock: ManualClock, heard: list[SandboxMessage], late: timedelta
    ) -> None:
        carrier.rules = CarrierRules(Delivery(late=late, copies=3))
        message = accept(carrier)
        clock.advance(seconds=60)
        carrier.agenda.run_due()
        assert heard == [message] * 3
        assert carrier.messages() == [message]

    def test_a_number_may_have_a_delivery_of_its_own(self, carrier: Carrier, heard: list[SandboxMessage]) -> None:
        carrier.rules = CarrierRules(Delivery(copies=2), by_number={PHONE: Delivery(ending=Ending.LOST)})
        accept(carrier)
        other = accept(carrier, recipient=OTHER_PHONE)
        assert heard == [other, other]

    @pytest.mark.parametrize("wrong", [{"copies": 0}, {"copies": -1}, {"late": timedelta(microseconds=-1)}])
    def test_a_delivery_that_cannot_be_is_refused(self, wrong: dict[str, object]) -> None:
        with pytest.raises(InvalidInput) as caught:
            Delivery(**wrong)
        assert caught.value.field == "delivery"

    @pytest.mark.parametrize(("recipient", "shown"), [(PHONE, "SMS"), ("+818012345679", "XOXZO")])
    def test_a_number_at_kddi_shows_no_letters(self, carrier: Carrier, recipient: str, shown: str) -> None:
        carrier.rules = CarrierRules(kddi=frozenset({PHONE}))
        message = accept(carrier, recipient=recipient)
        assert (message.sender, message.shown_sender) == ("XOXZO", shown)

    def test_the_representation_of_the_rules_shows_no_full_number(self) -> None:
        rules = CarrierRules(by_number={PHONE: Delivery()}, kddi=frozenset({OTHER_PHONE}))
        assert not [secret for secret in ("8012345678", "2025550123") if secret in repr(rules)]


class TestRepeats:
    @pytest.fixture
    def carrier(self, clock: ManualClock) -> Carrier:
        carrier = Carrier(clock)
        carrier.rules = CarrierRules(repeats_dropped_within=MINUTE)
        return carrier

    @pytest.mark.parametrize(("seconds", "arriving"), [(0, 1), (59.999, 1), (60, 2)])
    def test_a_text_sent_again_within_a_minute_never_arrives(
        self, carrier: Carrier, clock: ManualClock, heard: list[SandboxMessage], seconds: float, arriving: int
    ) -> None:
        accept(carrier)
        clock.advance(seconds=seconds)
        accept(carrier)
        clock.advance(seconds=10)
        assert len(heard) == arriving
        assert [message.status for message in carrier.messages()] == [
            "DELIVERED",
            ["FAILED", "DELIVERED"][arriving - 1],
        ]

    def test_another_pin_in_the_same_words_is_a_repeat(self, carrier: Carrier, heard: list[SandboxMessage]) -> None:
        for text in ("Your PIN is 042917.", "Your PIN is 538612.", "Your PIN is 0429."):
            accept(carrier, text)
        assert [message.text for message in heard] == ["Your PIN is 042917.", "Your PIN is 0429."]

    def test_other_words_and_other_numbers_are_none(self, carrier: Carrier, heard: list[SandboxMessage]) -> None:
        messages = [accept(carrier), accept(carrier, "Hello"), accept(carrier, recipient=OTHER_PHONE)]
        assert heard == messages

    def test_the_work_for_a_message_does_not_grow_with_the_texts_of_the_last_minute(self) -> None:
        clock = ManualClock()
        clock.now = lambda: moment  # type: ignore[method-assign]
        moment = CountedMoment(2026, 11, 1, tzinfo=UTC)
        carrier = Carrier(clock)
        carrier.rules = CarrierRules(repeats_dropped_within=MINUTE)
        CountedMoment.used = 0
        for number in range(500):
            accept(carrier, text="x" * (number + 1))
        assert CountedMoment.used < 20 * 500


class TestMemory:
    def test_messages_stand_oldest_first_and_are_found_by_their_msgid(self, carrier: Carrier) -> None:
        accepted = [accept(carrier, text=str(number)) for number in range(5)]
        assert carrier.messages() == accepted
        assert [carrier.find(message.msgid) for message in accepted] == accepted
        assert carrier.find("unknown") is None

    def test_beyond_what_is_kept_the_oldest_are_dropped_and_counted(self, clock: ManualClock) -> None:
        carrier = Carrier(clock, kept=100)
        accepted = [accept(carrier, text=str(number)) for number in range(1_000)]
        assert carrier.messages() == accepted[-100:]
        assert carrier.dropped == 900
        assert carrier.find(accepted[899].msgid) is None
        assert carrier.find(accepted[900].msgid) is accepted[900]

    @pytest.mark.slow
    def test_of_100_000_messages_10_000_are_kept(self, carrier: Carrier) -> None:
        for number in range(100_000):
            accept(carrier, text=str(number))
        assert [message.text for message in carrier.messages()] == [str(number) for number in range(90_000, 100_000)]
        assert carrier.dropped == 90_000

    @pytest.mark.parametrize("kept", [0, -1])
    def test_it_keeps_one_message_at_least(self, clock: ManualClock, kept: int) -> None:
        with pytest.raises(InvalidInput) as caught:
            Carrier(clock, kept)
        assert caught.value.field == "kept"

    def test_a_late_message_arrives_although_it_was_dropped(self, clock: ManualClock) -> None:
        carrier, heard = Carrier(clock, kept=1), list[SandboxMessage]()
        carrier.listen(heard.append)
        carrier.rules = CarrierRules(Delivery(late=MINUTE))
        messages = [accept(carrier, text=str(number)) for number in range(3)]
        clock.advance(seconds=60)
        carrier.agenda.run_due()
        assert heard == messages


class TestListeners:
    def test_each_hears_of_each_message_to_come(self, carrier: Carrier) -> None:
        heard: list[tuple[str, SandboxMessage]] = []
        accept(carrier)
        carrier.listen(lambda message: heard.append(("one", message)))
        carrier.listen(lambda message: heard.append(("two", message)))
        message = accept(carrier)
        assert heard == [("one", message), ("two", message)]

    @pytest.mark.parametrize("late", [timedelta(0), MINUTE])
    def test_one_that_raises_is_logged_and_stops_nobody(
        self, carrier: Carrier, clock: ManualClock, caplog: pytest.LogCaptureFixture, late: timedelta
    ) -> None:
        heard: list[SandboxMessage] = []

        def broken(message: SandboxMessage) -> None:
            raise RuntimeError("the phone fell into the water")

        carrier.rules = CarrierRules(Delivery(late=late))
        carrier.listen(broken)
        carrier.listen(heard.append)
        with caplog.at_level(logging.DEBUG):
            message = accept(carrier)
            clock.advance(seconds=60)
            carrier.agenda.run_due()
        assert heard == carrier.messages() == [message]
        assert "the phone fell into the water" in caplog.text
        assert not [secret for secret in ("0429175386", "8012345678") if secret in caplog.text]

    def test_one_may_read_the_messages_and_add_another(self, carrier: Carrier) -> None:
        heard: list[SandboxMessage] = []

        def curious(message: SandboxMessage) -> None:
            heard.extend(carrier.messages())
            carrier.listen(heard.append)

        carrier.listen(curious)
        with ThreadPoolExecutor(1) as pool:  # a deadlock shows as a timeout
            message = pool.submit(accept, carrier).result(timeout=PATIENCE)
        assert heard == [message]

    def test_threads_lose_no_message(self, carrier: Carrier, heard: list[SandboxMessage]) -> None:
        with ThreadPoolExecutor(8) as pool:
            accepted = list(pool.map(lambda number: accept(carrier, str(number)), range(200)))
        assert {message.msgid for message in carrier.messages()} == {message.msgid for message in accepted}
        assert len({message.msgid for message in heard}) == 200


@pytest.mark.parametrize(
    ("length", "ascii_cost", "other_cost"),
    [
        (1, 10, 10),
        (70, 10, 10),
        (71, 10, 20),
        (132, 10, 20),
        (133, 10, 30),
        (140, 10, 30),
        (141, 20, 30),
        (198, 20, 30),
        (264, 20, 40),
        (265, 30, 50),
        (396, 30, 60),
        (397, 40, 70),
        (528, 40, 80),
        (529, 50, 90),
        (594, 50, 90),
        (595, 50, 100),
        (660, 50, 100),
    ],
)
def test_each_part_of_xoxzos_table_costs_ten(length: int, ascii_cost: int, other_cost: int) -> None:
    assert (cost_of("x" * length), cost_of("é" * length)) == (ascii_cost, other_cost)


def test_the_representation_shows_neither_text_nor_full_number(carrier: Carrier) -> None:
    shown = repr(accept(carrier))
    assert not [secret for secret in ("0429175386", "8012345678") if secret in shown]
    assert "78" in shown
