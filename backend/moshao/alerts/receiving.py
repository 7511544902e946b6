"""A phone says that it has shown a notification, or that somebody opened it: then its alert need climb no further."""

from typing import Literal
from uuid import UUID

from moshao.alerts.stopping import stop_heard
from moshao.kit import clock
from moshao.kit.db import Tx

Receipt = Literal["shown", "opened"]
_MARK = {
    "shown": "UPDATE deliveries SET fate = CASE WHEN fate = 'opened' THEN 'opened' ELSE 'shown' END, why = NULL, "
    "due_at = NULL, lease = NULL, shown_at = coalesce(shown_at, ?) WHERE id = ? RETURNING notice_id",
    "opened": "UPDATE deliveries SET fate = 'opened', why = NULL, due_at = NULL, lease = NULL, "
    "opened_at = coalesce(opened_at, ?) WHERE id = ? RETURNING notice_id",
}


async def receive(tx: Tx, delivery_id: UUID, receipt: Receipt) -> bool:
    """Note it, once or often; False where there is no such delivery (any more)."""
    rows = await tx.all(_MARK[receipt], clock.now(), delivery_id)
    if rows:
        await stop_heard(tx, rows[0]["notice_id"])
    return bool(rows)
