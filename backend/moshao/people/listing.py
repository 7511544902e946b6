"""The roster as somebody may read it: a desk its district, a unit's leaders what lies below, others their own unit."""

from datetime import datetime
from uuid import UUID

import msgspec

from moshao.kit import errors
from moshao.kit.db import marks
from moshao.kit.kept import Asked
from moshao.people.actor import Actor
from moshao.people.keeping import DISTRICT_WIDE, unit_of
from moshao.people.pages import LEADERS, PAGE_MOST, district, equals, named, page, reach, reach_or_own, view
from moshao.people.queries import who_is_on_duty
from moshao.people.roster_schemas import (
    AbsenceList,
    AbsenceView,
    Contact,
    ContactList,
    CrewList,
    CrewView,
    DutyList,
    DutyView,
    OnDutyList,
    OnDutyView,
    PersonList,
    PersonView,
    PostList,
    PostView,
    ShiftList,
    ShiftView,
    UnitList,
    UnitView,
)
from moshao.people.schemas import Named

CALLED = ("crew_leader", "unit_operator", "supervisor")

_UNITS = "SELECT * FROM units u"
_PEOPLE = "SELECT p.*, u.name AS unit_name FROM people p JOIN units u ON u.id = p.unit_id"
_POSTS = "SELECT x.* FROM posts x JOIN units u ON u.id = x.unit_id"
_SHIFTS = "SELECT * FROM shifts x"
_DUTIES = """SELECT x.*, p.name AS person_name
FROM duties x JOIN units u ON u.id = x.unit_id JOIN people p ON p.id = x.person_id"""
_ABSENCES = """SELECT x.*, p.name AS person_name, s.name AS stand_in_name FROM absences x
JOIN people p ON p.id = x.person_id JOIN units u ON u.id = p.unit_id LEFT JOIN people s ON s.id = x.stand_in_id"""
_CREWS = "SELECT x.* FROM crews x JOIN units u ON u.id = x.unit_id"


async def list_units(
    asked: Asked, actor: Actor, *, one: UUID | None = None, after: UUID | None = None, limit: int = PAGE_MOST
) -> UnitList:
    """All units of the district: everybody proposes one, calls one."""
    rows, further = await page(asked, _UNITS, "u.id", [district(actor, "u")], one, after, limit)
    views = [view(row, UnitView, path=row["path"].split("/")) for row in rows]
    return UnitList(items=views, next=further)


async def list_people(
    asked: Asked,
    actor: Actor,
    *,
    unit_id: UUID | None = None,
    role: str | None = None,
    q: str | None = None,
    one: UUID | None = None,
    after: UUID | None = None,
    limit: int = PAGE_MOST,
) -> PersonList:
    """`q` finds part of a name or staff number."""
    where = [reach(actor), equals("p.unit_id", unit_id), equals("p.role", role)]
    whole = actor.role in DISTRICT_WIDE | LEADERS
    if q:
        like = "%" + q.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        number = "OR p.staff_no LIKE ? ESCAPE '!'" if whole else ""
        where.append((f"(p.name LIKE ? ESCAPE '!' {number})", [like, like] if whole else [like]))
    if not whole:
        where.append(("p.active", []))
    rows, further = await page(asked, _PEOPLE, "p.id", where, one, after, limit)
    views = [
        view(row, PersonView, unit=named(row, "unit"), staff_no=row["staff_no"] if whole else None) for row in rows
    ]
    return PersonList(items=views, next=further)


async def list_posts(
    asked: Asked,
    actor: Actor,
    *,
    unit_id: UUID | None = None,
    one: UUID | None = None,
    after: UUID | None = None,
    limit: int = PAGE_MOST,
) -> PostList:
    rows, further = await page(asked, _POSTS, "x.id", [reach(actor), equals("x.unit_id", unit_id)], one, after, limit)
    return PostList(items=[view(row, PostView) for row in rows], next=further)


async def list_shifts(
    asked: Asked, actor: Actor, *, one: UUID | None = None, after: UUID | None = None, limit: int = PAGE_MOST
) -> ShiftList:
    rows, further = await page(asked, _SHIFTS, "x.id", [district(actor, "x")], one, after, limit)
    return ShiftList(items=[view(row, ShiftView) for row in rows], next=further)


async def list_duties(
    asked: Asked,
    actor: Actor,
    *,
    unit_id: UUID | None = None,
    person_id: UUID | None = None,
    one: UUID | None = None,
    after: UUID | None = None,
    limit: int = PAGE_MOST,
) -> DutyList:
    """A handler or inspector reads his own."""
    where = [reach_or_own(actor), equals("x.unit_id", unit_id), equals("x.person_id", person_id)]
    rows, further = await page(asked, _DUTIES, "x.id", where, one, after, limit)
    views = [
        view(
            row,
            DutyView,
            person=named(row, "person"),
            grids=msgspec.json.decode(row["grids"]),
            classes=msgspec.json.decode(row["classes"]),
        )
        for row in rows
    ]
    return DutyList(items=views, next=further)


async def list_absences(
    asked: Asked,
    actor: Actor,
    *,
    person_id: UUID | None = None,
    since: datetime | None = None,
    one: UUID | None = None,
    after: UUID | None = None,
    limit: int = PAGE_MOST,
) -> AbsenceList:
    """Those that end after `since`; a handler or inspector reads his own."""
    where = [reach_or_own(actor), equals("x.person_id", person_id)]
    if since is not None:
        where.append(("x.until_at > ?", [since]))
    rows, further = await page(asked, _ABSENCES, "x.id", where, one, after, limit)
    views = [view(row, AbsenceView, person=named(row, "person"), stand_in=named(row, "stand_in")) for row in rows]
    return AbsenceList(items=views, next=further)


async def list_crews(
    asked: Asked,
    actor: Actor,
    *,
    unit_id: UUID | None = None,
    one: UUID | None = None,
    after: UUID | None = None,
    limit: int = PAGE_MOST,
) -> CrewList:
    rows, further = await page(asked, _CREWS, "x.id", [reach(actor), equals("x.unit_id", unit_id)], one, after, limit)
    members = await _members(asked, [row["id"] for row in rows])
    return CrewList(items=[view(row, CrewView, people=members.get(row["id"], [])) for row in rows], next=further)


async def list_on_duty(asked: Asked, actor: Actor, unit_id: UUID, at: datetime) -> OnDutyList:
    """Raises `not_found` for a unit out of reach."""
    if not await unit_of(asked, unit_id, actor.district_id, actor):
        raise errors.not_found()
    found = await who_is_on_duty(asked, unit_id, at)
    views = [
        OnDutyView(
            duty_id=duty.duty_id,
            unit_id=duty.unit_id,
            post_id=duty.post_id,
            person=Named(id=duty.person_id, name=duty.name),
            level=duty.level,
            grids=sorted(duty.grids),
            classes=sorted(duty.classes),
            stands_in_for=duty.stands_in_for,
        )
        for duty in found
    ]
    return OnDutyList(items=views)


async def list_contacts(asked: Asked, actor: Actor) -> ContactList:
    """Whom to call: the leaders of one's unit and of those above it, the district's supervisors."""
    rows = await asked.all(
        f"{_PEOPLE} WHERE p.district_id = ? AND p.active AND p.role IN ({marks(len(CALLED))}) "
        f"AND (p.role = 'supervisor' OR p.unit_id IN ({marks(len(actor.unit_path))})) "
        "ORDER BY u.depth DESC, p.role, p.staff_no",
        actor.district_id,
        *CALLED,
        *actor.unit_path,
    )
    return ContactList(items=[view(row, Contact, unit=named(row, "unit")) for row in rows])


async def _members(asked: Asked, crew_ids: list[UUID]) -> dict[UUID, list[Named]]:
    if not crew_ids:
        return {}
    rows = await asked.all(
        "SELECT m.crew_id, p.id, p.name FROM crew_members m JOIN people p ON p.id = m.person_id "
        f"WHERE m.crew_id IN ({marks(len(crew_ids))}) ORDER BY p.staff_no",
        *crew_ids,
    )
    members: dict[UUID, list[Named]] = {}
    for row in rows:
        members.setdefault(row["crew_id"], []).append(Named(id=row["id"], name=row["name"]))
    return members
