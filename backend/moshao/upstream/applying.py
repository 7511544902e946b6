"""What an event does: known already, overtaken, or done here and now. Inside one transaction per chunk."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.kit import errors
from moshao.kit.db import Tx
from moshao.upstream import amending, heeding
from moshao.upstream.envelope import Event
from moshao.upstream.filing import file_case, file_question, verbatim_of
from moshao.upstream.intake import Intake, Took, find_named, remembered
from moshao.upstream.schemas import EventResult

# What says how a case is; everything else says what happens to it.
CONTENT_TYPES = frozenset({"dispatched", "amended", "report_accepted"})

unknown_case = errors.refusal("unknown_case", 404, "没有这个案件，或不属于这个上级平台")
version_conflict = errors.refusal("version_conflict", 409, "同一版本号的内容与已收到的不同")

Begin = Callable[[Tx, Intake, Event], Awaitable[Took]]
Change = Callable[[Tx, Intake, Event, Case], Awaitable[Took]]

BEGINS: dict[str, Begin] = {"dispatched": file_case, "verify_requested": file_question}
CHANGES: dict[str, Change] = {
    "dispatched": amending.dispatch_again,
    "amended": amending.amend,
    "report_accepted": amending.accept_report,
    "report_rejected": heeding.reject_report,
    "urged": heeding.urge,
    "supervised": heeding.supervise,
    "cancelled": heeding.cancel,
    "reopened": heeding.reopen,
    "closed": heeding.close,
    "rework_ordered": heeding.order_rework,
    "merged": heeding.merge,
    "verify_requested": heeding.ask_to_verify,
    "check_requested": heeding.ask_to_check,
    "extension_decided": heeding.decide_extension,
    "shelving_decided": heeding.decide_shelving,
    "handback_decided": heeding.decide_handback,
    "return_visited": heeding.note_return_visit,
}


async def apply(tx: Tx, intake: Intake, event: Event) -> EventResult:
    """Raises `unknown_case`, `version_conflict`, and what the cases themselves refuse."""
    known = await _known(tx, intake, event)
    if known is not None:
        return EventResult(id=event.id, status="duplicate", case_id=known)
    case = await find_named(tx, intake, event)
    if case is None:
        if event.type not in BEGINS:
            raise unknown_case()
        took = await BEGINS[event.type](tx, intake, event)
    else:
        if passed := await _passed(tx, event, case):
            return passed
        took = await CHANGES[event.type](tx, intake, event, await _at_version(tx, event, case))
        sql, values = remembered(intake, event, took.case.id, verbatim_of(event))
        await tx.run(sql, *values)
    intake.on_record(event)
    return EventResult(
        id=event.id,
        status="accepted",
        case_id=took.case.id,
        detail="没有用上：" + "、".join(took.unusable) if took.unusable else None,
        warnings=list(took.warnings),
    )


async def _known(tx: Tx, intake: Intake, event: Event) -> UUID | None:
    """The case of an event that came before."""
    if event.key in intake.new_events:
        return None
    found: UUID | None = await tx.value(
        "SELECT case_id FROM intake_events WHERE upstream_id = ? AND event_key = ?", intake.upstream.id, event.key
    )
    return found


async def _passed(tx: Tx, event: Event, case: Case) -> EventResult | None:
    """The answer to an event whose version the case has seen, unless it says something else of it."""
    if event.version > case.version:
        return None
    if event.version < case.version:
        return EventResult(id=event.id, status="stale", case_id=case.id, detail=f"已收到版本 {case.version}")
    rows = await tx.all(
        "SELECT type, content FROM intake_events WHERE case_id = ? AND version = ?", case.id, event.version
    )
    if any(row["content"] == event.content for row in rows):
        return EventResult(id=event.id, status="duplicate", case_id=case.id)
    if any(row["type"] == event.type or {row["type"], event.type} <= CONTENT_TYPES for row in rows):
        raise version_conflict()
    return None


async def _at_version(tx: Tx, event: Event, case: Case) -> Case:
    """The case as this event finds it; the step that follows seals its version with the rest."""
    if event.version <= case.version:
        return case
    await tx.run("UPDATE cases SET version = ? WHERE id = ?", event.version, case.id)
    return msgspec.structs.replace(case, version=event.version)
