"""Duty time between two instants, and the instant at which so much duty time has passed.

Both read one monotone ruler: duty microseconds since the first day of the calendar era. Whole days are
counted by arithmetic (weeks, plus the exceptions before the day by bisection), so a span of years costs what
a span of an hour costs.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from moshao.hours.calendars import Calendar, Holidays

SECOND = 1_000_000
MINUTE = 60 * SECOND
LAST_DAY = date.max.toordinal()


def duty_seconds(start: datetime, end: datetime, calendar: Calendar, holidays: Holidays) -> int:
    """Whole seconds of duty time from `start` to `end` (both aware); negative when `end` comes first."""
    ruler = _ruler(calendar, holidays)
    passed = ruler.reading(end) - ruler.reading(start)
    return passed // SECOND if passed >= 0 else -(-passed // SECOND)


def add_duty(start: datetime, seconds: int, calendar: Calendar, holidays: Holidays) -> datetime:
    """The earliest instant (UTC) by which `seconds` ≥ 0 of duty time have passed since `start`.

    Time that runs out exactly when a period ends is up then, not when the next period begins.
    """
    if seconds < 0:
        raise ValueError("duty time is added, not taken away")
    if not seconds:
        return start.astimezone(UTC)
    ruler = _ruler(calendar, holidays)
    return ruler.instant(ruler.reading(start) + seconds * SECOND)


@lru_cache(maxsize=256)
def _ruler(calendar: Calendar, holidays: Holidays) -> "_Ruler":
    return _Ruler(calendar, holidays)


class _Ruler:
    def __init__(self, calendar: Calendar, holidays: Holidays) -> None:
        self.zone = ZoneInfo(calendar.zone)
        self.periods = [(early * MINUTE, late * MINUTE) for early, late in calendar.periods]
        self.day_length = sum(late - early for early, late in self.periods)
        self.per_week = len(set(calendar.weekdays))
        self.before_weekday = [sum(day < start for day in set(calendar.weekdays)) for start in range(1, 8)]
        changes = _changes(calendar, holidays)
        self.changed_days = [ordinal for ordinal, _ in changes]
        self.change_before = list(accumulate((change for _, change in changes), initial=0))

    def reading(self, at: datetime) -> int:
        if at.tzinfo is None:
            raise ValueError("an instant needs its offset")
        local = at.astimezone(self.zone)
        ordinal = local.toordinal()
        days = self._duty_days_before(ordinal)
        if self._duty_days_before(ordinal + 1) == days:
            return days * self.day_length
        of_day = ((local.hour * 60 + local.minute) * 60 + local.second) * SECOND + local.microsecond
        return days * self.day_length + sum(min(of_day, late) - early for early, late in self.periods if early < of_day)

    def instant(self, reading: int) -> datetime:
        days, rest = divmod(reading - 1, self.day_length)
        rest += 1
        ordinal = bisect_left(range(LAST_DAY), days + 1, key=lambda before: self._duty_days_before(before + 1))
        if ordinal == LAST_DAY:
            raise OverflowError("duty time ends after the year 9999")
        for early, late in self.periods:
            if rest <= late - early:
                break
            rest -= late - early
        local = datetime.fromordinal(ordinal) + timedelta(microseconds=early + rest)
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def _duty_days_before(self, ordinal: int) -> int:
        weeks, weekday = divmod(ordinal - 1, 7)  # day 1 of the era is a Monday
        changed = bisect_left(self.changed_days, ordinal)
        return weeks * self.per_week + self.before_weekday[weekday] + self.change_before[changed]


def _changes(calendar: Calendar, holidays: Holidays) -> list[tuple[int, int]]:
    """Days that the plain week gets wrong: (ordinal, −1 for a day off, +1 for a make-up day), in order."""
    changes = []
    for day, kind in sorted(holidays.days.items()):
        plain = day.isoweekday() in calendar.weekdays
        if kind == "free" and plain and calendar.holidays_excluded:
            changes.append((day.toordinal(), -1))
        if kind == "work" and not plain and calendar.makeup_days_included:
            changes.append((day.toordinal(), 1))
    return changes
