"""Duty time against a reference that walks minute by minute."""

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.rules.hours.calendars import DUTY, HOLIDAYS, SHANGHAI, at

from moshao.hours.calendars import Calendar, Holidays
from moshao.hours.duty import add_duty, duty_seconds

MINUTE = timedelta(minutes=1)

starts = st.datetimes(datetime(2025, 9, 20), datetime(2025, 10, 15)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=6)))
    periods = tuple(zip(edges[::2], edges[1::2], strict=False))
    assume(sum(late - early for early, late in periods) >= 60)
    return Calendar(
        id="drawn",
        name="",
        name_en="",
        periods=periods,
        weekdays=tuple(draw(st.sets(st.integers(1, 7), min_size=1))),
        holidays_excluded=draw(st.booleans()),
        makeup_days_included=draw(st.booleans()),
        hours_per_work_day=8,
    )


def on_duty(moment: datetime, calendar: Calendar, holidays: Holidays) -> bool:
    day = moment.date()
    kind = holidays.days.get(day)
    works = day.isoweekday() in calendar.weekdays
    if kind == "free" and calendar.holidays_excluded:
        works = False
    if kind == "work" and calendar.makeup_days_included:
        works = True
    minute = moment.hour * 60 + moment.minute
    return works and any(early <= minute < late for early, late in calendar.periods)


def walked(start: datetime, end: datetime, calendar: Calendar) -> int:
    minutes = 0
    while start < end:
        minutes += on_duty(start, calendar, HOLIDAYS)
        start += MINUTE
    return minutes * 60


@given(starts, st.integers(0, 12_000), calendars())
def test_duty_time_is_what_a_walker_counts(start: datetime, minutes: int, calendar: Calendar) -> None:
    end = start + minutes * MINUTE
    counted = walked(start, end, calendar)
    assert duty_seconds(start, end, calendar, HOLIDAYS) == counted
    assert duty_seconds(end, start, calendar, HOLIDAYS) == -counted


@given(starts, st.integers(1, 12_000), calendars())
def test_added_duty_time_ends_where_a_walker_first_has_it(start: datetime, minutes: int, calendar: Calendar) -> None:
    seconds = walked(start, start + minutes * MINUTE, calendar)
    end = add_duty(start, seconds, calendar, HOLIDAYS)
    assert duty_seconds(start, end, calendar, HOLIDAYS) == seconds
    assert end <= start + minutes * MINUTE
    if seconds:
        assert on_duty(end.astimezone(SHANGHAI) - MINUTE, calendar, HOLIDAYS)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2060, 1, 1)).map(lambda m: m.replace(tzinfo=SHANGHAI)),  # noqa: DTZ001
    st.integers(0, 10**9),
    calendars(),
)
def test_adding_and_measuring_agree_to_the_microsecond_over_decades(
    start: datetime, seconds: int, calendar: Calendar
) -> None:
    end = add_duty(start, seconds, calendar, HOLIDAYS)
    assert duty_seconds(start, end, calendar, HOLIDAYS) == seconds
    if seconds:
        assert duty_seconds(start, end - timedelta(microseconds=1), calendar, HOLIDAYS) == seconds - 1


def test_duty_time_beyond_the_last_year_is_an_overflow() -> None:
    with pytest.raises(OverflowError):
        add_duty(at("9999-12-30 10:00"), 10**7, DUTY, HOLIDAYS)


def test_part_seconds_are_cut_off() -> None:
    start = at("2026-11-23 19:29:58.500000")
    assert duty_seconds(start, at("2026-11-24 07:29:00"), DUTY, HOLIDAYS) == 1
