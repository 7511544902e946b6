"""Calendars and holidays as one district has them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from moshao.hours.calendars import Calendar, Holidays, holidays_of, period_of
from moshao.kit.db import Row
from moshao.kit.kept import Asked, Kept

SUBJECT = "hours"
OF_DISTRICT = "district_id IS NULL OR district_id = ?"


class DutyHours(msgspec.Struct, frozen=True, eq=False):
    """Calendars by code, and the holidays that go with them."""

    calendars: Mapping[str, Calendar]
    holidays: Holidays


async def hours_of(reader: Asked, district_id: UUID) -> DutyHours:
    """What counts as duty time in this district; kept until somebody changes it."""
    return await _kept.get(reader, district_id)


async def load_hours(reader: Asked, district_id: UUID) -> DutyHours:
    """The same, read afresh. The district's own calendars and days stand above the common ones."""
    days = await reader.all(
        f"SELECT district_id, day, kind, confirmed FROM holiday_days WHERE {OF_DISTRICT}", district_id
    )
    in_force = await calendar_rows(reader, district_id)
    return DutyHours({row["code"]: calendar_of(row) for row in in_force}, holidays_of(days))


async def calendar_rows(reader: Asked, district_id: UUID) -> list[Row]:
    """The rows of the calendars in force, by code; those of the district itself name it."""
    rows = await reader.all(f"SELECT * FROM calendars WHERE {OF_DISTRICT}", district_id)
    return _own_above_common(rows, "code")


async def holiday_rows(reader: Asked, district_id: UUID, first: str, last: str) -> list[Row]:
    """The rows of the days in force from `first` to `last` (ISO), in order; the district's own name it."""
    rows = await reader.all(
        f"SELECT * FROM holiday_days WHERE ({OF_DISTRICT}) AND day BETWEEN ? AND ?", district_id, first, last
    )
    return _own_above_common(rows, "day")


def calendar_of(row: Mapping[str, Any]) -> Calendar:
    """A calendar from its row."""
    return Calendar(
        id=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        periods=tuple(map(period_of, msgspec.json.decode(row["periods"], type=list[str]))),
        weekdays=tuple(map(int, row["weekdays"])),
        holidays_excluded=bool(row["holidays_excluded"]),
        makeup_days_included=bool(row["makeup_days_included"]),
        hours_per_work_day=row["hours_per_work_day"],
        zone=row["zone"],
    )


def _own_above_common(rows: list[Row], key: str) -> list[Row]:
    common_first = sorted(rows, key=lambda row: row["district_id"] is not None)
    in_force = {row[key]: row for row in common_first}
    return [in_force[name] for name in sorted(in_force)]


_kept = Kept(SUBJECT, load_hours)
