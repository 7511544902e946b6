"""Calendars and the days that differ from the plain week. No district: common to the installation."""

from piccolo.columns import UUID, Boolean, DoublePrecision, Text, Varchar
from piccolo.table import Table


class CalendarRow(Table, tablename="calendars"):
    id = UUID(primary_key=True, default=None)
    district_id = UUID(null=True, default=None)
    code = Varchar(length=40)
    name = Text()
    name_en = Text()
    periods = Text()  # JSON: ["07:30-19:30"]
    weekdays = Varchar(length=7)  # "12345", Monday 1
    holidays_excluded = Boolean()
    makeup_days_included = Boolean()
    hours_per_work_day = DoublePrecision(default=8.0)
    zone = Varchar(length=40, default="Asia/Shanghai")


class HolidayDay(Table, tablename="holiday_days"):
    id = UUID(primary_key=True, default=None)
    district_id = UUID(null=True, default=None)
    day = Varchar(length=10)  # 2026-10-01
    kind = Varchar(length=4)  # free, or work on a day that the plain week has off (调休)
    name = Text()
    name_en = Text()
    confirmed = Boolean()  # the yearly notice says so; else a guess from the statutory days


INDEXES = [
    "CREATE UNIQUE INDEX calendars_of_district ON calendars (district_id, code)",
    "CREATE UNIQUE INDEX calendars_common ON calendars (code) WHERE district_id IS NULL",
    "CREATE UNIQUE INDEX holiday_days_of_district ON holiday_days (district_id, day)",
    "CREATE UNIQUE INDEX holiday_days_common ON holiday_days (day) WHERE district_id IS NULL",
]
