"""申诉: a unit contests what the figures say of it. Granted: the case leaves them, its history stays."""

from datetime import timedelta
from typing import Literal

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.case import Case, with_flags
from moshao.cases.deciding import Decision, decision_step
from moshao.cases.moving import move
from moshao.cases.requests import ask, decide, pending_request
from moshao.cases.rules import not_your_act
from moshao.cases.schemas import ActBody, Words
from moshao.cases.undo_log import as_it_was
from moshao.kit import errors
from moshao.kit.db import Reader, Tx

AppealKind = Literal["overdue", "rework", "handback_refused", "wrong_unit", "duplicate", "upstream_outage", "weather"]

appealed_before = errors.refusal("appealed_before", 409, "同一事由只能申诉一次")
appeal_too_late = errors.refusal("appeal_too_late", 409, "已超过申诉时限")


class Appeal(ActBody, kw_only=True):
    appeal_kind: AppealKind
    reason: Words


async def appeal(tx: Tx, doing: Doing[Appeal]) -> Done:
    """Once per kind and case, within the district's days. Raises `appealed_before`, `appeal_too_late`."""
    case, body = doing.case, doing.body
    if case.ended_at and doing.at > case.ended_at + timedelta(days=doing.actor.settings.appeal_days):
        raise appeal_too_late()
    if await _asked_before(tx, case, body.appeal_kind):
        raise appealed_before()
    detail = {"appeal_kind": body.appeal_kind}
    request_id = await ask(tx, doing, "appeal", "forwarded", reason=body.reason, detail=detail)
    step = doing.step(
        "appealed", said=doing.remark(body.reason, body.appeal_kind), requests=(request_id,), request_id=request_id,
        appeal_kind=body.appeal_kind,
    )  # fmt: skip
    return Done(case=await move(tx, case, step))


async def decide_appeal(tx: Tx, doing: Doing[Decision]) -> Done:
    """Raises `request_decided`, `bad_field`. The figures are this district's own, whoever closes the case."""
    case, body = doing.case, doing.body
    if body.verdict == "forward":
        raise not_your_act()
    request = await pending_request(tx, case.id, body.request_id, "appeal")
    granted = body.verdict == "grant"
    state: Literal["granted", "refused"] = "granted" if granted else "refused"
    await decide(tx, request["id"], state, at=doing.at, by=doing.actor.person_id, reason=body.reason)
    changes = {"flags": with_flags(case.flags, add=("exempt",))} if granted else {}
    step = decision_step(doing, "appeal_decided", request["id"], doing.remark(body.reason), **changes)
    after = await move(tx, case, step)
    return Done(case=after, before=as_it_was(case, after))


async def _asked_before(reader: Reader, case: Case, kind: str) -> bool:
    row = await reader.one(
        "SELECT id FROM case_requests WHERE case_id = ? AND kind = ? AND detail LIKE ?",
        case.id, "appeal", f'%"{kind}"%',
    )  # fmt: skip
    return row is not None


APPEALS = ActKind("appeals", Appeal, appeal)
APPEAL_DECISIONS = ActKind("appeal_decisions", Decision, decide_appeal)
