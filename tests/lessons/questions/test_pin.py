"""The right answers are right: each is worked out here."""

from __future__ import annotations

from collections import Counter

from sms2fa import NIST_800_63B, normalize_pin
from sms2fa.errors import MalformedPin
from sms2fa.lessons.questions.pin import PREDICT, RECALL
from sms2fa.widgets.question import Prompt


def right(prompt: Prompt) -> list[str]:
    return [prompt.options[place].text for place in prompt.right]


def test_a_day_has_so_many_seeds() -> None:
    assert right(PREDICT["random-seed"]) == [f"At most {24 * 60 * 60:,}, one for each second of the day"]


def test_one_number_in_ten_is_short() -> None:
    assert sum(len(str(number)) < 6 for number in range(1_000_000)) / 1_000_000 == 0.1
    assert right(PREDICT["leading-zeros"]) == ["One in ten"]


def test_a_number_is_not_a_text() -> None:
    prompt = PREDICT["int-and-text"]
    assert right(prompt) == [str(eval(prompt.code))]


def test_the_remainder_prefers_zero_to_five() -> None:
    counts = Counter(byte % 10 for byte in range(256))
    assert {digit for digit, count in counts.items() if count == 26} == set(range(6))
    assert set(counts.values()) == {25, 26}
    assert right(PREDICT["modulo-bias"]) == ["0 to 5"]


def test_a_hundred_tries_at_six_digits() -> None:
    assert NIST_800_63B.stop_after == 100
    assert right(RECALL["pin-length"]) == [f"One in {10**NIST_800_63B.pin_length // 100:,}"]


def test_what_is_read_as_a_pin_is_what_the_package_reads() -> None:
    for option in RECALL["pin-malformed"].options:
        try:
            read = normalize_pin(option.text.strip("`"))
        except MalformedPin:
            read = ""
        assert (read == "042917") is option.right
