"""The hosted codes behind the API."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from sandbox.callers import OTHER_PHONE, PATIENCE, PHONE
from sms2fa import ManualClock
from sms2fa.sandbox.otp import LIFETIME, TRIES, Checked, Otp, Otps

OWNER, SITE = "the-sid", "shop.example"


class Service:
    """The codes, and a phone that reads them."""

    def __init__(self, clock: ManualClock) -> None:
        self.otps = Otps(clock)
        self.texts: list[str] = []
        self.otps.register(OWNER, SITE)

    def request(self, website: str = SITE, number: str = PHONE) -> str:
        self.otps.request(website, number, self._send)
        return re.findall("[0-9]+", self.texts[-1])[0]

    def verify(self, code: str, website: str = SITE, number: str = PHONE, account: str = OWNER) -> Checked:
        return self.otps.verify(account, code, website=website, number=number)

    def _send(self, text: str) -> str:
        self.texts.append(text)
        return f"msgid-{len(self.texts)}"


@pytest.fixture
def service(clock: ManualClock) -> Service:
    return Service(clock)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_website_is_taken_once_by_whoever_comes_first(service: Service) -> None:
    assert not service.otps.register(OWNER, SITE)
    assert not service.otps.register("another-sid", SITE)
    assert service.otps.register("another-sid", "another.example")
    assert (service.otps.has(OWNER, SITE), service.otps.has("another-sid", SITE)) == (True, False)


def test_the_code_is_six_digits_in_the_documented_words(service: Service) -> None:
    for _ in range(50):
        service.request()
        assert re.fullmatch("あなたの確認コードは[0-9]{6}です。", service.texts[-1])
    assert len(set(service.texts)) > 40


def test_the_right_code_works_once(service: Service) -> None:
    code = service.request()
    assert [service.verify(code), service.verify(code)] == [Checked.VERIFIED, Checked.WRONG]


def test_a_wrong_code_does_not_use_the_right_one_up(service: Service) -> None:
    code = service.request()
    assert [service.verify(wrong(code)), service.verify(code)] == [Checked.WRONG, Checked.VERIFIED]


@pytest.mark.parametrize("written", [" {}", "{} ", "{}0", "０{}", "", "é", "\ud83d"])
def test_only_the_very_code_is_right(service: Service, written: str) -> None:
    assert service.verify(written.format(service.request())) is Checked.WRONG


def test_the_fifth_wrong_try_is_the_last_one_even_before_the_right_code(service: Service) -> None:
    code = service.request()
    assert [service.verify(wrong(code)) for _ in range(TRIES)] == [Checked.WRONG] * 5
    assert service.verify(code) is Checked.TOO_MANY


def test_the_fourth_wrong_try_still_leaves_one(service: Service) -> None:
    code = service.request()
    for _ in range(TRIES - 1):
        service.verify(wrong(code))
    assert service.verify(code) is Checked.VERIFIED


@pytest.mark.parametrize(
    ("age", "answer"), [(LIFETIME - timedelta(microseconds=1), Checked.VERIFIED), (LIFETIME, Checked.EXPIRED)]
)
def test_a_code_lives_for_ten_minutes(service: Service, clock: ManualClock, age: timedelta, answer: Checked) -> None:
    code = service.request()
    clock.set(clock.now() + age)
    assert service.verify(code) is answer
    assert timedelta(minutes=10) == LIFETIME


def test_an_expired_code_is_called_so_whatever_others_ask_for(service: Service, clock: ManualClock) -> None:
    code = service.request()
    clock.set(clock.now() + LIFETIME)
    service.request(number=OTHER_PHONE)
    assert service.verify(code) is Checked.EXPIRED


def test_a_newer_code_voids_the_older_one_and_brings_new_tries(service: Service) -> None:
    older = service.request()
    for _ in range(TRIES):
        service.verify(wrong(older))
    newer = service.request()
    while newer == older:  # one time in a million
        newer = service.request()
    assert [service.verify(older), service.verify(newer)] == [Checked.WRONG, Checked.VERIFIED]


def test_each_number_and_each_website_has_a_code_of_its_own(service: Service) -> None:
    service.otps.register(OWNER, "another.example")
    places = [(SITE, PHONE), (SITE, OTHER_PHONE), ("another.example", PHONE)]
    codes = [service.request(*place) for place in places]
    assert [service.verify(code, *place) for code, place in zip(codes, places, strict=True)] == [Checked.VERIFIED] * 3


def test_the_msgid_of_the_request_stands_for_website_and_number(service: Service) -> None:
    code = service.request()
    assert service.otps.verify(OWNER, code, msgid="msgid-0") is Checked.WRONG
    assert service.otps.verify(OWNER, wrong(code), msgid="msgid-1") is Checked.WRONG
    assert service.otps.verify(OWNER, code, msgid="msgid-1") is Checked.VERIFIED


def test_both_ways_of_asking_share_the_tries(service: Service) -> None:
    code = service.request()
    for _ in range(3):
        service.verify(wrong(code))
    for _ in range(2):
        service.otps.verify(OWNER, wrong(code), msgid="msgid-1")
    assert service.verify(code) is Checked.TOO_MANY


def test_another_account_can_neither_check_nor_use_up_a_code(service: Service) -> None:
    code = service.request()
    for _ in range(TRIES + 1):
        assert service.verify(wrong(code), account="another-sid") is Checked.WRONG
        assert service.otps.verify("another-sid", code, msgid="msgid-1") is Checked.WRONG
    assert service.verify(code) is Checked.VERIFIED


def test_a_code_that_could_not_be_sent_leaves_the_older_one_valid(service: Service) -> None:
    code = service.request()

    def refused(text: str) -> str:
        raise RuntimeError("no credit")

    with pytest.raises(RuntimeError):
        service.otps.request(SITE, PHONE, refused)
    assert service.verify(code) is Checked.VERIFIED


def test_of_threads_with_the_right_code_one_is_let_in(service: Service) -> None:
    for _ in range(20):
        code, together = service.request(), Barrier(4)

        def verify(code: str = code, together: Barrier = together) -> Checked:
            together.wait(PATIENCE)
            return service.verify(code)

        with ThreadPoolExecutor(4) as pool:
            answers = [future.result(PATIENCE) for future in [pool.submit(verify) for _ in range(4)]]
        assert answers.count(Checked.VERIFIED) == 1


def test_the_memory_holds_no_code_that_is_long_expired(service: Service, clock: ManualClock) -> None:
    for number in range(100):
        service.request(number=f"+120255501{number:02d}")
        clock.advance(seconds=60)
    clock.advance(seconds=2 * 86400)
    service.request()
    assert len(service.otps._active) == 1


def test_the_representation_shows_no_code(clock: ManualClock) -> None:
    assert "042917" not in repr(Otp("042917", "msgid", clock.now()))
