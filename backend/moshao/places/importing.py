"""Put a district's areas on record. Importing the same file again changes nothing."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from moshao.kit.db import Row, Tx, marks
from moshao.kit.ids import new_id
from moshao.kit.kept import touch
from moshao.places.areas import Area, geometry_text
from moshao.places.inside import Shape
from moshao.places.queries import OWN_COLUMNS, SUBJECT


class Imported(msgspec.Struct, frozen=True):
    """How many areas were new, differed from what was there, or were there already."""

    added: int
    changed: int
    unchanged: int


async def import_grids(tx: Tx, district_id: UUID, areas: Iterable[Area]) -> Imported:
    """Add areas, or replace those of the same kind and code. Areas the file does not name stay.

    `areas` come from `read_grids`, which takes its time with a big file: read outside the transaction.
    """
    there = await tx.all(f"SELECT id, {OWN_COLUMNS} FROM grids WHERE district_id = ?", district_id)
    known = {(row["kind"], row["code"]): row for row in there}
    new: list[Row] = []
    changed = unchanged = 0
    for area in areas:
        row = _row(area)
        before = known.get((area.kind, area.code))
        if before is None:
            new.append({"id": new_id(), "district_id": district_id} | row)
        elif any(before[name] != row[name] for name in row):
            sets = ", ".join(f"{name} = ?" for name in row)
            await tx.run(f"UPDATE grids SET {sets} WHERE id = ?", *row.values(), before["id"])
            changed += 1
        else:
            unchanged += 1
    if new:
        columns = ", ".join(new[0])
        sql = f"INSERT INTO grids ({columns}) VALUES ({marks(len(new[0]))})"
        await tx.many(sql, [tuple(row.values()) for row in new])
    if new or changed:
        await touch(tx, SUBJECT, district_id)
    return Imported(len(new), changed, unchanged)


async def remove_grids(tx: Tx, district_id: UUID, kind: str, codes: Iterable[str]) -> int:
    """Take areas away by code; how many there were."""
    removed = 0
    for code in codes:
        removed += await tx.run(
            "DELETE FROM grids WHERE district_id = ? AND kind = ? AND code = ?", district_id, kind, code
        )
    if removed:
        await touch(tx, SUBJECT, district_id)
    return removed


def _row(area: Area) -> Row:
    box = Shape(area.rings())
    return {
        "kind": area.kind,
        "code": area.code,
        "name": area.name,
        "street_code": area.street_code,
        "street_name": area.street_name,
        "synthetic": area.synthetic,
        "geometry": geometry_text(area),
        "west": box.west,
        "south": box.south,
        "east": box.east,
        "north": box.north,
    }
