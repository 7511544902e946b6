"""How far the journals have come."""

from datetime import datetime
from uuid import UUID

import msgspec

from moshao.kit.db import Database, Reader

_HEAD = "SELECT seq, epoch FROM journal_heads WHERE district_id = ?"
_HEADS = "SELECT district_id, seq FROM journal_heads"


class Head(msgspec.Struct, frozen=True):
    """The last line's number; `epoch` changes when the server was restored from a backup."""

    seq: int
    epoch: str


async def head_of(reader: Reader | Database, district_id: UUID) -> Head:
    """Where the district's journal stands."""
    row = await reader.one(_HEAD, district_id)
    if row is None:
        raise LookupError(f"district {district_id} has no journal")
    return Head(row["seq"], row["epoch"])


async def all_heads(reader: Reader | Database) -> dict[UUID, int]:
    """The last number of every district."""
    return {row["district_id"]: row["seq"] for row in await reader.all(_HEADS)}


async def seq_before(reader: Reader, district_id: UUID, instant: datetime) -> int:
    """The last line written before `instant`, found by halving: lines have numbers, and times only in that order."""
    low, high = 0, (await head_of(reader, district_id)).seq
    while low < high:
        middle = (low + high + 1) // 2
        at = await reader.value(
            "SELECT at FROM journal_lines WHERE district_id = ? AND seq >= ? ORDER BY seq LIMIT 1", district_id, middle
        )
        if at < instant:
            low = middle
        else:
            high = middle - 1
    return low
