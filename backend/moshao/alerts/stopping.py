"""An alert climbs no further: somebody heard it, did what it asked for, was called, or it no longer matters."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from moshao.kit import clock
from moshao.kit.db import Tx

Ending = Literal["heard", "acted", "called", "over"]
_END = "UPDATE alerts SET state = ?, ended_at = ?, next_step = NULL, next_at = NULL WHERE "


async def stop_heard(tx: Tx, notice_id: UUID) -> None:
    """All alerts that this notification told of."""
    await tx.run(
        _END + "state IN ('climbing', 'unreached') AND id IN (SELECT alert_id FROM rings WHERE notice_id = ?)",
        "heard", clock.now(), notice_id,
    )  # fmt: skip


async def stop(tx: Tx, alert_id: UUID, ending: Ending) -> bool:
    """Whether it was still going."""
    open_states = "('climbing', 'unreached', 'held')"
    return bool(await tx.run(_END + f"id = ? AND state IN {open_states}", ending, clock.now(), alert_id))


async def stop_all(tx: Tx, alert_ids: Sequence[UUID], ending: Ending) -> None:
    """The same for many."""
    for alert_id in alert_ids:
        await stop(tx, alert_id, ending)
