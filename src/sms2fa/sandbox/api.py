"""Xoxzo's HTTP API as a WSGI application. What no document of Xoxzo states is marked "Assumed"."""

from __future__ import annotations

import hmac
import operator
import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from sms2fa.errors import InvalidMessage
from sms2fa.message import Message
from sms2fa.phone import is_e164
from sms2fa.sandbox.carrier import Carrier, SandboxMessage

_LISTED_DAYS = 90
_COMPARISONS = {"": operator.eq, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le}
_SENT_DATE = re.compile(r"sent_date(>=|<=|>|<|)=?(.*)")

Answer = tuple[Any, int]


def create_api(carrier: Carrier, sid: str, auth_token: str) -> Flask:
    """The API for one account."""
    app = Flask("xoxzo-sandbox", static_folder=None)
    app.url_map.strict_slashes = False  # the client asks for a status without the slash that the documentation shows

    @app.before_request
    def authenticate() -> Answer | None:
        given = request.authorization
        name, word = (given.username, given.password) if given is not None and given.type == "basic" else (None, None)
        right = hmac.compare_digest((name or "").encode(), sid.encode()) & hmac.compare_digest(
            (word or "").encode(), auth_token.encode()
        )
        return None if right else ({"detail": "Invalid sid/token"}, 401)

    @app.post("/sms/messages/")
    def send_sms() -> Answer:
        problems = _problems(
            request.form.get("message", ""), request.form.get("recipient", ""), request.form.get("sender", "")
        )
        if problems:
            return problems, 400
        form = request.form
        message = carrier.accept(recipient=form["recipient"], sender=form["sender"], text=form["message"])
        return [{"msgid": message.msgid}], 201

    @app.get("/sms/messages/")
    def list_sms() -> Answer:
        try:
            chosen = _by_sent_date(carrier.messages(), request.query_string.decode(), carrier.clock.now().date())
        except ValueError as error:
            return {"sent_date": [str(error)]}, 400
        return [_shown(message) for message in chosen], 200

    @app.get("/sms/messages/<msgid>/")
    def sms_status(msgid: str) -> Answer:
        message = carrier.find(msgid)
        return ({"detail": "Not found."}, 404) if message is None else (_shown(message), 200)  # Assumed: the body.

    @app.errorhandler(HTTPException)
    def as_json(error: HTTPException) -> tuple[Response, int]:
        return jsonify(detail=f"{error.name}."), error.code or 500  # Assumed: an API that answers in JSON throughout.

    return app


def _problems(text: str, recipient: str, sender: str) -> dict[str, list[str]]:
    """What is wrong with a message, by field, in the API's own form."""
    problems = {
        name: ["This field is required."]
        for name, value in (("message", text), ("recipient", recipient), ("sender", sender))
        if not value
    }
    if "recipient" not in problems and not is_e164(recipient):
        problems["recipient"] = ["Invalid recipient."]  # Assumed: the words.
    if "message" not in problems:
        try:
            Message(text)
        except InvalidMessage as error:
            blank = error.reason == "empty"
            problems["message"] = ["This field is required." if blank else "Message too long"]  # Assumed: its key.
    if "sender" not in problems and not re.fullmatch(r"\+?[0-9]{1,15}|[A-Za-z0-9 ]{1,10}", sender):
        problems["sender"] = ["Invalid sender."]  # Assumed: the words.
    return problems


def _by_sent_date(messages: list[SandboxMessage], query: str, today: date) -> list[SandboxMessage]:
    """The messages of the days that ``sent_date=``, ``sent_date>=`` and so on ask for."""
    oldest = today - timedelta(days=_LISTED_DAYS)
    listed = [message for message in messages if message.sent_at.date() >= oldest]
    for asked in map(unquote, query.split("&")):
        match = _SENT_DATE.fullmatch(asked)
        if match is None:
            continue
        try:
            day = date.fromisoformat(match[2])
        except ValueError:
            raise ValueError("Invalid sent_date format") from None
        if day < oldest:
            raise ValueError("Invalid sent_date")
        compare = _COMPARISONS[match[1]]
        listed = [message for message in listed if compare(message.sent_at.date(), day)]
    return listed


def _shown(message: SandboxMessage) -> dict[str, Any]:
    return {
        "msgid": message.msgid,
        "status": message.status,
        "sent_time": message.sent_at.strftime("%Y-%m-%d %H:%M:%S"),
        "cost": message.cost,
        "sender": message.sender,
        "recipient": message.recipient,
        "url": f"{request.host_url}sms/messages/{message.msgid}/",
    }
