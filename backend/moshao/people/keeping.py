"""What every change of the roster has in common: one row, its journal line, whose phone must start again."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import msgspec

from moshao.journal.appending import Line, append
from moshao.kit import errors
from moshao.kit.db import Row, Tx, Unique, marks
from moshao.kit.kept import Asked
from moshao.people.actor import Actor
from moshao.people.kinds import KINDS

DISTRICT_WIDE = frozenset({"admin", "supervisor", "leader"})

in_use = errors.refusal("in_use", 409, "还有别的内容在用它，不能删除")


class Kept(msgspec.Struct, frozen=True):
    """What became of a row: the names of the members that changed, `("new",)`, or none: it stood so already."""

    new: bool
    changed: tuple[str, ...]


async def find_row(tx: Tx, table: str, row_id: UUID, district_id: UUID) -> Row | None:
    """The row, held until the end of the transaction. Another district's is as absent as none: `not_found`."""
    row = await tx.one(f"SELECT * FROM {table} WHERE id = ?{tx.for_update()}", row_id)
    if row is not None and row["district_id"] != district_id:
        raise errors.not_found()
    return row


async def keep_row(
    tx: Tx, table: str, row: Row, before: Row | None, *, fresh: Row | None = None, taken: errors.Refused | None = None
) -> Kept:
    """Insert `row`, or change of it what differs from `before`.

    `fresh`: what only a new row is given. `taken`: what it means that another row has its name or number.
    """
    changed = tuple(name for name, value in row.items() if before is None or before[name] != value)
    try:
        async with tx.savepoint():
            if before is None:
                await tx.insert(table, row | (fresh or {}))
            elif changed:
                sets = ", ".join(f"{name} = ?" for name in changed)
                await tx.run(f"UPDATE {table} SET {sets} WHERE id = ?", *(row[name] for name in changed), row["id"])
    except Unique as broken:
        twin = await find_row(tx, table, row["id"], row["district_id"]) if before is None else None
        if twin is not None:
            # The same new row was sent twice at once, and the other was first.
            return await keep_row(tx, table, row, twin, taken=taken)
        raise taken or errors.bad_field("id") from broken
    return Kept(before is None, changed if before else ("new",))


async def drop_row(tx: Tx, table: str, row_id: UUID, used_in: Mapping[str, str]) -> None:
    """Delete a row that nothing names. `used_in`: table → column; raises `in_use`."""
    for user, column in used_in.items():
        if await tx.one(f"SELECT id FROM {user} WHERE {column} = ? LIMIT 1", row_id):
            raise in_use(detail=user)
    await tx.run(f"DELETE FROM {table} WHERE id = ?", row_id)


async def tell(tx: Tx, district_id: UUID, kind: str, by: Actor | None, **facts: Any) -> None:
    """One journal line of the roster: ids, codes and numbers only."""
    named = {name: str(value) if isinstance(value, UUID) else value for name, value in facts.items()}
    line = Line(kind=KINDS.known(kind), person_id=by.person_id if by else None, facts=named)
    await append(tx, district_id, [line])


async def start_again(tx: Tx, people: Collection[UUID]) -> None:
    """These persons see other cases from now on: their phones start from nothing."""
    for person_id in sorted(set(people)):
        await tx.run("UPDATE people SET roster = roster + 1 WHERE id = ?", person_id)


async def unit_of(reader: Asked, unit_id: UUID, district_id: UUID, by: Actor | None) -> Row | None:
    """The unit, if it lies in this district and in the reach of `by` (None: the installation itself)."""
    row = await reader.one("SELECT * FROM units WHERE id = ? AND district_id = ?", unit_id, district_id)
    return row if row and reaches(by, row["path"]) else None


async def named_unit(tx: Tx, unit_id: UUID, district_id: UUID, by: Actor | None) -> Row:
    """As `unit_of`, for a unit that a body names; raises `bad_field`."""
    row = await unit_of(tx, unit_id, district_id, by)
    if row is None:
        raise unknown("unit_id")
    return row


async def named_people(tx: Tx, field: str, people: Collection[UUID], district_id: UUID, by: Actor | None) -> list[Row]:
    """Active persons that a body names, in reach of `by`; raises `bad_field` where one is not."""
    if not people:
        return []
    rows = await tx.all(
        "SELECT p.id, p.unit_id, p.role, u.path FROM people p JOIN units u ON u.id = p.unit_id "
        f"WHERE p.district_id = ? AND p.active AND p.id IN ({marks(len(people))})",
        district_id,
        *people,
    )
    found = [row for row in rows if reaches(by, row["path"])]
    if len(found) != len(set(people)):
        raise unknown(field)
    return found


def reaches(by: Actor | None, path: str) -> bool:
    """Whether a unit (by its path) lies in the district of a desk role, or at or below the actor's own unit."""
    return by is None or by.role in DISTRICT_WIDE or str(by.unit_id) in path.split("/")


def unknown(field: str) -> errors.Refused:
    """A body names something that is not there, or not for this person to see: both look alike."""
    return errors.bad_field(field, errors=(errors.FieldError(field, "unknown", "没有找到"),))


def wrong(field: str, code: str, detail: str) -> errors.Refused:
    """One member of a body does not fit."""
    return errors.bad_field(field, errors=(errors.FieldError(field, code, detail),))
