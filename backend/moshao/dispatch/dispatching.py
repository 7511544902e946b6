"""派遣: by hand to a unit, or on to another one. 裁定: the last word after two handbacks."""

from uuid import UUID

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.giving import give_to_unit
from moshao.cases.persons import unit_named, wrong
from moshao.cases.schemas import ActBody, Words
from moshao.cases.undo_log import as_it_was
from moshao.kit import errors
from moshao.kit.db import Row, Tx

HANDBACKS_LEAST = 2

ruling_too_early = errors.refusal("ruling_too_early", 409, "退回两次以后才能裁定")


class Dispatch(ActBody, kw_only=True):
    """`reason`: where another unit has the case already."""

    unit_id: UUID
    reason: Words | None = None


async def dispatch(tx: Tx, doing: Doing[Dispatch]) -> Done:
    """A supervisor to any unit, who runs a unit to one below his. Raises `bad_field`."""
    return await _give(tx, doing, "dispatched")


async def rule(tx: Tx, doing: Doing[Dispatch]) -> Done:
    """No handback after it. Raises `ruling_too_early`, `bad_field`."""
    if doing.case.handbacks < HANDBACKS_LEAST:
        raise ruling_too_early()
    return await _give(tx, doing, "dispatched", ruling=True)


async def _give(tx: Tx, doing: Doing[Dispatch], kind: str, *, ruling: bool = False) -> Done:
    case, body = doing.case, doing.body
    unit = await unit_named(tx, case.district_id, body.unit_id)
    below = "district" not in doing.standing.relations
    _check_unit(doing, unit, below=below)
    recall = case.unit_id is not None
    if recall and not below and body.reason is None:
        raise wrong("reason", "missing", "改派请填写原因")
    remark = doing.remark(body.reason)
    step = doing.step(kind, {"ruled": True} if ruling else {}, said=remark, recall=recall, ruling=ruling)
    after = await give_to_unit(tx, case, body.unit_id, at=doing.at, step=step, same_clock=below)
    return Done(case=after, before=as_it_was(case, after))


def _check_unit(doing: Doing[Dispatch], unit: Row, *, below: bool) -> None:
    if unit["id"] == doing.case.unit_id:
        raise wrong("unit_id", "same_unit", "案件已在这个单位")
    if below and str(doing.actor.unit_id) not in unit["path"].split("/")[:-1]:
        raise wrong("unit_id", "not_below", "只能派给下级单位")


DISPATCHES = ActKind("dispatches", Dispatch, dispatch)
RULINGS = ActKind("rulings", Dispatch, rule)
