"""Moments, sends and failures in the form that both stores keep."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, MsgspecError, json

from sms2fa.errors import StoreError
from sms2fa.sending import Sends

# What it raises to read a record that was spoiled.
UNREADABLE = (MsgspecError, LookupError, TypeError, ValueError, OverflowError, OSError, struct.error)
_FAILURES = json.Decoder(dict[str, Annotated[int, Meta(ge=0)]])


def unreadable(error: Exception) -> StoreError:
    """What a store raises then. It names the kind of the error alone, which tells nothing of what is stored."""
    return StoreError(
        f"what is stored of this account cannot be read ({type(error).__name__}); restore it from a backup"
    )


def to_moment(seconds: float) -> datetime:
    """An aware UTC datetime from seconds since 1970, to the microsecond."""
    return datetime.fromtimestamp(seconds, UTC)


def to_moment_or_none(seconds: float | None) -> datetime | None:
    """The same, where there may be none."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def from_moment_or_none(moment: datetime | None) -> float | None:
    """Seconds since 1970, where there may be none."""
    return None if moment is None else moment.timestamp()


def to_sends(times: bytes) -> Sends:
    """Sends from eight bytes each."""
    return tuple(to_moment(seconds) for (seconds,) in struct.iter_unpack("<d", times))


def from_sends(sends: Sends) -> bytes:
    """Sends as eight bytes each."""
    return struct.pack(f"<{len(sends)}d", *(sent.timestamp() for sent in sends))


def to_failures(text: str | bytes) -> Mapping[str, int]:
    """Failures by purpose, from JSON."""
    return _FAILURES.decode(text)


def from_failures(failures: Mapping[str, int]) -> str:
    """Failures by purpose, as JSON."""
    return json.encode(failures).decode()
