"""The fields of a request, as JSON and as a form."""

from __future__ import annotations

import json

import pytest

from sandbox.callers import FORM, MESSAGES, PHONE, REQUIRED, Caller
from sms2fa.sandbox.api.fields import missing, recipient_problems, sender_problems, text_of


@pytest.mark.parametrize(("value", "text"), [("text", "text"), ("", ""), (42917, "42917"), (0, "0"), (-1, "-1")])
def test_a_text_and_a_whole_number_are_text(value: object, text: str) -> None:
    assert text_of({"field": value}, "field") == text


@pytest.mark.parametrize("value", [None, 1.5, [], ["text"], {}, True, False])
def test_anything_else_is_none(value: object) -> None:
    assert text_of({"field": value}, "field") == ""
    assert text_of({}, "field") == ""


def test_what_is_missing_or_empty_is_named() -> None:
    fields = {"a": "a", "b": "", "c": "  ", "d": None, "f": 0}
    assert missing(fields, *"abcdef") == dict.fromkeys("bcde", REQUIRED)


def test_problems_are_named_by_the_field_that_has_them() -> None:
    assert recipient_problems(PHONE) == sender_problems("XOXZO") == {}
    assert list(recipient_problems("alice")) == ["recipient"]
    assert list(recipient_problems("alice", "phone_number")) == ["phone_number"]
    assert list(sender_problems("x" * 11)) == ["sender"]


@pytest.mark.parametrize("body", ["", "{", "[1", "nothing", '{"message": }', b"\xff", "[" * 1_000])
def test_a_json_body_that_is_none_is_a_bad_request_in_json(caller: Caller, body: str | bytes) -> None:
    answer = caller.open("POST", MESSAGES, data=body, content_type="application/json")
    assert (answer.status_code, answer.is_json, list(answer.json)) == (400, True, ["detail"])


@pytest.mark.parametrize("body", [[], [FORM], "text", 1, None, True])
def test_a_json_body_that_is_no_object_is_refused(caller: Caller, body: object) -> None:
    answer = caller.open("POST", MESSAGES, data=json.dumps(body), content_type="application/json")
    assert (answer.status_code, list(answer.json)) == (400, ["non_field_errors"])


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "application/vnd.api+json"])
def test_json_by_any_of_its_names_is_read(caller: Caller, content_type: str) -> None:
    assert caller.open("POST", MESSAGES, data=json.dumps(FORM), content_type=content_type).status_code == 201


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_another_kind_of_body_has_no_fields(caller: Caller, content_type: str) -> None:
    answer = caller.open("POST", MESSAGES, data=json.dumps(FORM), content_type=content_type)
    assert (answer.status_code, answer.json) == (400, dict.fromkeys(FORM, REQUIRED))


def test_fields_in_the_query_are_none(caller: Caller) -> None:
    assert caller.open("POST", MESSAGES, query_string=FORM).status_code == 400
