"""Upstream's word on a report of ours, and its wish that somebody looks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from moshao.cases.above import HANDED_IN, Said, saying
from moshao.cases.asking_to_look import ask_to_check, ask_to_verify
from moshao.cases.case import Case
from moshao.cases.clocks import started
from moshao.cases.district import duty_time
from moshao.cases.filing import ClockFrom
from moshao.cases.moving import Step, move
from moshao.cases.rejecting import reject
from moshao.kit.db import Tx

NOT_FILED = frozenset({"reported", "verifying", "rejected"})


async def report_accepted(
    tx: Tx, case: Case, step: Step, said: Said, columns: Mapping[str, Any], clock_from: ClockFrom | None = None
) -> Case:
    """To `received`, from where rules send it on; a case that is on its way already only takes the new columns."""
    changes: dict[str, Any] = dict(columns)
    if case.state in NOT_FILED:
        changes |= {"state": "received", "filed_at": said.at, "state_before": None, "ended_at": None}
    if clock_from is not None and case.clock_started_at is None:
        then = msgspec.structs.replace(case, **changes)
        changes |= started(
            then, clock_from.at, await duty_time(tx, case.district_id), limit=clock_from.limit,
            deadline_at=clock_from.deadline, provisional=clock_from.provisional,
        )  # fmt: skip
    return await move(tx, case, msgspec.structs.replace(saying(step, "report_accepted", said), changes=changes))


async def report_rejected(tx: Tx, case: Case, step: Step, said: Said) -> Case:
    """To `rejected`; a case that is on its way here already stays, and its journal says so."""
    named = saying(step, "report_rejected", said)
    return await reject(tx, case, named, said.at) if case.state in NOT_FILED else await move(tx, case, named)


async def verify_requested(tx: Tx, case: Case, step: Step, said: Said, inspector_id: UUID | None) -> Case:
    """To `verifying`, before it is filed. Later there is nothing to verify: then it is only said."""
    named = saying(step, "verify_asked", said)
    if case.state in ("reported", "verifying"):
        return await ask_to_verify(tx, case, inspector_id, named, from_above=True)
    return await move(tx, case, named)


async def check_requested(tx: Tx, case: Case, step: Step, said: Said, inspector_id: UUID | None) -> Case:
    """To `checking` from wherever it was handed in, and back there afterwards. Before that it is only said."""
    named = saying(step, "check_asked", said)
    if case.state in HANDED_IN:
        return await ask_to_check(tx, case, inspector_id, named, from_above=True)
    return await move(tx, case, named)
