"""A photo has arrived whole: check its hash, look at it safely, keep its bytes, then its row, then say so."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

import msgspec

from moshao.evidence import keys
from moshao.evidence.attaching import mark
from moshao.evidence.kinds import HEAD_OCTETS, MEDIA_TYPES, has_too_many_pixels, is_quick, kind_of
from moshao.evidence.marks import bands_of
from moshao.evidence.pixel_messages import Bad, Check, Heard, Kind, Listen, Seen
from moshao.evidence.pixel_pool import Rank
from moshao.evidence.queries import hold_back
from moshao.evidence.receiving import Upload, find_upload
from moshao.evidence.refusals import NOT_ACCEPTABLE, photo_damaged, upload_gone, wrong_offset
from moshao.evidence.room import Evidence, Held
from moshao.evidence.rules import VOICE_SECONDS_MOST
from moshao.kit import clock, errors
from moshao.kit.db import Tx


async def complete(evidence: Evidence, upload: Upload) -> None:
    """Decide on an upload that ends where it should; once it returns the photo is held for good.

    Raises 460 (it starts again from 0), 422 (never acceptable), 410, 503, 507.
    """
    if upload.state != "held":
        await evidence.once.run(("complete", upload.id), lambda: _complete(evidence, upload))


async def _complete(evidence: Evidence, upload: Upload) -> None:
    try:
        async with evidence.blobs.local_draft(upload.name) as path:
            digest, head = await asyncio.to_thread(_digest_and_head, path)
            if digest != upload.sha256:
                await evidence.blobs.cut_draft(upload.name, 0)
                raise photo_damaged(headers={"Upload-Offset": "0"})
            found = await _look(evidence, upload, path, head)
    except KeyError:
        # Somebody else completed or deleted it meanwhile.
        if (await find_upload(evidence, upload.id)).state == "held":
            return
        raise wrong_offset(headers={"Upload-Offset": "0"}) from None
    if isinstance(found, Bad):
        await _refuse(evidence, upload, found.code)
        raise NOT_ACCEPTABLE[found.code]()
    await _keep(evidence, upload, found, kind_of(head))


async def _look(evidence: Evidence, upload: Upload, path: Path, head: bytes) -> Seen | Heard | Bad:
    kind = kind_of(head)
    is_voice = upload.usage == "voice"
    if kind is None or is_voice != (kind == "voice"):
        return Bad("not_a_voice_note" if is_voice else "not_a_photo")
    if has_too_many_pixels(kind, head):
        return Bad("photo_too_many_pixels")
    order = Listen(str(path)) if is_voice else Check(str(path), kind)
    result = await evidence.pixels.ask(order, quick=is_quick(kind, head), rank=Rank.ARRIVING)
    if isinstance(result, Heard) and result.seconds and result.seconds > VOICE_SECONDS_MOST:
        return Bad("voice_too_long")
    if not isinstance(result, Seen | Heard | Bad):
        raise errors.internal_error()
    return result


async def _refuse(evidence: Evidence, upload: Upload, code: str) -> None:
    now = clock.now()
    await evidence.blobs.keep_draft(upload.name, keys.quarantined(upload.id))
    why = {"photo_id": upload.id, "person_id": upload.person_id, "sha256": upload.sha256, "code": code, "at": now}
    await evidence.blobs.put(keys.reason(upload.id), msgspec.json.encode(why))

    async def work(tx: Tx) -> None:
        changes = {"state": "refused", "code": code, "ended_at": now}
        if await _settle(tx, upload, changes):
            await evidence.on_photo(tx, upload.id, upload.sha256, "refused", code)

    await evidence.db.write(work)
    await evidence.blobs.drop_draft(upload.name)


async def _keep(evidence: Evidence, upload: Upload, found: Seen | Heard, kind: Kind | None) -> None:
    key = keys.original(upload.sha256)
    await evidence.blobs.keep_draft(upload.name, key)
    changes: dict[str, Any] = {"state": "held", "held_at": clock.now(), "expires_at": None}
    changes |= _heard(found) if isinstance(found, Heard) else _seen(found, kind)

    async def work(tx: Tx) -> bool:
        if not await _settle(tx, upload, changes):
            return False
        await mark(tx, upload.id)
        await evidence.on_photo(tx, upload.id, upload.sha256, "held", None)
        return True

    settled = await evidence.db.write(work)
    if settled and await evidence.blobs.size(key) is None:
        # The last photo with the same bytes was deleted between the file and the row.
        await evidence.blobs.keep_draft(upload.name, key)
    await evidence.blobs.drop_draft(upload.name)
    if not settled and (await find_upload(evidence, upload.id)).state != "held":
        raise upload_gone()
    if isinstance(found, Seen) and not evidence.copies_wanted.full():
        evidence.copies_wanted.put_nowait(Held(upload.sha256, changes["media_type"], upload.id))


async def _settle(tx: Tx, upload: Upload, changes: dict[str, Any]) -> bool:
    """Change the row of an upload on its way; False where somebody decided on it first."""
    await hold_back(tx, [upload.id])
    sets = ", ".join(f"{name} = ?" for name in changes)
    touched = await tx.run(
        f"UPDATE photos SET {sets} WHERE id = ? AND sha256 = ? AND state = 'receiving'",
        *changes.values(), upload.id, upload.sha256,
    )  # fmt: skip
    return bool(touched)


def _seen(seen: Seen, kind: Kind | None) -> dict[str, Any]:
    bands = dict(zip(("band0", "band1", "band2", "band3"), bands_of(seen.dhash), strict=False))
    return {
        "media_type": MEDIA_TYPES[kind or "jpeg"],
        "width": seen.width,
        "height": seen.height,
        "dhash": seen.dhash,
        "brightness": seen.brightness,
        "sharpness": seen.sharpness,
        "exif": msgspec.json.encode(seen.exif).decode() if seen.exif else None,
        **bands,
    }


def _heard(heard: Heard) -> dict[str, Any]:
    return {"media_type": heard.media_type}


def _digest_and_head(path: Path) -> tuple[str, bytes]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        return digest, file.read(HEAD_OCTETS)
