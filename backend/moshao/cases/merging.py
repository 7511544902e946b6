"""并案: one card and one closure for several cases. Each keeps its number, clock, reply and line in the figures."""

from uuid import UUID

import msgspec

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.case import Case, lock_case, with_flags
from moshao.cases.clocks import stopped
from moshao.cases.members import members_of
from moshao.cases.moving import Step, alone, move
from moshao.cases.persons import wrong
from moshao.cases.schemas import ActBody
from moshao.cases.states import DOES_NOT_FIT, OPEN
from moshao.cases.undo_log import as_it_was
from moshao.cases.visibility import standing
from moshao.kit import errors
from moshao.kit.db import Tx

# What a member takes over from its lead: where the work stands, not whose case it is or when it is due.
SHARED = (
    "state", "state_before", "unit_id", "turn_unit_id", "handler_id", "crew_id", "helpers", "inspector_id",
    "dispatched_at", "signed_at", "assigned_at", "accepted_at", "handled_at", "handled_by", "handled_heard_at",
    "closure_id", "outcome",
)  # fmt: skip

has_members = errors.refusal("has_members", 409, "此案件下已有并入的案件，请并入同一主案件")
not_merged = errors.refusal("not_merged", 409, "此案件没有并入其他案件")


class Merge(ActBody, kw_only=True):
    lead_case_id: UUID


class Unmerge(ActBody):
    """Nothing more to say."""


async def merge_by_act(tx: Tx, doing: Doing[Merge]) -> Done:
    """Raises `bad_field` (the lead is unknown to him, or the case itself), `case_…` of the lead, `has_members`."""
    lead = await lock_case(tx, doing.body.lead_case_id)
    if lead is None or lead.id == doing.case.id or (await standing(tx, doing.actor, lead)).sight != "see":
        raise wrong("lead_case_id", "unknown_case", "没有找到主案件")
    after = await merge(tx, doing.case, lead, doing.step("merged"))
    return Done(case=after)


async def merge(tx: Tx, case: Case, lead: Case, step: Step) -> Case:
    """Put `case` under `lead`. For upstream's word too."""
    if lead.state not in OPEN or lead.lead_case_id is not None:
        raise DOES_NOT_FIT[lead.state]("主案件已结束或已并入其他案件")
    if await members_of(tx, case):
        raise has_members()
    if is_ahead(case, lead):
        raise DOES_NOT_FIT[case.state]("已处置的案件不能并入未处置的主案件")
    shared = {name: getattr(lead, name) for name in SHARED}
    changes = {**shared, "lead_case_id": lead.id, "flags": with_flags(case.flags, add=("merged",))}
    if lead.clock_stopped_at is not None and case.clock_state == "running":
        changes |= stopped(msgspec.structs.replace(case, flags=changes["flags"]), lead.clock_stopped_at)
    facts = {"lead_case_id": lead.id, **step.facts}
    after = await move(tx, case, msgspec.structs.replace(step, changes=changes, facts=facts))
    lead_changes = {"flags": with_flags(lead.flags, add=("merged",))}
    await move(tx, lead, alone(step, changes=lead_changes, facts={"member_case_id": case.id}))
    return after


def is_ahead(case: Case, lead: Case) -> bool:
    """Its clock has stopped and the lead's has not: it would have to be done again."""
    return case.clock_stopped_at is not None and lead.clock_stopped_at is None


async def unmerge_by_act(tx: Tx, doing: Doing[Unmerge]) -> Done:
    """Raises `not_merged`."""
    if doing.case.lead_case_id is None:
        raise not_merged()
    after = await unmerge(tx, doing.case, doing.step("unmerged"))
    return Done(case=after, before=as_it_was(doing.case, after))


async def unmerge(tx: Tx, case: Case, step: Step) -> Case:
    """The case goes on by itself from where its lead stands."""
    changes = {"lead_case_id": None, "flags": with_flags(case.flags, drop=("merged",)), **step.changes}
    facts = {"lead_case_id": case.lead_case_id}
    return await move(tx, case, msgspec.structs.replace(step, kind="unmerged", changes=changes, facts=facts))


async def let_members_go(tx: Tx, lead: Case, step: Step) -> None:
    """The lead is taken out: what was merged under it goes on."""
    for member in await members_of(tx, lead):
        await unmerge(tx, member, alone(step, changes={}))


MERGES = ActKind("merges", Merge, merge_by_act)
UNMERGES = ActKind("unmerges", Unmerge, unmerge_by_act)
