"""The open cases of somebody's grids that are not his: as much as a reporter needs to see what is known already."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from moshao.kit.db import Reader, Row, marks

EVERYWHERE = "*"
# Shorter codes are those of streets and communities, with which the codes of their grids begin.
GRID_CODE_LEAST = 14


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """A case by its last change `seq`."""

    id: UUID
    seq: int
    kind: str | None
    major: str | None
    minor: str | None
    lon: float | None
    lat: float | None
    grid_code: str | None
    state: str
    ended_at: datetime | None


_NEIGHBOUR = "SELECT id, changed_seq AS seq, kind, major, minor, lon, lat, grid_code, state, ended_at FROM cases"


async def neighbours(
    reader: Reader,
    district_id: UUID,
    grids: Collection[str],
    not_in: Sequence[UUID],
    after: int,
    upto: int,
    most: int,
    *,
    open_only: bool,
) -> list[Neighbour]:
    """Cases of these grids (`*`: all) that changed in this range and stand in none of the lists `not_in`, in order."""
    where, args = _within(grids)
    if not where:
        return []
    sql = (
        f"{_NEIGHBOUR} "
        f"WHERE district_id = ? AND changed_seq > ? AND changed_seq <= ? AND {where} "
        f"{'AND ended_at IS NULL ' if open_only else ''}"
        "AND NOT EXISTS (SELECT 1 FROM case_scopes WHERE case_scopes.case_id = cases.id "
        f"AND case_scopes.scope_id IN ({marks(len(not_in))}) AND case_scopes.current) "
        "ORDER BY changed_seq LIMIT ?"
    )
    rows: list[Row] = await reader.all(sql, district_id, after, upto, *args, *not_in, most)
    return [msgspec.convert(row, Neighbour) for row in rows]


async def changed(reader: Reader, district_id: UUID, after: int, upto: int) -> list[Neighbour]:
    """Every case of the district that changed in this range, in order."""
    sql = f"{_NEIGHBOUR} WHERE district_id = ? AND changed_seq > ? AND changed_seq <= ? ORDER BY changed_seq"
    return [msgspec.convert(row, Neighbour) for row in await reader.all(sql, district_id, after, upto)]


async def stands_in(reader: Reader, scope_ids: Sequence[UUID], after: int) -> set[UUID]:
    """The cases that stand in these lists and have changed after this number."""
    sql = f"SELECT case_id FROM case_scopes WHERE scope_id IN ({marks(len(scope_ids))}) AND changed_seq > ? AND current"
    return {row["case_id"] for row in await reader.all(sql, *scope_ids, after)}


def answers_for(grids: Collection[str], grid_code: str | None) -> bool:
    """Whether a case with this grid lies in one of `grids`, as `neighbours` reads them."""
    if EVERYWHERE in grids or grid_code in grids:
        return True
    return grid_code is not None and any(len(code) < GRID_CODE_LEAST and grid_code.startswith(code) for code in grids)


def _within(grids: Collection[str]) -> tuple[str, list[str]]:
    if EVERYWHERE in grids:
        return "1 = 1", []
    whole = [code for code in grids if len(code) >= GRID_CODE_LEAST]
    begins = [code for code in grids if len(code) < GRID_CODE_LEAST]
    parts = [f"grid_code IN ({marks(len(whole))})"] if whole else []
    parts += ["grid_code LIKE ?"] * len(begins)
    return f"({' OR '.join(parts)})" if parts else "", [*whole, *(f"{code}%" for code in begins)]
