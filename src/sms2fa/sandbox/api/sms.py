"""/sms/messages/: send a text, ask what became of it, list what was sent."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

from flask import Blueprint, request

from sms2fa.message import LONGEST_TEXT
from sms2fa.sandbox.accounts import Kind
from sms2fa.sandbox.api.fields import (
    Answer,
    Problems,
    caller_account,
    charge,
    given,
    missing,
    not_found,
    recipient_problems,
    refuse,
    refuse_if,
    sender_problems,
    text_of,
)
from sms2fa.sandbox.carrier import SandboxMessage, cost_of
from sms2fa.sandbox.provider import Provider

_LISTED_DAYS = 90
_COMPARISONS = {"": operator.eq, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SENT_DATE = re.compile(r"sent_date(>=|<=|>|<|)=?(.*)")


def blueprint(provider: Provider) -> Blueprint:
    """The endpoints for free-form text."""
    sms = Blueprint("sms", __name__, url_prefix="/sms/messages/")
    carrier = provider.carrier

    @sms.post("/")
    def send() -> Answer:
        # track_link, lt_callbackurl, jp_kp, jp_kpl and jp_kp_sender are taken and mean nothing here.
        fields = given()
        problems = missing(fields, "message", "recipient", "sender")
        checked = {**addressee_problems(fields), **_text_problems(text_of(fields, "message"))}
        refuse_if(checked | problems)
        if caller_account().kind is Kind.STANDARD:
            refuse({"detail": "Free-form messages are not allowed for this account."}, 403)  # Assumed.
        return [{"msgid": hand_over(provider, fields, text_of(fields, "message")).msgid}], 201

    @sms.get("/")
    def list_sent() -> Answer:
        own = [message for message in carrier.messages() if message.account == caller_account().sid]
        try:
            chosen = _by_sent_date(own, request.query_string.decode(errors="replace"), carrier.clock.now().date())
        except ValueError as error:
            return {"sent_date": [str(error)]}, 400
        return [_shown(message, request.host_url) for message in chosen], 200

    @sms.get("/<msgid>/")
    def status(msgid: str) -> Answer:
        message = carrier.find(msgid)
        if message is None or message.account != caller_account().sid:
            not_found()
        return _shown(message, request.host_url), 200

    return sms


def addressee_problems(fields: Mapping[str, Any]) -> Problems:
    """What is wrong with recipient and sender."""
    return recipient_problems(text_of(fields, "recipient")) | sender_problems(text_of(fields, "sender"))


def hand_over(provider: Provider, fields: Mapping[str, Any], text: str) -> SandboxMessage:
    """Charge the account, give the message to the carrier, and plan its report."""
    text = caller_account().text_sent(text)
    charge(text_of(fields, "recipient"), cost_of(text))
    message = provider.carrier.accept(
        recipient=text_of(fields, "recipient"),
        sender=text_of(fields, "sender"),
        text=text,
        tags=text_of(fields, "tags"),
        account=caller_account().sid,
    )
    host = request.host_url
    if message.reported:
        provider.callbacks.plan(text_of(fields, "callbackurl"), message.reported_at, lambda: _shown(message, host))
    return message


def _text_problems(text: str) -> Problems:
    return {} if len(text) <= LONGEST_TEXT else {"message": ["Message too long"]}  # Assumed: its key.


def _by_sent_date(messages: list[SandboxMessage], query: str, today: date) -> list[SandboxMessage]:
    """The messages of the days that ``sent_date=``, ``sent_date>=`` and so on ask for."""
    oldest = today - timedelta(days=_LISTED_DAYS)
    listed = [message for message in messages if message.sent_at.date() >= oldest]
    for asked in map(unquote, query.split("&")):
        match = _SENT_DATE.fullmatch(asked)
        if match is None:
            continue
        try:
            day = date.fromisoformat(_DATE.fullmatch(match[2])[0])  # type: ignore[index]
        except (TypeError, ValueError):
            raise ValueError("Invalid sent_date format") from None
        if day < oldest:
            raise ValueError("Invalid sent_date")
        compare = _COMPARISONS[match[1]]
        listed = [message for message in listed if compare(message.sent_at.date(), day)]
    return listed


def _shown(message: SandboxMessage, host: str) -> dict[str, Any]:
    return {
        "msgid": message.msgid,
        "status": message.status,
        "sent_time": message.sent_at.strftime("%Y-%m-%d %H:%M:%S"),
        "cost": message.cost,
        "sender": message.sender,
        "recipient": message.recipient,
        "tags": message.tags,
        "url": f"{host}sms/messages/{message.msgid}/",
    }
