"""The exercises of the course, by id, in the order of the notebooks."""

from sms2fa.lessons.exercise import Exercise
from sms2fa.lessons.exercises import (
    pin_attack,
    pin_chance,
    pin_source,
    pin_text,
    sms_answer,
    sms_number,
    sms_text,
    verify_account,
    verify_compare,
    verify_once,
    verify_resend,
    verify_time,
    verify_tries,
)

__all__ = ["EXERCISES"]

_MODULES = (
    *(pin_text, pin_source, pin_chance, pin_attack),
    *(sms_number, sms_text, sms_answer),
    *(verify_compare, verify_time, verify_tries, verify_once, verify_account, verify_resend),
)
_BY_ID = {each.id: each for module in _MODULES for each in module.EXERCISES}

EXERCISES: dict[str, Exercise] = {name: _BY_ID[name] for name in sorted(_BY_ID)}  # pin-1 ..., sms-1 ..., verify-1 ...
