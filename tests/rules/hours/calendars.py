"""The two presets and the holidays of 2025-2027 as the tests of this folder use them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from moshao.hours.calendars import Calendar, HolidayKind, Holidays

SHANGHAI = ZoneInfo("Asia/Shanghai")

DUTY = Calendar(
    id="wancheng_duty",
    name="宛城值班制",
    name_en="Wancheng duty",
    periods=((450, 1170),),
    weekdays=(1, 2, 3, 4, 5, 6, 7),
    holidays_excluded=False,
    makeup_days_included=False,
    hours_per_work_day=12,
)
OFFICE = Calendar(
    id="office_8h",
    name="机关 8 小时制",
    name_en="Office, 8 hours",
    periods=((480, 720), (840, 1080)),
    weekdays=(1, 2, 3, 4, 5),
    holidays_excluded=True,
    makeup_days_included=True,
    hours_per_work_day=8,
)
NATIONAL_2025 = [date(2025, 10, 1) + timedelta(days) for days in range(8)]
FREE: dict[date, HolidayKind] = dict.fromkeys([*NATIONAL_2025, date(2027, 1, 1)], "free")
MADE_UP: dict[date, HolidayKind] = dict.fromkeys([date(2025, 9, 28), date(2025, 10, 11)], "work")
HOLIDAYS = Holidays(
    days=FREE | MADE_UP,
    confirmed_years=frozenset({2025, 2026}),
)


def at(text: str) -> datetime:
    """An instant from Shanghai wall time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
