"""One tree of errors, each with its evidence, none with a secret."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sms2fa import Message, Policy, compose, errors, generate_pin, normalize_pin, parse_phone
from sms2fa.errors import GatewayError, InvalidInput, OutcomeUnknown, SendRefused, TwoFactorError

ALL = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]
INPUT_ERRORS = [kind for kind in ALL if issubclass(kind, InvalidInput)]
GATEWAY_ERRORS = [kind for kind in ALL if issubclass(kind, GatewayError)]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_can_be_caught_by_the_root(kind: type[Exception]) -> None:
    assert issubclass(kind, TwoFactorError)


@pytest.mark.parametrize("kind", ALL)
def test_every_error_says_in_its_docstring_what_happened(kind: type[Exception]) -> None:
    assert (kind.__dict__.get("__doc__") or "").strip()


@pytest.mark.parametrize("kind", INPUT_ERRORS)
def test_bad_input_is_a_value_error_that_names_its_field(kind: type[InvalidInput]) -> None:
    error = kind("expected a text", field="phone", reason="empty")
    assert isinstance(error, ValueError)
    assert (str(error), error.field, error.reason) == ("expected a text", "phone", "empty")


@pytest.mark.parametrize("kind", INPUT_ERRORS)
def test_bad_input_without_a_reason_has_a_word_to_branch_on(kind: type[InvalidInput]) -> None:
    assert kind("expected a text", field="phone").reason == "invalid"


def test_a_refused_send_says_which_brake_and_until_when() -> None:
    end = datetime(2026, 11, 1, tzinfo=UTC)
    error = SendRefused("wait", reason="cooldown", retry_at=end)
    assert (error.reason, error.retry_at) == ("cooldown", end)
    assert SendRefused("start anew", reason="challenge").retry_at is None


@pytest.mark.parametrize("kind", GATEWAY_ERRORS)
def test_a_providers_no_carries_status_and_field(kind: type[GatewayError]) -> None:
    error = kind("no", status=400, field="recipient")
    assert (error.status, error.field) == (400, "recipient")
    bare = kind("no")
    assert (bare.status, bare.field) == (None, None)


def test_an_unknown_outcome_names_no_challenge_until_the_verifier_sets_it() -> None:
    first, second = OutcomeUnknown("timeout"), OutcomeUnknown("timeout")
    first.challenge_id = "an-id"
    assert (first.challenge_id, second.challenge_id) == ("an-id", None)


@pytest.mark.parametrize(
    ("secret", "call"),
    [
        ("8190123456789", lambda: parse_phone("+8190123456789")),
        ("81987654321", lambda: parse_phone("+81987654321")),
        ("312345678", lambda: parse_phone("03-1234-5678", region="JP")),
        ("9015550123", lambda: parse_phone("(901) 555-0123", region="JP")),
        ("8012345678", lambda: parse_phone("080-1234-5678")),
        ("8012345678", lambda: parse_phone("080-1234-5678", region="080-1234-5678")),
        ("2025550123", lambda: parse_phone("+1 202-555-0123 ext. 5")),
        ("2025550123", lambda: parse_phone(12025550123)),  # type: ignore[arg-type]
        ("98765", lambda: normalize_pin("98765")),
        ("9876543", lambda: normalize_pin("987-6543")),
        ("98765", lambda: normalize_pin("98765x")),
        ("987654", lambda: normalize_pin(987654)),  # type: ignore[arg-type]
        ("987654", lambda: normalize_pin(b"987654")),  # type: ignore[arg-type]
        ("987654", lambda: compose("987654", service="x" * 660)),
        ("987654", lambda: compose("987654", host="https://shop.example/987654")),
        ("987654", lambda: Message("987654" * 111)),
    ],
)
def test_no_error_repeats_a_pin_or_a_number(secret: str, call: Callable[[], object]) -> None:
    with pytest.raises(TwoFactorError) as caught:
        call()
    error = caught.value
    shown = f"{error} {error!r} {error.args} {vars(error)} {error.__cause__!r} {error.__context__!r}"
    assert secret not in "".join(character for character in shown if character.isalnum())


@pytest.mark.parametrize(
    "call",
    [
        lambda: parse_phone(None),  # type: ignore[arg-type]
        lambda: parse_phone("080-1234-5678", region=""),
        lambda: generate_pin(None),  # type: ignore[arg-type]
        lambda: normalize_pin(None),  # type: ignore[arg-type]
        lambda: Message(""),
        lambda: compose("042917", timedelta(minutes=5), host=""),
        lambda: Policy(pin_length=0),
    ],
)
def test_the_core_raises_no_error_outside_the_tree(call: Callable[[], object]) -> None:
    with pytest.raises(InvalidInput) as caught:
        call()
    assert caught.value.field


def test_an_error_crosses_to_another_process_with_its_evidence() -> None:
    sent = errors.SendRefused("wait", reason="cooldown", retry_at=datetime(2026, 11, 1, tzinfo=UTC))
    received = pickle.loads(pickle.dumps(sent))
    assert type(received) is errors.SendRefused
    assert str(received) == "wait"
    assert (received.reason, received.retry_at) == (sent.reason, sent.retry_at)
