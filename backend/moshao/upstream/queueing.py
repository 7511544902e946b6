"""From the journal to what upstream is to be told: each line once, in its order, whoever wrote it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from moshao.kit import ids, jobs
from moshao.kit.db import Database, Row, Tx
from moshao.upstream.queries import Upstream, all_upstreams
from moshao.upstream.told import told_of
from moshao.upstream.told_rules import Heard, type_of

LINES = 200
QUEUES = "feedback:"
_BEHIND = "SELECT u.id FROM upstreams u JOIN journal_heads h ON h.district_id = u.district_id WHERE h.seq > u.told_seq"
_LINES = """
SELECT l.seq, l.kind, l.at, l.done_at, l.case_id, l.act_id, l.person_id, l.unit_id, l.round, l.facts,
       c.id AS there, c.upstream_id, c.decides_above
FROM journal_lines l LEFT JOIN cases c ON c.id = l.case_id
WHERE l.district_id = ? AND l.seq > ? ORDER BY l.seq LIMIT ?
"""


class Telling(msgspec.Struct, frozen=True):
    """A line that is told, and as what."""

    line: Row
    facts: dict[str, Any]
    type: str


async def queue_feedback(db: Database) -> int:
    """Queue what happened since the last time; how many lines were looked at. For the worker."""
    behind = {row["id"] for row in await db.all(_BEHIND)}
    looked_at = 0
    for upstream in await all_upstreams(db) if behind else []:
        if upstream.id in behind and upstream.active and upstream.settings.feedback_url:
            looked_at += await _queue_for(db, upstream)
    return looked_at


def queue_of(upstream_id: UUID) -> str:
    """The jobs' queue of one upstream: one that is down holds up no other."""
    return f"{QUEUES}{upstream_id.hex[:31]}"


async def _queue_for(db: Database, upstream: Upstream) -> int:
    lines = await db.all(_LINES, upstream.district_id, upstream.told_seq, LINES)
    if not lines:
        return 0
    telling = list(_to_tell(upstream, lines))

    async def work(tx: Tx) -> None:
        moved = await tx.run(
            "UPDATE upstreams SET told_seq = ? WHERE id = ? AND told_seq = ?",
            lines[-1]["seq"], upstream.id, upstream.told_seq,
        )  # fmt: skip
        if moved:
            for each in telling:
                await _queue_one(tx, upstream, each)

    await db.write(work)
    return len(lines)


def _to_tell(upstream: Upstream, lines: Sequence[Row]) -> Iterable[Telling]:
    for line in lines:
        if line["there"] is None or line["upstream_id"] not in (None, upstream.id):
            continue
        facts = msgspec.json.decode(line["facts"])
        heard = Heard(
            kind=line["kind"],
            facts=facts,
            is_upstreams=line["upstream_id"] is not None,
            decides_above=bool(line["decides_above"]),
        )
        if found := type_of(heard):
            yield Telling(line, facts, found)


async def _queue_one(tx: Tx, upstream: Upstream, telling: Telling) -> None:
    line = telling.line
    data = await told_of(tx, line, telling.facts)
    await tx.insert(
        "feedback",
        {
            "id": ids.new_id(), "upstream_id": upstream.id, "case_id": line["case_id"], "seq": line["seq"],
            "type": telling.type, "at": line["at"], "data": msgspec.json.encode(data).decode(), "state": "waiting",
        },
    )  # fmt: skip
    await jobs.ask(tx, queue_of(upstream.id), str(line["case_id"]))
