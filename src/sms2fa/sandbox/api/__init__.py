"""Xoxzo's HTTP API as a WSGI application. What no document of Xoxzo states is marked "Assumed"."""

from __future__ import annotations

from hmac import compare_digest

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from sms2fa.sandbox.api import otp, sms, templates, voice
from sms2fa.sandbox.api.fields import Answer
from sms2fa.sandbox.provider import Provider

_LONGEST_REQUEST = 100_000  # bytes: many times the longest SMS


def create_api(provider: Provider) -> Flask:
    """The API of that provider."""
    app = Flask("xoxzo-sandbox", static_folder=None)
    app.url_map.merge_slashes = False  # else a page answers, with a redirect
    app.url_map.strict_slashes = False  # the client asks for a status without the slash that the documentation shows
    app.config["MAX_CONTENT_LENGTH"] = _LONGEST_REQUEST
    app.json.ensure_ascii = app.json.sort_keys = False  # type: ignore[attr-defined]  # Assumed: as one reads it.

    @app.before_request
    def authenticate() -> Answer | None:
        given = request.authorization
        account = provider.accounts.get((given.username or "") if given is not None else "")
        word = "" if given is None or given.type != "basic" else given.password or ""
        if account is None or not compare_digest(word.encode(), account.auth_token.encode()):
            return {"detail": "Invalid sid/token"}, 401
        g.account = account
        provider.carrier.agenda.run_due()  # in process no thread does it
        return None

    @app.errorhandler(HTTPException)
    def as_json(error: HTTPException) -> tuple[Response, int]:
        answer = jsonify(detail=f"{error.name}.")
        answer.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
        return answer, error.code or 500  # Assumed: an API that answers in JSON throughout.

    for room in (sms, templates, otp, voice):
        app.register_blueprint(room.blueprint(provider))
    return app
