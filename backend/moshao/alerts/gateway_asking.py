"""Some makers tell only who asks which message was read: 钉钉. They are asked while an alert of it still climbs."""

from datetime import timedelta

from moshao.alerts.gateway_room import GatewayRoom
from moshao.alerts.receiving import receive
from moshao.kit import clock
from moshao.kit.db import Database

ASKED_FOR = timedelta(minutes=30)
# In one round, the latest first.
ROUND = 50
TELL = "('dingtalk')"
_UNREAD = f"""
SELECT d.id AS delivery_id, d.foreign_id, a.address, g.* FROM deliveries d
JOIN gateways g ON g.id = d.gateway_id AND g.active
JOIN gateway_addresses a ON a.gateway_id = g.id AND a.person_id = d.person_id AND a.invalid_at IS NULL
WHERE d.made_at > ? AND d.channel IN {TELL} AND d.fate = 'sent' AND d.foreign_id IS NOT NULL AND EXISTS
(SELECT 1 FROM rings r JOIN alerts x ON x.id = r.alert_id
 WHERE r.notice_id = d.notice_id AND x.state IN ('climbing', 'unreached'))
ORDER BY d.made_at DESC LIMIT ?"""


async def ask_who_has_read(db: Database, room: GatewayRoom) -> int:
    """Note what was read since; how many."""
    read = 0
    for row in await db.all(_UNREAD, clock.now() - ASKED_FOR, ROUND):
        if await room.has_read(row, row["foreign_id"], row["address"]):
            delivery_id = row["delivery_id"]
            await db.write(lambda tx, delivery_id=delivery_id: receive(tx, delivery_id, "opened"))  # type: ignore[misc]
            read += 1
    return read
