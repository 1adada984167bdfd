"""The API as a whole: who may ask, and what is not there."""

from __future__ import annotations

import json
import logging

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.callers import FORM, MESSAGES, OTHER_PHONE, PHONE, REQUIRED, TEXT, Caller, caller_of
from sms2fa.sandbox.provider import Provider

INVALID = {"detail": "Invalid sid/token"}
PATHS = [  # each with a method that it knows
    ("GET", MESSAGES),
    ("POST", MESSAGES),
    ("GET", f"{MESSAGES}unknown/"),
    ("GET", "/sms/templates/"),
    ("POST", "/sms/templates/"),
    ("GET", "/sms/templates/1/"),
    ("PUT", "/sms/templates/1/"),
    ("PATCH", "/sms/templates/1/"),
    ("DELETE", "/sms/templates/1/"),
    ("POST", "/sms/templates/1/messages/"),
    ("POST", "/otp/register-website/"),
    ("POST", "/otp/request/"),
    ("POST", "/otp/verify/"),
    ("POST", "/voice/simple/playbacks/"),
    ("GET", "/voice/calls/unknown/"),
]


@pytest.fixture
def client(caller: Caller) -> FlaskClient:
    """Whoever calls without credentials."""
    return caller.client


def is_json(answer: TestResponse) -> bool:
    return answer.mimetype == "application/json" and list(answer.json) == ["detail"]


class TestCredentials:
    @pytest.mark.parametrize(("method", "path"), [*PATHS, ("GET", "/elsewhere/"), ("DELETE", MESSAGES)])
    def test_without_them_one_learns_nothing_but_that(self, client: FlaskClient, method: str, path: str) -> None:
        answer = client.open(path, method=method, data=FORM)
        assert (answer.status_code, answer.json) == (401, INVALID)

    def test_wrong_ones_are_refused_and_nothing_is_sent(self, client: FlaskClient, provider: Provider) -> None:
        (account,) = provider.accounts.values()
        sid, token = account.sid, account.auth_token
        for auth in [
            *((sid, "wrong"), ("wrong", token), ("", ""), (sid, ""), ("", token), ("é", "漢"), (sid, token + " ")),
            *((sid.swapcase(), token), (token, sid), (sid, token[:-1])),
        ]:
            answer = client.post(MESSAGES, data=FORM, auth=auth)
            assert (answer.status_code, answer.json) == (401, INVALID)
        assert provider.carrier.messages() == []

    @pytest.mark.parametrize(
        "header",
        [
            *("Bearer {token}", "Basic", "Basic %%%", "Basic {token}", "nonsense", ""),
            'Digest username="{sid}", password="{token}"',
        ],
    )
    def test_another_kind_of_credentials_is_refused(self, client: FlaskClient, caller: Caller, header: str) -> None:
        header = header.format(sid=caller.account.sid, token=caller.account.auth_token)
        answer = client.get(MESSAGES, headers={"Authorization": header})
        assert (answer.status_code, answer.json) == (401, INVALID)

    def test_one_accounts_token_does_not_open_another_account(self, caller: Caller, stranger: Caller) -> None:
        answer = caller.client.get(MESSAGES, auth=(caller.account.sid, stranger.account.auth_token))
        assert (answer.status_code, answer.json) == (401, INVALID)

    def test_an_account_that_is_opened_later_works_at_once(self, caller: Caller, provider: Provider) -> None:
        late = Caller(caller.client, caller_of(provider).account)
        assert late.get(MESSAGES).status_code == 200


class TestWhatIsNotThere:
    @pytest.mark.parametrize(
        "path",
        [
            *("/", "/elsewhere/", "/sms/", "/sms/messages/a/b/", "/sms/templates/1/messages/2/", "/otp/", "/voice/"),
            *("/voice/dins/", "/voice/calls/", "/sms//messages/", "/static/x", "/%00/", "/é/"),
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    def test_an_unknown_path_is_not_found_in_json(self, caller: Caller, method: str, path: str) -> None:
        answer = caller.open(method, path)
        assert (answer.status_code, is_json(answer)) == (404, True)

    @pytest.mark.parametrize(
        ("method", "path", "known"),
        [
            ("DELETE", MESSAGES, {"GET", "POST"}),
            ("PUT", MESSAGES, {"GET", "POST"}),
            ("POST", f"{MESSAGES}unknown/", {"GET"}),
            ("DELETE", "/sms/templates/", {"GET", "POST"}),
            ("POST", "/sms/templates/1/", {"GET", "PUT", "PATCH", "DELETE"}),
            ("GET", "/sms/templates/1/messages/", {"POST"}),
            ("GET", "/otp/register-website/", {"POST"}),
            ("GET", "/otp/request/", {"POST"}),
            ("GET", "/otp/verify/", {"POST"}),
            ("GET", "/voice/simple/playbacks/", {"POST"}),
            ("DELETE", "/voice/calls/unknown/", {"GET"}),
        ],
    )
    def test_an_unknown_method_is_not_allowed_in_json_and_the_known_ones_are_named(
        self, caller: Caller, method: str, path: str, known: set[str]
    ) -> None:
        answer = caller.open(method, path)
        assert (answer.status_code, is_json(answer)) == (405, True)
        assert set(answer.headers.get("Allow", "").split(", ")) - {"HEAD", "OPTIONS"} == known


class TestTooLarge:
    @pytest.mark.parametrize(
        "content_type", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"]
    )
    def test_over_100_000_bytes_are_refused_in_json(
        self, caller: Caller, provider: Provider, content_type: str
    ) -> None:
        answer = caller.open("POST", MESSAGES, data=b"x" * 100_001, content_type=content_type)
        assert (answer.status_code, is_json(answer)) == (413, True)
        assert provider.carrier.messages() == []

    def test_what_is_just_not_too_large_is_read(self, caller: Caller) -> None:
        answer = caller.send(**dict.fromkeys(FORM, ""), tags="x" * (100_000 - len("message=&recipient=&sender=&tags=")))
        assert (answer.status_code, answer.json) == (400, dict.fromkeys(FORM, REQUIRED))


def test_text_in_any_script_is_answered_as_one_reads_it(caller: Caller) -> None:
    answer = caller.post("/sms/templates/", {"name": "確認", "content": "{コード}"})
    assert "確認" in answer.text


RIGHT = {  # for every path at once
    **FORM,
    "name": "login",
    "content": "{pin}",
    "variables": {"pin": "042917"},
    "website": "shop.example",
    "code": "042917",
    "phone_number": PHONE,
    "caller": OTHER_PHONE,
    "tts_message": TEXT,
    "tts_lang": "en",
    "tags": "login",
}
OPTIONAL = ["callbackurl", "template_id", "otp_id", "recording_url"]
UGLY = ["", "0", "half an emoji \ud83d", "\0", "{pin}{", "+81", "x" * 661, None, True, 1.5, 10**30, [""], {"": None}]


@pytest.mark.parametrize(("method", "path"), [asked for asked in PATHS if asked[0] in ("POST", "PUT", "PATCH")])
def test_whatever_one_field_is_the_answer_is_json_and_no_failure_of_the_server(
    caller: Caller, method: str, path: str
) -> None:
    caller.post("/sms/templates/", RIGHT)
    for field in [*RIGHT, *OPTIONAL]:
        for value in UGLY:
            body = json.dumps({**RIGHT, field: value})
            answer = caller.open(method, path, data=body, content_type="application/json")
            assert (answer.status_code < 500, answer.mimetype) == (True, "application/json"), (field, value)
    for listed in (MESSAGES, "/sms/templates/"):
        assert caller.get(listed).status_code == 200


def test_nothing_that_is_logged_or_answered_in_an_error_has_a_secret(
    caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = f"{PHONE}0"
    with caplog.at_level(logging.DEBUG):
        answers = [
            caller.send(),
            caller.send(recipient=wrong),
            caller.send(sender=wrong),
            caller.send(message=TEXT * 40),
            caller.post("/otp/request/", {"website": "shop.example", "phone_number": wrong}),
            caller.post("/voice/simple/playbacks/", {"recipient": wrong, "tts_message": TEXT}),
            caller.open("DELETE", MESSAGES, data=FORM),
        ]
    told = caplog.text + "".join(answer.text for answer in answers)
    assert not [secret for secret in ("8012345678", "042917", caller.account.auth_token) if secret in told]
