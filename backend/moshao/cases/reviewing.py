"""复核: the supervisor closes, sends back, or has an inspector look."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal
from uuid import UUID

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.asking_to_look import ask_to_check
from moshao.cases.caller_called import check_caller_called
from moshao.cases.case import Case
from moshao.cases.ending import close, trusted
from moshao.cases.four_eyes import four_eyes_refusal
from moshao.cases.moving import move
from moshao.cases.persons import person_named, wrong
from moshao.cases.photos_there import check_photos_there
from moshao.cases.reworking import rework
from moshao.cases.schemas import ActBody, Words
from moshao.cases.undo_log import as_it_was
from moshao.kit import errors
from moshao.kit.db import Tx

NameInspector = Callable[[Tx, Case], Awaitable[UUID | None]]

nobody_to_check = errors.refusal("nobody_to_check", 409, "没有负责此处的监督员，请指定一人")


class Review(ActBody, kw_only=True):
    """`reason`: with `rework`, or with `close` while photos are missing or nobody called the person who reported,
    though upstream asks for it. `person_id`: the inspector of a `check`, else
    the rule names him. `trust_clock`: a doubtful phone clock is believed after all."""

    verdict: Literal["close", "rework", "check"]
    reason: Words | None = None
    person_id: UUID | None = None
    trust_clock: bool = False


def reviews(name_inspector: NameInspector) -> ActKind[Review]:
    """The act, given who names the inspector of a place."""

    async def review(tx: Tx, doing: Doing[Review]) -> Done:
        """Raises `own_closure`, `photos_missing`, `contact_missing`, `nobody_to_check`, `bad_field`."""
        case, body = doing.case, doing.body
        if body.verdict == "rework" and body.reason is None:
            raise wrong("reason", "missing", "返工请填写原因")
        if (refused := four_eyes_refusal(case, doing.actor.person_id)) is not None:
            raise refused
        if body.verdict == "check":
            after = await _ask(tx, doing, name_inspector)
        elif body.verdict == "rework":
            step = doing.step("reworked", said=doing.remark(body.reason), by="desk")
            after = await rework(tx, case, step, doing.heard_at)
        else:
            after = await _close(tx, doing)
        return Done(case=after, before=as_it_was(case, after))

    return ActKind("reviews", Review, review)


async def _close(tx: Tx, doing: Doing[Review]) -> Case:
    case, body = doing.case, doing.body
    if body.reason is None:
        await check_photos_there(tx, case)
        await check_caller_called(tx, case)
    if body.trust_clock and case.closure_id is not None:
        corrected_at: datetime = await tx.value("SELECT corrected_at FROM acts WHERE id = ?", case.closure_id)
        if changes := trusted(case, corrected_at):
            case = await move(tx, case, doing.step("clock_trusted", changes))
    return await close(tx, case, doing.step("closed", said=doing.remark(body.reason, kind="closed")), doing.heard_at)


async def _ask(tx: Tx, doing: Doing[Review], name_inspector: NameInspector) -> Case:
    case, chosen = doing.case, doing.body.person_id
    if chosen is not None and (await person_named(tx, case.district_id, chosen, "person_id")).role != "inspector":
        raise wrong("person_id", "no_inspector", "请选择一名监督员")
    inspector_id = chosen or await name_inspector(tx, case)
    if inspector_id is None:
        raise nobody_to_check()
    step = doing.step("check_asked", said=doing.remark(doing.body.reason))
    return await ask_to_check(tx, case, inspector_id, step)
