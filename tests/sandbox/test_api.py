"""The sandbox' API as a WSGI application, without a socket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sms2fa import ManualClock
from sms2fa.sandbox.api import create_api
from sms2fa.sandbox.carrier import Carrier

SID, TOKEN = "the-sid", "the-auth-token"
FORM = {"message": "Hello", "recipient": "+818012345678", "sender": "XOXZO"}
MESSAGES = "/sms/messages/"
REQUIRED = ["This field is required."]


@pytest.fixture
def carrier(clock: ManualClock) -> Carrier:
    return Carrier(clock)


@pytest.fixture
def client(carrier: Carrier) -> FlaskClient:
    return create_api(carrier, SID, TOKEN).test_client()


def post(client: FlaskClient, auth: tuple[str, str] | None = (SID, TOKEN), **changes: str | None) -> TestResponse:
    form = {name: value for name, value in {**FORM, **changes}.items() if value is not None}
    return client.post(MESSAGES, data=form, auth=auth)


def get(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, auth=(SID, TOKEN))


class TestSending:
    def test_an_accepted_message_answers_201_with_a_list_of_one_msgid(
        self, client: FlaskClient, carrier: Carrier
    ) -> None:
        answer = post(client)
        (message,) = carrier.messages()
        assert (answer.status_code, answer.json) == (201, [{"msgid": message.msgid}])
        assert (message.text, message.recipient, message.sender) == ("Hello", "+818012345678", "XOXZO")

    @pytest.mark.parametrize(
        "taken",
        [
            {"recipient": "+12025550123"},
            {"recipient": "+81312345678"},  # a landline: its delivery fails
            {"sender": "814512345678"},  # as in the client's own tests
            {"message": "x" * 660},
            {"message": "é" * 660},
            {"message": "１２３ 漢字 🎉\nzwei"},
            {"callbackurl": "https://service.example/dlr"},
        ],
    )
    def test_what_the_api_takes_is_sent_as_it_was_given(
        self, client: FlaskClient, carrier: Carrier, taken: dict[str, str]
    ) -> None:
        assert post(client, **taken).status_code == 201
        (message,) = carrier.messages()
        expected = {**FORM, **taken}
        assert (message.text, message.recipient, message.sender) == tuple(
            expected[name] for name in ("message", "recipient", "sender")
        )

    @pytest.mark.parametrize("value", [None, ""])
    @pytest.mark.parametrize("field", ["message", "recipient", "sender"])
    def test_a_missing_field_answers_400_and_is_named(
        self, client: FlaskClient, carrier: Carrier, field: str, value: str | None
    ) -> None:
        answer = post(client, **{field: value})
        assert (answer.status_code, answer.json, carrier.messages()) == (400, {field: REQUIRED}, [])

    def test_all_missing_fields_are_named_at_once(self, client: FlaskClient) -> None:
        assert post(client, message=None, recipient=None, sender=None).json == dict.fromkeys(FORM, REQUIRED)

    def test_over_660_characters_are_too_long(self, client: FlaskClient, carrier: Carrier) -> None:
        answer = post(client, message="x" * 661)
        assert (answer.status_code, answer.json) == (400, {"message": ["Message too long"]})
        assert carrier.messages() == []

    @pytest.mark.parametrize(
        "recipient",
        [
            "+8108012345678",  # the national 0 kept after the country code
            "+8180123456789",  # a digit too many
            "818012345678",
            "080-1234-5678",
            "+81 80 1234 5678",
            "+８１８０１２３４５６７８",
            "+810312345678",  # a landline is taken in its E.164 form alone
            "+81 3 1234 5678",
            "alice",
        ],
    )
    def test_a_recipient_that_is_not_its_own_e164_form_is_refused(
        self, client: FlaskClient, carrier: Carrier, recipient: str
    ) -> None:
        answer = post(client, recipient=recipient)
        assert (answer.status_code, list(answer.json), carrier.messages()) == (400, ["recipient"], [])


class TestStatus:
    def test_a_message_is_shown_with_the_documented_fields(
        self, client: FlaskClient, carrier: Carrier, clock: ManualClock
    ) -> None:
        post(client)
        (message,) = carrier.messages()
        clock.advance(seconds=60)
        path = f"{MESSAGES}{message.msgid}/"
        assert get(client, path).json == {
            "msgid": message.msgid,
            "status": "DELIVERED",
            "sent_time": "2026-11-01 09:00:00",
            "cost": 10,
            "sender": "XOXZO",
            "recipient": "+818012345678",
            "url": f"http://localhost{path}",
        }

    def test_the_slash_at_the_end_does_not_matter(self, client: FlaskClient, carrier: Carrier) -> None:
        post(client)
        path = MESSAGES + carrier.messages()[0].msgid
        with_slash, without = get(client, f"{path}/"), get(client, path)
        assert (with_slash.status_code, without.status_code) == (200, 200)  # and no redirect
        assert with_slash.json == without.json

    @pytest.mark.parametrize(("seconds", "status"), [(0, "QUEUED"), (1, "DELIVERING"), (3, "DELIVERED")])
    def test_the_status_follows_the_clock(
        self, client: FlaskClient, clock: ManualClock, seconds: float, status: str
    ) -> None:
        msgid = post(client).json[0]["msgid"]
        clock.advance(seconds=seconds)
        assert get(client, MESSAGES + msgid).json["status"] == status


class TestList:
    @pytest.mark.parametrize(
        ("query", "days_ago"),
        [
            ("", [90, 2, 1, 0]),
            ("?sent_date=2026-10-31", [1]),
            ("?sent_date>=2026-10-31", [1, 0]),
            ("?sent_date>2026-10-31", [0]),
            ("?sent_date<=2026-10-31", [90, 2, 1]),
            ("?sent_date<2026-10-31", [90, 2]),
            ("?sent_date%3E%3D2026-10-31", [1, 0]),
            ("?sent_date%3e=2026-10-31", [1, 0]),
            ("?sent_date>2026-10-29&sent_date<2026-11-01", [2, 1]),
            ("?sent_date>2026-11-01", []),
        ],
    )
    def test_messages_of_the_last_90_days_are_listed_by_date_oldest_first(
        self, client: FlaskClient, clock: ManualClock, query: str, days_ago: list[int]
    ) -> None:
        today = clock.now()
        for days in (91, 90, 2, 1, 0):
            clock.set(today - timedelta(days=days))
            post(client, message=f"{days} days ago")
        answer = get(client, MESSAGES + query)
        days = [(today.date() - timedelta(days=days)).isoformat() for days in days_ago]
        assert answer.status_code == 200
        assert [message["sent_time"].split()[0] for message in answer.json] == days

    @pytest.mark.parametrize(
        ("date", "problem"),
        [
            ("2026-08-02", "Invalid sent_date"),
            ("1999-12-31", "Invalid sent_date"),
            ("", "Invalid sent_date format"),
            ("yesterday", "Invalid sent_date format"),
            ("2026-13-01", "Invalid sent_date format"),
            ("01/11/2026", "Invalid sent_date format"),
        ],
    )
    def test_a_date_beyond_90_days_and_one_that_is_none_are_refused(
        self, client: FlaskClient, date: str, problem: str
    ) -> None:
        answer = get(client, f"{MESSAGES}?sent_date={date}")
        assert (answer.status_code, answer.json) == (400, {"sent_date": [problem]})


class TestErrors:
    @pytest.mark.parametrize("path", [MESSAGES, f"{MESSAGES}unknown/", "/elsewhere/"])
    @pytest.mark.parametrize("auth", [None, (SID, "wrong"), ("wrong", TOKEN), ("", ""), (SID, ""), ("é", "漢")])
    def test_whoever_is_a_stranger_learns_nothing_but_that(
        self, client: FlaskClient, path: str, auth: tuple[str, str] | None
    ) -> None:
        answer = client.get(path, auth=auth)
        assert (answer.status_code, answer.json) == (401, {"detail": "Invalid sid/token"})

    def test_a_stranger_sends_nothing(self, client: FlaskClient, carrier: Carrier) -> None:
        assert post(client, auth=(SID, "wrong")).status_code == 401
        assert carrier.messages() == []

    @pytest.mark.parametrize("header", ["Bearer the-auth-token", "Basic", "Basic %%%", "nonsense"])
    def test_another_kind_of_credentials_is_refused(self, client: FlaskClient, header: str) -> None:
        answer = client.get(MESSAGES, headers={"Authorization": header})
        assert (answer.status_code, answer.json) == (401, {"detail": "Invalid sid/token"})

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", f"{MESSAGES}unknown", 404),
            ("GET", f"{MESSAGES}unknown/", 404),
            ("GET", "/elsewhere/", 404),
            ("DELETE", MESSAGES, 405),
        ],
    )
    def test_what_is_not_there_answers_in_json(self, client: FlaskClient, method: str, path: str, status: int) -> None:
        answer = client.open(path, method=method, auth=(SID, TOKEN))
        assert (answer.status_code, answer.is_json) == (status, True)
        assert list(answer.json) == ["detail"]
