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


def _place(each: Exercise) -> tuple[str, int]:
    """Its notebook, and its number there: verify-10 comes after verify-9."""
    return each.notebook, int(each.id.rpartition("-")[2])


EXERCISES: dict[str, Exercise] = {
    each.id: each for each in sorted((each for module in _MODULES for each in module.EXERCISES), key=_place)
}
