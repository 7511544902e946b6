from datetime import UTC, datetime, timedelta, timezone
from time import process_time

import pytest
from tests.rules.hours.calendars import DUTY, HOLIDAYS, OFFICE, at

from moshao.hours.calendars import NO_HOLIDAYS, Calendar
from moshao.hours.deadlines import deadline, remaining, resumed, warn_at
from moshao.hours.limits import Limit, LimitUnit, limit_of


@pytest.mark.parametrize(
    ("start", "value", "unit", "calendar", "up"),
    [
        ("2026-11-23 22:36", 2, "urgent_hour", DUTY, "2026-11-24 00:36"),
        ("2025-10-01 10:00", 2, "urgent_day", OFFICE, "2025-10-03 10:00"),
        # ends exactly at the end of a period: up that evening, not next morning
        ("2026-11-23 17:30", 2, "work_hour", DUTY, "2026-11-23 19:30"),
        ("2026-11-23 10:00", 2, "work_hour", OFFICE, "2026-11-23 12:00"),
        # over the midday break, and over night
        ("2026-11-23 11:00", 2, "work_hour", OFFICE, "2026-11-23 15:00"),
        ("2026-11-23 18:30", 2, "work_hour", DUTY, "2026-11-24 08:30"),
        # begun off duty: counts from the next period
        ("2026-11-23 03:00", 4, "work_hour", DUTY, "2026-11-23 11:30"),
        ("2026-11-21 12:00", 1, "work_hour", OFFICE, "2026-11-23 09:00"),
        ("2026-11-23 19:30", 1, "work_hour", DUTY, "2026-11-24 08:30"),
        # a work day is so many duty hours, wherever it begins
        ("2026-11-23 07:30", 1, "work_day", DUTY, "2026-11-23 19:30"),
        ("2026-11-23 15:00", 1, "work_day", DUTY, "2026-11-24 15:00"),
        ("2026-11-20 16:00", 3, "work_day", OFFICE, "2026-11-25 16:00"),
        # National Day 2025: the Sunday before is worked, 1 to 8 October are off, Saturday 11 is worked
        ("2025-09-26 17:00", 2, "work_day", OFFICE, "2025-09-29 17:00"),
        ("2025-09-30 17:00", 1, "work_day", OFFICE, "2025-10-09 17:00"),
        ("2025-10-10 17:00", 1, "work_day", OFFICE, "2025-10-11 17:00"),
        ("2025-09-30 17:00", 1, "work_day", DUTY, "2025-10-01 17:00"),
    ],
)
def test_limit_is_up(start: str, value: int, unit: LimitUnit, calendar: Calendar, up: str) -> None:
    found = deadline(at(start), Limit(value, unit), calendar, HOLIDAYS)
    assert found.at == at(up)
    assert found.at.tzinfo is UTC
    assert found.confirmed


def test_start_in_another_offset_is_the_same_instant() -> None:
    tokyo = datetime(2026, 11, 23, 12, 0, tzinfo=timezone(timedelta(hours=9)))
    assert deadline(tokyo, Limit(1, "work_hour"), OFFICE, HOLIDAYS).at == at("2026-11-23 12:00")


def test_instant_without_offset_is_refused() -> None:
    with pytest.raises(ValueError):
        deadline(datetime(2026, 11, 23, 12, 0), Limit(1, "work_hour"), OFFICE, HOLIDAYS)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("start", "unit", "calendar", "confirmed"),
    [
        ("2026-12-31 17:00", "work_day", OFFICE, False),
        ("2026-12-31 08:00", "work_hour", OFFICE, True),
        ("2026-12-31 17:00", "work_day", DUTY, True),
        ("2026-12-31 17:00", "urgent_day", OFFICE, True),
    ],
)
def test_year_without_a_notice_makes_a_deadline_provisional(
    start: str, unit: LimitUnit, calendar: Calendar, confirmed: bool
) -> None:
    assert deadline(at(start), Limit(1, unit), calendar, HOLIDAYS).confirmed is confirmed


def test_extension_by_one_limit_counts_from_the_old_deadline() -> None:
    first = deadline(at("2026-11-23 07:30"), Limit(1, "work_day"), DUTY, HOLIDAYS)
    assert deadline(first.at, Limit(1, "work_day"), DUTY, HOLIDAYS).at == at("2026-11-24 19:30")


@pytest.mark.parametrize(
    ("now", "unit", "left"),
    [
        ("2026-11-23 18:30", "work_hour", 2 * 3600),
        ("2026-11-23 23:00", "work_hour", 3600),
        ("2026-11-23 23:00", "urgent_hour", 9 * 3600 + 1800),
        ("2026-11-24 09:30", "work_hour", -3600),
        ("2026-11-25 08:30", "work_hour", -12 * 3600),
        ("2026-11-25 08:30", "urgent_hour", -24 * 3600),
    ],
)
def test_remaining_is_told_in_the_limits_own_time(now: str, unit: LimitUnit, left: int) -> None:
    assert remaining(at(now), at("2026-11-24 08:30"), Limit(2, unit), DUTY, HOLIDAYS) == left


def test_deadline_named_from_above_runs_on_the_wall_clock() -> None:
    assert remaining(at("2026-11-23 19:30"), at("2026-11-24 07:30"), None, DUTY, HOLIDAYS) == 12 * 3600


def test_warnings_at_half_and_at_four_fifths_of_the_limits_own_time() -> None:
    start, end = at("2026-11-23 14:30"), at("2026-11-24 12:30")
    limit = Limit(10, "work_hour")
    assert warn_at(start, end, 0.5, limit, DUTY, HOLIDAYS) == at("2026-11-23 19:30")
    assert warn_at(start, end, 0.8, limit, DUTY, HOLIDAYS) == at("2026-11-24 10:30")
    assert warn_at(start, end, 0.5, None, DUTY, HOLIDAYS) == at("2026-11-24 01:30")
    assert warn_at(end, start, 0.5, limit, DUTY, HOLIDAYS) == end


def test_pause_gives_back_what_was_left() -> None:
    end = at("2026-11-24 08:30")
    limit = Limit(2, "work_hour")
    found = resumed(at("2026-11-23 18:30"), at("2026-12-01 06:00"), end, limit, DUTY, HOLIDAYS)
    assert found.at == at("2026-12-01 09:30")


def test_what_was_late_before_the_pause_stays_late() -> None:
    end = at("2026-11-24 08:30")
    found = resumed(at("2026-11-24 09:00"), at("2026-12-01 06:00"), end, Limit(2, "work_hour"), DUTY, HOLIDAYS)
    assert found.at == end


@pytest.mark.parametrize(
    ("value", "unit"), [(0, "work_hour"), (-1, "work_day"), (10_000, "work_day"), (True, "work_day"),
                        ("2", "work_day"), (1.5, "work_day"), (1, "hours"), (1, None), (1, [])]
)  # fmt: skip
def test_nonsense_is_no_limit(value: object, unit: object) -> None:
    assert limit_of(value, unit) is None


def test_limit_from_outside() -> None:
    assert limit_of(3, "work_day") == Limit(3, "work_day")


def test_longest_limit_costs_no_more_than_a_short_one() -> None:
    start, begun = at("2026-11-23 10:00"), process_time()
    for _ in range(2000):
        deadline(start, Limit(9999, "work_day"), OFFICE, NO_HOLIDAYS)
    assert process_time() - begun < 2
