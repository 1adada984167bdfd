"""/otp/, in process."""

from __future__ import annotations

import re

import pytest

from sandbox.callers import OTHER_PHONE, PHONE, REQUIRED, Caller, caller_of
from sms2fa import ManualClock
from sms2fa.sandbox import Kind
from sms2fa.sandbox.provider import Provider

SITE = "shop.example"
REGISTER, REQUEST, VERIFY = "/otp/register-website/", "/otp/request/", "/otp/verify/"
NAMED = {"website": SITE, "phone_number": PHONE}


@pytest.fixture
def owner(caller: Caller) -> Caller:
    """An account that has registered the website."""
    assert caller.post(REGISTER, {"website": SITE}).status_code == 201
    return caller


def requested(owner: Caller, provider: Provider) -> tuple[str, str]:
    """The msgid and the code of one that was sent."""
    answer = owner.post(REQUEST, NAMED)
    assert answer.status_code == 201, answer.text
    return answer.json["msgid"], re.findall("[0-9]{6}", provider.carrier.messages()[-1].text)[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def verified(owner: Caller, **fields: str) -> bool:
    answer = owner.post(VERIFY, fields)
    assert answer.status_code in (200, 400)
    assert list(answer.json) == (["message"] if answer.status_code == 200 else ["code"])
    return answer.status_code == 200


class TestRegister:
    @pytest.mark.parametrize("template_id", [{}, {"template_id": 3}, {"template_id": "3"}])
    @pytest.mark.parametrize("as_json", [False, True])
    def test_a_website_is_registered(self, caller: Caller, template_id: dict[str, object], as_json: bool) -> None:
        answer = caller.post(REGISTER, {"website": SITE, **template_id}, as_json=as_json)
        assert (answer.status_code, answer.json) == (201, {"message": "Website registered successfully."})

    def test_the_second_time_it_exists_already_whoever_asks(self, owner: Caller, stranger: Caller) -> None:
        for caller in (owner, stranger):
            answer = caller.post(REGISTER, {"website": SITE})
            assert (answer.status_code, answer.json) == (
                *(400, {"website": ["website info with this website already exists."]}),
            )

    def test_a_missing_website_is_named(self, caller: Caller) -> None:
        answer = caller.post(REGISTER, {})
        assert (answer.status_code, answer.json) == (400, {"website": REQUIRED})

    @pytest.mark.parametrize("template_id", [1, "4", "three"])
    def test_there_is_no_other_template_than_3(self, caller: Caller, template_id: object) -> None:
        answer = caller.post(REGISTER, {"website": SITE, "template_id": template_id}, as_json=True)
        assert (answer.status_code, list(answer.json)) == (400, ["template_id"])
        assert caller.post(REGISTER, {"website": SITE}).status_code == 201


class TestRequest:
    @pytest.mark.parametrize("as_json", [False, True])
    def test_a_code_is_sent_in_the_documented_words(self, owner: Caller, provider: Provider, as_json: bool) -> None:
        answer = owner.post(REQUEST, NAMED, as_json=as_json)
        (message,) = provider.carrier.messages()
        assert (answer.status_code, answer.json) == (201, {"msgid": message.msgid})
        assert re.fullmatch("あなたの確認コードは[0-9]{6}です。", message.text)
        assert message.recipient == PHONE
        assert not re.search(re.findall("[0-9]{6}", message.text)[0], answer.text)

    def test_its_msgid_has_a_status(self, owner: Caller, provider: Provider, clock: ManualClock) -> None:
        msgid, _ = requested(owner, provider)
        clock.advance(seconds=3)
        assert owner.get(f"/sms/messages/{msgid}/").json["status"] == "DELIVERED"

    def test_missing_fields_are_named(self, owner: Caller) -> None:
        answer = owner.post(REQUEST, {})
        assert (answer.status_code, answer.json) == (400, dict.fromkeys(NAMED, REQUIRED))

    @pytest.mark.parametrize("number", ["+8108012345678", "080-1234-5678", "alice"])
    def test_a_number_that_is_not_its_own_e164_form_is_refused(
        self, owner: Caller, provider: Provider, number: str
    ) -> None:
        answer = owner.post(REQUEST, NAMED | {"phone_number": number})
        assert (answer.status_code, list(answer.json)) == (400, ["phone_number"])
        assert provider.carrier.messages() == []

    def test_a_website_that_is_not_registered_is_refused(self, owner: Caller, provider: Provider) -> None:
        answer = owner.post(REQUEST, NAMED | {"website": "another.example"})
        assert (answer.status_code, list(answer.json), provider.carrier.messages()) == (400, ["website"], [])

    def test_a_website_of_another_account_is_refused(self, owner: Caller, stranger: Caller, provider: Provider) -> None:
        answer = stranger.post(REQUEST, NAMED)
        assert (answer.status_code, list(answer.json), provider.carrier.messages()) == (400, ["website"], [])

    def test_a_standard_account_may(self, provider: Provider) -> None:
        caller = caller_of(provider, Kind.STANDARD)
        caller.post(REGISTER, {"website": SITE})
        assert caller.post(REQUEST, NAMED).status_code == 201

    def test_an_unpaid_accounts_code_never_arrives(self, provider: Provider) -> None:
        caller = caller_of(provider, Kind.UNPAID)
        caller.post(REGISTER, {"website": SITE})
        assert caller.post(REQUEST, NAMED).status_code == 201
        assert not re.search("[0-9]", provider.carrier.messages()[0].text)

    def test_credit_runs_out_and_the_older_code_stays_valid(self, provider: Provider) -> None:
        caller = caller_of(provider, credit=10)
        caller.post(REGISTER, {"website": SITE})
        _, code = requested(caller, provider)
        answer = caller.post(REQUEST, NAMED)
        assert (answer.status_code, answer.json) == (403, {"non_field_errors": ["Not enough credits, required: 10"]})
        assert verified(caller, **NAMED, code=code)

    def test_a_country_that_is_not_allowed_is_refused(self, provider: Provider) -> None:
        caller = caller_of(provider, countries=["JP"])
        caller.post(REGISTER, {"website": SITE})
        answer = caller.post(REQUEST, NAMED | {"phone_number": OTHER_PHONE})
        assert (answer.status_code, answer.json) == (403, {"non_field_errors": ["Country not allowed"]})


@pytest.mark.parametrize("way", ["website", "otp_id"])
class TestVerify:
    """The documentation names the website, the blog sends otp_id."""

    def of(self, way: str, msgid: str, code: str) -> dict[str, str]:
        return {**NAMED, "code": code} if way == "website" else {"otp_id": msgid, "code": code}

    @pytest.mark.parametrize("as_json", [False, True])
    def test_the_right_code_works_once(self, owner: Caller, provider: Provider, way: str, as_json: bool) -> None:
        fields = self.of(way, *requested(owner, provider))
        answers = [owner.post(VERIFY, fields, as_json=as_json) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 400]
        assert [list(answer.json) for answer in answers] == [["message"], ["code"]]

    def test_after_five_wrong_tries_the_right_code_is_too_late(
        self, owner: Caller, provider: Provider, way: str
    ) -> None:
        msgid, code = requested(owner, provider)
        assert not any(verified(owner, **self.of(way, msgid, wrong(code))) for _ in range(5))
        answer = owner.post(VERIFY, self.of(way, msgid, code))
        assert (answer.status_code, answer.json) == (400, {"code": ["Too many attempts."]})

    @pytest.mark.parametrize(("seconds", "in_time"), [(599.9, True), (600, False)])
    def test_a_code_lives_for_ten_minutes_by_the_clock(
        self, owner: Caller, provider: Provider, clock: ManualClock, way: str, seconds: float, in_time: bool
    ) -> None:
        fields = self.of(way, *requested(owner, provider))
        clock.advance(seconds=seconds)
        assert verified(owner, **fields) is in_time

    def test_a_newer_code_voids_the_older_one(self, owner: Caller, provider: Provider, way: str) -> None:
        older, newer = requested(owner, provider), requested(owner, provider)
        while newer[1] == older[1]:  # one time in a million
            newer = requested(owner, provider)
        assert not verified(owner, **self.of(way, *older))
        assert verified(owner, **self.of(way, *newer))

    def test_another_account_can_neither_check_nor_use_up_a_code(
        self, owner: Caller, stranger: Caller, provider: Provider, way: str
    ) -> None:
        msgid, code = requested(owner, provider)
        for tried in [code, *[wrong(code)] * 6]:
            assert stranger.post(VERIFY, self.of(way, msgid, tried)).status_code == 400
        assert verified(owner, **self.of(way, msgid, code))

    def test_a_missing_code_is_named(self, owner: Caller, provider: Provider, way: str) -> None:
        answer = owner.post(VERIFY, self.of(way, requested(owner, provider)[0], ""))
        assert (answer.status_code, answer.json) == (400, {"code": REQUIRED})


class TestVerifyWithout:
    def test_any_request_no_code_is_right(self, owner: Caller) -> None:
        assert not verified(owner, **NAMED, code="042917")
        assert not verified(owner, otp_id="unknown", code="042917")

    def test_website_and_number_they_are_named(self, owner: Caller) -> None:
        answer = owner.post(VERIFY, {"code": "042917"})
        assert (answer.status_code, answer.json) == (400, dict.fromkeys(NAMED, REQUIRED))

    def test_a_registered_website_it_is_refused(self, owner: Caller) -> None:
        answer = owner.post(VERIFY, {**NAMED, "website": "another.example", "code": "042917"})
        assert (answer.status_code, list(answer.json)) == (400, ["website"])
