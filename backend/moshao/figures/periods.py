"""Which days are counted: whole days of the district."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

DAY = timedelta(days=1)


class Period(msgspec.Struct, frozen=True):
    """From the first day to the last, itself included, as things stand at `now`; `zone` is the district's."""

    first: date
    last: date
    zone: str
    now: datetime

    @property
    def start(self) -> datetime:
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """What no longer belongs to it begins here."""
        return midnight(self.last + DAY, self.zone)

    def days(self) -> list[date]:
        return [self.first + DAY * number for number in range((self.last - self.first).days + 1)]


def midnight(day: date, zone: str) -> datetime:
    """When a day of the district begins."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def day_of(at: datetime | None, zone: str) -> str | None:
    """The district's day on which an instant lies."""
    return None if at is None else str(at.astimezone(ZoneInfo(zone)).date())
