"""/otp/: Xoxzo makes the code, sends it and checks it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from sms2fa.sandbox.api.fields import (
    Answer,
    caller_account,
    given,
    missing,
    recipient_problems,
    refuse,
    refuse_if,
    text_of,
)
from sms2fa.sandbox.api.sms import hand_over
from sms2fa.sandbox.otp import SENDER, TEMPLATE_ID, Checked
from sms2fa.sandbox.provider import Provider


def blueprint(provider: Provider) -> Blueprint:
    """The endpoints of the hosted codes."""
    rooms = Blueprint("otp", __name__, url_prefix="/otp/")
    otps = provider.otps

    @rooms.post("/register-website/")
    def register() -> Answer:
        fields = given()
        refuse_if(missing(fields, "website"))
        if text_of(fields, "template_id") not in ("", str(TEMPLATE_ID)):
            refuse({"template_id": [f'Invalid pk "{text_of(fields, "template_id")}" - object does not exist.']})
        if not otps.register(caller_account().sid, text_of(fields, "website")):
            refuse({"website": ["website info with this website already exists."]})
        return {"message": "Website registered successfully."}, 201

    @rooms.post("/request/")
    def request_code() -> Answer:
        fields = given()
        number, website = text_of(fields, "phone_number"), text_of(fields, "website")
        refuse_if(recipient_problems(number, "phone_number") | missing(fields, "website", "phone_number"))
        _refuse_foreign(website)
        sms = {"recipient": number, "sender": SENDER}
        return {"msgid": otps.request(website, number, lambda text: hand_over(provider, sms, text).msgid)}, 201

    @rooms.post("/verify/")
    def verify() -> Answer:
        # The documentation's first field is website; the blog's tutorial sends otp_id and code. Assumed: that both
        # work, that otp_id is the msgid of the request, and the whole of the answers.
        fields = given()
        refuse_if(missing(fields, "code"))
        code = text_of(fields, "code")
        if text_of(fields, "otp_id"):
            return _told(otps.verify(caller_account().sid, code, msgid=text_of(fields, "otp_id")))
        refuse_if(missing(fields, "website", "phone_number"))
        _refuse_foreign(text_of(fields, "website"))
        return _told(
            otps.verify(
                caller_account().sid, code, website=text_of(fields, "website"), number=text_of(fields, "phone_number")
            )
        )

    def _refuse_foreign(website: str) -> None:
        if not otps.has(caller_account().sid, website):
            refuse({"website": ["Website is not registered."]})  # Assumed: the words.

    return rooms


def _told(answer: Checked) -> Answer:
    body: dict[str, Any] = {"code": [answer.value]}
    return ({"message": answer.value}, 200) if answer is Checked.VERIFIED else (body, 400)
