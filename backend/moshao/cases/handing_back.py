"""退回: wrong person or wrong unit. The handler to his crew leader, the unit to its parent or the desk."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.case import Case
from moshao.cases.giving import UNASSIGNED, give_to_unit
from moshao.cases.moving import Step, move
from moshao.cases.persons import parent_of, unit_named
from moshao.cases.schemas import ActBody, Code, Words
from moshao.kit import errors
from moshao.kit.db import Tx

handback_not_allowed = errors.refusal("handback_not_allowed", 409, "此案件不允许退回")
handback_ruled_out = errors.refusal("handback_ruled_out", 409, "此案件已由二级平台裁定，不能再退回")
handback_after_handing_in = errors.refusal("handback_after_handing_in", 409, "已提交处置结果的案件不能退回")
handback_too_late = errors.refusal("handback_too_late", 409, "已超过退回时限")


class Handback(ActBody, kw_only=True):
    """`reason`: one of the list, for instance not_our_unit, not_our_area, wrong_class, no_tools, other."""

    reason: Code
    words: Words | None = None
    proposed_unit_id: UUID | None = None


async def hand_back(tx: Tx, doing: Doing[Handback]) -> Done:
    """Raises `handback_not_allowed`, `_ruled_out`, `_after_handing_in`, `_too_late`, `bad_field`."""
    case, body = doing.case, doing.body
    _check(doing)
    if body.proposed_unit_id is not None:
        await unit_named(tx, case.district_id, body.proposed_unit_id, "proposed_unit_id")
    if case.state == "dispatched":
        after = await _unit_gives_back(tx, doing)
    else:
        changes = UNASSIGNED | {"state": "dispatched", "handbacks": case.handbacks + 1}
        after = await move(tx, case, _step(doing, changes, to="unit"))
    return Done(case=after)


def _check(doing: Doing[Handback]) -> None:
    case = doing.case
    if case.ruled:
        raise handback_ruled_out()
    if not case.allow_handback:
        raise handback_not_allowed()
    if case.closure_id is not None:
        raise handback_after_handing_in()
    since = case.assigned_at or case.dispatched_at or case.created_at
    until = case.handback_deadline or since + timedelta(hours=doing.actor.settings.handback_hours)
    if doing.at > until:
        raise handback_too_late()


async def _unit_gives_back(tx: Tx, doing: Doing[Handback]) -> Case:
    case = doing.case
    changes: dict[str, Any] = {"handbacks": case.handbacks + 1}
    parent = await parent_of(tx, case.unit_id)
    if parent is not None:
        step = _step(doing, changes, to="parent")
        return await give_to_unit(tx, case, parent, at=doing.at, step=step, same_clock=True)
    changes |= UNASSIGNED | {"state": "received", "unit_id": None, "signed_at": None}
    return await move(tx, case, _step(doing, changes, to="desk", from_unit_id=case.unit_id))


def _step(doing: Doing[Handback], changes: dict[str, Any], **facts: Any) -> Step:
    body = doing.body
    why: dict[str, Any] = {"reason": body.reason, "proposed_unit_id": body.proposed_unit_id}
    return doing.step("handed_back", changes, said=doing.remark(body.words or body.note, body.reason), **why, **facts)


HANDBACKS = ActKind("handbacks", Handback, hand_back)
