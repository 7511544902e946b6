"""The district changes its rules."""

from uuid import UUID

import msgspec

from moshao.cases.persons import unit_named
from moshao.dispatch.kinds import KINDS
from moshao.dispatch.queries import SUBJECT
from moshao.dispatch.schemas import RuleBody
from moshao.journal.appending import Line, append
from moshao.kit import errors
from moshao.kit.db import Row, Tx
from moshao.kit.kept import touch


async def keep_rule(tx: Tx, district_id: UUID, rule_id: UUID, body: RuleBody, by: UUID | None) -> None:
    """Put a rule on record or change it. Raises `not_found` (another district's), `bad_field` (no such unit)."""
    await unit_named(tx, district_id, body.unit_id)
    row: Row = {
        "id": rule_id,
        "district_id": district_id,
        "priority": body.priority,
        "unit_id": body.unit_id,
        "grids": msgspec.json.encode(sorted(set(body.grids))).decode(),
        "classes": msgspec.json.encode(sorted(set(body.classes))).decode(),
        "from_minute": body.from_minute,
        "until_minute": body.until_minute,
    }
    if await _is_there(tx, district_id, rule_id):
        sets = ", ".join(f"{name} = ?" for name in row)
        await tx.run(f"UPDATE dispatch_rules SET {sets} WHERE id = ?", *row.values(), rule_id)
    else:
        await tx.insert("dispatch_rules", row)
    await _changed(tx, district_id, rule_id, by, "dispatch_rule_changed")


async def drop_rule(tx: Tx, district_id: UUID, rule_id: UUID, by: UUID | None) -> None:
    """Raises `not_found`."""
    if not await _is_there(tx, district_id, rule_id):
        raise errors.not_found()
    await tx.run("DELETE FROM dispatch_rules WHERE id = ?", rule_id)
    await _changed(tx, district_id, rule_id, by, "dispatch_rule_dropped")


async def _is_there(tx: Tx, district_id: UUID, rule_id: UUID) -> bool:
    owner = await tx.value("SELECT district_id FROM dispatch_rules WHERE id = ?" + tx.for_update(), rule_id)
    if owner not in (None, district_id):
        raise errors.not_found()
    return owner is not None


async def _changed(tx: Tx, district_id: UUID, rule_id: UUID, by: UUID | None, kind: str) -> None:
    await touch(tx, SUBJECT, district_id)
    await append(tx, district_id, [Line(kind=KINDS.known(kind), person_id=by, facts={"rule_id": rule_id})])
