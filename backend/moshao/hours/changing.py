"""What an administrator changes in a district's calendar table."""

from datetime import date
from uuid import UUID

import msgspec

from moshao.hours.calendars import Calendar, HolidayKind, clock_text
from moshao.hours.queries import SUBJECT, holiday_rows
from moshao.kit.db import Tx
from moshao.kit.ids import new_id
from moshao.kit.kept import touch


async def save_calendar(tx: Tx, district_id: UUID, calendar: Calendar) -> None:
    """Give the district its own calendar of this code, in place of an earlier or common one."""
    periods = [f"{clock_text(early)}-{clock_text(late)}" for early, late in calendar.periods]
    await tx.run("DELETE FROM calendars WHERE district_id = ? AND code = ?", district_id, calendar.id)
    await tx.insert(
        "calendars",
        {
            "id": new_id(),
            "district_id": district_id,
            "code": calendar.id,
            "name": calendar.name,
            "name_en": calendar.name_en,
            "periods": msgspec.json.encode(periods).decode(),
            "weekdays": "".join(map(str, sorted(calendar.weekdays))),
            "holidays_excluded": calendar.holidays_excluded,
            "makeup_days_included": calendar.makeup_days_included,
            "hours_per_work_day": float(calendar.hours_per_work_day),
            "zone": calendar.zone,
        },
    )
    await touch(tx, SUBJECT, district_id)


async def drop_calendar(tx: Tx, district_id: UUID, code: str) -> bool:
    """Take back the district's own calendar; a common one of this code counts again. False: there was none."""
    removed = await tx.run("DELETE FROM calendars WHERE district_id = ? AND code = ?", district_id, code)
    await touch(tx, SUBJECT, district_id)
    return removed > 0


async def set_holiday(
    tx: Tx, district_id: UUID, day: date, kind: HolidayKind, name: str, *, confirmed: bool, name_en: str = ""
) -> None:
    """Say for this district that `day` is free, or worked although the plain week has it off."""
    await clear_holiday(tx, district_id, day)
    await tx.insert(
        "holiday_days",
        {
            "id": new_id(),
            "district_id": district_id,
            "day": day.isoformat(),
            "kind": kind,
            "name": name,
            "name_en": name_en or name,
            "confirmed": confirmed,
        },
    )


async def clear_holiday(tx: Tx, district_id: UUID, day: date) -> bool:
    """Take back the district's own word on `day`; the common one counts again. False: there was none."""
    removed = await tx.run("DELETE FROM holiday_days WHERE district_id = ? AND day = ?", district_id, day.isoformat())
    await touch(tx, SUBJECT, district_id)
    return removed > 0


async def confirm_year(tx: Tx, district_id: UUID, year: int, *, confirmed: bool = True) -> None:
    """The notice of `year` is out and the table says what it says: deadlines of that year are no longer doubtful.

    Not `confirmed`: they are in doubt again.
    """
    rows = await holiday_rows(tx, district_id, f"{year}-01-01", f"{year}-12-31")
    for row in rows:
        if row["district_id"] is None and bool(row["confirmed"]) is not confirmed:
            await tx.insert("holiday_days", row | {"id": new_id(), "district_id": district_id, "confirmed": confirmed})
    await tx.run(
        "UPDATE holiday_days SET confirmed = ? WHERE district_id = ? AND day BETWEEN ? AND ?",
        confirmed,
        district_id,
        f"{year}-01-01",
        f"{year}-12-31",
    )
    await touch(tx, SUBJECT, district_id)
