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
from moshao.people.keeping import in_use, tell
from moshao.people.listing_calendars import FIRST_YEAR, LAST_YEAR
from moshao.people.queries import settings_of

no_holidays = errors.refusal("no_holidays", 409, "这一年还没有填写节假日，不能确认")


async def keep_calendar(tx: Tx, actor: Actor, code: str, body: CalendarBody) -> bool:
    """Whether it is new to the district. Raises `bad_field`."""
    wanted = body.calendar(code)
    await _one_at_a_time(tx, actor.district_id)
    rows = {row["code"]: row for row in await calendar_rows(tx, actor.district_id)}
    before = calendar_of(rows[code]) if code in rows else None
    own = before is not None and rows[code]["district_id"] is not None
    if own and before == wanted:
        return False
    await save_calendar(tx, actor.district_id, wanted)
    await tell(tx, actor.district_id, "calendar_changed", actor, code=code, members=_differing(before, wanted))
    return not own


async def take_calendar_back(tx: Tx, actor: Actor, code: str) -> None:
    """The common calendar of this code counts again. Raises `not_found`, `in_use` (the district counts by it, and
    there is no common one)."""
    await _one_at_a_time(tx, actor.district_id)
    if not await drop_calendar(tx, actor.district_id, code):
        raise errors.not_found()
    counted_by = (await settings_of(tx, actor.district_id)).calendar
    if code == counted_by and code not in (await hours_of(tx, actor.district_id)).calendars:
        raise in_use(detail="settings")
    await tell(tx, actor.district_id, "calendar_dropped", actor, code=code)


async def keep_holiday(tx: Tx, actor: Actor, day: date, body: HolidayBody) -> bool:
    """Whether it is new to the district. In a confirmed year the day is confirmed, in any other it waits like the rest.

    Raises `not_found` for a day in no year that is kept.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise errors.not_found()
    district_id = actor.district_id
    await _one_at_a_time(tx, district_id)
    rows = await holiday_rows(tx, district_id, f"{day.year}-01-01", f"{day.year}-12-31")
    before = next((row for row in rows if row["day"] == day.isoformat() and row["district_id"] is not None), None)
    name_en = body.name_en or body.name
    if before is not None and (before["kind"], before["name"], before["name_en"]) == (body.kind, body.name, name_en):
        return False
    confirmed = day.year in holidays_of(rows).confirmed_years
    await set_holiday(tx, district_id, day, body.kind, body.name, confirmed=confirmed, name_en=name_en)
    await tell(tx, district_id, "holiday_changed", actor, day=day.isoformat(), day_kind=body.kind)
    return before is None


async def take_holiday_back(tx: Tx, actor: Actor, day: date) -> None:
    """What the common table says of the day counts again. Raises `not_found`."""
    await _one_at_a_time(tx, actor.district_id)
    if not await clear_holiday(tx, actor.district_id, day):
        raise errors.not_found()
    await tell(tx, actor.district_id, "holiday_dropped", actor, day=day.isoformat())


async def keep_year(tx: Tx, actor: Actor, year: int, *, confirmed: bool) -> None:
    """Raises `no_holidays` where there is nothing to confirm, `not_found`."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise errors.not_found()
    await _one_at_a_time(tx, actor.district_id)
    rows = await holiday_rows(tx, actor.district_id, f"{year}-01-01", f"{year}-12-31")
    if not rows:
        raise no_holidays()
    if (year in holidays_of(rows).confirmed_years) is confirmed:
        return
    await confirm_year(tx, actor.district_id, year, confirmed=confirmed)
    await tell(tx, actor.district_id, "holiday_year_confirmed", actor, year=year, confirmed=confirmed)


async def _one_at_a_time(tx: Tx, district_id: UUID) -> None:
    """Two admins who say something of one day at once: the second sees what the first said."""
    await tx.one(f"SELECT id FROM districts WHERE id = ?{tx.for_update()}", district_id)


def _differing(before: Calendar | None, wanted: Calendar) -> list[str]:
    if before is None:
        return ["new"]
    names = [name for name in Calendar.__struct_fields__ if getattr(before, name) != getattr(wanted, name)]
    return names or ["own"]
