"""Receipts serve the ladder and nothing else: after 30 days all is forgotten. Browsers go with their sign-in."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from moshao.alerts.keys import forget_unused
from moshao.kit import clock
from moshao.kit.db import Database, Tx
from moshao.people.sessions import ringable_among

KEPT = timedelta(days=30)
AT_ONCE = 1000


async def forget_old(db: Database) -> None:
    """What rang a month ago, whether it was heard or not."""
    until = clock.now() - KEPT

    async def work(tx: Tx) -> None:
        for table, column in (
            ("deliveries", "made_at"), ("rings", "at"), ("notices", "made_at"), ("alerts", "made_at"),
            ("alert_calls", "at"), ("broadcasts", "made_at"),
        ):  # fmt: skip
            await tx.run(f"DELETE FROM {table} WHERE {column} < ?", until)
        await forget_unused(tx)

    await db.write(work)


async def forget_signed_out(db: Database) -> None:
    """Browsers whose session or phone has ended."""
    last = UUID(int=0)
    while rows := await db.all(
        "SELECT id, session_id FROM push_subscriptions WHERE id > ? ORDER BY id LIMIT ?", last, AT_ONCE
    ):
        last = rows[-1]["id"]
        alive = await ringable_among(db, {row["session_id"] for row in rows})
        gone = [(row["id"],) for row in rows if row["session_id"] not in alive]
        await _drop(db, gone)


async def _drop(db: Database, gone: Sequence[tuple[UUID]]) -> None:
    if gone:
        await db.write(lambda tx: tx.many("DELETE FROM push_subscriptions WHERE id = ?", gone))
