"""When an act was done, whatever the phone's clock says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moshao.cases.act_times import Times, times_of

HEARD = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def timed(
    done_at: datetime,
    device_time: datetime | None = HEARD,
    offset_s: float | None = None,
    given_at: datetime | None = None,
    from_device: bool = True,
) -> Times:
    return times_of(
        done_at,
        HEARD,
        device_time=device_time,
        offset_s=offset_s,
        from_device=from_device,
        given_at=given_at,
    )


@pytest.mark.parametrize("wrong", [timedelta(), timedelta(hours=8), timedelta(days=-400), timedelta(seconds=3)])
def test_a_wrong_clock_is_put_right_by_the_difference(wrong: timedelta) -> None:
    times = timed(HEARD - 20 * MINUTE + wrong, HEARD + wrong, offset_s=-wrong.total_seconds())
    assert times == Times(HEARD - 20 * MINUTE, HEARD - 20 * MINUTE, doubt=False)


def test_never_later_than_it_was_heard() -> None:
    assert timed(HEARD + 5 * MINUTE).corrected == HEARD


def test_never_earlier_than_the_case_was_given() -> None:
    given = HEARD - 10 * MINUTE
    assert timed(HEARD - 60 * MINUTE, given_at=given).corrected == given


@pytest.mark.parametrize(("apart", "doubt"), [(300, False), (301, True), (-300, False), (-301, True)])
def test_a_clock_that_jumped_makes_a_doubt_and_counts_by_arrival(apart: int, doubt: bool) -> None:
    times = timed(HEARD - 20 * MINUTE, offset_s=apart)
    assert times.doubt is doubt
    assert times.corrected == HEARD - 20 * MINUTE
    assert times.counts == (HEARD if doubt else HEARD - 20 * MINUTE)


def test_the_signed_difference_serves_where_the_header_is_lost() -> None:
    assert timed(HEARD - 8 * 60 * MINUTE, None, offset_s=7 * 3600) == Times(
        HEARD - 60 * MINUTE, HEARD - 60 * MINUTE, False
    )


def test_a_phone_nobody_measured_counts_by_arrival() -> None:
    assert timed(HEARD - 20 * MINUTE, None) == Times(HEARD, HEARD, doubt=True)


def test_a_desk_nobody_measured_is_no_doubt() -> None:
    assert timed(HEARD - 20 * MINUTE, None, from_device=False) == Times(HEARD, HEARD, doubt=False)


@given(
    done_at=st.datetimes(timezones=st.just(UTC)),
    device_time=st.none() | st.datetimes(timezones=st.just(UTC)),
    offset_s=st.none() | st.floats(-1e12, 1e12),
    before=st.none() | st.integers(0, 10**6),
)
def test_whatever_a_phone_says_the_time_stays_within_its_bounds(
    done_at: datetime, device_time: datetime | None, offset_s: float | None, before: int | None
) -> None:
    given_at = HEARD - timedelta(seconds=before) if before is not None else None
    times = timed(done_at, device_time, offset_s, given_at)
    for at in (times.corrected, times.counts):
        assert at <= HEARD
        assert given_at is None or at >= given_at
