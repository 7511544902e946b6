"""The working time a district counts by, changed by its admin.

A clock that runs keeps its deadline: an instant that the handler was shown and upstream was told. What is counted from
the change on (a new case, an extension, a pause that ends) is counted by the new table; docs/calendars.md says so.
"""

from datetime import date
from uuid import UUID

from moshao.hours.calendars import Calendar, holidays_of
from moshao.hours.changing import clear_holiday, confirm_year, drop_calendar, save_calendar, set_holiday
from moshao.hours.queries import calendar_of, calendar_rows, holiday_rows, hours_of
from moshao.kit import errors
from moshao.kit.db import Tx
from moshao.people.actor import Actor
from moshao.people.calendar_schemas import CalendarBody, HolidayBody
from moshao.people.keeping import Kept, in_use, tell
from moshao.people.listing_calendars import FIRST_YEAR, LAST_YEAR
from moshao.people.queries import settings_of

no_holidays = errors.refusal("no_holidays", 409, "这一年还没有填写节假日，不能确认")


async def keep_calendar(tx: Tx, district_id: UUID, code: str, body: CalendarBody, by: Actor | None) -> bool:
    """Whether it is new to the district. Raises `bad_field`."""
    wanted = body.calendar(code)
    await _one_at_a_time(tx, district_id)
    rows = {row["code"]: row for row in await calendar_rows(tx, district_id)}
    before = calendar_of(rows[code]) if code in rows else None
    own = before is not None and rows[code]["district_id"] is not None
    if own and before == wanted:
        return False
    await save_calendar(tx, district_id, wanted)
    await tell(tx, district_id, "calendar_changed", by, code=code, members=_differing(before, wanted))
    return not own


async def take_calendar_back(tx: Tx, district_id: UUID, code: str, by: Actor | None) -> None:
    """The common calendar of this code counts again. Raises `not_found`, `in_use` (the district counts by it, and
    there is no common one)."""
    await _one_at_a_time(tx, district_id)
    if not await drop_calendar(tx, district_id, code):
        raise errors.not_found()
    counted_by = (await settings_of(tx, district_id)).calendar
    if code == counted_by and code not in (await hours_of(tx, district_id)).calendars:
        raise in_use(detail="settings")
    await tell(tx, district_id, "calendar_dropped", by, code=code)


async def keep_holiday(tx: Tx, district_id: UUID, day: date, body: HolidayBody, by: Actor | None) -> Kept:
    """In a confirmed year the day is confirmed, in any other it waits like the rest. What the common table says is not
    the district's word: the first one of its own is `new`.

    Raises `not_found` for a day in no year that is kept.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise errors.not_found()
    await _one_at_a_time(tx, district_id)
    rows = await holiday_rows(tx, district_id, f"{day.year}-01-01", f"{day.year}-12-31")
    before = next((row for row in rows if row["day"] == day.isoformat() and row["district_id"] is not None), None)
    said = {"kind": body.kind, "name": body.name, "name_en": body.name_en or body.name}
    changed = tuple(name for name, value in said.items() if before is None or before[name] != value)
    if changed:
        confirmed = day.year in holidays_of(rows).confirmed_years
        await set_holiday(tx, district_id, day, body.kind, body.name, confirmed=confirmed, name_en=said["name_en"])
        await tell(tx, district_id, "holiday_changed", by, day=day.isoformat(), day_kind=body.kind)
    return Kept(new=before is None, changed=changed)


async def take_holiday_back(tx: Tx, district_id: UUID, day: date, by: Actor | None) -> None:
    """What the common table says of the day counts again. Raises `not_found`."""
    await _one_at_a_time(tx, district_id)
    if not await clear_holiday(tx, district_id, day):
        raise errors.not_found()
    await tell(tx, district_id, "holiday_dropped", by, day=day.isoformat())


async def keep_year(tx: Tx, district_id: UUID, year: int, by: Actor | None, *, confirmed: bool) -> None:
    """Raises `no_holidays` where there is nothing to confirm, `not_found`."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise errors.not_found()
    await _one_at_a_time(tx, district_id)
    rows = await holiday_rows(tx, district_id, f"{year}-01-01", f"{year}-12-31")
    if not rows:
        raise no_holidays()
    if (year in holidays_of(rows).confirmed_years) is confirmed:
        return
    await confirm_year(tx, district_id, year, confirmed=confirmed)
    await tell(tx, district_id, "holiday_year_confirmed", by, year=year, confirmed=confirmed)


async def _one_at_a_time(tx: Tx, district_id: UUID) -> None:
    """Two admins who say something of one day at once: the second sees what the first said."""
    await tx.one(f"SELECT id FROM districts WHERE id = ?{tx.for_update()}", district_id)


def _differing(before: Calendar | None, wanted: Calendar) -> list[str]:
    if before is None:
        return ["new"]
    names = [name for name in Calendar.__struct_fields__ if getattr(before, name) != getattr(wanted, name)]
    return names or ["own"]
