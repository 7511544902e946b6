"""Whether a person is at work at an instant, and when he next will be. Off duty nothing rings."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from moshao.hours.duty import add_duty
from moshao.hours.queries import hours_of
from moshao.kit.db import marks
from moshao.kit.kept import Asked
from moshao.people.queries import absences_between, away_at, hours_of_duty, settings_of, wall_clock
from moshao.people.rules import DayKind, Hours, Moment, answers_for, begins_on, on_shift

# A roster repeats by the week; a holiday may lie between.
DAYS_AHEAD = 15
SECOND = timedelta(seconds=1)

_DUTIES = """
SELECT y.person_id, y.from_day, y.until_day, s.from_minute, s.until_minute, s.weekdays, s.holidays
FROM duties y JOIN shifts s ON s.id = y.shift_id WHERE y.person_id IN """


class AtWork(msgspec.Struct, frozen=True):
    """`next_at`: when he next begins, None where he is at work or no roster tells."""

    now: bool
    next_at: datetime | None = None


async def at_work(reader: Asked, district_id: UUID, people: Collection[UUID], at: datetime) -> dict[UUID, AtWork]:
    """Each of these persons: on a shift or on call, his own or that of somebody he stands in for, and not away.

    Who is on no roster at all works in the duty hours of the district's calendar.
    """
    if not people:
        return {}
    away = away_at(await absences_between(reader, district_id, at, at), at)
    answering = {absent: answers_for(absent, away) for absent in away}
    wanted = {*people, *(absent for absent, stand_in in answering.items() if stand_in in people)}
    owned: dict[UUID, list[Hours]] = {}
    answered: dict[UUID, list[Hours]] = {}
    for row in await reader.all(f"{_DUTIES} ({marks(len(wanted))})", *wanted):
        owner, hours = row["person_id"], hours_of_duty(row)
        owned.setdefault(owner, []).append(hours)
        if (person := answering.get(owner, owner)) is not None:
            answered.setdefault(person, []).append(hours)
    moment = (await wall_clock(reader, district_id))(at)
    zone = ZoneInfo((await settings_of(reader, district_id)).zone)
    usual = await _usual(reader, district_id, at)
    found = {}
    for person in people:
        shifts, own = answered.get(person, []), owned.get(person, [])
        if not own and not shifts:
            found[person] = AtWork(False, usual.next_at) if person in away else usual
        elif any(any(on_shift(hours, moment)) for hours in shifts):
            found[person] = AtWork(True)
        else:
            found[person] = AtWork(False, next_begin([*own, *shifts], moment, zone))
    return found


async def _usual(reader: Asked, district_id: UUID, at: datetime) -> AtWork:
    hours = await hours_of(reader, district_id)
    calendar = hours.calendars.get((await settings_of(reader, district_id)).calendar)
    if calendar is None:
        return AtWork(True)
    begins = add_duty(at, 1, calendar, hours.holidays) - SECOND
    return AtWork(True) if begins <= at else AtWork(False, begins)


def next_begin(shifts: Iterable[Hours], moment: Moment, zone: ZoneInfo) -> datetime | None:
    """The next instant at which one of these shifts begins; None where none does in the next two weeks."""
    shifts = list(shifts)
    for ahead in range(DAYS_AHEAD):
        day = moment.day + timedelta(days=ahead)
        minutes = _begins(shifts, day, moment.days)
        later = [minute for minute in minutes if ahead or minute > moment.minute]
        if later:
            midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
            return midnight + timedelta(minutes=min(later))
    return None


def _begins(shifts: Iterable[Hours], day: date, days: Mapping[date, DayKind]) -> list[int]:
    return [hours.from_minute for hours in shifts if begins_on(hours, day, days)]
