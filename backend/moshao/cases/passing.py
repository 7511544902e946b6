"""A closure moves on: to the next unit whose turn it is, or to the desk. The first unit's pass stops the clock."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.cases.caller_called import is_caller_called
from moshao.cases.case import Case
from moshao.cases.clocks import stopped
from moshao.cases.members import move_each
from moshao.cases.moving import Step
from moshao.cases.persons import parent_of
from moshao.cases.photos import missing_of
from moshao.cases.unit_turns import Worker, mode_of, next_turn
from moshao.evidence.queries import marks_of
from moshao.kit.db import Tx
from moshao.people.queries import settings_of


async def pass_on(tx: Tx, case: Case, step: Step, passed_at: datetime, *, marked: bool) -> Case:
    """The unit whose turn it is passes at `passed_at`; the parent's turn where its setting asks, else the desk's."""
    settings = await settings_of(tx, case.district_id)
    above = await parent_of(tx, case.turn_unit_id) if settings.parent_reviews_too else None
    row = await tx.one("SELECT role, unit_id FROM people WHERE id = ?", case.handled_by)
    worker = Worker(row["role"], row["unit_id"]) if row else Worker("", case.id)
    turn = await next_turn(tx, settings, case, above, worker, marked=marked)

    def steps(each: Case) -> list[Step]:
        return [msgspec.structs.replace(step, changes=turned_to(turn) | _stop(each, passed_at))]

    return await move_each(tx, case, steps)


async def pass_by_itself(tx: Tx, case: Case, step: Step) -> Case:
    """Pass a closure where the unit looks at marked ones only, its photos are here and carry no mark, and whoever had
    to be called was.

    It counts as passed when it was handed in. The case as it was where any of this is not so.
    """
    settings = await settings_of(tx, case.district_id)
    if case.state != "handled" or mode_of(settings, case.turn_unit_id, case) != "marked_only":
        return case
    if await missing_of(tx, case.closure_id) or await marks_of(tx, case.id) or not await is_caller_called(tx, case):
        return case
    heard_at = case.handled_heard_at
    return await pass_on(tx, case, step, heard_at, marked=False) if heard_at else case


def turned_to(turn: UUID | None) -> dict[str, Any]:
    """The state while `turn` (a unit, or None: the desk) looks at it."""
    return {"state": "handled" if turn else "feedback", "turn_unit_id": turn}


def _stop(case: Case, passed_at: datetime) -> dict[str, Any]:
    """The closure's wait for a network is not the unit's delay; a clock that stands already stays as it is."""
    if case.clock_state != "running":
        return {}
    if case.handled_at is None or case.handled_heard_at is None:
        return stopped(case, passed_at)
    waited = case.handled_heard_at - case.handled_at
    return stopped(case, max(passed_at - waited, case.handled_at))
