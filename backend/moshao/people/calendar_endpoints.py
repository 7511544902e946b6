"""Working time over the wire: calendars, holidays and make-up days (调休), years confirmed by the notice."""

from datetime import date

from litestar import Response, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from moshao.kit import errors
from moshao.kit.db import Database
from moshao.people import listing_calendars as listing
from moshao.people.calendar_schemas import (
    CalendarBody,
    CalendarList,
    CalendarView,
    HolidayBody,
    HolidayView,
    HolidayYear,
    HolidayYearBody,
    HolidayYearList,
)
from moshao.people.changing_rows import Asking
from moshao.people.codes import CALENDAR_CODE
from moshao.people.guards import any_session, requires
from moshao.people.keeping_calendars import (
    keep_calendar,
    keep_holiday,
    keep_year,
    take_calendar_back,
    take_holiday_back,
)

anybody = [any_session]
keepers = [requires("admin")]


@get("/api/calendars", operation_id="list_calendars", guards=anybody)
async def get_calendars(request: Asking, db: NamedDependency[Database]) -> CalendarList:
    """The district's and the common ones; settings.calendar names the one that counts."""
    return await listing.list_calendars(db, request.user.district_id)


@put("/api/calendars/{code:str}", operation_id="put_calendar", guards=keepers)
async def put_calendar(
    request: Asking, code: FromPath[str], data: JSONBody[CalendarBody], db: NamedDependency[Database]
) -> Response[CalendarView]:
    """The district's own calendar, new or in place of the common one of this code. Deadlines already named stay."""
    actor = request.user
    if not CALENDAR_CODE.fullmatch(code):
        raise errors.not_found()
    new = await db.write(lambda tx: keep_calendar(tx, actor.district_id, code, data, actor))
    view = await listing.show_calendar(db, actor.district_id, code)
    return Response(view, status_code=201 if new else 200)


@delete("/api/calendars/{code:str}", operation_id="delete_calendar", guards=keepers)
async def delete_calendar(request: Asking, code: FromPath[str], db: NamedDependency[Database]) -> None:
    """The common calendar of this code counts again."""
    actor = request.user
    await db.write(lambda tx: take_calendar_back(tx, actor.district_id, code, actor))


@get("/api/holiday_years", operation_id="list_holiday_years", guards=anybody)
async def get_years(request: Asking, db: NamedDependency[Database]) -> HolidayYearList:
    """Which years are confirmed; this year and the next always stand here."""
    return await listing.list_years(db, request.user.district_id)


@get("/api/holiday_years/{year:int}", operation_id="get_holiday_year", guards=anybody)
async def get_year(request: Asking, year: FromPath[int], db: NamedDependency[Database]) -> HolidayYear:
    """The days that differ from the plain week."""
    return await listing.show_year(db, request.user.district_id, year)


@put("/api/holiday_years/{year:int}", operation_id="put_holiday_year", guards=keepers)
async def put_year(
    request: Asking, year: FromPath[int], data: JSONBody[HolidayYearBody], db: NamedDependency[Database]
) -> HolidayYear:
    """The notice is out and the table says what it says; or, `confirmed` false, not yet."""
    actor = request.user
    await db.write(lambda tx: keep_year(tx, actor.district_id, year, actor, confirmed=data.confirmed))
    return await listing.show_year(db, actor.district_id, year)


@put("/api/holidays/{day:date}", operation_id="put_holiday", guards=keepers)
async def put_holiday(
    request: Asking, day: FromPath[date], data: JSONBody[HolidayBody], db: NamedDependency[Database]
) -> Response[HolidayView]:
    """Whether the district works on this day, above what the common table says. Deadlines already named stay."""
    actor = request.user
    kept = await db.write(lambda tx: keep_holiday(tx, actor.district_id, day, data, actor))
    return Response(await listing.show_day(db, actor.district_id, day), status_code=201 if kept.new else 200)


@delete("/api/holidays/{day:date}", operation_id="delete_holiday", guards=keepers)
async def delete_holiday(request: Asking, day: FromPath[date], db: NamedDependency[Database]) -> None:
    """The common table counts again for this day."""
    actor = request.user
    await db.write(lambda tx: take_holiday_back(tx, actor.district_id, day, actor))


HANDLERS = [
    get_calendars, put_calendar, delete_calendar,
    get_years, get_year, put_year,
    put_holiday, delete_holiday,
]  # fmt: skip
