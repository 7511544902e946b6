"""Who may see a case, and how he stands to it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from moshao.cases.case import Case, find_case
from moshao.cases.scopes import helpers_of
from moshao.kit import clock
from moshao.kit.db import Reader, Statement, marks
from moshao.people.actor import Actor

Sight = Literal["see", "once", "never"]

DISTRICT_ROLES = frozenset({"supervisor", "leader"})
UNIT_ROLES = frozenset({"crew_leader", "unit_operator"})
KEPT_AFTER_END = timedelta(days=7)
# Who has it in his list for one of these sees it however long ago it ended.
LASTING = frozenset({"unit", "reporter"})


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a person stands to a case. `once`: he had it and may still deliver what he did then.

    `relations`: district · unit · handler · helper · inspector · reporter. `given_at`: when it was first given to
    him, his crew or his unit.
    """

    sight: Sight
    relations: frozenset[str] = frozenset()
    given_at: datetime | None = None


NEVER = Standing(sight="never")


async def may_see(reader: Reader, actor: Actor, case_id: UUID) -> Sight:
    """Whether he may see the case now, only could once, or never."""
    case = await find_case(reader, case_id)
    return (await standing(reader, actor, case)).sight if case else "never"


async def standing(reader: Reader, actor: Actor, case: Case) -> Standing:
    """How `actor` stands to `case`, from the lists it stands in."""
    if case.district_id != actor.district_id:
        return NEVER
    if actor.role in DISTRICT_ROLES:
        return Standing(sight="see", relations=frozenset({"district"}))
    sql, args = standing_asked(actor, case.id)
    return standing_by(actor, case, await reader.all(sql, *args), clock.now())


def standing_asked(actor: Actor, case_id: UUID) -> Statement:
    """What `standing` asks about somebody who does not see the whole district."""
    scope_ids = scopes_of(actor)
    sql = (
        "SELECT scope_id, why, current, given_at FROM case_scopes "
        f"WHERE case_id = ? AND scope_id IN ({marks(len(scope_ids))})"
    )
    return sql, (case_id, *scope_ids)


def scopes_of(actor: Actor) -> tuple[UUID, ...]:
    """The lists he reads: his own, his crews', and his unit's where he runs it."""
    own = (actor.person_id, *actor.crew_ids)
    return (*own, actor.unit_id) if actor.role in UNIT_ROLES else own


def standing_by(actor: Actor, case: Case, rows: Iterable[Mapping[str, Any]], now: datetime) -> Standing:
    """The same, decided on the rows of `case_scopes` that are his."""
    rows = list(rows)
    if not rows:
        return NEVER
    given = [row["given_at"] for row in rows if row["given_at"] is not None]
    ended_long_ago = case.ended_at is not None and now - case.ended_at > KEPT_AFTER_END
    sees = actor.role != "admin" and any(
        row["current"] and (not ended_long_ago or row["why"] in LASTING) for row in rows
    )
    return Standing(
        sight="see" if sees else "once",
        relations=frozenset(_relations(actor, case, rows)),
        given_at=min(given, default=None),
    )


def _relations(actor: Actor, case: Case, rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    me = actor.person_id
    if case.handler_id == me or (case.handler_id is None and case.crew_id in actor.crew_ids):
        yield "handler"
    elif me in helpers_of(case) or case.crew_id in actor.crew_ids:
        yield "helper"
    if case.inspector_id == me:
        yield "inspector"
    if case.reporter_id == me:
        yield "reporter"
    if actor.role in UNIT_ROLES and any(row["scope_id"] == actor.unit_id and row["current"] for row in rows):
        yield "unit"
