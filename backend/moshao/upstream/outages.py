"""When a platform could not be reached: windows on record, for whoever asks later why it heard so late."""

from datetime import datetime
from uuid import UUID

import msgspec

from moshao.kit import clock, ids
from moshao.kit.db import Database, Reader

ERROR_MOST = 500
OUTAGES_MOST = 200
# What stands before a platform answers for it when it is gone.
GATEWAY_FAULTS = frozenset({502, 503, 504})


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    """`until_at` None: it goes on. `tries`: rounds in which nobody answered."""

    upstream: str
    from_at: datetime
    until_at: datetime | None
    tries: int
    error: str


async def nobody_answered(db: Database, upstream_id: UUID, error: str) -> None:
    """A window begins, or goes on."""
    now = clock.now()
    await db.write(
        lambda tx: tx.run(
            "INSERT INTO upstream_outages (id, upstream_id, from_at, until_at, tries, error) "
            "VALUES (?, ?, ?, NULL, 1, ?) "
            "ON CONFLICT (upstream_id) WHERE until_at IS NULL DO UPDATE SET "
            "tries = upstream_outages.tries + 1, error = excluded.error",
            ids.new_id(), upstream_id, now, error[:ERROR_MOST],
        )
    )  # fmt: skip


async def somebody_answered(db: Database, upstream_id: UUID) -> None:
    """The window that was open, if any, ends."""
    if await db.one("SELECT id FROM upstream_outages WHERE upstream_id = ? AND until_at IS NULL", upstream_id):
        now = clock.now()
        await db.write(
            lambda tx: tx.run(
                "UPDATE upstream_outages SET until_at = ? WHERE upstream_id = ? AND until_at IS NULL", now, upstream_id
            )
        )


async def outages_of(reader: Reader | Database, district_id: UUID) -> list[Outage]:
    """The latest first."""
    rows = await reader.all(
        "SELECT u.name AS upstream, o.from_at, o.until_at, o.tries, o.error "
        "FROM upstream_outages o JOIN upstreams u ON u.id = o.upstream_id "
        "WHERE u.district_id = ? ORDER BY o.from_at DESC LIMIT ?",
        district_id, OUTAGES_MOST,
    )  # fmt: skip
    return [msgspec.convert(row, Outage) for row in rows]
