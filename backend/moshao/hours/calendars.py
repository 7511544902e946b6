"""When a unit is on duty: the periods of a day, the days of a week, and what the yearly notice changes."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

DAY_MINUTES = 1440
# With it the longest limit ends inside the years a datetime can hold, whatever the calendar.
SHORTEST_DAY_MINUTES = 60
WEEK = (1, 2, 3, 4, 5, 6, 7)

HolidayKind = Literal["free", "work"]


class Calendar(msgspec.Struct, frozen=True):
    """Duty time as data.

    `periods` are wall-clock minutes of the day, half open, in order and apart; a night shift is two of them.
    `weekdays` are ISO (Monday 1). `hours_per_work_day` is what one 工作日 of a limit means in duty hours.
    Durations are counted on the wall clock of `zone`: exact where the zone keeps one offset, as China has
    since 1991.
    """

    id: str
    name: str
    name_en: str
    periods: tuple[tuple[int, int], ...]
    weekdays: tuple[int, ...]
    holidays_excluded: bool
    makeup_days_included: bool
    hours_per_work_day: float
    zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        edges = [minute for period in self.periods for minute in period]
        if not edges or edges[0] < 0 or edges[-1] > DAY_MINUTES:
            raise ValueError("duty periods lie between minute 0 and 1440 of a day, at least one")
        if any(late <= early for early, late in self.periods) or edges != sorted(edges):
            raise ValueError("duty periods stand in order, apart, and end after they begin")
        if sum(late - early for early, late in self.periods) < SHORTEST_DAY_MINUTES:
            raise ValueError("a duty day has at least an hour of duty")
        if not self.weekdays or not set(self.weekdays) <= set(WEEK):
            raise ValueError("duty weekdays are 1 (Monday) to 7, at least one")
        if not 0 < self.hours_per_work_day <= 24:
            raise ValueError("a work day has more than 0 and at most 24 hours")
        ZoneInfo(self.zone)

    @property
    def heeds_holidays(self) -> bool:
        """Whether the holiday table can change anything here: a seven-day duty knows no holidays."""
        return self.holidays_excluded or (self.makeup_days_included and len(set(self.weekdays)) < len(WEEK))


class Holidays(msgspec.Struct, frozen=True, eq=False):
    """The days that differ from the plain week, and the years whose notice (国务院办公厅) is in the table.

    Compared by identity: built once per load, it is a key of the caches below it.
    """

    days: Mapping[date, HolidayKind] = {}
    confirmed_years: frozenset[int] = frozenset()

    def confirmed_between(self, first: date, last: date) -> bool:
        """Whether every year from `first` to `last` is confirmed."""
        return all(year in self.confirmed_years for year in range(first.year, last.year + 1))


NO_HOLIDAYS = Holidays()


def holidays_of(rows: Iterable[Mapping[str, Any]]) -> Holidays:
    """Holidays from rows of `holiday_days` (`day` as ISO text, `kind`, `confirmed`, `district_id`).

    A district's own row for a day stands above the common one. A year counts as confirmed when it has rows
    and every one of them is confirmed; a year without rows is not.
    """
    common_first = sorted(rows, key=lambda row: row["district_id"] is not None)
    in_force = {date.fromisoformat(row["day"]): row for row in common_first}
    doubtful = {day.year for day, row in in_force.items() if not row["confirmed"]}
    return Holidays(
        days={day: row["kind"] for day, row in in_force.items()},
        confirmed_years=frozenset(day.year for day in in_force) - doubtful,
    )


def period_of(text: str) -> tuple[int, int]:
    """A duty period in minutes from `07:30-19:30`; `24:00` is the end of the day."""
    found = re.fullmatch(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)", text)
    if not found:
        raise ValueError("a duty period is written 07:30-19:30")
    hour, minute, late_hour, late_minute = map(int, found.groups())
    return hour * 60 + minute, late_hour * 60 + late_minute


def clock_text(minute: int) -> str:
    """`450` → `07:30`."""
    return f"{minute // 60:02}:{minute % 60:02}"
