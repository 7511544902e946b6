"""What upstream says about a case: it beats ours. Each runs inside the transaction of the event that says it.

`step` carries who made the line and its digest; its kind is set here. What comes for a case that is past it changes
nothing but the journal.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from moshao.cases.cancelling import cancel
from moshao.cases.case import Case, with_flags
from moshao.cases.clocks import started
from moshao.cases.district import duty_time
from moshao.cases.ending import closed
from moshao.cases.filing import ClockFrom
from moshao.cases.members import move_each
from moshao.cases.merging import is_ahead, merge
from moshao.cases.moving import Step, move
from moshao.cases.reopening import reopen
from moshao.cases.requests import drop_pending
from moshao.cases.reworking import rework
from moshao.cases.saying import remark
from moshao.cases.states import ENDED, OPEN
from moshao.journal.seals import SALT_OCTETS
from moshao.kit import ids
from moshao.kit.db import Tx

HANDED_IN = frozenset({"handled", "feedback", "checking", "reported_up", "closed"})


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """The words that came with it: `by` as upstream names him."""

    at: datetime
    words: str | None = None
    by: str | None = None


async def amended(
    tx: Tx, case: Case, step: Step, said: Said, columns: Mapping[str, Any], clock_from: ClockFrom | None = None
) -> Case:
    """New content, and with `clock_from` a new deadline; a clock that is stopped or paused stays so."""
    changes = dict(columns)
    if clock_from is not None:
        then = msgspec.structs.replace(case, **changes)
        clock = started(
            then, clock_from.at, await duty_time(tx, case.district_id), limit=clock_from.limit,
            deadline_at=clock_from.deadline, provisional=clock_from.provisional,
        )  # fmt: skip
        if case.clock_state != "running":
            clock = {name: value for name, value in clock.items() if name not in ("clock_state", "next_at", "flags")}
        if case.clock_stopped_at is not None:
            clock["on_time"] = clock["deadline"] is None or case.clock_stopped_at <= clock["deadline"]
        changes |= clock
    return await _told(tx, case, step, "amended", said, changes)


async def urged(tx: Tx, case: Case, step: Step, said: Said) -> Case:
    return await _told(tx, case, step, "urged", said, {"flags": with_flags(case.flags, add=("urged",))})


async def supervised(tx: Tx, case: Case, step: Step, said: Said, reply_by: datetime | None = None) -> Case:
    """An order that waits for a reply; its request has no person."""
    request_id = ids.new_id()
    await tx.insert(
        "case_requests",
        {
            "id": request_id, "district_id": case.district_id, "case_id": case.id, "kind": "supervision",
            "state": "open", "unit_id": case.unit_id, "detail": "{}", "reason": said.words, "reply_by": reply_by,
            "asked_at": said.at, "salt": ids.new_secret(SALT_OCTETS),
        },
    )  # fmt: skip
    facts = {**step.facts, "request_id": request_id, "reply_by": reply_by}
    changes = {"flags": with_flags(case.flags, add=("supervised",))}
    asked = msgspec.structs.replace(step, facts=facts, requests=(request_id,))
    return await _told(tx, case, asked, "supervised", said, changes)


async def cancelled(tx: Tx, case: Case, step: Step, said: Said) -> Case:
    """From any state: ours loses. What is cancelled already stays as it is."""
    if case.state == "cancelled":
        return await _told(tx, case, step, "amended", said, {})
    return await cancel(tx, case, saying(step, "cancelled", said), said.at)


async def closed_above(tx: Tx, case: Case, step: Step, said: Said, *, forced: bool = False) -> Case:
    """From any state; with the cases merged under it."""
    dropped = await drop_pending(tx, case.id, said.at)
    facts = {**step.facts, "forced": forced, "above": True}
    ending = msgspec.structs.replace(saying(step, "closed", said), facts=facts, requests=dropped)

    def steps(each: Case) -> list[Step]:
        return [msgspec.structs.replace(ending, changes=closed(each, said.at))]

    return await move_each(tx, case, steps)


async def reopened(tx: Tx, case: Case, step: Step, said: Said) -> Case:
    """An ended case begins again; one that is open stays as it is."""
    if case.state not in ENDED:
        return await _told(tx, case, step, "reopened", said, {})
    return await reopen(tx, case, saying(step, "reopened", said), said.at)


async def rework_ordered(tx: Tx, case: Case, step: Step, said: Said, deadline: datetime | None = None) -> Case:
    """What was handed in goes back to the handler. What was not is urged: there is nothing to do again."""
    if case.state not in HANDED_IN:
        return await urged(tx, case, step, said)
    facts = {**step.facts, "by": "upstream"}
    ordered = msgspec.structs.replace(saying(step, "reworked", said), facts=facts)
    return await rework(tx, case, ordered, said.at, deadline)


async def merged(tx: Tx, case: Case, lead: Case, step: Step, said: Said) -> Case:
    """Under the lead where both are open; else only said. Both are locked by the caller."""
    fits = case.state in OPEN and case.lead_case_id is None and lead.state in OPEN and lead.lead_case_id is None
    if not fits or lead.id == case.id or is_ahead(case, lead):
        return await _told(tx, case, step, "amended", said, {})
    return await merge(tx, case, lead, saying(step, "merged", said))


async def return_visited(tx: Tx, case: Case, step: Step, said: Said, *, satisfied: bool | None) -> Case:
    """The caller was asked whether he is content."""
    facts = {**step.facts, "satisfied": satisfied}
    return await _told(tx, case, msgspec.structs.replace(step, facts=facts), "return_visited", said, {})


async def _told(tx: Tx, case: Case, step: Step, kind: str, said: Said, changes: dict[str, Any]) -> Case:
    return await move(tx, case, msgspec.structs.replace(saying(step, kind, said), changes=changes))


def saying(step: Step, kind: str, said: Said) -> Step:
    """The step as a line of this kind, with upstream's words."""
    return msgspec.structs.replace(step, kind=kind, said=remark(said.at, said.words, said_by=said.by))
