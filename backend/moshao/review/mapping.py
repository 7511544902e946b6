"""Cases as GeoJSON, for a GIS desk: those that its session sees, however many, a piece at a time."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.cases.visibility import DISTRICT_ROLES
from moshao.catalogue.queries import catalogue_of
from moshao.catalogue.rules import Catalogue
from moshao.journal.queries import seq_before
from moshao.kit import errors
from moshao.kit.db import Database, Reader, Row, marks
from moshao.people.actor import Actor
from moshao.people.naming import units_of
from moshao.places.box import Box
from moshao.places.features import BEGINS, BETWEEN, ENDS, point_text

too_many_cases = errors.refusal("too_many_cases", 422, "案件太多，请缩小地图范围，或用 state、since 缩小条件")

CASES_MOST = 200_000
PIECE = 500
_TIMES = ("filed_at", "dispatched_at", "deadline", "handled_at", "ended_at")
_SAID = (
    "case_no", "external_case_id", "source_name", "state", "round", "urgency", "code_set", "kind", "major", "minor",
    "title", "address", "grid_code",
)  # fmt: skip
_COLUMNS = ", ".join(("id", "lon", "lat", "flags", "unit_id", "on_time", *_SAID, *_TIMES))
_OF_UNIT = "id IN (SELECT case_id FROM case_scopes WHERE scope_id = ? AND current)"


class Wanted(msgspec.Struct, frozen=True):
    """`states`: none named is all of them where there is a `since` (its case changed then or later), else the open."""

    box: Box | None = None
    states: frozenset[str] = frozenset()
    since: datetime | None = None


async def find_cases(reader: Reader, actor: Actor, wanted: Wanted) -> list[UUID]:
    """Which cases are wanted and his to see. Raises `too_many_cases`."""
    where, args = _whose(actor)
    if wanted.box is not None:
        inside, corners = wanted.box.where()
        where, args = f"{where} AND {inside}", args + corners
    if wanted.states:
        states = sorted(wanted.states)
        where, args = f"{where} AND state IN ({marks(len(states))})", args + states
    elif wanted.since is None:
        where = f"{where} AND ended_at IS NULL"
    if wanted.since is not None:
        where = f"{where} AND changed_seq > ?"
        args.append(await seq_before(reader, actor.district_id, wanted.since))
    rows = await reader.all(f"SELECT id FROM cases WHERE {where} ORDER BY id LIMIT ?", *args, CASES_MOST + 1)
    if len(rows) > CASES_MOST:
        raise too_many_cases()
    return [row["id"] for row in rows]


def _whose(actor: Actor) -> tuple[str, list[Any]]:
    if actor.role in DISTRICT_ROLES:
        return "district_id = ?", [actor.district_id]
    return f"district_id = ? AND {_OF_UNIT}", [actor.district_id, actor.unit_id]


async def collection(db: Database, actor: Actor, found: Sequence[UUID]) -> AsyncIterator[bytes]:
    """The cases found, as they stand when their piece is read; who may not see one any more does not get it. No
    reader is held while a slow client takes its time."""
    lead = BEGINS
    for start in range(0, len(found), PIECE):
        async with db.reading() as reader:
            features = await _features(reader, actor, found[start : start + PIECE])
        if features:
            yield (lead + BETWEEN.join(features)).encode()
            lead = BETWEEN
    yield (ENDS if lead == BETWEEN else BEGINS + ENDS).encode()


async def _features(reader: Reader, actor: Actor, ids: Sequence[UUID]) -> list[str]:
    where, args = _whose(actor)
    rows = await reader.all(
        f"SELECT {_COLUMNS} FROM cases WHERE {where} AND id IN ({marks(len(ids))}) ORDER BY id", *args, *ids
    )
    units = await units_of(reader, {row["unit_id"] for row in rows} - {None})
    catalogue = await catalogue_of(reader, actor.district_id)
    names = {unit_id: unit.name for unit_id, unit in units.items()}
    return [point_text(row["id"], row["lon"], row["lat"], _properties(row, catalogue, names)) for row in rows]


def _properties(row: Row, catalogue: Catalogue, units: dict[UUID, str]) -> dict[str, Any]:
    """Nothing about who reported it. Flags as one text: tables of a GIS know no lists."""
    found = catalogue.find(row["code_set"], row["kind"], row["major"], row["minor"])
    return {
        **{name: row[name] for name in _SAID},
        "flags": row["flags"].strip(),
        "class_name": found.name_zh if found else None,
        "unit": units.get(row["unit_id"]),
        "on_time": None if row["on_time"] is None else bool(row["on_time"]),
        **{name: row[name].isoformat() if row[name] else None for name in _TIMES},
    }
