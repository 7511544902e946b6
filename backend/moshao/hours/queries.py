"""Calendars and holidays as one district has them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from moshao.hours.calendars import Calendar, Holidays, holidays_of, period_of
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
    rows = await reader.all(f"SELECT * FROM calendars WHERE {OF_DISTRICT}", district_id)
    common_first = sorted(rows, key=lambda row: row["district_id"] is not None)
    days = await reader.all(
        f"SELECT district_id, day, kind, confirmed FROM holiday_days WHERE {OF_DISTRICT}", district_id
    )
    return DutyHours({row["code"]: calendar_of(row) for row in common_first}, holidays_of(days))


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


_kept = Kept(SUBJECT, load_hours)
