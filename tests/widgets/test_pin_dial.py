from __future__ import annotations

from sms2fa.widgets import PinDial, PinDialModel


def test_the_button_makes_a_pin_of_the_length_on_the_dial() -> None:
    dial = PinDial()
    assert dial.value == ""
    for length in (4, 8, 10):
        dial.length.value = length
        dial.generate.click()
        assert len(dial.value) == length
        assert dial.value in dial.numbers.value


def test_turning_the_dial_takes_the_old_pin_away() -> None:
    dial = PinDial()
    dial.generate.click()
    dial.length.value = 7
    assert dial.value == ""


def test_the_chances_are_those_of_the_length() -> None:
    dial = PinDial()
    assert ("chance of 5 guesses", "1 in 200,000") in dial.model.facts
    assert ("chance of 100 guesses", "1 in 10,000") in dial.model.facts
    dial.length.value = 4
    assert ("chance of 100 guesses", "1 in 100") in dial.model.facts


def test_two_dials_of_one_model_agree() -> None:
    model = PinDialModel()
    one, other = PinDial(model), PinDial(model)
    one.length.value = 8
    one.generate.click()
    assert other.length.value == 8
    assert other.value == one.value
    assert len(one.value) == 8
