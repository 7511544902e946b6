"""Work to be done later, asked for inside the transaction that needs it: done at least once, never lost.

Taking a job is leasing it: whoever dies with it lets the lease run out, and the job comes up again. Finishing
and putting off hold only for who still has the lease.
"""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from moshao.kit import clock, ids
from moshao.kit.db import Database, Reader, Row, Tx

ERROR_MOST = 500
_ASK = """
INSERT INTO jobs (id, queue, key, payload, asked, tries, due_at, lease, dead, error, made_at)
VALUES (?, ?, ?, ?, 1, 0, ?, NULL, ?, NULL, ?)
ON CONFLICT (queue, key) DO UPDATE SET
    payload = excluded.payload, asked = jobs.asked + 1, dead = excluded.dead,
    tries = CASE WHEN jobs.dead THEN 0 ELSE jobs.tries END,
    due_at = CASE WHEN jobs.lease IS NULL THEN excluded.due_at ELSE jobs.due_at END
"""
_TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM jobs WHERE queue = ? AND dead = ? AND due_at <= ? ORDER BY due_at LIMIT ?{lock}
)
UPDATE jobs SET due_at = ?, lease = ?, tries = tries + 1 WHERE id IN (SELECT id FROM due)
RETURNING id, queue, key, payload, asked, tries, made_at
"""


class BackOff(msgspec.Struct, frozen=True):
    """How long a failed job waits: `first_s`, doubling up to `most_s`; after `tries` it is dead (0: never)."""

    first_s: float = 2.0
    most_s: float = 3600.0
    tries: int = 20

    def seconds(self, tries: int) -> float:
        """The wait after the `tries`-th failure, spread by a quarter so that many do not come back at once."""
        whole: float = min(self.most_s, self.first_s * 2.0 ** min(tries - 1, 40))
        return whole * random.uniform(0.75, 1.0)


PATIENT = BackOff()


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job that is ours until its lease ends."""

    id: UUID
    queue: str
    key: str
    payload: dict[str, Any]
    asked: int
    tries: int
    made_at: datetime
    lease: UUID


async def ask(
    tx: Tx, queue: str, key: str, payload: Mapping[str, Any] | None = None, *, due_at: datetime | None = None
) -> None:
    """Ask for a job (or for it again, with the new payload). `key` names it within its queue: while it waits it
    stands there once; asked for while it runs, it runs once more; asked for when dead, it lives again."""
    now = clock.now()
    text = msgspec.json.encode(payload or {}).decode()
    await tx.run(_ASK, ids.new_id(), queue, key, text, due_at or now, False, now)


async def take(db: Database, queue: str, *, most: int = 20, lease_s: float = 60) -> list[Job]:
    """Lease up to `most` jobs that are due, oldest first."""
    now = clock.now()
    due = await db.one("SELECT id FROM jobs WHERE queue = ? AND dead = ? AND due_at <= ? LIMIT 1", queue, False, now)
    if due is None:
        return []
    lease, until = ids.new_id(), now + timedelta(seconds=lease_s)

    async def work(tx: Tx) -> list[Row]:
        sql = _TAKE.format(lock=" FOR UPDATE SKIP LOCKED" if tx.dialect == "postgres" else "")
        return await tx.all(sql, queue, False, now, most, until, lease)

    rows = sorted(await db.write(work), key=lambda row: row["made_at"])
    return [_job_of(row, lease) for row in rows]


async def finish(tx: Tx, job: Job) -> bool:
    """The job is done. False: somebody else has it by now (do not commit what must happen once)."""
    gone = await tx.run("DELETE FROM jobs WHERE id = ? AND lease = ? AND asked = ?", job.id, job.lease, job.asked)
    if gone:
        return True
    again = await tx.run(
        "UPDATE jobs SET due_at = ?, lease = NULL, tries = 0, error = NULL WHERE id = ? AND lease = ?",
        clock.now(), job.id, job.lease,
    )  # fmt: skip
    return bool(again)


async def put_off(tx: Tx, job: Job, error: str, back_off: BackOff = PATIENT, *, after_s: float | None = None) -> bool:
    """The job failed: it waits (`after_s` where the other side said how long), or is dead after so many tries.
    False: somebody else has it by now."""
    if back_off.tries and job.tries >= back_off.tries:
        return await bury(tx, job, error)
    wait = back_off.seconds(job.tries) if after_s is None else after_s
    touched = await tx.run(
        "UPDATE jobs SET due_at = ?, lease = NULL, error = ? WHERE id = ? AND lease = ?",
        clock.now() + timedelta(seconds=wait), error[:ERROR_MOST], job.id, job.lease,
    )  # fmt: skip
    return bool(touched)


async def bury(tx: Tx, job: Job, error: str) -> bool:
    """Trying again cannot help: the job stays to be seen, and is not taken any more."""
    touched = await tx.run(
        "UPDATE jobs SET dead = ?, lease = NULL, error = ? WHERE id = ? AND lease = ?",
        True, error[:ERROR_MOST], job.id, job.lease,
    )  # fmt: skip
    return bool(touched)


async def revive(tx: Tx, queue: str, key: str) -> bool:
    """Try a waiting or dead job now, from the first try on."""
    touched = await tx.run(
        "UPDATE jobs SET dead = ?, tries = 0, due_at = ? WHERE queue = ? AND key = ? AND lease IS NULL",
        False, clock.now(), queue, key,
    )  # fmt: skip
    return bool(touched)


async def counts(reader: Reader | Database) -> list[Row]:
    """Rows {queue, dead, jobs}: what waits and what is dead."""
    return await reader.all("SELECT queue, dead, count(*) AS jobs FROM jobs GROUP BY queue, dead")


def _job_of(row: Row, lease: UUID) -> Job:
    return msgspec.convert({**row, "payload": msgspec.json.decode(row["payload"]), "lease": lease}, Job)
