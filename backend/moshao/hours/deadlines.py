"""Deadlines: when a limit is up, what is left of it, when to warn, and what a pause does."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from moshao.hours.calendars import Calendar, Holidays
from moshao.hours.duty import add_duty, duty_seconds
from moshao.hours.limits import Limit

WARN_SHARES = (0.5, 0.8)


class Deadline(msgspec.Struct, frozen=True):
    """An instant, never a date. Not `confirmed`: it rests on a year whose holidays are not known yet."""

    at: datetime
    confirmed: bool


def deadline(start: datetime, limit: Limit, calendar: Calendar, holidays: Holidays) -> Deadline:
    """When `limit`, begun at `start`, is up. An extension is the same from the old deadline."""
    seconds = limit.seconds(calendar.hours_per_work_day)
    return _after(start, seconds, limit, calendar, holidays)


def remaining(now: datetime, deadline_at: datetime, limit: Limit | None, calendar: Calendar, holidays: Holidays) -> int:
    """Seconds left in the limit's own time, negative when late. No limit (named from above): wall time."""
    if _on_wall_clock(limit):
        left = (deadline_at - now) // timedelta(microseconds=1)
        return left // 1_000_000 if left >= 0 else -(-left // 1_000_000)
    return duty_seconds(now, deadline_at, calendar, holidays)


def warn_at(
    start: datetime,
    deadline_at: datetime,
    share: float,
    limit: Limit | None,
    calendar: Calendar,
    holidays: Holidays,
) -> datetime:
    """When `share` (0 to 1) of the time from `start` to the deadline is used up, in the limit's own time."""
    whole = max(0, remaining(start, deadline_at, limit, calendar, holidays))
    return _after(start, round(whole * share), limit, calendar, holidays).at


def resumed(
    paused_at: datetime,
    resumed_at: datetime,
    deadline_at: datetime,
    limit: Limit | None,
    calendar: Calendar,
    holidays: Holidays,
) -> Deadline:
    """The deadline after a pause: what was left then is left again now. What was late stays late."""
    left = remaining(paused_at, deadline_at, limit, calendar, holidays)
    if deadline_at < paused_at:
        return Deadline(deadline_at.astimezone(UTC), confirmed=True)
    return _after(resumed_at, left, limit, calendar, holidays)


def _on_wall_clock(limit: Limit | None) -> bool:
    return limit is None or limit.on_wall_clock


def _after(start: datetime, seconds: int, limit: Limit | None, calendar: Calendar, holidays: Holidays) -> Deadline:
    if _on_wall_clock(limit):
        return Deadline(start.astimezone(UTC) + timedelta(seconds=seconds), confirmed=True)
    at = add_duty(start, seconds, calendar, holidays)
    zone = ZoneInfo(calendar.zone)
    known = holidays.confirmed_between(start.astimezone(zone).date(), at.astimezone(zone).date())
    return Deadline(at, confirmed=known or not calendar.heeds_holidays)
