"""结案: the last state of a case, or the one before it where upstream closes itself."""

from datetime import datetime
from typing import Any

import msgspec

from moshao.cases.case import Case, has_flag, with_flags
from moshao.cases.clocks import stopped
from moshao.cases.members import move_each
from moshao.cases.moving import Step
from moshao.kit.db import Tx

OVER = {"turn_unit_id": None, "next_at": None, "shelved_until": None, "state_before": None}


async def close(tx: Tx, case: Case, step: Step, at: datetime) -> Case:
    """To `reported_up` where upstream closes, else to `closed`, with the cases merged under it."""

    def steps(each: Case) -> list[Step]:
        if each.closes_above:
            return [msgspec.structs.replace(step, kind="reported_up", changes={"state": "reported_up"})]
        return [msgspec.structs.replace(step, changes=closed(each, at) | dict(step.changes))]

    return await move_each(tx, case, steps)


def closed(case: Case, at: datetime) -> dict[str, Any]:
    """The columns of an ended case that was fixed; a clock that still ran stops now."""
    clock = stopped(case, at) if case.clock_state != "stopped" else {"flags": case.flags}
    flags = with_flags(str(clock["flags"]), drop=("urged",))
    return {**OVER, "state": "closed", "ended_at": at, **clock, "flags": flags}


def trusted(case: Case, corrected_at: datetime) -> dict[str, Any]:
    """The clock stopped by the phone's time after all, as a supervisor decided; no columns where none was doubted."""
    if not has_flag(case, "clock_doubt") or case.clock_stopped_at is None or case.handled_heard_at is None:
        return {}
    waited = case.handled_heard_at - corrected_at
    sure = msgspec.structs.replace(case, flags=with_flags(case.flags, drop=("clock_doubt",)))
    return stopped(sure, max(case.clock_stopped_at - waited, corrected_at)) | {"handled_at": corrected_at}
