"""Xoxzo's answers, and what a caller can do about each that is not the one hoped for."""

from __future__ import annotations

import pickle
import re
import socket
import ssl
from typing import Any

import pytest
import requests
from requests import exceptions
from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    SSLError,
)

from contracts.gateway import PATIENCE, PIN, ScriptedProvider, always, http, nobody_there
from sms2fa.errors import (
    CountryNotAllowed,
    CredentialsRefused,
    GatewayError,
    GatewayRefused,
    MessageRefused,
    NotEnoughCredit,
    OutcomeUnknown,
    ProviderUnreachable,
    RateLimited,
    RecipientRefused,
)
from sms2fa.gateways.answers import Answer, error_of, may_pass, nothing_was_sent, said_by

REQUIRED = ["This field is required."]
COUNTRY = {"non_field_errors": ["Country not allowed"]}


class TestErrorTableOfXoxzo:
    """Source: the table in Xoxzo's documentation, "errors", and what is assumed beside it."""

    @pytest.mark.parametrize(
        ("status", "body", "kind", "field"),
        [
            (400, {"recipient": REQUIRED}, RecipientRefused, "recipient"),
            (400, {"phone_number": ["Invalid."]}, RecipientRefused, "phone_number"),
            *(
                (400, {name: REQUIRED}, MessageRefused, name)
                for name in ("message", "sender", "variables", "caller", "website", "code", "tts_message", "tts_lang")
            ),
            (400, {"message": REQUIRED, "recipient": REQUIRED}, RecipientRefused, "recipient"),
            (400, {"non_field_errors": ["no"]}, MessageRefused, None),
            (400, {"818012345678": REQUIRED}, MessageRefused, None),  # no field of a request
            (400, ["no"], MessageRefused, None),
            (400, None, MessageRefused, None),
            (401, {"detail": "Invalid sid/token"}, CredentialsRefused, None),
            (401, None, CredentialsRefused, None),
            (403, {"non_field_errors": ["Not enough credits, required: 20"]}, NotEnoughCredit, None),
            (403, COUNTRY, CountryNotAllowed, None),
            (400, COUNTRY, CountryNotAllowed, None),
            (403, {"detail": "Free-form messages are not allowed for this account."}, MessageRefused, None),
            (404, {"detail": "Not found."}, GatewayRefused, None),
            (404, None, GatewayRefused, None),
            (413, None, GatewayRefused, None),
            (429, {"detail": "Request was throttled."}, RateLimited, None),
            *((status, None, OutcomeUnknown, None) for status in (204, 301, 302, 304, 500, 502, 503, 504)),
        ],
    )
    def test_each_answer_has_the_error_that_says_what_can_be_done(
        self, status: int, body: Any, kind: type[GatewayError], field: str | None
    ) -> None:
        error = error_of(Answer(status, body))
        assert (type(error), error.status, error.field) == (kind, status, field)

    @pytest.mark.parametrize("body", ["Country not allowed", ["Country not allowed"]], ids=["text", "a list"])
    def test_a_country_is_told_in_whatever_form_it_is_said(self, body: object) -> None:
        assert type(error_of(Answer(403, body))) is CountryNotAllowed

    def test_only_200_and_201_are_accepted(self) -> None:
        assert [status for status in range(100, 600) if Answer(status).accepted] == [200, 201]
        assert not Answer(None).accepted

    def test_every_other_answer_has_an_error_that_promises_something(self) -> None:
        for status in range(202, 600):
            for body in (None, {}, [], "text", 1, {"detail": None}, {"recipient": {"to": [1, None]}}):
                error = error_of(Answer(status, body))
                assert isinstance(error, GatewayRefused | OutcomeUnknown)
                assert isinstance(error, GatewayRefused) == (400 <= status < 500 and status != 405)

    def test_the_providers_own_words_are_told(self) -> None:
        assert "no such thing" in str(error_of(Answer(400, {"detail": "no such thing"})))
        assert "required: 20" in str(error_of(Answer(403, {"non_field_errors": ["Not enough credits, required: 20"]})))


def failed(reason: object) -> exceptions.ConnectionError:
    """As `requests` wraps what urllib3 raises."""
    return exceptions.ConnectionError(MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


REFUSED = NewConnectionError(None, "refused")  # type: ignore[arg-type]
CERTIFICATE = exceptions.SSLError(
    MaxRetryError(None, "/", SSLError(ssl.SSLCertVerificationError("self-signed")))  # type: ignore[arg-type]
)
NOTHING_SENT = {
    "refused": failed(REFUSED),
    "no such name": failed(NameResolutionError("host", None, socket.gaierror())),  # type: ignore[arg-type]
    "connect timeout": exceptions.ConnectTimeout(MaxRetryError(None, "/", ConnectTimeoutError())),  # type: ignore[arg-type]
    "bare connect timeout": exceptions.ConnectTimeout(),
    "no such proxy": exceptions.ProxyError(MaxRetryError(None, "/", ProxyError("no", REFUSED))),  # type: ignore[arg-type]
}
PERHAPS_SENT = {
    "dropped": exceptions.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError())),
    "read timeout": exceptions.ReadTimeout(),
    "broken off": exceptions.ChunkedEncodingError(ProtocolError("incomplete")),
    "redirected for ever": exceptions.TooManyRedirects(),
    "encrypted badly": exceptions.SSLError(MaxRetryError(None, "/", SSLError("bad record"))),  # type: ignore[arg-type]
    "unknown": exceptions.ConnectionError(),
    "unknown reason": failed(None),
    "not of requests": ValueError("no"),
    "nothing": None,
}


class TestNoAnswer:
    @pytest.mark.parametrize("error", NOTHING_SENT.values(), ids=NOTHING_SENT)
    def test_where_no_connection_came_about_nothing_was_sent(self, error: Exception) -> None:
        answer = Answer(None, error=error)
        assert nothing_was_sent(answer)
        assert type(error_of(answer)) is ProviderUnreachable

    @pytest.mark.parametrize("error", PERHAPS_SENT.values(), ids=PERHAPS_SENT)
    def test_anything_else_leaves_the_outcome_unknown(self, error: Exception | None) -> None:
        answer = Answer(None, error=error)
        assert not nothing_was_sent(answer)
        assert type(error_of(answer)) is OutcomeUnknown

    def test_a_certificate_that_is_not_accepted_ends_it_before_anything_is_sent(self) -> None:
        error = error_of(Answer(None, error=CERTIFICATE))
        assert type(error) is ProviderUnreachable
        assert "certificate" in str(error)

    def test_an_answer_that_came_is_never_taken_for_no_connection(self) -> None:
        assert not [status for status in range(100, 600) if nothing_was_sent(Answer(status))]

    def test_the_errors_that_requests_really_raises_are_told_apart(self, provider: ScriptedProvider) -> None:
        raised = [raised_by(nobody_there())]
        for reply in (b"", http(201, [{"msgid": "1"}])[:-4]):
            provider.reply = always(reply)
            raised.append(raised_by(provider.url))
        assert [nothing_was_sent(Answer(None, error=error)) for error in raised] == [True, False, False]

    @pytest.mark.parametrize(
        ("status", "passes"),
        [(None, True), (429, True), (500, True), (502, True), (503, True), (504, True), (599, True)]
        + [(status, False) for status in (200, 201, 204, 302, 400, 401, 403, 404, 499)],
    )
    def test_only_trouble_that_passes_is_worth_another_question(self, status: int | None, passes: bool) -> None:
        assert may_pass(Answer(status)) is passes


def raised_by(url: str) -> Exception:
    with pytest.raises(requests.RequestException) as caught:
        requests.post(url, data={"message": "text"}, timeout=PATIENCE)
    return caught.value


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        "body",
        [
            {"recipient": ["+818012345678 is not allowed"]},
            {"detail": "no message to 818012345678"},
            {"recipient": {"to": "080-1234-5678"}},
            {"message": ["Hello (80) 1234.5678", "+81 80 1234 5678"]},
            {"+818012345678": REQUIRED},
            {"818012345678": {"818012345678": 818012345678}},
        ],
    )
    def test_an_error_tells_no_full_number_even_where_the_server_echoes_it(self, body: dict[str, object]) -> None:
        for status in (400, 401, 403, 404, 429, 500):
            error = error_of(Answer(status, body))
            assert "8012345678" not in re.sub("[^0-9]", "", f"{error!r} {vars(error)}")

    @pytest.mark.parametrize("pin", ["4827", "042917", "042 917", "042-917", PIN, ", ".join("042917")])
    def test_an_error_tells_no_pin_even_where_the_server_echoes_it(self, pin: str) -> None:
        error = error_of(Answer(400, {"message": [f"Similar text: Your PIN is: {pin}. Once more: {pin}."]}))
        assert pin not in f"{error!r} {vars(error)}"

    def test_it_is_short(self) -> None:
        assert len(said_by({"detail": ["long words "] * 1000})) <= 210

    @pytest.mark.parametrize("body", [None, [], "", 1])
    def test_nothing_is_said_where_nothing_can_be_read(self, body: object) -> None:
        assert said_by(body) == ""

    @pytest.mark.parametrize("status", [None, 400, 401, 403, 404, 429, 500])
    def test_an_error_crosses_from_one_process_to_another_with_its_evidence(self, status: int | None) -> None:
        error = error_of(Answer(status, {"recipient": ["Invalid."]}))
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
