"""The tree of units: put one on record, change it, move it with everything below."""

from uuid import UUID

from moshao.kit import errors, jobs
from moshao.kit.db import Row, Tx
from moshao.people.actor import Actor
from moshao.people.keeping import Kept, find_row, keep_row, reaches, start_again, tell, unit_of, unknown, wrong
from moshao.people.roster_schemas import UnitBody

DEPTH_MOST = 5
# Whoever keeps lists by units does this: bring them up to date with a unit's new place in the tree.
MOVED_UNITS = "moved_units"

unit_code_taken = errors.refusal("unit_code_taken", 409, "这个单位编码已被使用")


async def keep_unit(tx: Tx, district_id: UUID, unit_id: UUID, body: UnitBody, by: Actor | None) -> Kept:
    """Raises `not_found`, `bad_field` (parent unknown, its own ancestor, too deep), `unit_code_taken`."""
    before = await find_row(tx, "units", unit_id, district_id)
    if before is not None and not _may_change(by, before):
        raise errors.not_found()
    parent = await _parent(tx, district_id, unit_id, body, by)
    row: Row = {
        "id": unit_id,
        "district_id": district_id,
        "parent_id": body.parent_id,
        "path": f"{parent['path']}/{unit_id}" if parent else str(unit_id),
        "depth": parent["depth"] + 1 if parent else 1,
        "code": body.code,
        "name": body.name,
        "kind": body.kind,
        "street_code": body.street_code,
        "phone": body.phone,
        "active": body.active,
    }
    kept = await keep_row(tx, "units", row, before, taken=unit_code_taken())
    if before is not None and "path" in kept.changed:
        await _move_below(tx, before, row)
        await jobs.ask(tx, MOVED_UNITS, str(unit_id))
    if kept.changed:
        await tell(tx, district_id, "unit_changed", by, unit_id=unit_id, members=kept.changed, code=body.code)
    return kept


def _may_change(by: Actor | None, unit: Row) -> bool:
    """An operator changes the units below his own."""
    return by is None or by.role == "admin" or (reaches(by, unit["path"]) and unit["id"] != by.unit_id)


async def _parent(tx: Tx, district_id: UUID, unit_id: UUID, body: UnitBody, by: Actor | None) -> Row | None:
    if body.parent_id is None:
        if by is not None and by.role != "admin":
            raise unknown("parent_id")
        return None
    parent = await unit_of(tx, body.parent_id, district_id, by)
    if parent is None:
        raise unknown("parent_id")
    if str(unit_id) in parent["path"].split("/"):
        raise wrong("parent_id", "cycle", "上级单位不能是它自己或它的下级")
    if parent["depth"] >= DEPTH_MOST:
        raise wrong("parent_id", "too_deep", f"单位最多 {DEPTH_MOST} 级")
    return parent


async def _move_below(tx: Tx, before: Row, after: Row) -> None:
    """Rewrite the paths of all units below, and let everybody there start again."""
    below = await tx.all("SELECT id, path, depth FROM units WHERE path LIKE ?", f"{before['path']}/%")
    deeper = after["depth"] - before["depth"]
    if below and max(unit["depth"] for unit in below) + deeper > DEPTH_MOST:
        raise wrong("parent_id", "too_deep", f"单位最多 {DEPTH_MOST} 级")
    for unit in below:
        path = after["path"] + unit["path"].removeprefix(before["path"])
        await tx.run("UPDATE units SET path = ?, depth = ? WHERE id = ?", path, unit["depth"] + deeper, unit["id"])
    rows = await tx.all(
        "SELECT p.id FROM people p JOIN units u ON u.id = p.unit_id WHERE u.path = ? OR u.path LIKE ?",
        after["path"],
        f"{after['path']}/%",
    )
    await start_again(tx, [row["id"] for row in rows])
