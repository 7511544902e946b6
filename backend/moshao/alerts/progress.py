"""How far a broadcast has come: numbers, never who opened what when."""

from collections import Counter
from datetime import datetime
from uuid import UUID

import msgspec

from moshao.kit import errors
from moshao.kit.db import Reader, Row
from moshao.people.actor import Actor
from moshao.people.keeping import DISTRICT_WIDE

LIST_MOST = 50
_STANDS = """
SELECT stands, count(*) AS people FROM (
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM deliveries d WHERE d.notice_id = r.notice_id AND d.fate IN ('shown', 'opened'))
            THEN 'heard'
        WHEN EXISTS (SELECT 1 FROM deliveries d WHERE d.notice_id = r.notice_id AND d.fate = 'sent') THEN 'sent'
        WHEN EXISTS (SELECT 1 FROM deliveries d WHERE d.notice_id = r.notice_id AND d.due_at IS NOT NULL)
            THEN 'waiting'
        ELSE 'failed' END AS stands
    FROM rings r JOIN alerts a ON a.id = r.alert_id WHERE a.broadcast_id = ? AND r.step = 'first'
) AS each_ring GROUP BY stands
"""


class BroadcastView(msgspec.Struct, kw_only=True):
    """`people`: rung so far, of them `heard`, `sent` without a receipt, `waiting` to be sent, `failed`: no way led to
    them. `resting`: off duty and not rung. `going`: more are to be rung. `unreached`: on the call list."""

    id: UUID
    words: str
    unit_id: UUID | None
    role: str | None
    emergency: bool
    made_at: datetime
    going: bool
    people: int
    resting: int
    heard: int = 0
    sent: int = 0
    waiting: int = 0
    failed: int = 0
    unreached: int = 0


class BroadcastList(msgspec.Struct):
    broadcasts: list[BroadcastView]


async def progress_of(reader: Reader, actor: Actor, broadcast_id: UUID) -> BroadcastView:
    """Of one's own, of the desk's any. Raises `not_found`."""
    row = await reader.one("SELECT * FROM broadcasts WHERE id = ? AND district_id = ?", broadcast_id, actor.district_id)
    if row is None or not _is_his(actor, row):
        raise errors.not_found()
    stands = Counter({each["stands"]: each["people"] for each in await reader.all(_STANDS, broadcast_id)})
    unreached = await reader.value(
        "SELECT count(*) FROM alerts WHERE broadcast_id = ? AND state = 'unreached'", broadcast_id
    )
    return _view(row, unreached=unreached, **stands)


async def list_broadcasts(reader: Reader, actor: Actor) -> BroadcastList:
    """The latest first, without how they stand."""
    rows = await reader.all(
        "SELECT * FROM broadcasts WHERE district_id = ? ORDER BY made_at DESC LIMIT ?", actor.district_id, LIST_MOST
    )
    return BroadcastList([_view(row) for row in rows if _is_his(actor, row)])


def _is_his(actor: Actor, row: Row) -> bool:
    return actor.role in DISTRICT_WIDE or row["by_id"] == actor.person_id


def _view(row: Row, **stands: int) -> BroadcastView:
    return BroadcastView(
        id=row["id"], words=row["words"], unit_id=row["unit_id"], role=row["role"], emergency=row["emergency"],
        made_at=row["made_at"], going=not row["done"], people=row["people"], resting=row["resting"], **stands,
    )  # fmt: skip
