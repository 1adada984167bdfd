from __future__ import annotations

from collections.abc import Callable

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
