"""Back from beside the way: what was shelved, looked at or offered to upstream stands again where it stood."""

from datetime import datetime

import msgspec

from moshao.cases.case import Case
from moshao.cases.clocks import unpaused
from moshao.cases.district import duty_time
from moshao.cases.moving import Step, move
from moshao.kit.db import Tx

BESIDE = frozenset({"shelved", "checking", "returning"})


async def come_back(tx: Tx, case: Case, step: Step, now: datetime) -> Case:
    """To the state before, with what was left of its time."""
    changes = {"state": case.state_before or "received", "state_before": None}
    if case.state == "shelved":
        changes |= {"shelved_until": None, "next_at": None}
    if case.clock_state == "paused":
        back = msgspec.structs.replace(case, **changes)
        changes |= unpaused(back, now, await duty_time(tx, case.district_id))
    return await move(tx, case, msgspec.structs.replace(step, changes=changes))
