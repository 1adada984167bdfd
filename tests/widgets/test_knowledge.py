from __future__ import annotations

import pytest

from sms2fa.login import Step
from sms2fa.widgets.knowledge import who_knows_what


def known(step: Step, who: str, *, registered: bool = True) -> str:
    (found,) = [row for row in who_knows_what(step, registered=registered) if who in row.who]
    return f"{found.password} | {found.pin} | {found.result}"


@pytest.mark.parametrize("step", Step)
def test_the_server_knows_neither_password_nor_pin(step: Step) -> None:
    assert known(step, "server").startswith("its hash | ")
    assert "all of it" not in known(step, "server")


@pytest.mark.parametrize("step", Step)
def test_no_attacker_has_both_factors(step: Step) -> None:
    for who in ("reads your SMS", "stole your password"):
        assert known(step, who).count("all of it") <= 1
        assert "is not let in" in known(step, who)


def test_who_reads_the_sms_has_the_pin_only_while_one_is_under_way() -> None:
    has = {step: "all of it" in known(step, "reads your SMS") for step in Step}
    assert {step for step, whether in has.items() if whether} == {Step.PIN_SENT, Step.REFUSED}


def test_a_used_pin_is_said_to_be_used() -> None:
    assert "works no more" in known(Step.VERIFIED, "your phone")
    assert "is logged in" in known(Step.VERIFIED, "browser")


def test_before_anybody_registers_there_is_nothing_to_steal() -> None:
    for who in ("server", "stole"):
        assert known(Step.WAITING_FOR_PASSWORD, who, registered=False).startswith("nothing yet")
    assert known(Step.WAITING_FOR_PASSWORD, "server", registered=False).endswith("knows nobody yet")
