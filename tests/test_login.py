"""Registering and logging in."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.gateway import wrong
from sms2fa import ManualClock, Outcome, SqliteStore, Verifier, parse_phone
from sms2fa.errors import (
    AccountTaken,
    InvalidInput,
    LoginError,
    NumberTaken,
    OutcomeUnknown,
    ProviderUnreachable,
    SendRefused,
    StoreError,
    WeakPassword,
    WrongPassword,
    WrongStep,
)
from sms2fa.gateways.recording import RecordingGateway
from sms2fa.login import Login, Step, Subscribers

PHONE = parse_phone("+818012345678")
OTHER_PHONE = parse_phone("+12025550123")
PASSWORD = "correct horse"


@pytest.fixture
def subscribers() -> Iterator[Subscribers]:
    subscribers = Subscribers()
    yield subscribers
    subscribers.close()


@pytest.fixture
def recorder() -> RecordingGateway:
    return RecordingGateway()


@pytest.fixture
def login(subscribers: Subscribers, recorder: RecordingGateway, clock: ManualClock) -> Iterator[Login]:
    subscribers.register("alice", PASSWORD, PHONE)
    with SqliteStore(":memory:") as store:
        yield Login(subscribers, Verifier(recorder, store=store, key=b"k" * 32, clock=clock))


class TestSubscribers:
    def test_who_is_registered_is_known_by_the_password(self, subscribers: Subscribers) -> None:
        registered = subscribers.register("alice", PASSWORD, PHONE)
        subscribers.register("bob", PASSWORD, OTHER_PHONE)
        assert subscribers.authenticate("alice", PASSWORD) == registered
        assert (registered.account, registered.phone) == ("alice", PHONE)

    @pytest.mark.parametrize("written", ["+818012345678", "080-1234-5678", "０８０１２３４５６７８"])
    def test_one_number_is_one_account_however_it_is_written(self, subscribers: Subscribers, written: str) -> None:
        subscribers.register("alice", PASSWORD, PHONE)
        with pytest.raises(NumberTaken) as caught:
            subscribers.register("bob", PASSWORD, parse_phone(written, region="JP"))
        assert not re.search(r"[0-9]{4}", str(caught.value))
        with pytest.raises(WrongPassword):
            subscribers.authenticate("bob", PASSWORD)

    @pytest.mark.parametrize("again", ["alice", " alice "])
    def test_an_account_is_taken_once_and_keeps_its_password(self, subscribers: Subscribers, again: str) -> None:
        registered = subscribers.register("alice", PASSWORD, PHONE)
        with pytest.raises(AccountTaken):
            subscribers.register(again, "another password", OTHER_PHONE)
        assert subscribers.authenticate("alice", PASSWORD) == registered

    @pytest.mark.parametrize("password", ["", "1234567", "x" * 257])
    def test_a_password_of_another_length_than_8_to_256_is_refused(
        self, subscribers: Subscribers, password: str
    ) -> None:
        with pytest.raises(WeakPassword) as caught:
            subscribers.register("alice", password, PHONE)
        assert not password or password not in str(caught.value)

    @pytest.mark.parametrize("password", ["12345678", "x" * 256, "пароль пароль", "        "])
    def test_any_other_password_works_and_no_other_does(self, subscribers: Subscribers, password: str) -> None:
        subscribers.register("alice", password, PHONE)
        assert subscribers.authenticate("alice", password).account == "alice"
        for another in (password[:-1], password + "x"):
            with pytest.raises(WrongPassword):
                subscribers.authenticate("alice", another)

    @pytest.mark.parametrize("account", ["", "  ", "x" * 65, "a\nb"])
    def test_an_account_name_that_cannot_be_shown_is_refused(self, subscribers: Subscribers, account: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            subscribers.register(account, PASSWORD, PHONE)
        assert caught.value.field == "account"

    def test_a_wrong_password_and_an_unknown_account_are_the_same_to_the_claimant(
        self, subscribers: Subscribers
    ) -> None:
        subscribers.register("alice", PASSWORD, PHONE)
        told = set()
        for account, password in (("alice", "wrong password"), ("nobody", PASSWORD), ("nobody", ""), ("alice", "")):
            with pytest.raises(LoginError) as caught:
                subscribers.authenticate(account, password)
            told.add((type(caught.value), str(caught.value)))
        assert len(told) == 1

    def test_neither_password_hash_nor_full_number_is_shown(self, subscribers: Subscribers) -> None:
        subscriber = subscribers.register("alice", PASSWORD, PHONE)
        assert PASSWORD not in subscriber.password_hash
        assert not [secret for secret in (subscriber.password_hash, "8012345678") if secret in repr(subscriber)]

    def test_closing_twice_is_fine(self, subscribers: Subscribers) -> None:
        subscribers.close()
        subscribers.close()
        with pytest.raises(Exception, match="closed"):
            subscribers.authenticate("alice", PASSWORD)


class TestLogin:
    def test_it_waits_for_the_password_then_for_the_pin_and_is_verified(
        self, login: Login, recorder: RecordingGateway
    ) -> None:
        steps = [login.step]
        login.enter_password("alice", PASSWORD)
        steps.append(login.step)
        assert login.enter_pin(recorder.pins[-1])
        assert [*steps, login.step] == [Step.WAITING_FOR_PASSWORD, Step.PIN_SENT, Step.VERIFIED]
        assert login.subscriber is not None
        assert login.subscriber.account == "alice"

    def test_a_pin_before_the_password_is_a_wrong_step(self, login: Login) -> None:
        for early in (lambda: login.enter_pin("042917"), login.send_again):
            with pytest.raises(WrongStep):
                early()
        assert login.step is Step.WAITING_FOR_PASSWORD

    def test_who_is_verified_takes_no_further_step(self, login: Login, recorder: RecordingGateway) -> None:
        login.enter_password("alice", PASSWORD)
        login.enter_pin(recorder.pins[-1])
        for late in (lambda: login.enter_pin(recorder.pins[-1]), login.send_again):
            with pytest.raises(WrongStep):
                late()
        assert login.step is Step.VERIFIED

    @pytest.mark.parametrize(("account", "password"), [("alice", "wrong password"), ("nobody", PASSWORD)])
    def test_a_wrong_password_sends_nothing_and_leaves_nobody_in(
        self, login: Login, recorder: RecordingGateway, account: str, password: str
    ) -> None:
        with pytest.raises(WrongPassword):
            login.enter_password(account, password)
        assert (recorder.pins, login.step, login.subscriber) == ([], Step.WAITING_FOR_PASSWORD, None)

    def test_a_wrong_password_ends_the_login_under_way(self, login: Login, recorder: RecordingGateway) -> None:
        login.enter_password("alice", PASSWORD)
        with pytest.raises(WrongPassword):
            login.enter_password("alice", "wrong password")
        with pytest.raises(WrongStep):
            login.enter_pin(recorder.pins[-1])

    def test_a_malformed_pin_keeps_the_step_and_a_wrong_one_is_refused_until_the_right_one_comes(
        self, login: Login, recorder: RecordingGateway
    ) -> None:
        login.enter_password("alice", PASSWORD)
        pin, seen = recorder.pins[-1], []
        for typed in ("12", wrong(pin), "twelve", pin):
            outcome = login.enter_pin(typed).outcome
            seen.append((outcome, login.step))
        assert seen == [
            (Outcome.MALFORMED, Step.PIN_SENT),
            (Outcome.WRONG_PIN, Step.REFUSED),
            (Outcome.MALFORMED, Step.REFUSED),
            (Outcome.VERIFIED, Step.VERIFIED),
        ]

    def test_a_pin_that_ran_out_is_refused_and_a_new_one_may_be_sent(
        self, login: Login, recorder: RecordingGateway, clock: ManualClock
    ) -> None:
        login.enter_password("alice", PASSWORD)
        clock.advance(seconds=300)
        assert login.enter_pin(recorder.pins[-1]).outcome is Outcome.EXPIRED
        assert login.step is Step.REFUSED
        login.send_again()
        assert login.step is Step.PIN_SENT
        assert [bool(login.enter_pin(pin)) for pin in recorder.pins] == [False, True]

    def test_a_send_that_is_refused_leaves_it_waiting_for_the_password(
        self, login: Login, recorder: RecordingGateway
    ) -> None:
        recorder.then = ProviderUnreachable("no")
        with pytest.raises(ProviderUnreachable):
            login.enter_password("alice", PASSWORD)
        assert (login.step, login.subscriber) == (Step.WAITING_FOR_PASSWORD, None)
        recorder.then = None
        login.enter_password("alice", PASSWORD)
        with pytest.raises(SendRefused) as caught:
            login.enter_password("alice", PASSWORD)
        assert (caught.value.reason, login.step) == ("cooldown", Step.WAITING_FOR_PASSWORD)

    def test_a_resend_that_is_refused_keeps_the_step_and_the_pin(
        self, login: Login, recorder: RecordingGateway
    ) -> None:
        login.enter_password("alice", PASSWORD)
        with pytest.raises(SendRefused):
            login.send_again()
        assert login.step is Step.PIN_SENT
        assert login.enter_pin(recorder.pins[-1])

    @pytest.mark.parametrize("again", [False, True], ids=["the first send", "a resend after a wrong PIN"])
    def test_a_pin_that_may_have_gone_out_can_be_entered(
        self, login: Login, recorder: RecordingGateway, clock: ManualClock, again: bool
    ) -> None:
        if again:
            login.enter_password("alice", PASSWORD)
            login.enter_pin(wrong(recorder.pins[-1]))
            clock.advance(seconds=60)
        recorder.then = OutcomeUnknown("perhaps")
        with pytest.raises(OutcomeUnknown):
            login.send_again() if again else login.enter_password("alice", PASSWORD)
        assert login.step is Step.PIN_SENT
        assert login.enter_pin(recorder.pins[-1])

    def test_who_logs_out_starts_with_the_password_again(self, login: Login, recorder: RecordingGateway) -> None:
        login.enter_password("alice", PASSWORD)
        login.enter_pin(recorder.pins[-1])
        login.log_out()
        assert (login.step, login.subscriber) == (Step.WAITING_FOR_PASSWORD, None)
        with pytest.raises(WrongStep):
            login.enter_pin(recorder.pins[-1])

    def test_the_log_tells_what_happens_but_no_secret(
        self, login: Login, recorder: RecordingGateway, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        login.register("bob", "another password", OTHER_PHONE)
        with pytest.raises(WrongPassword):
            login.enter_password("alice", "wrong password")
        login.enter_password("alice", PASSWORD)
        pin = recorder.pins[-1]
        for typed in (wrong(pin), f"{pin}7", pin):
            login.enter_pin(typed)
        assert [word for word in ("registered", "refused", "wrong PIN", "verified") if word not in caplog.text] == []
        secrets = [
            pin,
            wrong(pin),
            PASSWORD,
            "wrong password",
            "another password",
            PHONE.e164[3:],
            OTHER_PHONE.e164[2:],
        ]
        assert [secret for secret in secrets if secret in caplog.text] == []


def test_the_log_does_not_deny_an_sms_that_went_out_before_the_store_failed(
    subscribers: Subscribers, recorder: RecordingGateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    subscribers.register("alice", PASSWORD, PHONE)
    store = SqliteStore(":memory:")
    recorder.then = store.close
    with pytest.raises(StoreError):
        Login(subscribers, Verifier(recorder, store=store, key=b"k" * 32)).enter_password("alice", PASSWORD)
    assert len(recorder.sent) == 1
    assert "no PIN works" in caplog.text
    assert "no PIN sent" not in caplog.text


def test_a_database_that_cannot_answer_raises_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Subscribers(tmp_path / "missing" / "subscribers.db")
    subscribers = Subscribers()
    subscribers.close()
    subscribers.close()
    with pytest.raises(StoreError):
        subscribers.authenticate("alice", "correct horse")


@pytest.mark.parametrize("odd", ["\ud800", "a\nb", ""])
def test_an_odd_account_or_password_is_a_wrong_one(odd: str) -> None:
    subscribers = Subscribers()
    for account, password in ((odd, "correct horse"), ("alice", odd)):
        with pytest.raises(WrongPassword):
            subscribers.authenticate(account, password)
    subscribers.close()
