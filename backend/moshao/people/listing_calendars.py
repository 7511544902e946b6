"""Working time as one district has it: its calendars, the days that differ, the years that are confirmed."""

from datetime import date
from uuid import UUID

from moshao.hours.calendars import holidays_of
from moshao.hours.queries import calendar_of, calendar_rows, holiday_rows
from moshao.kit import clock, errors
from moshao.kit.db import Row
from moshao.kit.kept import Asked
from moshao.people.calendar_schemas import (
    CalendarList,
    CalendarView,
    HolidayView,
    HolidayYear,
    HolidayYearList,
    HolidayYearSummary,
    shown_calendar,
)
from moshao.people.queries import settings_of

# Years for which a holiday table is kept.
FIRST_YEAR, LAST_YEAR = 2000, 2199


async def list_calendars(asked: Asked, district_id: UUID) -> CalendarList:
    """By code."""
    in_use = (await settings_of(asked, district_id)).calendar
    rows = await calendar_rows(asked, district_id)
    return CalendarList(items=[_calendar(row, in_use) for row in rows])


async def show_calendar(asked: Asked, district_id: UUID, code: str) -> CalendarView:
    """Raises `not_found`."""
    shown = [each for each in (await list_calendars(asked, district_id)).items if each.code == code]
    if not shown:
        raise errors.not_found()
    return shown[0]


async def list_years(asked: Asked, district_id: UUID) -> HolidayYearList:
    """Every year that has days, this one and the next."""
    rows = await holiday_rows(asked, district_id, f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-31")
    confirmed = holidays_of(rows).confirmed_years
    now = clock.now().year
    years = sorted({int(row["day"][:4]) for row in rows} | {now, now + 1})
    return HolidayYearList(items=[_summary(year, rows, confirmed=year in confirmed) for year in years])


async def show_year(asked: Asked, district_id: UUID, year: int) -> HolidayYear:
    """Raises `not_found` for a year outside those that are kept."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise errors.not_found()
    rows = await holiday_rows(asked, district_id, f"{year}-01-01", f"{year}-12-31")
    confirmed = year in holidays_of(rows).confirmed_years
    return HolidayYear(year=year, confirmed=confirmed, days=[_day(row) for row in rows])


async def show_day(asked: Asked, district_id: UUID, day: date) -> HolidayView:
    (row,) = await holiday_rows(asked, district_id, day.isoformat(), day.isoformat())
    return _day(row)


def _calendar(row: Row, in_use: str) -> CalendarView:
    return shown_calendar(calendar_of(row), own=row["district_id"] is not None, in_use=row["code"] == in_use)


def _summary(year: int, rows: list[Row], *, confirmed: bool) -> HolidayYearSummary:
    kinds = [row["kind"] for row in rows if row["day"].startswith(f"{year}-")]
    return HolidayYearSummary(
        year=year, confirmed=confirmed, free_days=kinds.count("free"), work_days=kinds.count("work")
    )


def _day(row: Row) -> HolidayView:
    return HolidayView(
        day=date.fromisoformat(row["day"]),
        kind=row["kind"],
        name=row["name"],
        name_en=row["name_en"],
        confirmed=bool(row["confirmed"]),
        own=row["district_id"] is not None,
    )
