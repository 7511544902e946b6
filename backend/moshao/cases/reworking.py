"""返工: a review or check failed. Back to the handler, next round, the reason on top of the case."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.cases.case import Case, with_flags
from moshao.cases.clocks import Changes, fresh, going_on
from moshao.cases.district import duty_time
from moshao.cases.members import move_each
from moshao.cases.moving import Step
from moshao.kit.db import Tx
from moshao.people.queries import settings_of


async def rework(tx: Tx, case: Case, step: Step, at: datetime, deadline: datetime | None = None) -> Case:
    """Back to `in_progress`. The original deadline runs on as if it had not stopped, unless the district gives a fresh
    limit, or upstream names a `deadline`."""
    changes = await changes_of_rework(tx, case, at, deadline)

    def steps(each: Case) -> list[Step]:
        return [msgspec.structs.replace(step, changes=changes(each))]

    return await move_each(tx, case, steps)


async def changes_of_rework(
    tx: Tx, case: Case, at: datetime, deadline: datetime | None = None, *, failed: bool = True
) -> Callable[[Case], Changes]:
    """The same as columns, by case. `failed`: a review or check did, so the case carries the mark `rework`."""
    duty = await duty_time(tx, case.district_id)
    settings = await settings_of(tx, case.district_id)

    def changes(each: Case) -> Changes:
        back: dict[str, Any] = {
            "state": _back_with(each),
            "round": each.round + 1,
            "turn_unit_id": None,
            "state_before": None,
            "asked_above": False,
            "ended_at": None,
            "handler_id": _worker_of(each),
            "flags": with_flags(each.flags, add=("rework",) if failed else (), drop=("clock_doubt",)),
        }
        then = msgspec.structs.replace(each, **back)
        if deadline is not None:
            then = msgspec.structs.replace(then, deadline=deadline)
            return back | {"deadline": deadline} | going_on(then, at, duty)
        if settings.rework_limit == "fresh":
            return back | fresh(then, at, duty) | {"clock_stopped_at": None, "on_time": None}
        return back | going_on(then, at, duty)

    return changes


def _back_with(case: Case) -> str:
    """With whoever had it; where nobody ever did, it waits for somebody."""
    if case.unit_id is None:
        return "received"
    if _worker_of(case) is not None:
        return "in_progress"
    return "assigned" if case.crew_id is not None else "dispatched"


def _worker_of(case: Case) -> UUID | None:
    return (case.handler_id or case.handled_by) if case.unit_id is not None else None
