"""Marks that cry wolf fall silent: they are still worked out and kept, but nobody is troubled by them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from moshao.kit import ids
from moshao.kit.db import Reader, Tx

_QUIETEN = """
INSERT INTO quiet_marks (id, district_id, mark, since) VALUES (?, ?, ?, ?)
ON CONFLICT (district_id, mark) DO UPDATE SET since = excluded.since WHERE quiet_marks.since IS NULL
"""
_WAKE = "UPDATE quiet_marks SET since = NULL, woken_at = ? WHERE district_id = ? AND mark = ? AND since IS NOT NULL"


class Heard(msgspec.Struct, frozen=True):
    """The marks on a photo: those that are shown, those that are not."""

    loud: list[str]
    quiet: list[str]


async def heard_of(reader: Reader, district_id: UUID | None, marked: Mapping[UUID, Sequence[str]]) -> dict[UUID, Heard]:
    """The marks of each photo, parted. Photos that carry none cost nothing."""
    quiet = await quiet_marks(reader, district_id) if district_id and any(marked.values()) else {}
    return {
        photo_id: Heard([word for word in words if word not in quiet], [word for word in words if word in quiet])
        for photo_id, words in marked.items()
    }


async def quiet_marks(reader: Reader, district_id: UUID) -> dict[str, datetime]:
    """The quiet marks of a district, since when."""
    rows = await reader.all(
        "SELECT mark, since FROM quiet_marks WHERE district_id = ? AND since IS NOT NULL", district_id
    )
    return {row["mark"]: row["since"] for row in rows}


async def woken_marks(reader: Reader, district_id: UUID) -> dict[str, datetime]:
    """The marks that were quiet once and are heard again, since when."""
    rows = await reader.all(
        "SELECT mark, woken_at FROM quiet_marks WHERE district_id = ? AND since IS NULL", district_id
    )
    return {row["mark"]: row["woken_at"] for row in rows}


async def quieten(tx: Tx, district_id: UUID, mark: str, now: datetime) -> bool:
    """From now on nobody hears of this mark; whether somebody did until now."""
    return bool(await tx.run(_QUIETEN, ids.new_id(), district_id, mark, now))


async def wake(tx: Tx, district_id: UUID, mark: str, now: datetime) -> bool:
    """From now on it is heard again; whether it was quiet."""
    return bool(await tx.run(_WAKE, now, district_id, mark))
