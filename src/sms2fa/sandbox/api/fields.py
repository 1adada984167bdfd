"""The fields of a request, what is wrong with them, and refusals in the API's own form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from flask import abort, g, jsonify, make_response, request

from sms2fa.phone import is_e164
from sms2fa.sandbox.accounts import SandboxAccount

Answer = tuple[Any, int]
Problems = dict[str, list[str]]

REQUIRED = ["This field is required."]
_SENDER = re.compile(r"\+?[0-9]{1,15}|[A-Za-z0-9 ]{1,10}")  # Source: Xoxzo's SMS documentation.


def given() -> dict[str, Any]:
    """The fields of a form, or of a JSON object. Assumed: that both are read everywhere."""
    if not request.is_json:
        return request.form.to_dict()
    try:
        fields = request.get_json()
        json.dumps(fields, ensure_ascii=False).encode()  # half a character could be taken, but never shown again
    except (RecursionError, UnicodeEncodeError):
        abort(400)
    if not isinstance(fields, dict):
        refuse({"non_field_errors": ["Invalid data. Expected a dictionary."]})  # Assumed: the words.
    return fields


def text_of(fields: Mapping[str, Any], name: str) -> str:
    """A field as text; "" where it is missing or no text."""
    value = fields.get(name, "")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def missing(fields: Mapping[str, Any], *names: str) -> Problems:
    """Those of the names that are missing or empty."""
    return {name: REQUIRED for name in names if not text_of(fields, name).strip()}


def recipient_problems(recipient: str, field: str = "recipient") -> Problems:
    """What is wrong with a number. It has to be valid and written as its own E.164 form."""
    return {} if is_e164(recipient) else {field: ["Invalid recipient."]}  # Assumed: the words.


def sender_problems(sender: str) -> Problems:
    """What is wrong with a sender id: at most 10 letters and digits, or 15 digits."""
    return {} if _SENDER.fullmatch(sender) else {"sender": ["Invalid sender."]}  # Assumed: the words.


def caller_account() -> SandboxAccount:
    """The account of this request."""
    account: SandboxAccount = g.account
    return account


def charge(recipient: str, cost: int) -> None:
    """Take the cost from the account, or refuse: no credit, or a country that it may not send to."""
    account = caller_account()
    if not account.may_send_to(recipient):
        refuse({"non_field_errors": ["Country not allowed"]}, 403)  # Assumed: the status, and the key.
    if not account.charge(cost):
        refuse({"non_field_errors": [f"Not enough credits, required: {cost}"]}, 403)


def refuse(body: object, status: int = 400) -> NoReturn:
    """End the request with this answer."""
    abort(make_response(jsonify(body), status))


def refuse_if(problems: Problems) -> None:
    """End the request where there are problems."""
    if problems:
        refuse(problems)


def not_found() -> NoReturn:
    """There is nothing of that name. Assumed: the body."""
    refuse({"detail": "Not found."}, 404)
