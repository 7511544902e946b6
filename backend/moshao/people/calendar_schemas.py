"""What crosses the wire about working time: calendars, holidays, and the years whose notice is in the table."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from moshao.hours.calendars import Calendar, HolidayKind, period_of
from moshao.hours.wording import period_texts
from moshao.people.keeping import wrong
from moshao.people.schemas import Body, Name

Period = Annotated[str, Meta(pattern=r"^\d\d:[0-5]\d-\d\d:[0-5]\d$")]
Weekdays = Annotated[str, Meta(pattern=r"^1?2?3?4?5?6?7?$", min_length=1)]
WorkDayHours = Annotated[float, Meta(gt=0, le=24)]


class CalendarBody(Body, kw_only=True):
    """`periods` such as `07:30-19:30`, a night shift as two of them; `weekdays` ISO, Monday 1;
    `hours_per_work_day`: what one 工作日 of a limit means in duty hours."""

    name: Name
    name_en: Annotated[str, Meta(max_length=60)] = ""
    periods: Annotated[list[Period], Meta(min_length=1, max_length=12)]
    weekdays: Weekdays
    holidays_excluded: bool
    makeup_days_included: bool
    hours_per_work_day: WorkDayHours
    zone: Annotated[str, Meta(min_length=1, max_length=40)] = "Asia/Shanghai"

    def calendar(self, code: str) -> Calendar:
        """Raises `bad_field`."""
        check_zone(self.zone)
        try:
            return Calendar(
                id=code,
                name=self.name,
                name_en=self.name_en or self.name,
                periods=tuple(map(period_of, self.periods)),
                weekdays=tuple(map(int, self.weekdays)),
                holidays_excluded=self.holidays_excluded,
                makeup_days_included=self.makeup_days_included,
                hours_per_work_day=self.hours_per_work_day,
                zone=self.zone,
            )
        except ValueError as fault:
            raise wrong("periods", "out_of_order", "时段要按先后写，互不重叠，一天合计至少一小时") from fault


class CalendarView(msgspec.Struct, kw_only=True):
    """`own`: the district's, in place of a common one or beside them. `in_use`: deadlines are counted by it."""

    code: str
    name: str
    name_en: str
    periods: list[str]
    weekdays: str
    holidays_excluded: bool
    makeup_days_included: bool
    hours_per_work_day: float
    zone: str
    own: bool
    in_use: bool


class CalendarList(msgspec.Struct, kw_only=True):
    items: list[CalendarView]


class HolidayBody(Body, kw_only=True):
    """`free`: off although the plain week works. `work`: on duty although the plain week is off (调休), or an ordinary
    day that the common table has free."""

    kind: HolidayKind
    name: Name
    name_en: Annotated[str, Meta(max_length=60)] = ""


class HolidayView(msgspec.Struct, kw_only=True):
    """`own`: the district's word, above the common table."""

    day: date
    kind: HolidayKind
    name: str
    name_en: str
    confirmed: bool
    own: bool


class HolidayYearBody(Body):
    confirmed: bool


class HolidayYear(msgspec.Struct, kw_only=True):
    """Not `confirmed`: the notice is not out, or nobody has compared; deadlines that touch the year are provisional."""

    year: int
    confirmed: bool
    days: list[HolidayView]


class HolidayYearSummary(msgspec.Struct, kw_only=True):
    """`free_days`, `work_days`: how many the table has."""

    year: int
    confirmed: bool
    free_days: int
    work_days: int


class HolidayYearList(msgspec.Struct, kw_only=True):
    items: list[HolidayYearSummary]


def shown_calendar(calendar: Calendar, *, own: bool, in_use: bool) -> CalendarView:
    return CalendarView(
        code=calendar.id,
        name=calendar.name,
        name_en=calendar.name_en,
        periods=period_texts(calendar),
        weekdays="".join(map(str, calendar.weekdays)),
        holidays_excluded=calendar.holidays_excluded,
        makeup_days_included=calendar.makeup_days_included,
        hours_per_work_day=calendar.hours_per_work_day,
        zone=calendar.zone,
        own=own,
        in_use=in_use,
    )


def check_zone(zone: str) -> None:
    """Raises `bad_field` for a zone that does not exist."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise wrong("zone", "unknown", "没有这个时区") from fault
