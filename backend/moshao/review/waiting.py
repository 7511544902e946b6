"""What waits to be looked at, by whom, and in which order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from moshao.cases.case import COLUMNS, Case, case_of
from moshao.kit.db import Reader, marks
from moshao.people.actor import Actor

# What somebody asked for urgently comes first, then by deadline; the clock has stopped, so lateness is decided already.
_ORDER = (
    "ORDER BY CASE WHEN urgency = 'urgent' OR flags LIKE '% supervised %' OR flags LIKE '% urged %' THEN 0 ELSE 1 END, "
    "CASE WHEN deadline IS NULL THEN 1 ELSE 0 END, deadline, id"
)
_FREE = (
    "NOT EXISTS (SELECT 1 FROM review_claims r WHERE r.case_id = cases.id AND r.until > ? "
    "AND (r.desk_id <> ? OR r.person_id <> ?))"
)
# Nothing about it needs a second look: its photos are here and carry no mark, its time and place are not in doubt.
_PLAIN = """flags NOT LIKE '% clock_doubt %' AND outcome = 'fixed'
AND EXISTS (SELECT 1 FROM case_photos p WHERE p.case_id = cases.id AND p.act_id = cases.closure_id
            AND p.usage = 'after' AND p.state = 'held')
AND NOT EXISTS (SELECT 1 FROM case_photos p WHERE p.case_id = cases.id AND p.act_id = cases.closure_id
                AND p.state <> 'held')
AND NOT EXISTS (SELECT 1 FROM photo_uses u WHERE u.case_id = cases.id AND u.act_id = cases.closure_id
                AND u.marks <> '[]')
AND NOT EXISTS (SELECT 1 FROM acts a WHERE a.id = cases.closure_id AND (a.body LIKE '%"off_site_reason":"%'
                OR a.body LIKE '%"no_photo_reason":"%'))"""

Where = tuple[str, list[Any]]


def whose_turn(actor: Actor) -> Where:
    """Closures that `actor` may decide on: the centre's in `feedback`, a unit's in `handled`. Not his own work."""
    not_own = "(handled_by IS NULL OR handled_by <> ?) AND (handler_id IS NULL OR handler_id <> ?)"
    me: list[Any] = [actor.person_id, actor.person_id]
    if actor.role == "supervisor":
        state = "district_id = ? AND state = 'feedback' AND lead_case_id IS NULL"
        return f"{state} AND {not_own}", [actor.district_id, *me]
    above = actor.unit_path[:-1]
    his_turn = f"(turn_unit_id IS NULL OR turn_unit_id NOT IN ({marks(len(above))}))" if above else "1 = 1"
    state = (
        "id IN (SELECT case_id FROM case_scopes WHERE scope_id = ? AND current AND ended_at IS NULL) "
        "AND state = 'handled' AND lead_case_id IS NULL"
    )
    return f"{state} AND {his_turn} AND {not_own}", [actor.unit_id, *above, *me]


async def next_waiting(
    reader: Reader, actor: Actor, desk_id: UUID, now: datetime, but: Sequence[UUID], most: int, *, plain: bool
) -> list[Case]:
    """The first `most` that lie on no other desk, but for these; `plain`: those that nothing is marked on."""
    where, args = free(actor, desk_id, now)
    if but:
        where, args = f"{where} AND id NOT IN ({marks(len(but))})", [*args, *but]
    if plain:
        where = f"{where} AND {_PLAIN}"
    rows = await reader.all(f"SELECT {COLUMNS} FROM cases WHERE {where} {_ORDER} LIMIT ?", *args, most)
    return [case_of(row) for row in rows]


async def count_waiting(reader: Reader, actor: Actor, desk_id: UUID, now: datetime) -> int:
    """How many wait for him that lie on no other desk."""
    where, args = free(actor, desk_id, now)
    count: int = await reader.value(f"SELECT count(*) FROM cases WHERE {where}", *args)
    return count


async def count_elsewhere(reader: Reader, actor: Actor, desk_id: UUID, now: datetime) -> int:
    """How many wait for him that lie on other desks just now."""
    where, args = whose_turn(actor)
    count: int = await reader.value(
        f"SELECT count(*) FROM cases WHERE {where} AND NOT {_FREE}", *args, now, desk_id, actor.person_id
    )
    return count


async def still_waiting(reader: Reader, actor: Actor, case_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these he may still decide on."""
    if not case_ids:
        return set()
    where, args = whose_turn(actor)
    rows = await reader.all(f"SELECT id FROM cases WHERE id IN ({marks(len(case_ids))}) AND {where}", *case_ids, *args)
    return {row["id"] for row in rows}


def free(actor: Actor, desk_id: UUID, now: datetime) -> Where:
    """What waits for him and lies on no other desk."""
    where, args = whose_turn(actor)
    return f"{where} AND {_FREE}", [*args, now, desk_id, actor.person_id]
