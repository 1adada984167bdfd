"""The text of an SMS: composed for a PIN, and counted."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms2fa import Message, Segments, compose, count_segments
from sms2fa.errors import InvalidInput, InvalidMessage
from sms2fa.message import GSM_ALPHABET, GSM_EXTENSION

PIN = "042917"
_CHARACTERS = "".join(sorted(GSM_ALPHABET | GSM_EXTENSION)) + "áçñŠ’“日本語あｱ😀🇯🇵👩\u200d💻"
_GSM = st.sampled_from(sorted(GSM_ALPHABET | GSM_EXTENSION))
_ANY = st.sampled_from(_CHARACTERS)


def _texts(characters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts of runs, so that they cross the limits of a segment, and some of single characters."""
    runs = st.lists(st.tuples(characters, st.integers(1, 165)), min_size=1, max_size=5)
    return runs.map(lambda many: "".join(character * times for character, times in many)) | st.text(
        characters, min_size=1, max_size=200
    )


@pytest.mark.parametrize(
    ("lifetime", "sentence"),
    [
        (timedelta(minutes=5), "for 5 minutes."),
        (timedelta(minutes=1), "for 1 minute."),
        (timedelta(seconds=90), "for 90 seconds."),
        (timedelta(seconds=1), "for 1 second."),
    ],
)
def test_a_message_says_who_sends_it_the_pin_and_how_long_it_works(lifetime: timedelta, sentence: str) -> None:
    text = compose(PIN, lifetime, service="Shop").text
    assert "Shop" in text
    assert PIN in text
    assert sentence in text


def test_a_pin_without_end_promises_none() -> None:
    assert "works" not in compose(PIN).text
    assert PIN in compose(PIN).text


@pytest.mark.parametrize("lifetime", [None, timedelta(minutes=5)])
def test_a_message_warns_to_tell_nobody_and_is_billed_as_one_part(lifetime: timedelta | None) -> None:
    text = compose(PIN, lifetime, host="shop.example").text
    assert "nobody" in text
    assert count_segments(text).xoxzo_parts == count_segments(text).gsm_parts == 1


class TestOriginBoundLastLineOfWicg:
    """WICG sms-one-time-codes: exactly `@host #code`, one space, nothing before the `@`."""

    @pytest.mark.parametrize("host", ["shop.example", "localhost", "a-b.co.jp"])
    def test_the_last_line_binds_the_pin_to_the_host(self, host: str) -> None:
        assert compose(PIN, timedelta(minutes=5), host=host).text.splitlines()[-1] == f"@{host} #{PIN}"

    def test_without_a_host_there_is_no_such_line(self) -> None:
        assert "@" not in compose(PIN).text
        assert "\n" not in compose(PIN).text

    @pytest.mark.parametrize(
        "host",
        [
            *("", " ", "https://shop.example", "shop.example/login", "shop.example:443", "@shop.example", "a b"),
            *("Shop.Example", "shop.example\n", "shop..example", ".example", "example.", "日本.example"),
        ],
    )
    def test_what_is_no_bare_domain_is_refused(self, host: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            compose(PIN, host=host)
        assert caught.value.field == "host"


def test_a_spoken_message_reads_the_digits_one_by_one_and_twice() -> None:
    spoken = compose(PIN, service="Shop").spoken
    assert spoken.count("0, 4, 2, 9, 1, 7") == 2
    assert PIN not in spoken
    assert spoken.index("Shop") < spoken.index("0, 4")  # greet first


def test_the_variables_of_a_template_are_the_pin_and_the_service() -> None:
    assert dict(compose(PIN, service="Shop").variables) == {"pin": PIN, "service": "Shop"}


def test_a_text_alone_is_spoken_as_it_is_and_has_no_variables() -> None:
    message = Message("hello")
    assert (message.text, dict(message.variables), message.spoken) == ("hello", {}, "hello")


def test_a_message_does_not_change_after_it_was_made() -> None:
    variables = {"pin": PIN}
    message = Message("hello", variables, "h e l l o")
    variables["pin"] = "000000"
    assert message.variables["pin"] == PIN
    with pytest.raises(TypeError):
        message.variables["pin"] = "000000"  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        message.text = "other"  # type: ignore[misc]


@pytest.mark.parametrize("text", ["", " ", "\n\t　"])
def test_an_empty_message_is_refused(text: str) -> None:
    with pytest.raises(InvalidMessage) as caught:
        Message(text)
    assert (caught.value.field, caught.value.reason) == ("message", "empty")


@pytest.mark.parametrize("character", ["a", "日", "😀"])
def test_660_characters_are_taken_and_661_are_too_long(character: str) -> None:
    assert len(Message(character * 660).text) == 660
    with pytest.raises(InvalidMessage) as caught:
        Message(character * 661)
    assert (caught.value.field, caught.value.reason) == ("message", "too_long")


def test_a_composed_text_is_held_to_the_same_length() -> None:
    with pytest.raises(InvalidMessage) as caught:
        compose(PIN, service="x" * 660)
    assert caught.value.reason == "too_long"


@pytest.mark.parametrize("show", [str, repr, "{}".format])
def test_a_message_never_shows_its_pin(show: object) -> None:
    shown = show(compose(PIN, host="shop.example"))  # type: ignore[operator]
    assert PIN not in shown
    assert "0, 4, 2" not in shown


class TestSegmentsBy3gppTs23038:
    """160 septets alone, 153 joined; 70 and 67 units of 16 bits; the extension table costs two septets."""

    @pytest.mark.parametrize(
        ("text", "encoding", "units", "parts"),
        [
            ("", "GSM-7", 0, 0),
            ("a" * 160, "GSM-7", 160, 1),
            ("a" * 161, "GSM-7", 161, 2),
            ("é" * 306, "GSM-7", 306, 2),
            ("a" * 307, "GSM-7", 307, 3),
            ("€" * 80, "GSM-7", 160, 1),
            ("€" * 81, "GSM-7", 162, 2),
            ("€" * 152, "GSM-7", 304, 2),
            ("€" * 153, "GSM-7", 306, 3),  # 153 is odd: one septet of each segment is left empty
            ("日" * 70, "UCS-2", 70, 1),
            ("日" * 71, "UCS-2", 71, 2),
            ("日" * 134, "UCS-2", 134, 2),
            ("日" * 135, "UCS-2", 135, 3),
            ("😀" * 35, "UCS-2", 70, 1),
            ("😀" * 66, "UCS-2", 132, 2),
            ("😀" * 67, "UCS-2", 134, 3),  # no pair of surrogates is cut in half
            ("a" * 70 + "’", "UCS-2", 71, 2),
        ],
    )
    def test_known_answers(self, text: str, encoding: str, units: int, parts: int) -> None:
        counted = count_segments(text)
        assert (counted.encoding, counted.units, counted.gsm_parts) == (encoding, units, parts)
        assert counted.characters == len(text)

    @pytest.mark.parametrize("character", sorted("^{}\\[~]|€\f"))
    def test_characters_of_the_extension_table_count_two(self, character: str) -> None:
        assert count_segments(character).units == 2


class TestPartsByXoxzosPriceTable:
    @pytest.mark.parametrize(
        ("character", "limits"),
        [("a", (140, 264, 396, 528, 660)), ("日", (70, 132, 198, 264, 330, 396, 462, 528, 594, 660))],
    )
    def test_each_limit_fills_its_part_and_one_more_begins_the_next(
        self, character: str, limits: tuple[int, ...]
    ) -> None:
        for parts, most in enumerate(limits, start=1):
            assert count_segments(character * most).xoxzo_parts == parts
            assert count_segments(character * (most + 1)).xoxzo_parts == (parts + 1 if most < 660 else None)

    @pytest.mark.parametrize("text", ["é" * 71, "€" * 71])
    def test_what_is_not_ascii_is_billed_by_the_short_table_though_gsm_has_it(self, text: str) -> None:
        assert count_segments(text).encoding == "GSM-7"
        assert count_segments(text).xoxzo_parts == 2


def test_the_culprits_that_force_ucs2_are_named_once_and_in_order() -> None:
    assert count_segments("日é本日’€").culprits == "日本’"
    assert count_segments("Grüße, 5 € [net]").culprits == ""


@settings(deadline=None, max_examples=200)
@given(_texts(_GSM) | _texts(_ANY))
def test_segments_agree_with_smsutil(text: str) -> None:
    # Two deliberate differences are not drawn: for smsutil the empty text is one UCS-2 part (we say none, GSM-7), and
    # ESC is a character of the alphabet (we say it is not: on the air it opens the extension table).
    smsutil = pytest.importorskip("smsutil", reason="the oracle comes with the extra `dev`")
    oracle = smsutil.split(text)
    counted: Segments = count_segments(text)
    assert counted.encoding == {"gsm0338": "GSM-7", "utf_16_be": "UCS-2"}[oracle.encoding]
    assert counted.gsm_parts == len(oracle.parts)
    assert counted.units == oracle.total_bytes // (1 if counted.encoding == "GSM-7" else 2)
