"""Views for notebooks: phones, a login form, the board of both with the server, desks, dials and questions.

Widgets hold no rules. Each has a model that is tested without a browser, one public ``value``, and a static form.
"""

from sms2fa.widgets.board import Board, BoardModel
from sms2fa.widgets.check_desk import CheckDesk, CheckDeskModel
from sms2fa.widgets.clock_dial import ClockDial, ClockDialModel
from sms2fa.widgets.live_desk import LiveDesk, LiveDeskModel
from sms2fa.widgets.login_form import LoginForm, LoginFormModel
from sms2fa.widgets.phone import Phone, PhoneModel
from sms2fa.widgets.phones import Phones, PhonesModel
from sms2fa.widgets.pin_dial import PinDial, PinDialModel
from sms2fa.widgets.question import Option, Prompt, Question, QuestionModel
from sms2fa.widgets.sms_desk import SmsDesk, SmsDeskModel

__all__ = [
    "Board",
    "BoardModel",
    "CheckDesk",
    "CheckDeskModel",
    "ClockDial",
    "ClockDialModel",
    "LiveDesk",
    "LiveDeskModel",
    "LoginForm",
    "LoginFormModel",
    "Option",
    "Phone",
    "PhoneModel",
    "Phones",
    "PhonesModel",
    "PinDial",
    "PinDialModel",
    "Prompt",
    "Question",
    "QuestionModel",
    "SmsDesk",
    "SmsDeskModel",
]
