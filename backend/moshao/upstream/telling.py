"""Tell upstream what happened: signed, at least once, in order per case, for as long as it takes."""

import asyncio
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from moshao.evidence.room import Evidence
from moshao.kit import clock, jobs
from moshao.kit.config import Settings
from moshao.kit.db import Database, Row
from moshao.kit.job_leases import LEASE_SECONDS, do_held
from moshao.kit.jobs import BackOff, Job
from moshao.kit.outgoing import Answer, Outgoing, Unreachable
from moshao.kit.webhooks import signed_headers
from moshao.upstream.egova import told_as
from moshao.upstream.envelope import TYPE_PREFIX
from moshao.upstream.handing_over import HandingOver, NotTaken, NotYet
from moshao.upstream.outages import GATEWAY_FAULTS, nobody_answered, somebody_answered
from moshao.upstream.queries import Upstream, all_upstreams
from moshao.upstream.queueing import QUEUES, queue_of

log = logging.getLogger(__name__)

AT_ONCE = 8
EVENTS_MOST = 10
SEND_SECONDS = 10.0
PATIENCE = BackOff(first_s=5, most_s=3600, tries=0)
PAUSE = BackOff(first_s=2, most_s=300, tries=0)
MEDIA = "application/cloudevents+json"
EGOVA_MEDIA = "application/json"
KEPT = timedelta(days=30)


class Teller:
    """Sends what is due, for one worker. An upstream that can't be reached is left alone for a while, so that it
    holds up no other; its cases keep their places."""

    def __init__(self, evidence: Evidence, outgoing: Outgoing, settings: Settings) -> None:
        self._evidence = evidence
        self._outgoing = outgoing
        self._settings = settings
        self._photos = HandingOver(evidence, outgoing, settings.base_url)
        self._pauses: dict[UUID, tuple[int, float]] = {}
        # Of the round under way: who answered, and what stood in for the others' answers.
        self._answered: set[UUID] = set()
        self._faults: dict[UUID, str] = {}

    async def send_feedback(self) -> int:
        """How many cases were tried."""
        due = await self._evidence.db.all(
            "SELECT DISTINCT queue FROM jobs WHERE queue LIKE ? AND dead = ? AND due_at <= ?",
            f"{QUEUES}%", False, clock.now(),
        )  # fmt: skip
        queues, now = {row["queue"] for row in due}, clock.monotonic()
        told = [
            each
            for each in (await all_upstreams(self._evidence.db) if queues else [])
            if queue_of(each.id) in queues and each.active and each.settings.feedback_url
            if self._pauses.get(each.id, (0, now))[1] <= now
        ]
        return sum(await asyncio.gather(*map(self._to_one, told)))

    async def _to_one(self, upstream: Upstream) -> int:
        db = self._evidence.db
        due = await jobs.take(db, queue_of(upstream.id), most=AT_ONCE, lease_s=LEASE_SECONDS)
        reached = await do_held(db, due, lambda job: self._case(upstream, job), lease_s=LEASE_SECONDS)
        if any(reached):
            self._pauses.pop(upstream.id, None)
        elif due:
            failures = self._pauses.get(upstream.id, (0, 0.0))[0] + 1
            self._pauses[upstream.id] = (failures, clock.monotonic() + PAUSE.seconds(failures))
        if upstream.id in self._answered:
            await somebody_answered(db, upstream.id)
        elif fault := self._faults.get(upstream.id):
            await nobody_answered(db, upstream.id, fault)
        self._answered.discard(upstream.id)
        self._faults.pop(upstream.id, None)
        return len(due)

    async def _case(self, upstream: Upstream, job: Job) -> bool:
        """What waits for one case, oldest first; the first that fails holds up the rest. False: nobody answered."""
        db = self._evidence.db
        rows = await db.all(
            "SELECT * FROM feedback WHERE upstream_id = ? AND case_id = ? AND state = 'waiting' ORDER BY seq LIMIT ?",
            upstream.id, UUID(job.key), EVENTS_MOST,
        )  # fmt: skip
        for row in rows:
            try:
                answer = await self._send(upstream, row)
            except NotYet as wait:
                await _put_off(db, job, "", wait.seconds)
                return True
            except Unreachable as fault:
                await _failed(db, upstream, job, str(fault), None)
                self._faults[upstream.id] = str(fault)
                return False
            if not answer.good:
                said = f"answered {answer.status}"
                await _failed(db, upstream, job, said, answer.retry_after_s)
                if answer.status in GATEWAY_FAULTS:
                    self._faults[upstream.id] = said
                else:
                    self._answered.add(upstream.id)
                return True
            self._answered.add(upstream.id)
            await _mark_sent(db, row["id"])
        if len(rows) == EVENTS_MOST:
            await _put_off(db, job, "", 0)
        else:
            await db.write(lambda tx: jobs.finish(tx, job))
        return True

    async def _send(self, upstream: Upstream, row: Row) -> Answer:
        """One attempt. Raises Unreachable, NotYet."""
        data = msgspec.json.decode(row["data"])
        try:
            photos = [await self._photos.hand_over(upstream, row["at"], photo) for photo in data.get("photos", [])]
        except NotTaken as refused:
            return refused.answer
        data["photos"] = photos
        media, said = self._said(upstream, row, data)
        body = msgspec.json.encode(said)
        headers = {"Content-Type": media, **signed_headers(upstream.secrets, str(row["id"]), body)}
        # An address of the district's own network is what most platforms have, and an administrator named it.
        url = upstream.settings.feedback_url or ""
        return await self._outgoing.post(url, body, headers, seconds=SEND_SECONDS, public_only=False)

    def _said(self, upstream: Upstream, row: Row, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The media type and the event in the dialect that was agreed on."""
        if upstream.settings.dialect == "egova":
            event = {"id": row["id"], "type": row["type"], "data": data}
            return EGOVA_MEDIA, told_as(event, upstream.settings.sender_code, upstream.zone)
        return MEDIA, {
            "specversion": "1.0",
            "id": row["id"],
            "source": self._settings.base_url,
            "type": TYPE_PREFIX + row["type"],
            "subject": data.get("external_case_id") or data["case_id"],
            "time": row["at"],
            "datacontenttype": "application/json",
            "data": data,
        }


async def forget_sent(db: Database) -> int:
    """What was told 30 days ago."""
    until = clock.now() - KEPT
    return await db.write(lambda tx: tx.run("DELETE FROM feedback WHERE state = 'sent' AND sent_at < ?", until))


async def _mark_sent(db: Database, feedback_id: UUID) -> None:
    now = clock.now()
    await db.write(lambda tx: tx.run("UPDATE feedback SET state = 'sent', sent_at = ? WHERE id = ?", now, feedback_id))


async def _failed(db: Database, upstream: Upstream, job: Job, fault: str, after_s: float | None) -> None:
    log.warning("feedback_failed", extra={"upstream": upstream.name, "tries": job.tries, "fault": fault})
    await _put_off(db, job, fault, after_s)


async def _put_off(db: Database, job: Job, fault: str, after_s: float | None) -> None:
    await db.write(lambda tx: jobs.put_off(tx, job, fault, PATIENCE, after_s=after_s))
