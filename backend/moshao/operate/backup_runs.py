"""On record: which backups, restores and drills were tried, and how they went."""

from datetime import datetime

from prometheus_client import Gauge

from moshao.kit import clock, ids
from moshao.kit.db import Database, Reader
from moshao.kit.metrics import REGISTRY, looks_at_scrape

LAST = Gauge("moshao_backup_timestamp_seconds", "When the last good backup was begun.", registry=REGISTRY)


async def record(db: Database, kind: str, snapshot: str | None, began_at: datetime, *, ok: bool, words: str) -> None:
    """`kind`: backup, restore, drill."""
    row = {
        "id": ids.new_id(), "kind": kind, "snapshot": snapshot, "began_at": began_at, "ended_at": clock.now(),
        "ok": ok, "words": words,
    }  # fmt: skip
    await db.write(lambda tx: tx.insert("backup_runs", row))


async def last(reader: Reader | Database, kind: str, *, ok_only: bool = True) -> datetime | None:
    """When the last one was begun."""
    ok = (True,) if ok_only else (True, False)
    rows = await reader.all(
        f"SELECT began_at FROM backup_runs WHERE kind = ? AND ok IN ({', '.join('?' * len(ok))}) "
        "ORDER BY began_at DESC LIMIT 1",
        kind,
        *ok,
    )
    return rows[0]["began_at"] if rows else None


@looks_at_scrape
async def look_at_backups(database: Database) -> None:
    """The age of the last good one is what an alarm watches."""
    if at := await last(database, "backup"):
        LAST.set(at.timestamp())
