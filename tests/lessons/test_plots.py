"""Plots: pictures that carry their description."""

from __future__ import annotations

import io
import struct
from base64 import b64decode
from collections.abc import Callable
from html import escape

import pytest
from matplotlib import image

from sms2fa import CLASSROOM, NIST_800_63B, XOXZO_TUTORIAL_2018
from sms2fa.lessons.plots import Plot, plot_digits, plot_guessing, plot_life

PLOTS: dict[str, Callable[[], Plot]] = {
    "guessing": lambda: plot_guessing(NIST_800_63B),
    "digits": lambda: plot_digits({"one way": range(10), "another <way>": range(10, 20)}),
    "life": lambda: plot_life(CLASSROOM, [(0, "sent"), (60, "expired")]),
}


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_is_a_picture_with_its_description(name: str) -> None:
    plot = PLOTS[name]()
    bundle = plot._repr_mimebundle_()
    assert plot.png.startswith(b"\x89PNG")
    assert b64decode(bundle["image/png"]) == plot.png
    assert bundle["text/plain"] == repr(plot) == f"Plot: {plot.alt}"
    assert f'alt="{escape(plot.alt)}"' in bundle["text/html"]


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_is_drawn_in_grey_alone(name: str) -> None:
    pixels = image.imread(io.BytesIO(PLOTS[name]().png))[..., :3]
    assert abs(pixels - pixels[..., :1]).max() < 0.02


@pytest.mark.parametrize("name", PLOTS)
def test_the_same_plot_has_the_same_bytes(name: str) -> None:
    assert PLOTS[name]().png == PLOTS[name]().png


def test_the_chances_are_told_in_full_and_where_the_policy_stops() -> None:
    alt = plot_guessing(NIST_800_63B).alt
    assert "After 100 tries" in alt
    assert "1 % with 4 digits, 0.01 % with 6 digits, 0.0001 % with 8 digits" in alt


def test_a_policy_without_a_stop_has_a_plot_too() -> None:
    assert "After 10,000 tries it is 100 % with 4 digits" in plot_guessing(XOXZO_TUTORIAL_2018).alt


def test_counts_are_told_by_their_range() -> None:
    assert "one way from 0 to 9 times" in PLOTS["digits"]().alt


def test_a_life_without_an_end_lasts_as_long_as_its_events() -> None:
    assert "from 0 to 90 seconds" in plot_life(XOXZO_TUTORIAL_2018, [(0, "sent"), (90, "still works")]).alt


def test_a_plot_fits_a_notebook() -> None:
    width, height = struct.unpack(">II", PLOTS["guessing"]().png[16:24])
    assert 400 <= width <= 800
    assert 200 <= height <= 500
