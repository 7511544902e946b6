"""How far the journals have come."""

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
