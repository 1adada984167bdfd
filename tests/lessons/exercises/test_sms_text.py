from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms2fa import compose, count_segments
from sms2fa.lessons import EXERCISES
from sms2fa.lessons.exercise import Result
from sms2fa.message import XOXZO_ASCII_PARTS, XOXZO_OTHER_PARTS

Attempt = Callable[[str, str], Result]

parts, bound = (EXERCISES[name].build(EXERCISES[name].solution) for name in ("sms-3", "sms-5"))


@given(length=st.integers(1, 660), mark=st.sampled_from(["x", "’", "é", "あ"]))
def test_the_parts_are_the_packages(length: int, mark: str) -> None:
    text = "x" * (length - 1) + mark
    assert parts(text) == count_segments(text).xoxzo_parts


def test_the_tables_in_the_stub_are_the_packages() -> None:
    names: dict[str, object] = {}
    exec(EXERCISES["sms-3"].stub, names)
    assert names["ASCII_PARTS"] == XOXZO_ASCII_PARTS
    assert names["OTHER_PARTS"] == XOXZO_OTHER_PARTS


def test_the_last_line_is_the_packages() -> None:
    text = compose("042917").text
    assert bound(text, "shop.example", "042917") == compose("042917", host="shop.example").text


def test_the_packages_count_passes(attempt: Attempt) -> None:
    source = "from sms2fa import count_segments\n\n\ndef parts(text):\n    return count_segments(text).xoxzo_parts\n"
    assert attempt("sms-3", source)


def test_other_last_lines_are_told_apart(attempt: Attempt) -> None:
    for line, words in (
        ('f"{text}\\n@{host}#{pin}"', "The last line is"),
        ('f"{text}\\n\\n@{host} #{pin}"', "nothing else"),
        ('f"\\n@{host} #{pin}"', "nothing else"),
        ('f"{text}\\n@{host} #{int(pin)}"', "The last line is"),
    ):
        result = attempt("sms-5", f"def bound(text, host, pin):\n    return {line}\n")
        assert words in result.sentence


def test_a_wrong_table_is_not_taken_for_segments(attempt: Attempt) -> None:
    tables = EXERCISES["sms-3"].stub.split("\n\n")[0]
    for choice, words in (
        ("text.isalnum()", "ASCII alone"),
        ("text.isascii() or text.isalpha()", "outside ASCII"),
        ('text.replace(" ", "").replace(".", "").isalnum()', "outside ASCII"),
        ("len(text) < 142 or text.isascii()", "outside ASCII"),
    ):
        body = (
            f"    table = ASCII_PARTS if {choice} else OTHER_PARTS\n"
            "    return 1 + sum(room < len(text) for room in table)\n"
        )
        result = attempt("sms-3", f"{tables}\n\n\ndef parts(text):\n{body}")
        assert words in result.sentence, choice


def test_one_character_too_early_is_not_taken_for_bytes(attempt: Attempt) -> None:
    tables = EXERCISES["sms-3"].stub.split("\n\n")[0]
    body = (
        "    if text.isascii():\n        return 1 + sum(room < len(text) for room in ASCII_PARTS)\n"
        "    return 1 + sum(room <= len(text) for room in OTHER_PARTS)\n"
    )
    assert "returned 2. Expected 1" in attempt("sms-3", f"{tables}\n\n\ndef parts(text):\n{body}").sentence


def test_a_long_text_is_shown_with_both_its_quotes(attempt: Attempt) -> None:
    result = attempt("sms-3", EXERCISES["sms-3"].mistakes[0].source)
    assert dict(result.tried)["tried"].endswith("x…' (140 characters))")


@pytest.mark.parametrize("exercise_id", ["sms-3", "pin-4"])
def test_it_is_said_that_the_packages_own_function_is_not_the_answer(exercise_id: str) -> None:
    assert "Write it yourself" in EXERCISES[exercise_id].statement
