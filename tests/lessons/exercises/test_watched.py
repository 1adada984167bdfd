"""Texts that note how they are compared."""

from __future__ import annotations

import hmac

from sms2fa.lessons.exercises.watched import watched


def test_a_comparison_is_noted_with_its_length_and_answers_as_usual() -> None:
    log: list[int] = []
    assert watched("042917", log) == "042917"
    assert watched("042917", log) != "0429"
    assert log == [6, 4]


def test_characters_slices_and_bytes_note_theirs_too() -> None:
    log: list[int] = []
    text = watched("042917", log)
    assert next(iter(text)) == "0"
    assert text[:2] == "04"
    assert text.encode() == b"042917"
    assert log == [1, 2, 6]


def test_a_comparison_in_constant_time_is_not_noted() -> None:
    log: list[int] = []
    assert hmac.compare_digest(watched("042917", log).encode(), b"042917")
    assert log == []
