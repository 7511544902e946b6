"""What time itself does to a case: half the time is up, nearly all of it, all of it; a pause is over."""

from datetime import datetime

import msgspec

from moshao.cases.case import Case, has_flag, with_flags
from moshao.cases.clocks import DutyTime, half_at, next_point
from moshao.cases.coming_back import come_back
from moshao.cases.district import duty_time
from moshao.cases.moving import Step, move
from moshao.kit.db import Tx


async def tick(tx: Tx, case: Case, now: datetime) -> Case:
    """Do what is due at `now` and set the next moment; called by the worker for a locked case whose `next_at` has
    come. A case with nothing to do any more is only taken off the list."""
    if case.state == "shelved" and case.shelved_until is not None and case.shelved_until <= now:
        return await come_back(tx, case, Step(kind="unshelved"), now)
    if case.clock_state != "running" or case.state == "shelved":
        await tx.run("UPDATE cases SET next_at = ? WHERE id = ?", case.shelved_until, case.id)
        return msgspec.structs.replace(case, next_at=case.shelved_until)
    duty = await duty_time(tx, case.district_id)
    steps = _due(case, now, duty)
    after = case
    for step in steps:
        after = msgspec.structs.replace(after, **step.changes)
    next_at = next_point(after, now, duty)
    if not steps:
        await tx.run("UPDATE cases SET next_at = ? WHERE id = ?", next_at, case.id)
        return msgspec.structs.replace(case, next_at=next_at)
    last = msgspec.structs.replace(steps[-1], changes={**steps[-1].changes, "next_at": next_at})
    return await move(tx, case, *steps[:-1], last)


def _due(case: Case, now: datetime, duty: DutyTime) -> list[Step]:
    """The lines for the moments that have come since the last tick."""
    steps = []
    half, since = half_at(case, duty), case.next_at or now
    if half is not None and since <= half <= now:
        steps.append(Step(kind="half_time"))
    late = case.deadline is not None and case.deadline < now
    if late and not has_flag(case, "overdue"):
        steps.append(Step(kind="overdue", changes={"flags": with_flags(case.flags, ("overdue",), ("due_soon",))}))
    elif not late and case.warn_at and case.warn_at <= now and not has_flag(case, "due_soon"):
        steps.append(Step(kind="due_soon", changes={"flags": with_flags(case.flags, ("due_soon",))}))
    return steps
