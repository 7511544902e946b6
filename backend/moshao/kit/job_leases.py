"""Do jobs and keep their leases meanwhile: short ones, so that what a killed process held is soon taken up again."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from moshao.kit import clock
from moshao.kit.db import Database, Tx, marks
from moshao.kit.jobs import Job

log = logging.getLogger(__name__)

LEASE_SECONDS = 10.0
RENEW_SECONDS = 3.0
T = TypeVar("T")


async def do_held(
    db: Database, taken: Sequence[Job], do: Callable[[Job], Awaitable[T]], *, lease_s: float
) -> list[T | None]:
    """`do` each of `taken` (by one `jobs.take` with this `lease_s`) at the same time, however long it takes.

    None: this process stood still and somebody else has the job now, so what was under way here was cut off.
    """
    if not taken:
        return []
    doing = {job.id: asyncio.ensure_future(do(job)) for job in taken}
    keeping = asyncio.create_task(_keep(db, taken[0].lease, doing, lease_s))
    try:
        results = await asyncio.gather(*doing.values(), return_exceptions=True)
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
    return [_result(result) for result in results]


async def _keep(db: Database, lease: UUID, doing: Mapping[UUID, "asyncio.Future[T]"], lease_s: float) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        running = [job_id for job_id, task in doing.items() if not task.done()]
        try:
            lost = await _renew(db, lease, running, lease_s)
        except Exception as fault:
            log.error("job_leases_not_renewed", exc_info=fault)
            continue
        for job_id in lost:
            doing[job_id].cancel()


async def _renew(db: Database, lease: UUID, running: Collection[UUID], lease_s: float) -> list[UUID]:
    """The jobs that somebody else has by now."""
    if not running:
        return []
    until = clock.now() + timedelta(seconds=lease_s)

    async def work(tx: Tx) -> list[UUID]:
        named = marks(len(running))
        await tx.run(f"UPDATE jobs SET due_at = ? WHERE lease = ? AND id IN ({named})", until, lease, *running)
        rows = await tx.all(f"SELECT id FROM jobs WHERE lease <> ? AND id IN ({named})", lease, *running)
        return [row["id"] for row in rows]

    return await db.write(work)


def _result(result: T | BaseException) -> T | None:
    if isinstance(result, asyncio.CancelledError):
        return None
    if isinstance(result, BaseException):
        raise result
    return result
