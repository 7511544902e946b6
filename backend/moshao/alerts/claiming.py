"""Which deliveries are sent now: leased to one attempt, so that whoever dies with them lets them come up again."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from moshao.alerts.fates import Outcome, wait_s
from moshao.alerts.lanes import Lanes
from moshao.kit import clock, ids
from moshao.kit.db import Database, Row, Tx, marks

LEASE = timedelta(seconds=30)
_DUE = "SELECT id, origin FROM deliveries WHERE fate = 'waiting' AND urgent = ? AND due_at <= ?"


class Result(msgspec.Struct, frozen=True):
    """What became of an attempt. `delivery`: its row, as it was claimed."""

    delivery: Row
    outcome: Outcome


async def claim(db: Database, lanes: Lanes) -> list[Row]:
    """Lease what is due and has room, urgent ones first; their rows."""
    now = clock.now()
    chosen = await _choose(db, lanes, now, urgent=True)
    chosen += await _choose(db, lanes, now, urgent=False, besides=len(chosen))
    if not chosen:
        return []
    lease = ids.new_id()

    async def work(tx: Tx) -> list[Row]:
        return await tx.all(
            "UPDATE deliveries SET lease = ?, due_at = ?, tries = tries + 1 "
            f"WHERE id IN ({marks(len(chosen))}) AND fate = 'waiting' AND due_at <= ? RETURNING *",
            lease, now + LEASE, *chosen, now,
        )  # fmt: skip

    return await db.write(work)


async def _choose(db: Database, lanes: Lanes, now: datetime, *, urgent: bool, besides: int = 0) -> list[UUID]:
    room = lanes.room(urgent=urgent) - besides
    if room <= 0:
        return []
    full = lanes.full()
    sql = _DUE + (f" AND origin NOT IN ({marks(len(full))})" if full else "") + " ORDER BY due_at LIMIT ?"
    chosen, taken = [], Counter[str]()
    for row in await db.all(sql, urgent, now, *full, room):
        if taken[row["origin"]] < lanes.room_at(row["origin"]):
            taken[row["origin"]] += 1
            chosen.append(row["id"])
    return chosen


async def keep(db: Database, results: Sequence[Result]) -> None:
    """Write down what became of them; nothing where somebody else has the delivery, or a receipt came first."""
    now = clock.now()

    async def work(tx: Tx) -> None:
        for sql, rows in _statements(results, now).items():
            if rows:
                await tx.many(sql, rows)

    await db.write(work)


def _statements(results: Sequence[Result], now: datetime) -> dict[str, list[tuple[object, ...]]]:
    mine = " WHERE id = ? AND lease = ? AND fate = 'waiting'"
    sent = "UPDATE deliveries SET fate = 'sent', why = NULL, sent_at = ?, foreign_id = ?, due_at = NULL, lease = NULL"
    later = "UPDATE deliveries SET why = ?, due_at = ?, lease = NULL"
    failed = "UPDATE deliveries SET fate = 'failed', why = ?, due_at = NULL, lease = NULL"
    gone = "DELETE FROM push_subscriptions WHERE id = ?"
    well = "UPDATE push_subscriptions SET sent_at = ?, failures = 0, failed_why = NULL WHERE id = ?"
    badly = "UPDATE push_subscriptions SET failures = failures + 1, failed_why = ? WHERE id = ?"
    made: dict[str, list[tuple[object, ...]]] = {
        sql: [] for sql in (sent + mine, later + mine, failed + mine, well, badly, gone)
    }
    for result in results:
        row, outcome = result.delivery, result.outcome
        key, browser = (row["id"], row["lease"]), row["subscription_id"]
        if outcome.fate == "sent":
            made[sent + mine].append((now, outcome.foreign_id, *key))
            made[well] += [(now, browser)] if browser else []
            continue
        due_at = _again(row, outcome, now)
        if due_at is None:
            made[failed + mine].append((outcome.why, *key))
        else:
            made[later + mine].append((outcome.why, due_at, *key))
        if browser and outcome.fate == "gone":
            made[gone].append((browser,))
        elif browser and outcome.why not in NOT_ITS_FAULT:
            made[badly].append((outcome.why, browser))
    return made


# Why a delivery was not even tried.
NOT_ITS_FAULT: Collection[str] = frozenset({"over", "expired", "signed_out", "too_large"})


def _again(row: Row, outcome: Outcome, now: datetime) -> datetime | None:
    """When it is tried again; None where it is not, or nobody would want it any more by then."""
    wait = wait_s(outcome, row["tries"], urgent=row["urgent"]) if outcome.fate == "later" else None
    due_at = now + timedelta(seconds=wait) if wait is not None else None
    return due_at if due_at is not None and due_at < row["expires_at"] else None
