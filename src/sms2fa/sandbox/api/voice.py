"""/voice/: a call that plays a recording or speaks a text."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from sms2fa.sandbox.api.fields import (
    Answer,
    caller_account,
    charge,
    given,
    missing,
    not_found,
    recipient_problems,
    refuse_if,
    text_of,
)
from sms2fa.sandbox.calls import COST, ENDED_AFTER, SandboxCall
from sms2fa.sandbox.provider import Provider


def blueprint(provider: Provider) -> Blueprint:
    """The endpoints for calls."""
    rooms = Blueprint("voice", __name__, url_prefix="/voice/")

    @rooms.post("/simple/playbacks/")
    def call() -> Answer:
        fields = given()
        spoken = bool(text_of(fields, "tts_message") or text_of(fields, "tts_lang"))
        what = ("tts_message", "tts_lang") if spoken else ("recording_url",)
        refuse_if(recipient_problems(text_of(fields, "recipient")) | missing(fields, "caller", "recipient", *what))
        charge(text_of(fields, "recipient"), COST)
        made = provider.exchange.call(
            caller=text_of(fields, "caller"),
            recipient=text_of(fields, "recipient"),
            text=text_of(fields, "tts_message"),
            language=text_of(fields, "tts_lang"),
            recording_url=text_of(fields, "recording_url"),
            account=caller_account().sid,
        )
        host = request.host_url
        provider.callbacks.plan(
            text_of(fields, "callbackurl"), made.started_at + ENDED_AFTER, lambda: _shown(made, host)
        )
        return [{"callid": made.callid}], 201

    @rooms.get("/calls/<callid>/")
    def status(callid: str) -> Answer:
        made = provider.exchange.find(callid)
        if made is None or made.account != caller_account().sid:
            not_found()
        return _shown(made, request.host_url), 200

    return rooms


def _shown(call: SandboxCall, host: str) -> dict[str, Any]:
    """Assumed: the fields but for callid."""
    return {
        "callid": call.callid,
        "status": call.status,
        "start_time": call.started_at.strftime("%Y-%m-%d %H:%M:%S"),
        "duration": call.duration,
        "cost": COST,
        "caller": call.caller,
        "recipient": call.recipient,
        "url": f"{host}voice/calls/{call.callid}/",
    }
