"""Receive a photo: a row for it, then its bytes as they come, each kept however the connection ends."""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from litestar.exceptions import InternalServerException

from moshao.evidence.reading_ahead import reading_ahead
from moshao.evidence.refusals import (
    NOT_ACCEPTABLE,
    chunk_damaged,
    longer_than_said,
    taken_over,
    too_many_uploads,
    upload_gone,
    upload_id_taken,
    wrong_offset,
)
from moshao.evidence.room import Evidence
from moshao.evidence.rules import LIVES_DAYS, OPEN_MOST, Creation
from moshao.kit import clock, errors
from moshao.kit.blobs import OtherOffset, TakenOver
from moshao.kit.db import Row, Tx, Unique
from moshao.kit.limits import taken_or_refused
from moshao.people.actor import Actor

RETRY_SECONDS = 30
_COLUMNS = "id, district_id, person_id, sha256, length, usage, metadata, state, code, expires_at"


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A photo on its way, or arrived; the columns of `photos`."""

    id: UUID
    district_id: UUID
    person_id: UUID | None
    sha256: str
    length: int
    usage: str
    metadata: str
    state: str
    code: str | None
    expires_at: datetime | None

    @property
    def name(self) -> str:
        """The name of its draft."""
        return str(self.id)


async def begin(evidence: Evidence, actor: Actor, creation: Creation) -> tuple[Upload, bool]:
    """The upload, and whether it is new; one that was cancelled or expired begins anew. Raises 409 where the id
    stands for other bytes or another's photo, 422 where it was refused."""
    found = await _find(evidence, creation.photo_id)
    if found is None or (_is_over(found) and found.person_id == actor.person_id):
        taken_or_refused(evidence.octets, str(actor.person_id), creation.length)
        if found is not None:
            await evidence.blobs.drop_draft(found.name)
        try:
            await evidence.db.write(lambda tx: _put_on_record(tx, actor, creation, again=found is not None))
        except Unique:
            pass  # the same creation twice at one moment: the other was first
        else:
            return await find_own(evidence, actor, creation.photo_id), True
        found = await _find(evidence, creation.photo_id)
    same = found and (found.person_id, found.sha256, found.length) == (
        actor.person_id, creation.sha256, creation.length,
    )  # fmt: skip
    if found is None or not same:
        raise upload_id_taken()
    return still_open(found), False


async def find_own(evidence: Evidence, actor: Actor, upload_id: UUID) -> Upload:
    """His upload. Raises 404 for none or another's, 410 for one that is over, 422 for one that was refused."""
    upload = await _find(evidence, upload_id)
    if upload is None or upload.person_id != actor.person_id:
        raise errors.not_found()
    return still_open(upload)


def still_open(upload: Upload) -> Upload:
    """The upload, on its way or held. Raises 410, 422."""
    if _is_over(upload):
        raise upload_gone()
    if upload.state == "refused":
        raise NOT_ACCEPTABLE[upload.code or "photo_broken"]()
    return upload


async def find_upload(evidence: Evidence, upload_id: UUID) -> Upload:
    """As it stands now, whosever it is. Raises 404, 410, 422."""
    upload = await _find(evidence, upload_id)
    if upload is None:
        raise errors.not_found()
    return still_open(upload)


async def receive(
    evidence: Evidence,
    upload: Upload,
    at: int,
    pieces: AsyncIterator[bytes],
    *,
    announced: int | None,
    checksum: bytes | None,
) -> int:
    """Append `pieces` from offset `at` on; where the upload ends now. A lost connection just ends the pieces.

    `announced` is their number of octets as the request says, `checksum` their SHA-256. Raises 409, 413, 460, 507.
    """
    room = upload.length - at
    if announced is not None and announced > room >= 0:
        raise longer_than_said()
    if announced == 0 or room == 0:
        return await _nothing_new(evidence, upload, at)
    digest = hashlib.sha256()
    size = at
    try:
        async with (
            reading_ahead(pieces) as ahead,
            evidence.blobs.append(upload.name, at, min(announced or room, room)) as draft,
        ):
            try:
                async for piece in ahead:
                    if checksum:
                        digest.update(piece)
                    await draft.write(piece[: upload.length - size])
                    size += len(piece)
                    if size > upload.length:
                        raise longer_than_said()
            except InternalServerException:
                return size  # the phone is gone: nobody hears the answer, and what came counts
            if size < upload.length:
                await draft.sync()
    except OtherOffset as other:
        raise wrong_offset(headers={"Upload-Offset": str(other.size)}) from other
    except TakenOver as other_writer:
        raise taken_over() from other_writer
    if checksum and digest.digest() != checksum:
        await evidence.blobs.cut_draft(upload.name, at)
        raise chunk_damaged(headers={"Upload-Offset": str(at)})
    return size


async def _nothing_new(evidence: Evidence, upload: Upload, at: int) -> int:
    here = await offset_of(evidence, upload)
    if here != at:
        raise wrong_offset(headers={"Upload-Offset": str(here)})
    return here


async def offset_of(evidence: Evidence, upload: Upload) -> int:
    """How many octets have arrived."""
    return upload.length if upload.state == "held" else await evidence.blobs.draft_size(upload.name)


async def settled_offset(evidence: Evidence, upload: Upload) -> int:
    """The same for who is going to go on: a writer whose connection died, or is being given up, adds no more, so the
    offset is still right when the next part comes."""
    return upload.length if upload.state == "held" else await evidence.blobs.halt_draft(upload.name)


async def _find(evidence: Evidence, upload_id: UUID) -> Upload | None:
    row = await evidence.db.one(f"SELECT {_COLUMNS} FROM photos WHERE id = ?", upload_id)
    return msgspec.convert(row, Upload) if row else None


def _is_over(upload: Upload) -> bool:
    if upload.state in ("ended", "expired"):
        return True
    return upload.state == "receiving" and upload.expires_at is not None and upload.expires_at <= clock.now()


async def _put_on_record(tx: Tx, actor: Actor, creation: Creation, again: bool) -> None:
    now = clock.now()
    waiting = await tx.value(
        "SELECT count(*) FROM photos WHERE person_id = ? AND state = 'receiving' AND expires_at > ?",
        actor.person_id, now,
    )  # fmt: skip
    if waiting >= OPEN_MOST:
        raise too_many_uploads(headers={"Retry-After": str(RETRY_SECONDS)})
    if again:
        await tx.run("DELETE FROM photos WHERE id = ? AND state <> 'held'", creation.photo_id)
    row: Row = {
        "id": creation.photo_id, "district_id": actor.district_id, "person_id": actor.person_id,
        "device_id": actor.device_id, "sha256": creation.sha256, "length": creation.length, "usage": creation.usage,
        "source": creation.source, "metadata": creation.metadata, "taken_at": creation.taken_at, "lon": creation.lon,
        "lat": creation.lat, "accuracy_m": creation.accuracy_m, "state": "receiving", "created_at": now,
        "expires_at": now + timedelta(days=LIVES_DAYS),
    }  # fmt: skip
    await tx.insert("photos", row)
