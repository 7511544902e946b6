"""Show a photo to whoever may see it: the original as it came, or a copy without a word of metadata."""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from moshao.evidence import keys
from moshao.evidence.attaching import CaseFacts
from moshao.evidence.copying import SCREEN, THUMB, copy_of, original_missing, stamped_copy_of
from moshao.evidence.room import Evidence, Held
from moshao.evidence.wording import stamp_lines
from moshao.kit import errors
from moshao.people.actor import Actor

Size = Literal["thumb", "screen", "stamped", "original"]

PIECE_OCTETS = 256 * 1024
ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic",
    "audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a",
}  # fmt: skip
_PHOTO = (
    "SELECT id, district_id, person_id, sha256, length, media_type, taken_at, held_at, lon, lat FROM photos "
    "WHERE id = ? AND state = 'held'"
)


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """A held photo. `facts`: of the case through which it is seen."""

    id: UUID
    district_id: UUID
    person_id: UUID | None
    sha256: str
    length: int
    media_type: str
    taken_at: datetime | None
    held_at: datetime
    lon: float | None
    lat: float | None
    facts: CaseFacts = CaseFacts()


class Shown(msgspec.Struct, frozen=True):
    """How a photo of one size is called."""

    etag: str
    media_type: str
    name: str


async def find_visible(evidence: Evidence, actor: Actor, photo_id: UUID) -> Photo:
    """The photo, if it is his own or of a case that he may see now. Raises 404."""
    async with evidence.db.reading() as reader:
        row = await reader.one(_PHOTO, photo_id)
        if row is None or row["district_id"] != actor.district_id:
            raise errors.not_found()
        uses = await reader.all(
            "SELECT case_id, facts FROM photo_uses WHERE photo_id = ? AND (sha256 IS NULL OR sha256 = ?)",
            photo_id, row["sha256"],
        )  # fmt: skip
        seen = [use for use in uses if await evidence.may_see(reader, actor, use["case_id"])]
    if not seen and row["person_id"] != actor.person_id:
        raise errors.not_found()
    facts = msgspec.json.decode(seen[0]["facts"], type=CaseFacts) if seen else CaseFacts(zone=actor.settings.zone)
    return msgspec.convert({**row, "facts": facts}, Photo)


def shown_as(photo: Photo, size: Size) -> Shown:
    """ETag, type and file name of one size. Raises 404 for a picture of a voice note."""
    if size == "original":
        return Shown(f'"{photo.sha256}"', photo.media_type, f"{photo.id}.{ENDINGS[photo.media_type]}")
    if photo.media_type.startswith("audio/"):
        raise errors.not_found("a voice note has no picture")
    what = _what(photo, size)
    media_type = "image/webp" if what == THUMB else "image/jpeg"
    return Shown(f'"{photo.sha256}.{what}"', media_type, f"{photo.id}-{size}.{ENDINGS[media_type]}")


async def picture(evidence: Evidence, photo: Photo, size: Size) -> bytes:
    """The copy of that size."""
    held = Held(photo.sha256, photo.media_type, photo.id)
    what = _what(photo, size)
    if size == "stamped":
        return await stamped_copy_of(evidence, held, what, _lines(photo))
    return await copy_of(evidence, held, what)


async def original(evidence: Evidence, photo: Photo, start: int, stop: int) -> AsyncIterator[bytes]:
    """The octets from `start` to before `stop` of the bytes as they came. Raises 503 where they are missing."""
    key = keys.original(photo.sha256)
    if await evidence.blobs.size(key) is None:
        raise original_missing(photo.id, photo.sha256)
    return _pieces(evidence, key, start, stop)


async def _pieces(evidence: Evidence, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
    while start < stop and (piece := await evidence.blobs.read(key, start, min(PIECE_OCTETS, stop - start))):
        start += len(piece)
        yield piece


def _what(photo: Photo, size: Size) -> str:
    """The name of a copy in the store, which is part of its ETag: whatever changes the picture changes it."""
    if size == "stamped":
        words = hashlib.sha256("\n".join(_lines(photo)).encode()).hexdigest()[:16]
        return f"{words}-{SCREEN}"
    return THUMB if size == "thumb" else SCREEN


def _lines(photo: Photo) -> list[str]:
    point = (photo.lon, photo.lat) if photo.lon is not None and photo.lat is not None else None
    return stamp_lines(photo.facts, photo.taken_at, photo.held_at, point)
