"""Reads of the roster that other rooms may call."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from moshao.hours.queries import hours_of
from moshao.kit.db import Row, Tx, marks
from moshao.kit.kept import Asked
from moshao.people.rules import Hours, Moment, answers_for, on_shift
from moshao.people.settings import DistrictSettings, read_settings


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """`unit_path`: ids of the unit's ancestors and the unit, top first."""

    id: UUID
    district_id: UUID
    unit_id: UUID
    unit_path: tuple[UUID, ...]
    staff_no: str
    name: str
    role: str
    phone: str | None
    active: bool


class OnDuty(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who answers now, by this duty. `stands_in_for`: the absent person whose duty it is."""

    duty_id: UUID
    unit_id: UUID
    post_id: UUID | None
    person_id: UUID
    staff_no: str
    name: str
    role: str
    level: int
    grids: frozenset[str]
    classes: frozenset[str]
    stands_in_for: UUID | None = None


_PERSON = """
SELECT p.id, p.district_id, p.unit_id, p.staff_no, p.name, p.role, p.phone, p.active, u.path
FROM people p JOIN units u ON u.id = p.unit_id WHERE """

_DUTIES = """
SELECT y.id, y.unit_id, y.post_id, y.person_id, y.grids, y.classes, y.level, y.from_day, y.until_day,
       s.from_minute, s.until_minute, s.weekdays, s.holidays
FROM duties y JOIN shifts s ON s.id = y.shift_id
WHERE y.unit_id = ? ORDER BY y.level, y.id"""


async def find_person(reader: Asked, person_id: UUID) -> Person | None:
    row = await reader.one(_PERSON + "p.id = ?", person_id)
    return _person(row) if row else None


async def find_people(reader: Asked, person_ids: Sequence[UUID]) -> dict[UUID, Person]:
    """Those that exist, by id."""
    if not person_ids:
        return {}
    rows = await reader.all(_PERSON + f"p.id IN ({marks(len(person_ids))})", *person_ids)
    return {row["id"]: _person(row) for row in rows}


async def people_of(reader: Asked, unit_id: UUID, *roles: str) -> list[Person]:
    """The active persons with these roles in the unit itself, smallest staff_no first."""
    rows = await reader.all(
        _PERSON + f"p.unit_id = ? AND p.active AND p.role IN ({marks(len(roles))}) ORDER BY p.staff_no",
        unit_id,
        *roles,
    )
    return [_person(row) for row in rows]


async def settings_of(reader: Asked, district_id: UUID) -> DistrictSettings:
    """What the district decided; within a transaction asked once."""
    if isinstance(reader, Tx):
        return await reader.once(("settings", district_id), lambda: _settings_now(reader, district_id))
    return await _settings_now(reader, district_id)


async def _settings_now(reader: Asked, district_id: UUID) -> DistrictSettings:
    return read_settings(await reader.value("SELECT settings FROM districts WHERE id = ?", district_id) or "")


async def units_below(reader: Asked, unit_id: UUID) -> list[UUID]:
    """The unit and everything below it, top first."""
    rows = await reader.all(
        "SELECT u.id FROM units u JOIN units top ON top.id = ? "
        "WHERE u.district_id = top.district_id AND (u.id = top.id OR u.path LIKE top.path || '/%') ORDER BY u.path",
        unit_id,
    )
    return [row["id"] for row in rows]


async def unit_path(reader: Asked, unit_id: UUID) -> tuple[UUID, ...]:
    """The ids of the unit's ancestors and its own, top first; empty where there is no such unit."""
    return _ids(await reader.value("SELECT path FROM units WHERE id = ?", unit_id) or "")


async def crew_of(reader: Asked, crew_id: UUID) -> list[UUID]:
    """The active members of a crew, smallest staff_no first."""
    rows = await reader.all(
        "SELECT p.id FROM crew_members m JOIN people p ON p.id = m.person_id "
        "WHERE m.crew_id = ? AND p.active ORDER BY p.staff_no",
        crew_id,
    )
    return [row["id"] for row in rows]


async def device_names(reader: Asked, person_id: UUID) -> dict[UUID, str]:
    """What his own phones are called, by id."""
    rows = await reader.all("SELECT id, name FROM devices WHERE person_id = ?", person_id)
    return {row["id"]: row["name"] for row in rows}


async def is_absent(reader: Asked, person_id: UUID, at: datetime) -> bool:
    """Whether he is on leave at that instant."""
    row = await reader.one(
        "SELECT id FROM absences WHERE person_id = ? AND from_at <= ? AND until_at > ? LIMIT 1", person_id, at, at
    )
    return row is not None


async def who_is_on_duty(reader: Asked, unit_id: UUID, at: datetime) -> list[OnDuty]:
    """Who answers in this unit (not in those below) at that instant: level 0 first, then those on call.

    An absent person's duty goes to who stands in for him; absent without a stand-in, nobody has it.
    """
    district_id = await reader.value("SELECT district_id FROM units WHERE id = ?", unit_id)
    if district_id is None:
        return []
    now = await wall_clock(reader, district_id)
    running = [duty for duty in await duties_of(reader, unit_id) if any(on_shift(hours_of_duty(duty), now(at)))]
    away = away_at(await absences_between(reader, district_id, at, at), at)
    answering = {duty["id"]: answers_for(duty["person_id"], away) for duty in running}
    people = await find_people(reader, sorted({person for person in answering.values() if person is not None}))
    return [
        _on_duty(duty, people[person_id])
        for duty in running
        if (person_id := answering[duty["id"]]) is not None and people[person_id].active
    ]


async def duties_of(reader: Asked, unit_id: UUID) -> list[Row]:
    """The unit's duties with the hours of their shifts."""
    return await reader.all(_DUTIES, unit_id)


def hours_of_duty(duty: Row) -> Hours:
    return Hours(*(duty[name] for name in Hours.__struct_fields__))


async def wall_clock(reader: Asked, district_id: UUID) -> Callable[[datetime], Moment]:
    """What the district's clocks and holiday table say at an instant."""
    zone = ZoneInfo((await settings_of(reader, district_id)).zone)
    days = (await hours_of(reader, district_id)).holidays.days

    def moment(at: datetime) -> Moment:
        local = at.astimezone(zone)
        return Moment(local.date(), local.hour * 60 + local.minute, days)

    return moment


async def absences_between(reader: Asked, district_id: UUID, first: datetime, last: datetime) -> list[Row]:
    """Absences that touch this time."""
    return await reader.all(
        "SELECT person_id, stand_in_id, from_at, until_at FROM absences "
        "WHERE district_id = ? AND until_at > ? AND from_at <= ? ORDER BY from_at",
        district_id,
        first,
        last,
    )


def away_at(absences: Sequence[Row], at: datetime) -> dict[UUID, UUID | None]:
    """Who is absent at that instant, each with who stands in for him."""
    return {row["person_id"]: row["stand_in_id"] for row in absences if row["from_at"] <= at < row["until_at"]}


def _on_duty(duty: Row, person: Person) -> OnDuty:
    return OnDuty(
        duty_id=duty["id"],
        unit_id=duty["unit_id"],
        post_id=duty["post_id"],
        person_id=person.id,
        staff_no=person.staff_no,
        name=person.name,
        role=person.role,
        level=duty["level"],
        grids=frozenset(msgspec.json.decode(duty["grids"], type=list[str])),
        classes=frozenset(msgspec.json.decode(duty["classes"], type=list[str])),
        stands_in_for=duty["person_id"] if person.id != duty["person_id"] else None,
    )


def _person(row: Row) -> Person:
    return Person(
        id=row["id"],
        district_id=row["district_id"],
        unit_id=row["unit_id"],
        unit_path=_ids(row["path"]),
        staff_no=row["staff_no"],
        name=row["name"],
        role=row["role"],
        phone=row["phone"],
        active=row["active"],
    )


def _ids(path: str) -> tuple[UUID, ...]:
    return tuple(UUID(part) for part in path.split("/") if part)
