from __future__ import annotations

import pytest

from sms2fa.lessons.classroom import Classroom
from sms2fa.login import Step
from sms2fa.widgets import LoginForm

PASSWORD = "correct horse"


@pytest.fixture
def form(classroom: Classroom) -> LoginForm:
    return classroom.board().form


def fill(form: LoginForm, **values: str) -> None:
    for name, value in {"account": "alice", "password": PASSWORD, "number": "080-1234-5678", **values}.items():
        getattr(form, name).value = value


def test_only_what_makes_sense_can_be_pressed(form: LoginForm) -> None:
    assert form.check.disabled
    assert form.again.disabled
    assert form.pin.disabled
    assert form.log_out.disabled
    fill(form)
    form.register.click()
    form.log_in.click()
    assert not form.check.disabled
    assert not form.again.disabled
    assert not form.pin.disabled


def test_enter_in_the_password_logs_in_and_enter_in_the_pin_checks(form: LoginForm) -> None:
    fill(form)
    form.register.click()
    form.password._handle_custom_msg({"event": "submit"}, [])
    assert form.value is Step.PIN_SENT
    form.pin.value = "not a PIN"
    form.pin._handle_custom_msg({"event": "submit"}, [])
    assert form.model.notice == "Type the digits of the PIN from the SMS."


def test_the_country_decides_how_a_national_number_is_read(form: LoginForm) -> None:
    fill(form, region="US", number="(202) 555-0123")
    form.register.click()
    assert form.model.registered is not None
    assert form.model.registered.phone.e164 == "+12025550123"


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [({"account": " "}, "account name of 1 to 64"), ({"password": "short"}, "password of 8 to")],
)
def test_a_bad_field_is_named_and_nothing_typed_is_lost(form: LoginForm, wrong: dict[str, str], expected: str) -> None:
    fill(form, **wrong)
    form.register.click()
    assert expected in form.model.notice
    assert form.number.value == "080-1234-5678"


def test_unknown_account_and_wrong_password_sound_alike(form: LoginForm) -> None:
    fill(form)
    form.register.click()
    form.password.value = "wrong horse"
    form.log_in.click()
    wrong_password = form.model.notice
    fill(form, account="nobody")
    form.log_in.click()
    assert form.model.notice == wrong_password


def test_the_static_form_has_no_password_and_no_number(form: LoginForm) -> None:
    fill(form)
    form.register.click()
    html = form.static_html()
    assert "Registered alice" in html
    assert PASSWORD not in html
    assert "1234" not in html


def test_the_focus_goes_on_to_what_comes_next(form: LoginForm, monkeypatch: pytest.MonkeyPatch) -> None:
    """A button that goes grey drops the focus."""
    focused: list[str] = []
    for name in ("pin", "log_in", "log_out"):
        monkeypatch.setattr(getattr(form, name), "focus", lambda name=name: focused.append(name))
    fill(form)
    form.register.click()
    form.password.value = "wrong horse"
    form.log_in.click()
    assert focused == []
    form.password.value = PASSWORD
    form.log_in.click()
    form.pin.value = "no PIN"
    form.check.click()
    assert focused == ["pin"]
    form.log_out.click()
    assert focused == ["pin", "log_in"]
