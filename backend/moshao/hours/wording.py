"""Why the clock shows what it shows, as the phone says it."""

from typing import Literal

from moshao.hours.calendars import Calendar, clock_text
from moshao.hours.deadlines import Deadline
from moshao.hours.limits import Limit

Language = Literal["zh", "en"]

UNIT_ZH = {
    "urgent_hour": "紧急工作时",
    "urgent_day": "紧急工作日",
    "work_hour": "工作时",
    "work_day": "工作日",
}
UNIT_EN = {
    "urgent_hour": "urgent hour",
    "urgent_day": "urgent day",
    "work_hour": "work hour",
    "work_day": "work day",
}


def why(limit: Limit | None, deadline: Deadline, calendar: Calendar, language: Language = "zh") -> str:
    """One line such as 「2 紧急工作时, 夜间照计」. No limit: the deadline was named from above."""
    zh = language == "zh"
    if limit is None:
        return "上级指定的时限" if zh else "deadline set from above"
    parts = [_limit_zh(limit, calendar), *_time_zh(limit, calendar)]
    if not zh:
        parts = [_limit_en(limit, calendar), *_time_en(limit, calendar)]
    if not deadline.confirmed:
        parts.append("节假日安排未公布, 暂定" if zh else "holidays not announced yet, provisional")
    return ", ".join(parts)


def _limit_zh(limit: Limit, calendar: Calendar) -> str:
    words = f"{limit.value} {UNIT_ZH[limit.unit]}"
    return f"{words}(每日 {calendar.hours_per_work_day:g} 小时)" if limit.unit == "work_day" else words


def _limit_en(limit: Limit, calendar: Calendar) -> str:
    words = f"{limit.value} {UNIT_EN[limit.unit]}{'s' if limit.value > 1 else ''}"
    return f"{words} of {calendar.hours_per_work_day:g} h" if limit.unit == "work_day" else words


def _time_zh(limit: Limit, calendar: Calendar) -> list[str]:
    if limit.unit == "urgent_hour":
        return ["夜间照计"]
    if limit.unit == "urgent_day":
        return ["夜间、节假日照计"]
    return [f"只计 {_periods(calendar, '、')}"] + (["节假日不计"] if calendar.holidays_excluded else [])


def _time_en(limit: Limit, calendar: Calendar) -> list[str]:
    if limit.unit == "urgent_hour":
        return ["nights count"]
    if limit.unit == "urgent_day":
        return ["nights and holidays count"]
    return [f"{_periods(calendar, ' and ')} only"] + (["holidays do not count"] if calendar.holidays_excluded else [])


def _periods(calendar: Calendar, joint: str) -> str:
    return joint.join(period_texts(calendar))


def period_texts(calendar: Calendar) -> list[str]:
    """The duty periods of a day, such as "08:00-12:00"."""
    return [f"{clock_text(early)}-{clock_text(late)}" for early, late in calendar.periods]
