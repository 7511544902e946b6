"""Cases merged under a lead go where it goes: one card and one closure, each with its own number and clock."""

from collections.abc import Callable, Sequence

from moshao.cases.case import COLUMNS, Case, case_of, has_flag
from moshao.cases.coming_back import BESIDE, come_back
from moshao.cases.moving import Step, alone, move
from moshao.cases.requests import drop_pending
from moshao.cases.states import ENDED
from moshao.kit import clock
from moshao.kit.db import Reader, Tx

Steps = Callable[[Case], Sequence[Step]]


async def move_each(tx: Tx, lead: Case, steps: Steps) -> Case:
    """Move the case by `steps(case)`, then each case merged under it by the steps of its own; the lead after it.
    Words stay with the lead."""
    after = await move(tx, lead, *steps(lead))
    for member in await members_of(tx, lead):
        each = await _joined(tx, member)
        await move(tx, each, *map(alone, steps(each)))
    return after


async def _joined(tx: Tx, member: Case) -> Case:
    """Upstream may have paused it, or asked about it alone: it comes back before it goes on with its lead."""
    if member.state not in BESIDE:
        return member
    now = clock.now()
    dropped = await drop_pending(tx, member.id, now) if member.state == "returning" else ()
    step = Step(kind="merged", facts={"lead_case_id": member.lead_case_id}, requests=dropped)
    return await come_back(tx, member, step, now)


async def members_of(reader: Reader, lead: Case) -> list[Case]:
    """The cases merged under this one that have not ended; one that is closed and looked at once more has."""
    if lead.lead_case_id is not None or not has_flag(lead, "merged"):
        return []
    rows = await reader.all(f"SELECT {COLUMNS} FROM cases WHERE lead_case_id = ? ORDER BY id", lead.id)
    return [case for case in map(case_of, rows) if not ENDED & {case.state, case.state_before}]
