from datetime import date
from typing import Any

import msgspec
import pytest
from tests.rules.hours.calendars import DUTY, OFFICE

from moshao.hours.calendars import Calendar, holidays_of, period_of


def row(day: str, *, kind: str = "free", confirmed: bool = True, district_id: str | None = None) -> dict[str, object]:
    return {"day": day, "kind": kind, "confirmed": confirmed, "district_id": district_id}


@pytest.mark.parametrize(
    "change",
    [
        {"periods": ()},
        {"periods": ((600, 600),)},
        {"periods": ((600, 500),)},
        {"periods": ((0, 700), (600, 800))},
        {"periods": ((900, 1000), (100, 200))},
        {"periods": ((-1, 200),)},
        {"periods": ((0, 1441),)},
        {"periods": ((600, 659),)},
        {"weekdays": ()},
        {"weekdays": (0,)},
        {"weekdays": (8,)},
        {"hours_per_work_day": 0},
        {"hours_per_work_day": 25},
        {"zone": "Asia/Nowhere"},
    ],
)
def test_calendar_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    whole = msgspec.structs.asdict(DUTY) | change
    with pytest.raises((ValueError, KeyError)):
        Calendar(**whole)


def test_day_and_night_duty_may_touch_both_midnights() -> None:
    night = msgspec.structs.replace(DUTY, periods=((0, 360), (1320, 1440)))
    assert night.periods[1] == period_of("22:00-24:00")


@pytest.mark.parametrize("text", ["", "7:30-19:30", "07:30", "07:60-08:00", "07:30-19:30x"])
def test_period_is_written_one_way(text: str) -> None:
    with pytest.raises(ValueError):
        period_of(text)


def test_only_a_calendar_with_days_off_heeds_holidays() -> None:
    assert OFFICE.heeds_holidays
    assert not DUTY.heeds_holidays


def test_year_is_confirmed_when_all_its_days_are() -> None:
    found = holidays_of([row("2026-10-01"), row("2027-01-01", confirmed=False), row("2027-10-01")])
    assert found.confirmed_years == {2026}
    assert found.confirmed_between(date(2026, 1, 1), date(2026, 12, 31))
    assert not found.confirmed_between(date(2026, 12, 31), date(2027, 1, 1))
    assert not found.confirmed_between(date(2028, 1, 1), date(2028, 1, 1))


@pytest.mark.parametrize("order", [1, -1])
def test_districts_own_day_stands_above_the_common_one(order: int) -> None:
    rows = [row("2026-10-01"), row("2026-10-01", kind="work", district_id="d")]
    assert holidays_of(rows[::order]).days == {date(2026, 10, 1): "work"}
