"""Photos that come by another way than a phone's upload: sent or linked by an upstream, taken from an archive."""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

from moshao.evidence.completing import complete
from moshao.evidence.receiving import find_upload, offset_of, receive
from moshao.evidence.refusals import photo_damaged, upload_too_large
from moshao.evidence.room import Evidence
from moshao.evidence.rules import LIVES_DAYS, PHOTO_MOST
from moshao.kit import clock
from moshao.kit.db import Row, Tx


async def take_in(
    evidence: Evidence,
    *,
    photo_id: UUID,
    district_id: UUID,
    usage: str,
    content: bytes,
    sha256: str | None = None,
    taken_at: datetime | None = None,
) -> str:
    """Hold `content` as the photo `photo_id`, checked and looked at like any other; its SHA-256.

    Again with the same id and bytes: the same. Raises 460 where `sha256` is that of other bytes, 413, 422, 507.
    """
    digest = hashlib.sha256(content).hexdigest()
    if sha256 not in (None, digest):
        raise photo_damaged()
    if len(content) > PHOTO_MOST:
        raise upload_too_large()
    now = clock.now()
    row: Row = {
        "id": photo_id, "district_id": district_id, "sha256": digest, "length": len(content), "usage": usage,
        "taken_at": taken_at, "state": "receiving", "created_at": now, "expires_at": now + timedelta(days=LIVES_DAYS),
    }  # fmt: skip

    async def work(tx: Tx) -> None:
        if await tx.one("SELECT id FROM photos WHERE id = ?", photo_id) is None:
            await tx.insert("photos", row)

    await evidence.db.write(work)
    upload = await find_upload(evidence, photo_id)
    if upload.sha256 != digest:
        raise photo_damaged()
    at = await offset_of(evidence, upload)
    if at < upload.length:
        await receive(evidence, upload, at, _whole(content[at:]), announced=None, checksum=None)
    await complete(evidence, upload)
    return digest


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
