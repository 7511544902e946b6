"""Cases are laid on a desk: nobody else is given them until they are decided on, put back, or left lying."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.kit import ids
from moshao.kit.db import Tx, marks
from moshao.people.actor import Actor
from moshao.review.waiting import count_elsewhere, count_waiting, next_waiting, still_waiting

# A desk says again what it holds every half minute; one that was closed gives its cases back after two.
CLAIM_LASTS = timedelta(minutes=2)

_CLAIM = """
INSERT INTO review_claims (id, case_id, district_id, desk_id, person_id, until) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (case_id) DO UPDATE SET desk_id = excluded.desk_id, person_id = excluded.person_id, until = excluded.until
WHERE review_claims.until <= ? OR (review_claims.desk_id = excluded.desk_id AND
                                   review_claims.person_id = excluded.person_id)
"""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """`holding`: what lies on the desk. `passed_over`: what it does not want now. `plain`: only what nothing is
    marked on."""

    holding: Sequence[UUID]
    want: int
    passed_over: Sequence[UUID]
    plain: bool


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """`kept`: what of it still lies there and waits. `given`: more, in order. `waiting`: all that could.
    `elsewhere`: what waits, too, and lies on other desks."""

    kept: list[UUID]
    given: list[Case]
    waiting: int
    elsewhere: int
    until: datetime


async def claim(tx: Tx, actor: Actor, desk_id: UUID, wanted: Wanted, now: datetime) -> Claimed:
    """Renew what the desk holds, put back what it no longer names, lay more on it."""
    until = now + CLAIM_LASTS
    await _put_back(tx, actor, desk_id, wanted.holding, now)
    held = await _renewed(tx, actor, desk_id, until)
    kept = await still_waiting(tx, actor, held)
    given = await _lay(tx, actor, desk_id, wanted, until, now)
    return Claimed(
        kept=[case_id for case_id in wanted.holding if case_id in kept],
        given=given,
        waiting=await count_waiting(tx, actor, desk_id, now),
        elsewhere=await count_elsewhere(tx, actor, desk_id, now),
        until=until,
    )


async def leave(tx: Tx, actor: Actor, desk_id: UUID) -> None:
    """Put everything back."""
    await tx.run("DELETE FROM review_claims WHERE desk_id = ? AND person_id = ?", desk_id, actor.person_id)


async def _lay(tx: Tx, actor: Actor, desk_id: UUID, wanted: Wanted, until: datetime, now: datetime) -> list[Case]:
    """More, in order; where another desk was first, the one after it."""
    given: list[Case] = []
    while len(given) < wanted.want:
        but = [*wanted.passed_over, *wanted.holding, *(case.id for case in given)]
        found = await next_waiting(tx, actor, desk_id, now, but, wanted.want - len(given), plain=wanted.plain)
        if not found:
            break
        for case in found:
            if await tx.run(_CLAIM, ids.new_id(), case.id, actor.district_id, desk_id, actor.person_id, until, now):
                given.append(case)
    return given


async def _put_back(tx: Tx, actor: Actor, desk_id: UUID, holding: Sequence[UUID], now: datetime) -> None:
    but = f"AND case_id NOT IN ({marks(len(holding))})" if holding else ""
    await tx.run(
        f"DELETE FROM review_claims WHERE desk_id = ? AND person_id = ? {but}", desk_id, actor.person_id, *holding
    )
    # Where a claim ran out before it was renewed, its case may lie elsewhere; where not, it is as good as new.
    await tx.run(
        "DELETE FROM review_claims WHERE district_id = ? AND until <= ? AND desk_id <> ?",
        actor.district_id,
        now,
        desk_id,
    )


async def _renewed(tx: Tx, actor: Actor, desk_id: UUID, until: datetime) -> list[UUID]:
    await tx.run(
        "UPDATE review_claims SET until = ? WHERE desk_id = ? AND person_id = ?", until, desk_id, actor.person_id
    )
    rows = await tx.all(
        "SELECT case_id FROM review_claims WHERE desk_id = ? AND person_id = ?", desk_id, actor.person_id
    )
    return [row["case_id"] for row in rows]
