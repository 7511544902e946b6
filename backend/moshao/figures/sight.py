"""Whose cases are counted: a district's, or those of a unit and of all below it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from moshao.cases.visibility import DISTRICT_ROLES
from moshao.kit.db import Reader, marks
from moshao.people.actor import Actor


class Sight(msgspec.Struct, frozen=True):
    """`below`: the unit whose tree it is; None: the whole district."""

    district_id: UUID
    below: UUID | None = None


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """`path`: the ids from the topmost unit down to itself."""

    id: UUID
    code: str
    name: str
    kind: str
    path: tuple[str, ...]


def sight_of(actor: Actor) -> Sight:
    """What somebody's role lets him count."""
    return Sight(actor.district_id, None if actor.role in DISTRICT_ROLES else actor.unit_id)


async def units_seen(reader: Reader, sight: Sight) -> list[Unit]:
    """Parents before children."""
    rows = await reader.all(
        "SELECT id, code, name, kind, path FROM units WHERE district_id = ? ORDER BY path", sight.district_id
    )
    units = [Unit(**{**row, "path": tuple(row["path"].split("/"))}) for row in rows]
    return units if sight.below is None else [unit for unit in units if str(sight.below) in unit.path]


def within(sight: Sight, units: Iterable[Unit]) -> tuple[str, list[Any]]:
    """What of the cases is in sight, as a condition."""
    if sight.below is None:
        return "district_id = ?", [sight.district_id]
    ids = [unit.id for unit in units]
    return f"district_id = ? AND unit_id IN ({marks(len(ids))})", [sight.district_id, *ids]
