"""Texts that note how they are compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Log = list[int]  # of each comparison with `==`, how many characters it looked at, at most


class _Watched(str):
    """A text that notes how often it, or one of its characters, is compared with `==`."""

    log: Log

    def __eq__(self, other: object) -> bool:
        self.log.append(_compared(self, other))
        return str.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def __iter__(self) -> Iterator[str]:
        return (watched(character, self.log) for character in str(self))

    def __getitem__(self, place: Any) -> str:
        return watched(str.__getitem__(self, place), self.log)

    def encode(self, *arguments: Any, **options: Any) -> bytes:
        noting = _WatchedBytes(str.encode(self, *arguments, **options))
        noting.log = self.log
        return noting


class _WatchedBytes(bytes):
    """The same for bytes."""

    log: Log

    def __eq__(self, other: object) -> bool:
        self.log.append(_compared(self, other))
        return bytes.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = bytes.__hash__


def _compared(mine: str | bytes, other: object) -> int:
    return min(len(mine), len(other)) if isinstance(other, str | bytes) else 0


def watched(text: str, log: Log) -> _Watched:
    """A text that writes its comparisons into the log."""
    noting = _Watched(text)
    noting.log = log
    return noting
