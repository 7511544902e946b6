"""The cases whose moment has come: each ticks in a transaction of its own, so that one that fails stops no other."""

import asyncio
import logging
from datetime import datetime, timedelta
from uuid import UUID

from moshao.cases.case import lock_case
from moshao.cases.ticking import tick
from moshao.kit.db import Database, Tx

log = logging.getLogger(__name__)

AT_ONCE = 100
# What could not tick is tried again after this, and keeps no other case waiting meanwhile.
LATER = timedelta(minutes=5)


async def tick_due(db: Database, now: datetime) -> set[UUID]:
    """Tick up to `AT_ONCE` cases that are due; the districts whose journals grew. Several workers may do it at once."""
    rows = await db.all("SELECT id FROM cases WHERE next_at <= ? ORDER BY next_at LIMIT ?", now, AT_ONCE)
    districts = await asyncio.gather(*(_tick_one(db, row["id"], now) for row in rows))
    return {district_id for district_id in districts if district_id is not None}


async def _tick_one(db: Database, case_id: UUID, now: datetime) -> UUID | None:
    async def work(tx: Tx) -> UUID | None:
        case = await lock_case(tx, case_id)
        if case is None or case.next_at is None or case.next_at > now:
            return None  # another worker was first, or somebody's act
        await tick(tx, case, now)
        return case.district_id

    try:
        return await db.write(work)
    except Exception as fault:
        log.error("tick_failed", exc_info=fault, extra={"case_id": str(case_id)})
        await db.write(lambda tx: tx.run("UPDATE cases SET next_at = ? WHERE id = ?", now + LATER, case_id))
        return None
