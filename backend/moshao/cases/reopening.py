"""重开: closed no longer. Back to the unit that had it, next round, a fresh limit."""

from datetime import datetime

import msgspec

from moshao.cases.case import Case, with_flags
from moshao.cases.clocks import fresh
from moshao.cases.district import duty_time
from moshao.cases.giving import UNASSIGNED
from moshao.cases.moving import Step, move
from moshao.kit.db import Tx


async def reopen(tx: Tx, case: Case, step: Step, at: datetime) -> Case:
    """To `dispatched`, or `received` where no unit ever had it. `step` is journalled as `reopened`."""
    flags = with_flags(case.flags, drop=("urged", "interim", "clock_doubt", "merged"))
    again = UNASSIGNED | {
        "state": "dispatched" if case.unit_id else "received",
        "round": case.round + 1,
        "dispatched_at": at if case.unit_id else None,
        "signed_at": None,
        "turn_unit_id": None,
        "state_before": None,
        "lead_case_id": None,
        "ended_at": None,
        "on_time": None,
        "clock_stopped_at": None,
        "handled_at": None,
        "handled_heard_at": None,
        "closure_id": None,
        "outcome": None,
        "ruled": False,
        "flags": flags,
    }
    changes = again | fresh(msgspec.structs.replace(case, **again), at, await duty_time(tx, case.district_id))
    return await move(tx, case, msgspec.structs.replace(step, kind="reopened", changes=changes | dict(step.changes)))
