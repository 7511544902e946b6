"""Clear away what nobody needs any more. The worker does it now and then; doing it twice does no harm."""

from datetime import timedelta

from moshao.evidence import keys
from moshao.evidence.ending import discard
from moshao.evidence.room import Evidence
from moshao.evidence.rules import QUARANTINE_DAYS
from moshao.kit import clock
from moshao.kit.db import Row, Tx
from moshao.kit.ids import parse_id

AT_ONCE = 200
# Between row and answer a draft is still needed; nothing takes longer than this.
COMPLETING = timedelta(hours=1)


async def sweep(evidence: Evidence) -> int:
    """Expire uploads nobody finished, take the bytes of deleted photos and old quarantine out of the store.

    How many photos were cleared away; 0: there is no more to do now.
    """
    return await _expire(evidence) + await _clear(evidence) + await _drop_orphans(evidence)


async def _expire(evidence: Evidence) -> int:
    rows = await evidence.db.all(
        "SELECT id FROM photos WHERE state = 'receiving' AND expires_at <= ? LIMIT ?", clock.now(), AT_ONCE
    )
    for row in rows:
        await evidence.db.write(lambda tx, row=row: _mark_expired(tx, row))  # type: ignore[misc]
        await evidence.blobs.drop_draft(str(row["id"]))
    return len(rows)


async def _mark_expired(tx: Tx, row: Row) -> None:
    now = clock.now()
    await tx.run(
        "UPDATE photos SET state = 'expired', ended_at = ?, swept_at = ? "
        "WHERE id = ? AND state = 'receiving' AND expires_at <= ?",
        now, now, row["id"], now,
    )  # fmt: skip


async def _clear(evidence: Evidence) -> int:
    rows = await evidence.db.all(
        "SELECT id, sha256, state FROM photos WHERE ended_at IS NOT NULL AND swept_at IS NULL "
        "AND (state = 'ended' OR ended_at <= ?) LIMIT ?",
        clock.now() - timedelta(days=QUARANTINE_DAYS), AT_ONCE,
    )  # fmt: skip
    for row in rows:
        if row["state"] == "refused":
            for key in (keys.quarantined(row["id"]), keys.reason(row["id"])):
                await evidence.blobs.remove(key, _unwanted)
        else:
            await discard(evidence, row["sha256"])
        await evidence.db.write(
            lambda tx, row=row: tx.run("UPDATE photos SET swept_at = ? WHERE id = ?", clock.now(), row["id"])  # type: ignore[misc]
        )
    return len(rows)


async def _drop_orphans(evidence: Evidence) -> int:
    """Drafts whose photo was decided on, or is unknown: a process died before it could drop them."""
    dropped = 0
    async for name in evidence.blobs.drafts():
        row = await evidence.db.one("SELECT state, held_at, ended_at FROM photos WHERE id = ?", parse_id(name))
        decided = row and (row["held_at"] or row["ended_at"])
        if row is None or (decided and decided < clock.now() - COMPLETING):
            await evidence.blobs.drop_draft(name)
            dropped += 1
    return dropped


async def _unwanted() -> bool:
    return False
