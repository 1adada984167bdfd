"""Plots, where a look says more than a number. Each carries its description, and can be read in black and white."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sms2fa.policy import Policy

_STYLES = ("-", "--", ":", "-.")
_HATCHES = ("", "///")
_SHADES = ("0.35", "0.85")


@dataclass(frozen=True, slots=True, repr=False)
class Plot:
    """A picture with its description.

    Attributes:
        png: the picture.
        alt: what it shows, for whoever cannot see it.
    """

    png: bytes
    alt: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        data = b64encode(self.png).decode()
        # JupyterLab gives an image/png no alternative text; HTML can. GitHub shows the image/png.
        html = f'<img alt="{escape(self.alt)}" src="data:image/png;base64,{data}" style="max-width:100%">'
        return {"text/html": html, "image/png": data, "text/plain": f"Plot: {self.alt}"}

    def __repr__(self) -> str:
        return f"Plot: {self.alt}"


def plot_guessing(policy: Policy, lengths: Sequence[int] = (4, 6, 8)) -> Plot:
    """The chance that somebody has guessed a PIN after so many tries, for PINs of these lengths.

    Args:
        policy: where its ``stop_after`` ends the guessing, a line is drawn.
        lengths: digits, four of them at most.
    """
    figure, axes = _empty("tries", "chance to have guessed a PIN")
    tries = [10**exponent for exponent in range(5)]
    for digits, style in zip(lengths, _STYLES, strict=False):
        axes.plot(
            tries, [min(1, count / 10**digits) for count in tries], style, color="black", label=f"{digits} digits"
        )
    if policy.stop_after is not None:
        axes.axvline(policy.stop_after, color="0.5", linewidth=4, alpha=0.5)
        axes.annotate(
            f"stopped after {policy.stop_after}", (policy.stop_after, 0.3), (4, 0), textcoords="offset points"
        )
    axes.set(xscale="log", yscale="log", ylim=(1e-8, 2))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda chance, _: f"{_percent(chance)} %"))
    axes.legend()
    at = policy.stop_after or tries[-1]
    chances = ", ".join(f"{_percent(at / 10**digits)} % with {digits} digits" for digits in lengths)
    return _plot(figure, f"Chance to have guessed a PIN, growing with the tries. After {at:,} tries it is {chances}.")


def plot_digits(counts: Mapping[str, Sequence[int]]) -> Plot:
    """How often each digit came, side by side for two ways of making digits.

    Args:
        counts: by name of the way, ten counts.
    """
    figure, axes = _empty("digit", "times")
    width = 0.8 / len(counts)
    for number, (name, times) in enumerate(counts.items()):
        places = [digit + number * width for digit in range(10)]
        axes.bar(places, times, width, label=name, color=_SHADES[number], hatch=_HATCHES[number], edgecolor="black")
    axes.set_xticks([digit + width * (len(counts) - 1) / 2 for digit in range(10)], [str(digit) for digit in range(10)])
    axes.legend(loc="upper right")
    ranges = "; ".join(f"{name} from {min(times):,} to {max(times):,} times" for name, times in counts.items())
    return _plot(figure, f"How often each digit from 0 to 9 came. {ranges}.")


def plot_life(policy: Policy, events: Sequence[tuple[float, str]]) -> Plot:
    """The life of a challenge on a line of time.

    Args:
        policy: its ``lifetime`` is the bar in which the PIN works.
        events: seconds since the PIN was made, and what happened then.
    """
    figure, axes = _empty("seconds since the PIN was made", "")
    life = policy.lifetime.total_seconds() if policy.lifetime is not None else max(at for at, _ in events)
    axes.barh(0, life, 0.5, color="0.85", edgecolor="black", hatch="///", label="the PIN works")
    for number, (at, what) in enumerate(events):
        height = 0.5 + 0.3 * (len(events) - number)  # downhill, so that no line crosses an earlier word
        axes.plot([at, at], [0, height], color="black")
        axes.plot([at], [0], "o", color="black")
        axes.annotate(what, (at, height), (3, 0), textcoords="offset points")
    axes.set(
        yticks=[],
        ylim=(-0.5, 0.9 + 0.3 * len(events)),
        xlim=(-life * 0.03, max(life, max(at for at, _ in events)) * 1.25),
    )
    axes.spines["left"].set_visible(False)
    axes.legend(loc="upper right")
    told = "; ".join(f"{what} at {at:g} seconds" for at, what in events)
    return _plot(figure, f"The life of a challenge. Its PIN works from 0 to {life:g} seconds. {told}.")


def _percent(chance: float) -> str:
    return f"{chance * 100:.8f}".rstrip("0").rstrip(".")


def _empty(x: str, y: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7, 3.4), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    axes.set(xlabel=x, ylabel=y)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _plot(figure: Figure, alt: str) -> Plot:
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None}, facecolor="white")
    return Plot(file.getvalue(), alt)
