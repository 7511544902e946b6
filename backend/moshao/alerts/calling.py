"""The red call list: whom no bell reached. Somebody dials, and says whom he has told: 「已电话通知」."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from moshao.alerts.stopping import stop
from moshao.cases.case import Case, lock_case
from moshao.cases.kinds import KINDS
from moshao.cases.listing import cases_of
from moshao.cases.moving import Step, move
from moshao.cases.states import ENDED
from moshao.journal.appending import Line, append
from moshao.kit import clock, errors
from moshao.kit.db import Reader, Row, Tx, Unique, marks
from moshao.people.actor import Actor
from moshao.people.keeping import DISTRICT_WIDE, unknown
from moshao.people.queries import Person, find_people, units_below

LIST_MOST = 500
CALLERS = ("crew_leader", "unit_operator", "supervisor", "leader")


class CallBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Who was told, and of which alert."""

    alert_id: UUID
    person_id: UUID


class Callee(msgspec.Struct, kw_only=True):
    id: UUID
    name: str
    role: str
    phone: str | None


class UnreachedAlert(msgspec.Struct, kw_only=True):
    """An alert that nobody heard. `people`: whom to call, who has to act first, then who else was rung."""

    alert_id: UUID
    kind: str
    urgency: Literal["normal", "urgent", "emergency"]
    since: datetime
    case_id: UUID | None
    case_no: str | None
    deadline: datetime | None
    unit_id: UUID | None
    people: list[Callee]


class CallList(msgspec.Struct):
    unreached: list[UnreachedAlert]


async def call_list(reader: Reader, actor: Actor) -> CallList:
    """The most urgent first: of the district for its desk, else of the unit and those below it."""
    where, args = await _reach(reader, actor)
    rows = await reader.all(
        f"SELECT * FROM alerts WHERE district_id = ? AND state = 'unreached'{where} "
        "ORDER BY CASE urgency WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END, made_at LIMIT ?",
        actor.district_id, *args, LIST_MOST,
    )  # fmt: skip
    rung = await _rung(reader, [row["id"] for row in rows])
    wanted = {row["id"]: _whom(row, rung.get(row["id"], [])) for row in rows}
    people = await find_people(reader, sorted({person for each in wanted.values() for person in each}))
    cases = await cases_of(reader, [row["case_id"] for row in rows if row["case_id"]])
    return CallList([_entry(row, cases.get(row["case_id"]), wanted[row["id"]], people) for row in rows])


async def tell_called(tx: Tx, actor: Actor, call_id: UUID, body: CallBody) -> bool:
    """Whether it is new. The alert climbs no further; the case's timeline says who told whom.

    Raises `not_found` where the alert is not in the actor's reach, `bad_field` where the person is not.
    """
    where, args = await _reach(tx, actor)
    alert = await tx.one(
        f"SELECT * FROM alerts WHERE id = ? AND district_id = ?{where}", body.alert_id, actor.district_id, *args
    )
    if alert is None:
        raise errors.not_found()
    person = (await find_people(tx, [body.person_id])).get(body.person_id)
    if person is None or person.district_id != actor.district_id:
        raise unknown("person_id")
    row: Row = {
        "id": call_id, "district_id": actor.district_id, "alert_id": body.alert_id, "person_id": body.person_id,
        "by_id": actor.person_id, "at": clock.now(),
    }  # fmt: skip
    try:
        async with tx.savepoint():
            await tx.insert("alert_calls", row)
    except Unique:
        return False
    await stop(tx, body.alert_id, "called")
    await _note(tx, actor, alert, body)
    return True


async def _note(tx: Tx, actor: Actor, alert: Row, body: CallBody) -> None:
    facts = {"alert_id": body.alert_id, "to_id": body.person_id}
    case = await lock_case(tx, alert["case_id"]) if alert["case_id"] else None
    if case is not None and case.state not in ENDED:
        await move(tx, case, Step(kind="called", person_id=actor.person_id, facts=facts))
        return
    line = Line(kind=KINDS.known("called"), person_id=actor.person_id, unit_id=alert["unit_id"], facts=facts)
    await append(tx, actor.district_id, [line])


async def _reach(reader: Reader, actor: Actor) -> tuple[str, Sequence[UUID]]:
    if actor.role in DISTRICT_WIDE:
        return "", ()
    units = await units_below(reader, actor.unit_id)
    return f" AND unit_id IN ({marks(len(units))})", units


async def _rung(reader: Reader, alert_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Who was rung for each, in that order."""
    if not alert_ids:
        return {}
    found: dict[UUID, list[UUID]] = {}
    sql = f"SELECT alert_id, person_id FROM rings WHERE alert_id IN ({marks(len(alert_ids))}) ORDER BY at, id"
    for row in await reader.all(sql, *alert_ids):
        found.setdefault(row["alert_id"], []).append(row["person_id"])
    return found


def _whom(alert: Row, rung: Sequence[UUID]) -> list[UUID]:
    first = [alert["person_id"]] if alert["person_id"] else []
    return list(dict.fromkeys([*first, *rung]))


def _entry(row: Row, case: Case | None, wanted: Sequence[UUID], people: dict[UUID, Person]) -> UnreachedAlert:
    there = [people[person_id] for person_id in wanted if person_id in people]
    return UnreachedAlert(
        alert_id=row["id"], kind=row["kind"], urgency=row["urgency"], since=row["made_at"], case_id=row["case_id"],
        case_no=case.case_no if case else None, deadline=case.deadline if case else None, unit_id=row["unit_id"],
        people=[Callee(id=each.id, name=each.name, role=each.role, phone=each.phone) for each in there],
    )  # fmt: skip
