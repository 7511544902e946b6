"""Open the room with the process that serves or works, and close it with it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from moshao.evidence.copying import keep_copying
from moshao.evidence.lending import MaySee, PhotoListener, nobody_listens, nobody_sees
from moshao.evidence.pixel_pool import running_pool
from moshao.evidence.room import Evidence
from moshao.kit.blobs import Blobs
from moshao.kit.db import Database


@contextlib.asynccontextmanager
async def open_evidence(
    db: Database,
    blobs: Blobs,
    *,
    pixel_children: int = 2,
    on_photo: PhotoListener = nobody_listens,
    may_see: MaySee = nobody_sees,
) -> AsyncIterator[Evidence]:
    """The room, with its children running. Photos that are being completed are finished before it closes."""
    async with running_pool(pixel_children) as pixels:
        evidence = Evidence(db, blobs, pixels, on_photo, may_see)
        copying = asyncio.create_task(keep_copying(evidence), name="copying")
        try:
            yield evidence
        finally:
            copying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await copying
            await evidence.once.close()
