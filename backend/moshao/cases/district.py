"""What the district of a case decided: its settings and the time it counts by."""

from uuid import UUID

from moshao.cases.clocks import DutyTime
from moshao.hours.queries import hours_of
from moshao.kit.db import Reader
from moshao.people.queries import settings_of


async def duty_time(reader: Reader, district_id: UUID) -> DutyTime:
    """The calendar named in the settings, with the district's holidays."""
    settings = await settings_of(reader, district_id)
    hours = await hours_of(reader, district_id)
    return DutyTime(hours.calendars[settings.calendar], hours.holidays)
