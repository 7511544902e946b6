"""挂账: paused with a reason until a date, once per case; it comes back by itself."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.case import Case
from moshao.cases.clocks import paused
from moshao.cases.deciding import Decision, check_may_decide, decision_step
from moshao.cases.moving import Step, alone, move
from moshao.cases.persons import wrong
from moshao.cases.requests import ask, check_none_pending, decide, pending_request
from moshao.cases.schemas import ActBody, Instant, Words
from moshao.cases.undo_log import as_it_was
from moshao.kit import errors
from moshao.kit.db import Tx

LONGEST = timedelta(days=366)

shelved_before = errors.refusal("shelved_before", 409, "每个案件只能挂账一次")


class Shelving(ActBody, kw_only=True):
    """`until`: at most a year from now."""

    reason: Words
    until: Instant


async def ask_for_shelving(tx: Tx, doing: Doing[Shelving]) -> Done:
    """A unit's waits for the supervisor; a supervisor's counts at once. Raises `shelved_before`, `already_asked`."""
    case, body = doing.case, doing.body
    if not doing.heard_at < body.until <= doing.heard_at + LONGEST:
        raise wrong("until", "out_of_range", "挂账期限应在今后一年之内")
    if case.shelvings:
        raise shelved_before()
    await check_none_pending(tx, case.id, "shelving")
    if doing.actor.role == "supervisor" and not case.decides_above:
        request_id = await ask(tx, doing, "shelving", "granted", reason=body.reason, until=body.until)
        step = doing.step("shelving_decided", said=doing.remark(body.reason, kind="shelving_requested"))
        after = await shelve(tx, case, step, request_id, doing.heard_at, body.until)
    else:
        request_id = await ask(tx, doing, "shelving", "forwarded", reason=body.reason, until=body.until)
        asked = doing.step(
            "shelving_requested", said=doing.remark(body.reason), requests=(request_id,), request_id=request_id,
            until=body.until,
        )  # fmt: skip
        after = await move(tx, case, asked)
    return Done(case=after, before=as_it_was(case, after))


async def shelve(tx: Tx, case: Case, step: Step, request_id: UUID | None, now: datetime, until: datetime) -> Case:
    """To `shelved`. For upstream's word too, who may not have been asked."""
    changes = {"state": "shelved", "state_before": case.state, "shelvings": case.shelvings + 1}
    if case.clock_state == "running":
        changes |= paused(now)
    changes |= {"shelved_until": until, "next_at": until}
    facts = {"request_id": request_id or case.id, "verdict": "grant", "until": until, **step.facts}
    decided = msgspec.structs.replace(step, facts=facts, requests=(request_id,) if request_id else ())
    return await move(tx, case, decided, alone(step, kind="shelved", changes=changes, facts=facts))


async def decide_shelving(tx: Tx, doing: Doing[Decision]) -> Done:
    """Raises `not_your_act`, `upstream_decides`, `request_decided`, `shelved_before`, `bad_field`."""
    case, body = doing.case, doing.body
    state = check_may_decide(doing)
    request = await pending_request(tx, case.id, body.request_id, "shelving")
    if state == "granted" and case.shelvings:
        raise shelved_before()
    if state == "granted" and request["until"] <= doing.heard_at:
        raise wrong("request_id", "over", "申请的挂账期限已过")
    await decide(tx, request["id"], state, at=doing.at, by=doing.actor.person_id, reason=body.reason)
    remark = doing.remark(body.reason, kind="shelving_decided")
    if state == "granted":
        step = doing.step("shelving_decided", said=remark)
        after = await shelve(tx, case, step, request["id"], doing.heard_at, request["until"])
    else:
        kind = "shelving_forwarded" if state == "forwarded" else "shelving_decided"
        after = await move(tx, case, decision_step(doing, kind, request["id"], remark))
    return Done(case=after, before=as_it_was(case, after))


SHELVINGS = ActKind("shelvings", Shelving, ask_for_shelving)
SHELVING_DECISIONS = ActKind("shelving_decisions", Decision, decide_shelving)
