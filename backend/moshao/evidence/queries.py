"""What other rooms may ask about photos."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from moshao.kit.db import Reader, Statement, Tx, marks

_COLUMNS = (
    "id, state, district_id, sha256, usage, source, code, person_id, media_type, taken_at, lon, lat, accuracy_m, "
    "held_at, width, height, dhash, brightness, sharpness, exif"
)


class PhotoState(msgspec.Struct, frozen=True, kw_only=True):
    """How a photo stands; of an unknown one nothing but that it is missing. `sha256` is that of the bytes held, or of
    those announced by who began to send them: an act that names other bytes under this id does not mean this photo.
    `code` says why it was refused. The rest as in tables.py."""

    id: UUID
    state: Literal["held", "missing", "refused"]
    district_id: UUID | None = None
    sha256: str = ""
    usage: str = ""
    source: str | None = None
    code: str | None = None
    person_id: UUID | None = None
    media_type: str | None = None
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    held_at: datetime | None = None
    width: int | None = None
    height: int | None = None
    dhash: str | None = None
    brightness: int | None = None
    sharpness: int | None = None
    exif: str | None = None


async def find_photos(reader: Reader, photo_ids: Sequence[UUID]) -> dict[UUID, PhotoState]:
    """Each of `photo_ids` with its state; what is unknown, on its way, deleted or expired is `missing`.

    Within a transaction the answer stays true until its end: a photo that was missing is not completed meanwhile.
    Else an act could find a photo missing while the photo, completed at that moment, finds no act that names it.
    """
    found = await _rows_of(reader, photo_ids)
    unknown = [photo_id for photo_id in photo_ids if photo_id not in found]
    if unknown and isinstance(reader, Tx) and reader.dialect == "postgres":
        await hold_back(reader, unknown)
        found |= await _rows_of(reader, unknown)
    return {photo_id: found.get(photo_id) or PhotoState(id=photo_id, state="missing") for photo_id in photo_ids}


async def _rows_of(reader: Reader, photo_ids: Sequence[UUID]) -> dict[UUID, PhotoState]:
    """Those of them that have rows; in a transaction nobody else changes these until it ends."""
    if not photo_ids:
        return {}
    sql, args = photos_asked(reader, photo_ids)
    rows = await reader.all(sql, *args)
    for row in rows:
        if row["state"] not in ("held", "refused"):
            row["state"] = "missing"
    return {row["id"]: msgspec.convert(row, PhotoState) for row in rows}


def photos_asked(reader: Reader, photo_ids: Sequence[UUID]) -> Statement:
    """What `find_photos` asks first."""
    held = " ORDER BY id FOR SHARE" if isinstance(reader, Tx) and reader.dialect == "postgres" else ""
    return f"SELECT {_COLUMNS} FROM photos WHERE id IN ({marks(len(photo_ids))}){held}", tuple(photo_ids)


async def hold_back(tx: Tx, photo_ids: Sequence[UUID]) -> None:
    """Nothing is decided on these photos, whether they have rows or not, by others who say the same, until this
    transaction ends. SQLite has one writer anyway."""
    if tx.dialect == "postgres":
        for photo_id in sorted(photo_ids):
            await tx.all("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", str(photo_id))


async def marks_of(reader: Reader, case_id: UUID) -> dict[UUID, tuple[str, ...]]:
    """The quiet marks (words of `marks.py`) on each photo of a case; those without any are absent."""
    rows = await reader.all("SELECT photo_id, marks FROM photo_uses WHERE case_id = ? AND marks <> '[]'", case_id)
    return {row["photo_id"]: tuple(msgspec.json.decode(row["marks"], type=list[str])) for row in rows}


async def marks_in(reader: Reader, case_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], tuple[str, ...]]:
    """The same for many cases, by (case, photo)."""
    if not case_ids:
        return {}
    rows = await reader.all(
        f"SELECT case_id, photo_id, marks FROM photo_uses WHERE case_id IN ({marks(len(case_ids))}) AND marks <> '[]'",
        *case_ids,
    )
    return {(row["case_id"], row["photo_id"]): tuple(msgspec.json.decode(row["marks"], type=list[str])) for row in rows}
