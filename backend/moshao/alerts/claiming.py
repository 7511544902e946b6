"""Which deliveries are sent now: leased to one attempt, so that whoever dies with them lets them come up again."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from moshao.alerts.fates import Outcome, wait_s
from moshao.alerts.lanes import Lanes
from moshao.kit import clock, ids
from moshao.kit.db import Database, Row, Statement, Tx, marks

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
    statements, one_by_one = _sent(results, now), _others(results, now)

    async def work(tx: Tx) -> None:
        for sql, args in statements:
            await tx.run(sql, *args)
        for sql, rows in one_by_one.items():
            await tx.many(sql, rows)

    await db.write(work)


def _sent(results: Sequence[Result], now: datetime) -> list[Statement]:
    """Those that left, which is nearly all: one statement for each lease, one for their browsers."""
    left = [result.delivery for result in results if result.outcome.fate == "sent"]
    by_lease: dict[UUID, list[UUID]] = {}
    for row in left:
        by_lease.setdefault(row["lease"], []).append(row["id"])
    made: list[Statement] = [
        (
            "UPDATE deliveries SET fate = 'sent', why = NULL, sent_at = ?, due_at = NULL, lease = NULL "
            f"WHERE lease = ? AND fate = 'waiting' AND id IN ({marks(len(known))})",
            (now, lease, *known),
        )
        for lease, known in by_lease.items()
    ]
    if browsers := [row["subscription_id"] for row in left if row["subscription_id"]]:
        well = "UPDATE push_subscriptions SET failures = 0, failed_why = NULL WHERE failures > 0 AND id IN "
        made.append((f"{well}({marks(len(browsers))})", browsers))
    return made


def _others(results: Sequence[Result], now: datetime) -> dict[str, list[tuple[object, ...]]]:
    """What has to be said of each by itself."""
    mine = " WHERE id = ? AND lease = ? AND fate = 'waiting'"
    named = "UPDATE deliveries SET foreign_id = ? WHERE id = ?"
    later = "UPDATE deliveries SET why = ?, due_at = ?, lease = NULL" + mine
    ended = "UPDATE deliveries SET fate = ?, why = ?, due_at = NULL, lease = NULL" + mine
    gone = "DELETE FROM push_subscriptions WHERE id = ?"
    badly = "UPDATE push_subscriptions SET failures = failures + 1, failed_why = ? WHERE id = ?"
    made: dict[str, list[tuple[object, ...]]] = {}
    for result in results:
        row, outcome = result.delivery, result.outcome
        key, browser = (row["id"], row["lease"]), row["subscription_id"]
        if outcome.fate == "sent":
            if outcome.foreign_id is not None:
                made.setdefault(named, []).append((outcome.foreign_id, row["id"]))
            continue
        due_at = _again(row, outcome, now)
        if due_at is None:
            fate = "needless" if outcome.fate == "needless" else "failed"
            made.setdefault(ended, []).append((fate, outcome.why, *key))
        else:
            made.setdefault(later, []).append((outcome.why, due_at, *key))
        if browser and outcome.fate == "gone":
            made.setdefault(gone, []).append((browser,))
        elif browser and outcome.fate != "needless" and outcome.why not in NOT_ITS_FAULT:
            made.setdefault(badly, []).append((outcome.why, browser))
    return made


# Why a delivery was not even tried.
NOT_ITS_FAULT: Collection[str] = frozenset({"expired", "signed_out", "too_large", "failed_here"})


def _again(row: Row, outcome: Outcome, now: datetime) -> datetime | None:
    """When it is tried again; None where it is not, or nobody would want it any more by then."""
    wait = wait_s(outcome, row["tries"], urgent=row["urgent"]) if outcome.fate == "later" else None
    due_at = now + timedelta(seconds=wait) if wait is not None else None
    return due_at if due_at is not None and due_at < row["expires_at"] else None
