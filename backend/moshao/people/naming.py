"""Names for ids, many at a time."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from moshao.kit.db import Reader, marks


class UnitName(msgspec.Struct, frozen=True):
    """A unit as others see it; `phone` is its duty desk's."""

    id: UUID
    name: str
    phone: str | None


async def names_of(reader: Reader, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these people; who was erased is missing."""
    if not person_ids:
        return {}
    sql = f"SELECT id, name FROM people WHERE id IN ({marks(len(person_ids))})"
    return {row["id"]: row["name"] for row in await reader.all(sql, *person_ids)}


async def units_of(reader: Reader, unit_ids: Collection[UUID]) -> dict[UUID, UnitName]:
    """The units with these ids."""
    if not unit_ids:
        return {}
    sql = f"SELECT id, name, phone FROM units WHERE id IN ({marks(len(unit_ids))})"
    return {row["id"]: UnitName(row["id"], row["name"], row["phone"]) for row in await reader.all(sql, *unit_ids)}


async def crews_of(reader: Reader, crew_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these crews."""
    if not crew_ids:
        return {}
    sql = f"SELECT id, name FROM crews WHERE id IN ({marks(len(crew_ids))})"
    return {row["id"]: row["name"] for row in await reader.all(sql, *crew_ids)}
