"""作废: taken out, with a reason. Cases merged under it go on by themselves."""

from datetime import datetime

import msgspec

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.case import Case
from moshao.cases.ending import OVER
from moshao.cases.merging import let_members_go
from moshao.cases.moving import Step, move
from moshao.cases.requests import drop_pending
from moshao.cases.schemas import ActBody, Words
from moshao.cases.undo_log import as_it_was
from moshao.kit.db import Tx


class Cancellation(ActBody, kw_only=True):
    reason: Words


async def cancel_by_act(tx: Tx, doing: Doing[Cancellation]) -> Done:
    step = doing.step("cancelled", said=doing.remark(doing.body.reason))
    after = await cancel(tx, doing.case, step, doing.heard_at)
    return Done(case=after, before=as_it_was(doing.case, after))


async def cancel(tx: Tx, case: Case, step: Step, at: datetime) -> Case:
    """To `cancelled`. For upstream's word too."""
    dropped = await drop_pending(tx, case.id, at)
    changes = {**OVER, "state": "cancelled", "ended_at": at, "clock_state": "stopped", **step.changes}
    after = await move(tx, case, msgspec.structs.replace(step, changes=changes, requests=dropped))
    await let_members_go(tx, case, step)
    return after


CANCELLATIONS = ActKind("cancellations", Cancellation, cancel_by_act)
