"""Under what each client began to follow the journal, for clients that do not say so themselves."""

from datetime import timedelta
from uuid import UUID

from moshao.kit import clock, ids
from moshao.kit.db import Database, Tx
from moshao.people.actor import Actor
from moshao.sync.rules import Began

# A client that comes back later than this starts again.
KEPT = timedelta(days=180)

_REMEMBER = """
INSERT INTO sync_cursors (id, client_id, person_id, epoch, roster, until, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (client_id, person_id) DO UPDATE SET
    epoch = excluded.epoch, roster = excluded.roster, until = excluded.until, made_at = excluded.made_at
"""


async def began(db: Database, actor: Actor) -> Began | None:
    """Under what this client began, if it ever did."""
    row = await db.one(
        "SELECT epoch, roster, until FROM sync_cursors WHERE client_id = ? AND person_id = ?",
        client_of(actor), actor.person_id,
    )  # fmt: skip
    return Began(epoch=row["epoch"], roster=row["roster"], until=row["until"]) if row else None


async def remember(db: Database, actor: Actor, now: Began) -> None:
    """This client begins (again)."""
    await db.write(
        lambda tx: tx.run(
            _REMEMBER, ids.new_id(), client_of(actor), actor.person_id, now.epoch, now.roster, now.until, clock.now()
        )
    )


def client_of(actor: Actor) -> UUID:
    """A bound phone keeps its cursor from session to session; a browser has one for each."""
    return actor.device_id or actor.session_id


async def forget_old(tx: Tx) -> int:
    """Clients that have not begun anew for long; how many were forgotten."""
    return await tx.run("DELETE FROM sync_cursors WHERE made_at < ?", clock.now() - KEPT)
