"""/voice/, in process."""

from __future__ import annotations

import pytest

from sandbox.callers import LANDLINE, OTHER_PHONE, PHONE, REQUIRED, Caller, caller_of
from sms2fa import ManualClock
from sms2fa.sandbox.provider import Provider

PLAYBACKS, CALLS = "/voice/simple/playbacks/", "/voice/calls/"
RECORDED = {"caller": OTHER_PHONE, "recipient": PHONE, "recording_url": "http://service.example/pin.mp3"}
SPOKEN = {"caller": OTHER_PHONE, "recipient": PHONE, "tts_message": "Your PIN is: 0, 4, 2.", "tts_lang": "en"}


def called(caller: Caller) -> str:
    answer = caller.post(PLAYBACKS, SPOKEN)
    assert answer.status_code == 201, answer.text
    return str(answer.json[0]["callid"])


class TestCalling:
    @pytest.mark.parametrize("fields", [RECORDED, SPOKEN])
    @pytest.mark.parametrize("as_json", [False, True])
    def test_a_call_answers_201_with_a_list_of_one_callid(
        self, caller: Caller, provider: Provider, fields: dict[str, str], as_json: bool
    ) -> None:
        answer = caller.post(PLAYBACKS, fields, as_json=as_json)
        (call,) = provider.exchange.calls()
        assert (answer.status_code, answer.json) == (201, [{"callid": call.callid}])
        assert (call.caller, call.recipient, call.text, call.language, call.recording_url) == tuple(
            fields.get(name, "") for name in ("caller", "recipient", "tts_message", "tts_lang", "recording_url")
        )

    def test_a_landline_can_be_called(self, caller: Caller) -> None:
        assert caller.post(PLAYBACKS, SPOKEN | {"recipient": LANDLINE}).status_code == 201

    def test_no_sms_goes_out(self, caller: Caller, provider: Provider) -> None:
        called(caller)
        assert provider.carrier.messages() == []

    @pytest.mark.parametrize(
        ("fields", "missing"),
        [
            ({}, {"caller", "recipient", "recording_url"}),
            (RECORDED | {"recording_url": ""}, {"recording_url"}),
            (SPOKEN | {"tts_lang": ""}, {"tts_lang"}),
            (SPOKEN | {"tts_message": ""}, {"tts_message"}),
            (SPOKEN | {"caller": ""}, {"caller"}),
            (SPOKEN | {"recipient": ""}, {"recipient"}),
        ],
    )
    def test_missing_fields_are_named(
        self, caller: Caller, provider: Provider, fields: dict[str, str], missing: set[str]
    ) -> None:
        answer = caller.post(PLAYBACKS, fields)
        assert (answer.status_code, answer.json) == (400, dict.fromkeys(missing, REQUIRED))
        assert provider.exchange.calls() == []

    @pytest.mark.parametrize("recipient", ["+8108012345678", "080-1234-5678", "alice"])
    def test_a_recipient_that_is_not_its_own_e164_form_is_refused(self, caller: Caller, recipient: str) -> None:
        answer = caller.post(PLAYBACKS, SPOKEN | {"recipient": recipient})
        assert (answer.status_code, list(answer.json)) == (400, ["recipient"])

    def test_credit_runs_out_in_the_documented_words(self, provider: Provider) -> None:
        caller = caller_of(provider, credit=30)
        called(caller)
        answer = caller.post(PLAYBACKS, SPOKEN)
        assert (answer.status_code, answer.json) == (403, {"non_field_errors": ["Not enough credits, required: 20"]})
        assert (len(provider.exchange.calls()), caller.account.credit) == (1, 10)

    def test_a_country_that_is_not_allowed_is_refused(self, provider: Provider) -> None:
        caller = caller_of(provider, countries=["US"])
        answer = caller.post(PLAYBACKS, SPOKEN)
        assert (answer.status_code, answer.json) == (403, {"non_field_errors": ["Country not allowed"]})


class TestStatus:
    def test_a_call_is_shown_with_its_fields(self, caller: Caller, clock: ManualClock) -> None:
        callid = called(caller)
        clock.advance(seconds=60)
        assert caller.get(f"{CALLS}{callid}/").json == {
            "callid": callid,
            "status": "COMPLETED",
            "start_time": "2026-11-01 09:00:00",
            "duration": 17,
            "cost": 20,
            "caller": OTHER_PHONE,
            "recipient": PHONE,
            "url": f"http://localhost{CALLS}{callid}/",
        }

    @pytest.mark.parametrize(("seconds", "status"), [(0, "QUEUED"), (3, "ANSWERED"), (20, "COMPLETED")])
    def test_the_status_follows_the_clock(
        self, caller: Caller, clock: ManualClock, seconds: float, status: str
    ) -> None:
        callid = called(caller)
        clock.advance(seconds=seconds)
        assert caller.get(f"{CALLS}{callid}/").json["status"] == status

    def test_the_slash_at_the_end_does_not_matter(self, caller: Caller) -> None:
        callid = called(caller)
        with_slash, without = caller.get(f"{CALLS}{callid}/"), caller.get(f"{CALLS}{callid}")
        assert (with_slash.status_code, without.status_code) == (200, 200)  # and no redirect
        assert with_slash.json == without.json

    def test_an_unknown_call_is_not_found(self, caller: Caller) -> None:
        assert caller.get(f"{CALLS}unknown/").status_code == 404

    def test_one_account_cannot_see_anothers_calls(self, caller: Caller, stranger: Caller) -> None:
        assert stranger.get(f"{CALLS}{called(caller)}/").status_code == 404
