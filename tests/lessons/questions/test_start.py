from __future__ import annotations

from sms2fa.lessons.questions.start import RECALL


def test_they_ask_about_factors_and_actors() -> None:
    text = " ".join(prompt.text for prompt in RECALL.values())
    assert "two factors" in text
    assert "actor" in text


def test_the_verifier_makes_the_pin() -> None:
    prompt = RECALL["start-who-makes-it"]
    assert [prompt.options[place].text for place in prompt.right] == ["The verifier"]


def test_they_ask_of_nobody_who_was_not_introduced() -> None:
    for prompt in RECALL.values():
        for text in (prompt.text, *(f"{option.text} {option.reason}" for option in prompt.options)):
            assert "carriers" not in text
