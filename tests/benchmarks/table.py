"""The table that the benchmarks print, as it stands in the README."""

from __future__ import annotations


def head() -> None:
    print("| what | this | beside it | ratio | goal |\n|---|---|---|---|---|")


def line(what: str, ours: str, beside: str, ratio: float | None = None, goal: str = "") -> None:
    print(f"| {what} | {ours} | {beside} | {'' if ratio is None else f'{ratio:.2f}'} | {goal} |", flush=True)


def micro(microseconds: float) -> str:
    return f"{microseconds:,.0f} µs"


def milli(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
