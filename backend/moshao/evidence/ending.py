"""Delete a photo or cancel its upload, as long as no act names it."""

from moshao.evidence import keys
from moshao.evidence.receiving import Upload
from moshao.evidence.refusals import photo_in_use
from moshao.evidence.room import Evidence
from moshao.kit import clock
from moshao.kit.db import Tx


async def end(evidence: Evidence, upload: Upload) -> None:
    """The row says so first, then the bytes go. Raises 403 where an act names the photo."""

    async def work(tx: Tx) -> None:
        await tx.all("SELECT id FROM photos WHERE id = ?" + tx.for_update(), upload.id)
        if await tx.one("SELECT id FROM photo_uses WHERE photo_id = ?", upload.id):
            raise photo_in_use()
        await tx.run(
            "UPDATE photos SET state = 'ended', ended_at = ?, exif = NULL, metadata = '', lon = NULL, lat = NULL "
            "WHERE id = ? AND state IN ('receiving', 'held')",
            clock.now(), upload.id,
        )  # fmt: skip

    await evidence.db.write(work)
    await evidence.blobs.drop_draft(upload.name)
    await discard(evidence, upload.sha256)
    await evidence.db.write(
        lambda tx: tx.run("UPDATE photos SET swept_at = ? WHERE id = ? AND state = 'ended'", clock.now(), upload.id)
    )


async def discard(evidence: Evidence, sha256: str) -> None:
    """Take bytes out of the store, with their copies, unless another photo holds the same."""

    async def wanted() -> bool:
        return await evidence.db.one("SELECT id FROM photos WHERE sha256 = ? AND state = 'held'", sha256) is not None

    if await wanted():
        return
    if await evidence.blobs.remove(keys.original(sha256), wanted):
        async for key in evidence.blobs.keys(keys.copies(sha256)):
            await evidence.blobs.remove(key, wanted)
