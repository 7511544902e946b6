"""不予受理: a report was not accepted as a case."""

from datetime import datetime

import msgspec

from moshao.cases.case import Case
from moshao.cases.ending import OVER
from moshao.cases.moving import Step, move
from moshao.kit.db import Tx


async def reject(tx: Tx, case: Case, step: Step, at: datetime) -> Case:
    """To `rejected`. `step` is journalled under its own kind."""
    changes = {**OVER, "state": "rejected", "ended_at": at, **step.changes}
    return await move(tx, case, msgspec.structs.replace(step, changes=changes))
