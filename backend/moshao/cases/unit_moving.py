"""A unit has moved in the tree: its open cases, and those of the units below, follow into the lists of units above."""

from collections.abc import Collection
from uuid import UUID

from moshao.cases.scopes import show_to_units
from moshao.kit import jobs
from moshao.kit.db import Database, Tx, marks
from moshao.kit.job_leases import LEASE_SECONDS, do_held
from moshao.kit.jobs import Job
from moshao.people.keeping import start_again
from moshao.people.keeping_units import MOVED_UNITS
from moshao.people.queries import units_below

AT_ONCE = 200
FIRST = UUID(int=0)


async def follow_moved_units(db: Database) -> int:
    """How many units have moved since the last time. For the worker."""

    async def one(job: Job) -> None:
        last: UUID | None = FIRST
        while last is not None:
            last = await _follow(db, UUID(job.key), last)
        await db.write(lambda tx: jobs.finish(tx, job))

    taken = await jobs.take(db, MOVED_UNITS, lease_s=LEASE_SECONDS)
    await do_held(db, taken, one, lease_s=LEASE_SECONDS)
    return len(taken)


async def _follow(db: Database, unit_id: UUID, after: UUID) -> UUID | None:
    """Some of the cases, in the order of their ids; the last of them, None at the end."""

    async def work(tx: Tx) -> UUID | None:
        units = await units_below(tx, unit_id)
        rows = await tx.all(
            f"SELECT id, unit_id, changed_seq FROM cases WHERE unit_id IN ({marks(len(units))}) "
            f"AND ended_at IS NULL AND id > ? ORDER BY id LIMIT ?{tx.for_update()}",
            *units, after, AT_ONCE,
        )  # fmt: skip
        touched: set[UUID] = set()
        for row in rows:
            touched |= await show_to_units(tx, row["id"], row["unit_id"], row["changed_seq"])
        await _start_again(tx, touched)
        return rows[-1]["id"] if len(rows) == AT_ONCE else None

    return await db.write(work)


async def _start_again(tx: Tx, units: Collection[UUID]) -> None:
    """Whoever is in these units has other cases in his list now."""
    if units:
        people = await tx.all(f"SELECT id FROM people WHERE unit_id IN ({marks(len(units))})", *units)
        await start_again(tx, [row["id"] for row in people])
