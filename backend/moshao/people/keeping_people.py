"""定人: put a person on the roster, change his role or unit, let him go."""

from uuid import UUID

from moshao.kit import clock, errors
from moshao.kit.db import Row, Tx
from moshao.people.actor import Actor
from moshao.people.guards import not_your_role
from moshao.people.keeping import Kept, find_row, keep_row, named_unit, start_again, tell, unit_of, wrong
from moshao.people.roster_schemas import PersonBody
from moshao.people.rules import may_keep

SEEN_BY = frozenset({"role", "unit_id", "active"})

staff_no_taken = errors.refusal("staff_no_taken", 409, "这个工号已被使用")
last_admin = errors.refusal("last_admin", 409, "至少要保留一名管理员")


async def keep_person(tx: Tx, district_id: UUID, person_id: UUID, body: PersonBody, by: Actor | None) -> Kept:
    """Raises `not_found`, `not_your_role` (that role is not his to give), `bad_field`, `staff_no_taken`,
    `last_admin`."""
    before = await find_row(tx, "people", person_id, district_id)
    if before is not None and not await unit_of(tx, before["unit_id"], district_id, by):
        raise errors.not_found()
    if by is not None and not may_keep(by.role, before["role"] if before else None, body.role):
        raise not_your_role()
    unit = await named_unit(tx, body.unit_id, district_id, by)
    if unit["kind"] == "owner":
        raise wrong("unit_id", "owner_unit", "权属单位不设人员")
    if before is not None and before["role"] == "admin" and (body.role != "admin" or not body.active):
        await _another_admin(tx, before)
    row: Row = {
        "id": person_id,
        "district_id": district_id,
        "unit_id": body.unit_id,
        "staff_no": body.staff_no,
        "name": body.name,
        "role": body.role,
        "phone": body.phone,
        "active": body.active,
    }
    fresh: Row = {"roster": 0, "created_at": clock.now()}
    kept = await keep_row(tx, "people", row, before, fresh=fresh, taken=staff_no_taken())
    if not kept.new and SEEN_BY.intersection(kept.changed):
        await start_again(tx, [person_id])
    if kept.changed:
        facts = {"person_id": person_id, "unit_id": body.unit_id, "role": body.role, "active": body.active}
        await tell(tx, district_id, "person_changed", by, members=kept.changed, **facts)
    return kept


async def _another_admin(tx: Tx, leaving: Row) -> None:
    others = await tx.value(
        "SELECT count(*) FROM people WHERE district_id = ? AND role = 'admin' AND active AND id <> ?",
        leaving["district_id"],
        leaving["id"],
    )
    if not others:
        raise last_admin()
