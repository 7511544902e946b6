"""受理: the supervisor takes a report for a case, refuses it, or has an inspector look first."""

from typing import Literal
from uuid import UUID

import msgspec

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.asking_to_look import ask_to_verify
from moshao.cases.case import Case
from moshao.cases.moving import Step, move
from moshao.cases.persons import person_named, unit_named, worker_named, wrong
from moshao.cases.rejecting import reject
from moshao.cases.reviewing import nobody_to_check
from moshao.cases.schemas import ActBody, Words
from moshao.cases.undo_log import as_it_was
from moshao.dispatch.choosing import Roster
from moshao.dispatch.inspecting import name_inspector
from moshao.dispatch.sending import steps_on
from moshao.kit.db import Tx
from moshao.people.settings import DistrictSettings


class Filing(ActBody, kw_only=True):
    """`reason`: with `reject`. `unit_id`, `person_id`: who gets it, else by rule; or which inspector verifies."""

    verdict: Literal["accept", "reject", "verify"]
    reason: Words | None = None
    unit_id: UUID | None = None
    person_id: UUID | None = None


async def file_report(tx: Tx, doing: Doing[Filing]) -> Done:
    """Raises `nobody_to_check`, `bad_field`."""
    verdict, case = doing.body.verdict, doing.case
    if verdict == "accept":
        after = await _accept(tx, doing)
    elif verdict == "verify":
        after = await _verify(tx, doing)
    else:
        after = await _reject(tx, doing)
    return Done(case=after, before=as_it_was(case, after))


async def accept(
    tx: Tx,
    case: Case,
    step: Step,
    settings: DistrictSettings,
    roster: Roster,
    *,
    unit_id: UUID | None = None,
    person_id: UUID | None = None,
) -> Case:
    """A reported case becomes one to be dealt with, and goes on as far as rules and roster know."""
    at = roster.at
    filed = msgspec.structs.replace(step, kind="filed", changes={"state": "received", "filed_at": at})
    after = msgspec.structs.replace(case, **filed.changes)
    further = await steps_on(
        tx, after, roster, settings, at=at, step=step, unit_id=unit_id, person_id=person_id,
        looked_at=unit_id is not None,
    )  # fmt: skip
    return await move(tx, case, filed, *further)


async def _accept(tx: Tx, doing: Doing[Filing]) -> Case:
    body, case = doing.body, doing.case
    if body.unit_id is not None:
        await unit_named(tx, case.district_id, body.unit_id)
    if body.person_id is not None:
        if body.unit_id is None:
            raise wrong("unit_id", "missing", "请同时选择单位")
        await worker_named(tx, case.district_id, body.unit_id, body.person_id, "person_id")
    step, settings = doing.step("filed"), doing.actor.settings
    roster = Roster(tx, doing.heard_at)
    return await accept(tx, case, step, settings, roster, unit_id=body.unit_id, person_id=body.person_id)


async def _verify(tx: Tx, doing: Doing[Filing]) -> Case:
    case, chosen = doing.case, doing.body.person_id
    if chosen is not None and (await person_named(tx, case.district_id, chosen, "person_id")).role != "inspector":
        raise wrong("person_id", "no_inspector", "请选择一名监督员")
    inspector_id = chosen or await name_inspector(tx, case)
    if inspector_id is None:
        raise nobody_to_check()
    step = doing.step("verify_asked", said=doing.remark(doing.body.reason))
    return await ask_to_verify(tx, case, inspector_id, step)


async def _reject(tx: Tx, doing: Doing[Filing]) -> Case:
    if doing.body.reason is None:
        raise wrong("reason", "missing", "不予受理请填写原因")
    step = doing.step("rejected", said=doing.remark(doing.body.reason))
    return await reject(tx, doing.case, step, doing.heard_at)


FILINGS = ActKind("filings", Filing, file_report)
