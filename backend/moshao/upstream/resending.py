"""What upstream has not heard for a while, and sending it again."""

from datetime import datetime
from uuid import UUID

import msgspec

from moshao.kit import jobs
from moshao.kit.db import Database, Reader, Tx, as_time
from moshao.upstream.queries import all_upstreams, find_upstream
from moshao.upstream.queueing import queue_of

STUCK_TRIES = 3


class Stuck(msgspec.Struct, frozen=True, kw_only=True):
    """A case whose events do not get through: how many wait since when, how often it was tried, and why not."""

    upstream: str
    case_id: UUID
    external_case_id: str | None
    waiting: int
    since: datetime
    tries: int
    error: str
    next_at: datetime


async def stuck_feedback(reader: Reader | Database, district_id: UUID) -> list[Stuck]:
    """Tried three times or more; the oldest first."""
    found = []
    for upstream in await all_upstreams(reader):
        if upstream.district_id != district_id:
            continue
        rows = await reader.all(
            "SELECT key, tries, error, due_at FROM jobs WHERE queue = ? AND tries >= ?",
            queue_of(upstream.id), STUCK_TRIES,
        )  # fmt: skip
        for row in rows:
            waiting = await reader.one(
                "SELECT count(*) AS waiting, min(f.at) AS since, min(c.external_case_id) AS external_case_id "
                "FROM feedback f JOIN cases c ON c.id = f.case_id "
                "WHERE f.upstream_id = ? AND f.case_id = ? AND f.state = 'waiting'",
                upstream.id, UUID(row["key"]),
            )  # fmt: skip
            if waiting is not None and waiting["waiting"]:
                found.append(
                    Stuck(
                        upstream=upstream.name, case_id=UUID(row["key"]),
                        external_case_id=waiting["external_case_id"], waiting=waiting["waiting"],
                        since=as_time(waiting["since"]) or row["due_at"], tries=row["tries"],
                        error=row["error"] or "", next_at=row["due_at"],
                    )
                )  # fmt: skip
    return sorted(found, key=lambda stuck: stuck.since)


async def resend(tx: Tx, district_id: UUID, upstream: str, case_id: UUID, *, told_too: bool = False) -> bool:
    """Try what waits for a case now; `told_too`: what was told already as well, from the beginning. False: nothing."""
    found = await find_upstream(tx, upstream)
    if found is None or found.district_id != district_id:
        return False
    if told_too:
        await tx.run("UPDATE feedback SET state = 'waiting' WHERE upstream_id = ? AND case_id = ?", found.id, case_id)
    waiting = await tx.value(
        "SELECT count(*) FROM feedback WHERE upstream_id = ? AND case_id = ? AND state = 'waiting'", found.id, case_id
    )
    if not waiting:
        return False
    if not await jobs.revive(tx, queue_of(found.id), str(case_id)):
        await jobs.ask(tx, queue_of(found.id), str(case_id))
    return True
