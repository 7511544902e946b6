"""班组: who works together; the first of them to accept is responsible."""

from uuid import UUID

from moshao.kit import errors, ids
from moshao.kit.db import Row, Tx
from moshao.people.actor import Actor
from moshao.people.keeping import (
    Kept,
    drop_row,
    find_row,
    keep_row,
    named_people,
    named_unit,
    start_again,
    tell,
    unit_of,
)
from moshao.people.roster_schemas import CrewBody


async def keep_crew(tx: Tx, district_id: UUID, crew_id: UUID, body: CrewBody, by: Actor | None) -> Kept:
    """Raises `not_found`, `bad_field`. Who joins or leaves starts again: he sees other cases."""
    before = await _in_reach(tx, crew_id, district_id, by)
    await named_unit(tx, body.unit_id, district_id, by)
    members = set(body.people)
    await named_people(tx, "people", members, district_id, by)
    row: Row = {"id": crew_id, "district_id": district_id, "unit_id": body.unit_id, "name": body.name}
    kept = await keep_row(tx, "crews", row, before)
    had = await _members(tx, crew_id)
    for person_id in sorted(members - had):
        await tx.insert("crew_members", {"id": ids.new_id(), "crew_id": crew_id, "person_id": person_id})
    for person_id in sorted(had - members):
        await tx.run("DELETE FROM crew_members WHERE crew_id = ? AND person_id = ?", crew_id, person_id)
    changed = (*kept.changed, "people") if members != had else kept.changed
    if changed:
        await start_again(tx, members ^ had)
        people = [str(person_id) for person_id in sorted(members)]
        facts = {"crew_id": crew_id, "unit_id": body.unit_id, "people": people}
        await tell(tx, district_id, "crew_changed", by, members=changed, **facts)
    return Kept(kept.new, changed)


async def end_crew(tx: Tx, district_id: UUID, crew_id: UUID, by: Actor | None) -> None:
    """Raises `not_found`."""
    if await _in_reach(tx, crew_id, district_id, by) is None:
        raise errors.not_found()
    had = await _members(tx, crew_id)
    await tx.run("DELETE FROM crew_members WHERE crew_id = ?", crew_id)
    await drop_row(tx, "crews", crew_id, {})
    await start_again(tx, had)
    await tell(tx, district_id, "crew_ended", by, crew_id=crew_id)


async def _in_reach(tx: Tx, crew_id: UUID, district_id: UUID, by: Actor | None) -> Row | None:
    row = await find_row(tx, "crews", crew_id, district_id)
    if row is not None and not await unit_of(tx, row["unit_id"], district_id, by):
        raise errors.not_found()
    return row


async def _members(tx: Tx, crew_id: UUID) -> set[UUID]:
    rows = await tx.all("SELECT person_id FROM crew_members WHERE crew_id = ?", crew_id)
    return {row["person_id"] for row in rows}
