"""A gateway's makers tell what became of a ring, or that a key was pressed in a call."""

from uuid import UUID

from moshao.alerts.gateway_room import GatewayRoom
from moshao.alerts.gateways.gateway import Callback, Heard, Reply
from moshao.alerts.gateways.kinds import KINDS
from moshao.alerts.receiving import receive
from moshao.kit import errors
from moshao.kit.db import Database, Tx


async def hear(db: Database, room: GatewayRoom, gateway_id: UUID, callback: Callback) -> Reply:
    """What to answer them. Raises `not_found` where there is no such gateway."""
    row = await db.one("SELECT * FROM gateways WHERE id = ? AND active", gateway_id)
    if row is None or row["kind"] not in KINDS:
        raise errors.not_found()
    reply = await room.opened(row).gateway.hear(callback)
    for heard in reply.heard:
        await db.write(lambda tx, heard=heard: _note(tx, gateway_id, heard))  # type: ignore[misc]
    return reply


async def _note(tx: Tx, gateway_id: UUID, heard: Heard) -> None:
    """Only deliveries of this gateway: it can't speak for another."""
    by_own = heard.delivery_id is None
    delivery_id = await tx.value(
        f"SELECT id FROM deliveries WHERE gateway_id = ? AND {'foreign_id' if by_own else 'id'} = ? LIMIT 1",
        gateway_id, heard.foreign_id if by_own else heard.delivery_id,
    )  # fmt: skip
    if delivery_id is None:
        return
    if heard.receipt == "failed":
        await tx.run(
            "UPDATE deliveries SET fate = 'failed', why = ? WHERE id = ? AND fate = 'sent'",
            heard.why[:200],
            delivery_id,
        )
        return
    await receive(tx, delivery_id, heard.receipt)
