"""What stands in somebody's list, and what changed there, in journal order; each costs what it finds."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec

from moshao.cases.case import COLUMNS, Case, case_of
from moshao.cases.visibility import LASTING
from moshao.kit.db import Database, Reader, Row, marks

_PART = "SELECT * FROM ({select} LIMIT ?) AS part"
_SCOPE = "SELECT {part} AS part, case_id, changed_seq, current, why FROM case_scopes WHERE scope_id = ?"
_CASE = "SELECT {part} AS part, id AS case_id, changed_seq FROM cases WHERE district_id = ?"
_RANGE = " AND changed_seq > ? AND changed_seq <= ? ORDER BY changed_seq"
# The sums keep a database from walking all changes in order instead of the few cases that ended lately.
_ENDED_RANGE = " AND ended_at > ? AND changed_seq + 0 > ? AND changed_seq + 0 <= ? ORDER BY changed_seq + 0"


class Entry(msgspec.Struct, frozen=True):
    """A case by its last change `seq`. Not `current`: it left the list. `lasting`: it stays there however long ago
    it ended (visibility.py)."""

    seq: int
    case_id: UUID
    current: bool = True
    lasting: bool = True


class Listed(msgspec.Struct, frozen=True):
    """Entries in journal order; complete up to `upto`, which is less than asked for where there were too many."""

    entries: list[Entry]
    upto: int


async def changed_in_scopes(reader: Reader, scope_ids: Sequence[UUID], after: int, upto: int, most: int) -> Listed:
    """What changed or left in these lists (persons, crews, units) after one number up to another."""
    args = [arg for scope_id in scope_ids for arg in (scope_id, after, upto, most)]
    return _listed(await reader.all(_changed_sql(len(scope_ids)), *args), upto, most)


async def live_in_scopes(
    reader: Reader, scope_ids: Sequence[UUID], ended_since: datetime, after: int, upto: int, most: int
) -> Listed:
    """What stands in these lists and is open, or ended after `ended_since`."""
    args = [
        arg for scope_id in scope_ids for arg in (scope_id, after, upto, most, scope_id, ended_since, after, upto, most)
    ]
    return _listed(await reader.all(_live_sql(len(scope_ids)), *args), upto, most)


async def changed_in_district(reader: Reader, district_id: UUID, after: int, upto: int, most: int) -> Listed:
    """The same for who sees the whole district."""
    sql = _PART.format(select=_CASE.format(part=0) + _RANGE)
    return _listed(await reader.all(sql, district_id, after, upto, most), upto, most)


async def live_in_district(
    reader: Reader, district_id: UUID, ended_since: datetime, after: int, upto: int, most: int
) -> Listed:
    """The same for who sees the whole district."""
    args = (district_id, after, upto, most, district_id, ended_since, after, upto, most)
    return _listed(await reader.all(_LIVE_IN_DISTRICT, *args), upto, most)


async def held_by(reader: Reader, case_ids: Sequence[UUID], scope_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these cases stand in one of these lists now."""
    if not case_ids:
        return set()
    sql = (
        f"SELECT DISTINCT case_id FROM case_scopes WHERE case_id IN ({marks(len(case_ids))}) "
        f"AND scope_id IN ({marks(len(scope_ids))}) AND current"
    )
    return {row["case_id"] for row in await reader.all(sql, *case_ids, *scope_ids)}


async def cases_of(reader: Reader, case_ids: Sequence[UUID]) -> dict[UUID, Case]:
    """These cases, by id."""
    if not case_ids:
        return {}
    sql = f"SELECT {COLUMNS} FROM cases WHERE id IN ({marks(len(case_ids))})"
    return {row["id"]: case_of(row) for row in await reader.all(sql, *case_ids)}


async def touched_scopes(reader: Reader | Database, district_id: UUID, after: int, upto: int) -> set[UUID]:
    """The lists in which something changed in this range of the journal."""
    rows = await reader.all(
        "SELECT DISTINCT scope_id FROM case_scopes WHERE (current OR changed_seq > ?) AND case_id IN "
        "(SELECT id FROM cases WHERE district_id = ? AND changed_seq > ? AND changed_seq <= ?)",
        after, district_id, after, upto,
    )  # fmt: skip
    return {row["scope_id"] for row in rows}


def _listed(rows: Iterable[Row], upto: int, most: int) -> Listed:
    """One list out of parts: each part is in order and may have been cut at `most` rows."""
    found: dict[UUID, Entry] = {}
    sizes: dict[int, int] = {}
    for row in rows:
        part, seq = row["part"], row["changed_seq"]
        sizes[part] = sizes.get(part, 0) + 1
        if sizes[part] == most:
            upto = min(upto, seq)
        lasting = row.get("why", "unit") in LASTING
        entry = Entry(seq, row["case_id"], bool(row.get("current", True)), lasting)
        known = found.get(entry.case_id)
        if known is None or (entry.current, entry.seq, lasting) > (known.current, known.seq, known.lasting):
            found[entry.case_id] = entry
    entries = sorted((entry for entry in found.values() if entry.seq <= upto), key=lambda entry: entry.seq)
    return Listed(entries, upto)


@lru_cache
def _changed_sql(scopes: int) -> str:
    return " UNION ALL ".join(_PART.format(select=_SCOPE.format(part=at) + _RANGE) for at in range(scopes))


@lru_cache
def _live_sql(scopes: int) -> str:
    parts = []
    for at in range(scopes):
        scope = _SCOPE.format(part=at) + " AND current"
        ended = _SCOPE.format(part=-1 - at) + " AND current"
        parts += [scope + " AND ended_at IS NULL" + _RANGE, ended + _ENDED_RANGE]
    return " UNION ALL ".join(_PART.format(select=part) for part in parts)


_LIVE_IN_DISTRICT = " UNION ALL ".join(
    _PART.format(select=part)
    for part in (
        _CASE.format(part=0) + " AND ended_at IS NULL" + _RANGE,
        _CASE.format(part=1) + _ENDED_RANGE,
    )
)
