"""单位审核: the unit looks at the closure; the parent unit after it where its setting asks."""

from typing import Literal

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.caller_called import check_caller_called
from moshao.cases.four_eyes import four_eyes_refusal
from moshao.cases.passing import pass_on
from moshao.cases.persons import wrong
from moshao.cases.photos_there import check_photos_there
from moshao.cases.reworking import rework
from moshao.cases.schemas import ActBody, Words
from moshao.cases.states import DOES_NOT_FIT
from moshao.kit.db import Tx


class UnitReview(ActBody, kw_only=True):
    """`reason` with `back`."""

    verdict: Literal["pass", "back"]
    reason: Words | None = None


async def review_in_unit(tx: Tx, doing: Doing[UnitReview]) -> Done:
    """Raises `photos_missing`, `contact_missing`, `own_closure`, and `case_handled` where it is the parent's turn."""
    case, body = doing.case, doing.body
    if body.verdict == "back" and body.reason is None:
        raise wrong("reason", "missing", "退回时请填写原因")
    if case.turn_unit_id in doing.actor.unit_path[:-1]:
        raise DOES_NOT_FIT["handled"]("现在由上级单位审核")
    if (refused := four_eyes_refusal(case, doing.actor.person_id)) is not None:
        raise refused
    if body.verdict == "back":
        step = doing.step("reworked", said=doing.remark(body.reason), by="unit")
        return Done(case=await rework(tx, case, step, doing.heard_at))
    await check_photos_there(tx, case)
    await check_caller_called(tx, case)
    return Done(case=await pass_on(tx, case, doing.step("unit_passed"), doing.at, marked=True))


UNIT_REVIEWS = ActKind("unit_reviews", UnitReview, review_in_unit)
