"""/sms/templates/, in process."""

from __future__ import annotations

import pytest

from sandbox.callers import OTHER_PHONE, PHONE, REQUIRED, Caller, caller_of
from sms2fa import ManualClock
from sms2fa.sandbox import CarrierRules, Delivery, Ending, Kind
from sms2fa.sandbox.accounts import TEST_TEXT
from sms2fa.sandbox.provider import Provider

TEMPLATES = "/sms/templates/"
FIELDS = {"name": "login", "content": "Your PIN is {pin}."}
SMS = {"recipient": PHONE, "sender": "XOXZO", "variables": {"pin": "042917"}}
NOT_FOUND = {"detail": "Not found."}


def created(caller: Caller, **changes: str) -> str:
    """The path of a new template."""
    answer = caller.post(TEMPLATES, FIELDS | changes, as_json=True)
    assert answer.status_code == 201, answer.text
    return f"{TEMPLATES}{answer.json['id']}/"


def approved(caller: Caller, provider: Provider, **changes: str) -> str:
    path = created(caller, **changes)
    provider.templates.approve(caller.get(path).json["id"])
    return path


def send(caller: Caller, path: str, **changes: object) -> tuple[int, object]:
    answer = caller.post(f"{path}messages/", SMS | changes, as_json=True)
    return answer.status_code, answer.json


class TestLifeCycle:
    @pytest.mark.parametrize("as_json", [False, True])
    def test_a_new_one_is_pending_and_shown_with_the_documented_fields(self, caller: Caller, as_json: bool) -> None:
        answer = caller.post(TEMPLATES, FIELDS, as_json=as_json)
        assert (answer.status_code, answer.json) == (
            201,
            {
                "id": answer.json["id"],
                "name": "login",
                "approved_content": "",
                "pending_content": "Your PIN is {pin}.",
                "status": "PENDING",
                "api_usage_example": answer.json["api_usage_example"],
            },
        )
        assert caller.get(f"{TEMPLATES}{answer.json['id']}/").json == answer.json

    def test_once_approved_it_says_so(self, caller: Caller, provider: Provider) -> None:
        shown = caller.get(approved(caller, provider)).json
        assert (shown["status"], shown["approved_content"], shown["pending_content"]) == (
            *("APPROVED", "Your PIN is {pin}.", ""),
        )

    def test_its_example_can_be_posted_as_it_is(self, caller: Caller, provider: Provider) -> None:
        path = approved(caller, provider, content="{{name}}: {pin}")
        example = caller.get(path).json["api_usage_example"]
        assert list(example["variables"]) == ["name", "pin"]
        assert caller.post(f"{path}messages/", example, as_json=True).status_code == 201

    def test_those_of_the_account_are_listed_oldest_first(self, caller: Caller) -> None:
        assert caller.get(TEMPLATES).json == []
        paths = [created(caller, name=name) for name in ("one", "two", "three")]
        answer = caller.get(TEMPLATES)
        assert (answer.status_code, answer.json) == (200, [caller.get(path).json for path in paths])

    @pytest.mark.parametrize("method", ["PUT", "PATCH"])
    def test_a_changed_content_is_pending_again_and_refused_until_it_is_approved(
        self, caller: Caller, provider: Provider, method: str
    ) -> None:
        path = approved(caller, provider)
        answer = caller.open(method, path, json={"name": "login", "content": "PIN: {pin}"})
        shown = answer.json
        assert (answer.status_code, shown["status"], shown["approved_content"], shown["pending_content"]) == (
            *(200, "PENDING", "Your PIN is {pin}.", "PIN: {pin}"),
        )
        status, body = send(caller, path)
        assert (status, list(body)) == (400, ["non_field_errors"])
        assert provider.carrier.messages() == []
        provider.templates.approve(shown["id"])
        assert send(caller, path)[0] == 201
        assert [message.text for message in provider.carrier.messages()] == ["PIN: 042917"]

    def test_a_new_one_is_refused_until_it_is_approved(self, caller: Caller, provider: Provider) -> None:
        path = created(caller)
        assert send(caller, path)[0] == 400
        assert provider.carrier.messages() == []

    def test_patch_changes_what_is_given_alone(self, caller: Caller, provider: Provider) -> None:
        path = approved(caller, provider)
        renamed = caller.open("PATCH", path, json={"name": "sign in"}).json
        assert (renamed["name"], renamed["status"]) == ("sign in", "APPROVED")
        changed = caller.open("PATCH", path, json={"content": "PIN: {pin}"}).json
        assert (changed["name"], changed["status"]) == ("sign in", "PENDING")

    @pytest.mark.parametrize("missing", ["name", "content"])
    def test_put_needs_both_fields(self, caller: Caller, missing: str) -> None:
        path = created(caller)
        answer = caller.open("PUT", path, json={name: value for name, value in FIELDS.items() if name != missing})
        assert (answer.status_code, answer.json) == (400, {missing: REQUIRED})

    def test_a_deleted_one_is_gone(self, caller: Caller) -> None:
        path = created(caller)
        answer = caller.open("DELETE", path)
        assert (answer.status_code, answer.data) == (204, b"")
        assert (caller.get(path).status_code, caller.get(TEMPLATES).json) == (404, [])
        assert caller.open("DELETE", path).status_code == 404

    def test_a_missing_field_is_named(self, caller: Caller) -> None:
        answer = caller.post(TEMPLATES, {})
        assert (answer.status_code, answer.json) == (400, dict.fromkeys(FIELDS, REQUIRED))

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
    def test_a_content_over_660_characters_is_too_long(self, caller: Caller, method: str) -> None:
        path = TEMPLATES if method == "POST" else created(caller)
        answer = caller.open(method, path, json={"name": "login", "content": "x" * 661})
        assert (answer.status_code, answer.json) == (400, {"content": ["Message too long"]})

    def test_a_content_that_is_no_unicode_is_refused(self, caller: Caller) -> None:
        for field in FIELDS:
            answer = caller.post(TEMPLATES, {**FIELDS, field: "half an emoji \ud83d"}, as_json=True)
            assert answer.status_code == 400
        assert caller.get(TEMPLATES).status_code == 200

    @pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
    @pytest.mark.parametrize("id_", ["0", "99", "-1", "abc", "1.5"])
    def test_what_is_not_there_is_not_found(self, caller: Caller, method: str, id_: str) -> None:
        answer = caller.open(method, f"{TEMPLATES}{id_}/", json=FIELDS)
        assert (answer.status_code, answer.is_json, list(answer.json)) == (404, True, ["detail"])

    def test_one_account_can_neither_see_nor_touch_anothers(
        self, caller: Caller, stranger: Caller, provider: Provider
    ) -> None:
        path = approved(caller, provider)
        before = caller.get(path).json
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            answer = stranger.open(method, path, json=FIELDS)
            assert (answer.status_code, answer.json) == (404, NOT_FOUND)
        assert send(stranger, path) == (404, NOT_FOUND)
        assert (stranger.get(TEMPLATES).json, caller.get(path).json) == ([], before)

    def test_the_slash_at_the_end_does_not_matter(self, caller: Caller) -> None:
        path = created(caller).rstrip("/")
        assert caller.get(path).status_code == caller.get(TEMPLATES.rstrip("/")).status_code == 200


class TestSending:
    @pytest.mark.parametrize("content", ["Your PIN is {pin}.", "Your PIN is {{pin}}."])
    @pytest.mark.parametrize("kind", [Kind.PARTNER, Kind.STANDARD])
    def test_an_approved_one_is_filled_and_sent(self, provider: Provider, kind: Kind, content: str) -> None:
        caller = caller_of(provider, kind)
        answer = send(caller, approved(caller, provider, content=content))
        (message,) = provider.carrier.messages()
        assert answer == (201, [{"msgid": message.msgid}])
        assert (message.text, message.recipient, message.sender) == ("Your PIN is 042917.", PHONE, "XOXZO")

    def test_its_message_has_a_status_and_is_listed(
        self, caller: Caller, provider: Provider, clock: ManualClock
    ) -> None:
        provider.carrier.rules = CarrierRules(by_number={PHONE: Delivery(ending=Ending.FAILED)})
        msgid = send(caller, approved(caller, provider))[1][0]["msgid"]
        clock.advance(seconds=3)
        assert caller.get(f"/sms/messages/{msgid}/").json["status"] == "FAILED"
        assert [message["msgid"] for message in caller.get("/sms/messages/").json] == [msgid]

    def test_an_unpaid_accounts_text_is_replaced(self, provider: Provider) -> None:
        caller = caller_of(provider, Kind.UNPAID)
        assert send(caller, approved(caller, provider))[0] == 201
        assert [message.text for message in provider.carrier.messages()] == [TEST_TEXT]

    def test_credit_is_taken_for_the_filled_text_and_runs_out(self, provider: Provider) -> None:
        caller = caller_of(provider, Kind.STANDARD, credit=30)
        path = approved(caller, provider)
        assert send(caller, path, variables={"pin": "4" * 200})[0] == 201
        assert caller.account.credit == 10
        assert send(caller, path, variables={"pin": "4" * 200}) == (
            *(403, {"non_field_errors": ["Not enough credits, required: 20"]}),
        )
        assert send(caller, path)[0] == 201

    def test_a_country_that_is_not_allowed_is_refused(self, provider: Provider) -> None:
        caller = caller_of(provider, Kind.STANDARD, countries=["JP"])
        path = approved(caller, provider)
        assert send(caller, path, recipient=OTHER_PHONE) == (403, {"non_field_errors": ["Country not allowed"]})

    def test_a_value_that_is_missing_is_named(self, caller: Caller, provider: Provider) -> None:
        path = approved(caller, provider, content="{name}: {pin}")
        status, body = send(caller, path)
        assert (status, list(body)) == (400, ["variables"])
        assert "name" in body["variables"][0]
        assert provider.carrier.messages() == []

    @pytest.mark.parametrize("variables", ["042917", ["042917"], 1, None, True])
    def test_variables_that_are_no_object_are_refused(
        self, caller: Caller, provider: Provider, variables: object
    ) -> None:
        status, body = send(caller, approved(caller, provider), variables=variables)
        assert (status, list(body)) == (400, ["variables"])

    def test_a_value_of_null_is_missing(self, caller: Caller, provider: Provider) -> None:
        status, body = send(caller, approved(caller, provider), variables={"pin": None})
        assert (status, list(body or {})) == (400, ["variables"])

    def test_without_placeholders_no_variables_are_needed(self, caller: Caller, provider: Provider) -> None:
        path = approved(caller, provider, content="Hello")
        answer = caller.post(f"{path}messages/", {"recipient": PHONE, "sender": "XOXZO"})
        assert answer.status_code == 201

    def test_a_filled_text_that_is_too_long_is_refused(self, caller: Caller, provider: Provider) -> None:
        status, body = send(caller, approved(caller, provider), variables={"pin": "4" * 661})
        assert (status, list(body.values())) == (400, [["Message too long"]])
        assert provider.carrier.messages() == []

    def test_a_filled_text_that_is_empty_is_refused(self, caller: Caller, provider: Provider) -> None:
        status, _ = send(caller, approved(caller, provider, content="{pin}"), variables={"pin": ""})
        assert status == 400

    @pytest.mark.parametrize("field", ["recipient", "sender"])
    def test_a_missing_field_is_named(self, caller: Caller, provider: Provider, field: str) -> None:
        assert send(caller, approved(caller, provider), **{field: ""}) == (400, {field: REQUIRED})

    @pytest.mark.parametrize(("field", "value"), [("recipient", "+8108012345678"), ("sender", "far too long")])
    def test_a_wrong_field_is_named(self, caller: Caller, provider: Provider, field: str, value: str) -> None:
        status, body = send(caller, approved(caller, provider), **{field: value})
        assert (status, list(body)) == (400, [field])

    @pytest.mark.parametrize("id_", ["0", "99", "abc"])
    def test_what_is_not_there_cannot_be_sent(self, caller: Caller, id_: str) -> None:
        assert send(caller, f"{TEMPLATES}{id_}/")[0] == 404
