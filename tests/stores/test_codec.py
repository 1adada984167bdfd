from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sms2fa.stores import codec

MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))


@given(MOMENTS)
def test_a_moment_comes_back_to_the_microsecond(moment: datetime) -> None:
    assert codec.to_moment(moment.timestamp()) == moment


def test_no_moment_stays_none() -> None:
    assert codec.to_moment_or_none(codec.from_moment_or_none(None)) is None


@given(st.lists(MOMENTS).map(tuple))
def test_sends_come_back_in_eight_bytes_each(sends: tuple[datetime, ...]) -> None:
    stored = codec.from_sends(sends)
    assert len(stored) == 8 * len(sends)
    assert codec.to_sends(stored) == sends


@given(st.dictionaries(st.text(), st.integers(0, 10**6)))
def test_failures_come_back_whatever_the_purpose_is_called(failures: dict[str, int]) -> None:
    assert codec.to_failures(codec.from_failures(failures)) == failures
    assert codec.to_failures(codec.from_failures(failures).encode()) == failures


def test_two_readers_of_the_same_failures_do_not_share_them() -> None:
    assert codec.to_failures('{"login": 1}') is not codec.to_failures('{"login": 1}')


def test_a_moment_is_read_in_seconds() -> None:
    assert codec.to_moment(0) + timedelta(seconds=1) == codec.to_moment(1)
