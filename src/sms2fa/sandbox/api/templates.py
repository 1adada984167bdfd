"""/sms/templates/: texts with placeholders that are approved first, and messages made of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from sms2fa.message import LONGEST_TEXT
from sms2fa.sandbox.api.fields import (
    Answer,
    Problems,
    caller_account,
    given,
    missing,
    not_found,
    refuse,
    refuse_if,
    text_of,
)
from sms2fa.sandbox.api.sms import addressee_problems, hand_over
from sms2fa.sandbox.provider import Provider
from sms2fa.sandbox.templates import Template


def blueprint(provider: Provider) -> Blueprint:
    """The endpoints for templates. Assumed: the names of the fields that create and change one."""
    rooms = Blueprint("templates", __name__, url_prefix="/sms/templates/")
    templates = provider.templates

    def find(id_: int) -> Template:
        return templates.find(caller_account().sid, id_) or not_found()

    @rooms.get("/")
    def list_all() -> Answer:
        return [_shown(template) for template in templates.of(caller_account().sid)], 200

    @rooms.post("/")
    def create() -> Answer:
        fields = given()
        refuse_if(missing(fields, "name", "content") | _too_long(text_of(fields, "content")))
        template = templates.create(caller_account().sid, text_of(fields, "name"), text_of(fields, "content"))
        return _shown(template), 201

    @rooms.get("/<int:id_>/")
    def read(id_: int) -> Answer:
        return _shown(find(id_)), 200

    @rooms.route("/<int:id_>/", methods=["PUT", "PATCH"])
    def update(id_: int) -> Answer:
        template, fields = find(id_), given()
        if request.method == "PUT":
            refuse_if(missing(fields, "name", "content"))
        name = text_of(fields, "name") or template.name
        content = text_of(fields, "content") or template.pending_content or template.approved_content
        refuse_if(_too_long(content))
        return _shown(templates.update(template, name, content)), 200

    @rooms.delete("/<int:id_>/")
    def delete(id_: int) -> Answer:
        templates.delete(find(id_))
        return "", 204

    @rooms.post("/<int:id_>/messages/")
    def send(id_: int) -> Answer:
        template, fields = find(id_), given()
        problems = missing(fields, "recipient", "sender")
        refuse_if(addressee_problems(fields) | problems)
        if template.status == "PENDING":
            refuse({"non_field_errors": ["Template is not approved yet."]})  # Assumed: the words.
        text = _filled(template, fields.get("variables", {}))
        return [{"msgid": hand_over(provider, fields, text).msgid}], 201

    return rooms


def _filled(template: Template, variables: object) -> str:
    if not isinstance(variables, dict):
        refuse({"variables": ["Expected an object of names and values."]})  # Assumed: the words.
    try:
        text = template.fill({name: value for name, value in variables.items() if value is not None})
    except KeyError as error:
        refuse({"variables": [f"Missing value for {error.args[0]}."]})  # Assumed: the words.
    refuse_if(_too_long(text))
    if not text.strip():
        refuse({"variables": ["Empty message."]})  # Assumed: the words.
    return text


def _too_long(text: str) -> Problems:
    return {"content": ["Message too long"]} if len(text) > LONGEST_TEXT else {}  # Assumed.


def _shown(template: Template) -> dict[str, Any]:
    return {
        "id": template.id,
        "name": template.name,
        "approved_content": template.approved_content,
        "pending_content": template.pending_content,
        "status": template.status,
        "api_usage_example": _example(template),
    }


def _example(template: Template) -> dict[str, Any]:
    """What to post to send it. Assumed: the form of the example."""
    variables = dict.fromkeys(template.names(), "...")
    return {"sender": "XOXZO", "recipient": "+818012345678", "variables": variables}
