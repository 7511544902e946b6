"""延期: once more the original limit, asked for before the deadline, granted twice at most."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.case import Case
from moshao.cases.clocks import extended
from moshao.cases.deciding import Decision, check_may_decide, decision_step
from moshao.cases.district import duty_time
from moshao.cases.moving import Step, move
from moshao.cases.persons import wrong
from moshao.cases.requests import ask, check_none_pending, decide, pending_request
from moshao.cases.schemas import ActBody, Instant, Words
from moshao.cases.undo_log import as_it_was
from moshao.kit import errors
from moshao.kit.db import Tx

extension_not_allowed = errors.refusal("extension_not_allowed", 409, "此案件不允许延期")
extensions_used_up = errors.refusal("extensions_used_up", 409, "延期次数已用完")
deadline_passed = errors.refusal("deadline_passed", 409, "已过时限，不能再申请延期")
clock_not_running = errors.refusal("clock_not_running", 409, "此案件没有在计时，不需要延期")


class Extension(ActBody, kw_only=True):
    """`until`: a supervisor's, instead of once more the original limit."""

    reason: Words
    until: Instant | None = None


async def ask_for_extension(tx: Tx, doing: Doing[Extension]) -> Done:
    """A handler's waits for the crew leader, a unit's for the supervisor; a supervisor's is granted at once.

    Raises `extension_not_allowed`, `clock_not_running`, `deadline_passed`, `extensions_used_up`, `already_asked`.
    """
    case, body = doing.case, doing.body
    _check(doing)
    await check_none_pending(tx, case.id, "extension")
    role = doing.actor.role
    if role == "supervisor" and not case.decides_above:
        if body.until is not None and case.deadline is not None and body.until <= case.deadline:
            raise wrong("until", "too_early", "延期后的时限应晚于原时限")
        request_id = await ask(tx, doing, "extension", "granted", reason=body.reason, until=body.until)
        step = doing.step("extension_decided", said=doing.remark(body.reason, kind="extension_requested"))
        after = await extend(tx, case, step, request_id, doing.heard_at, body.until)
    else:
        state: Literal["open", "forwarded"] = "forwarded" if _forwarded(doing) else "open"
        request_id = await ask(tx, doing, "extension", state, reason=body.reason)
        asked = doing.step(
            "extension_requested", said=doing.remark(body.reason), requests=(request_id,), request_id=request_id,
            state=state,
        )  # fmt: skip
        after = await move(tx, case, asked)
    return Done(case=after, before=as_it_was(case, after))


async def extend(
    tx: Tx, case: Case, step: Step, request_id: UUID | None, now: datetime, until: datetime | None = None
) -> Case:
    """The granted extension of a request, or (of upstream) of none: a later deadline."""
    changes = extended(case, now, await duty_time(tx, case.district_id), until)
    facts = {"request_id": request_id or case.id, "verdict": "grant", "deadline": changes["deadline"], **step.facts}
    requests = (request_id,) if request_id else ()
    return await move(tx, case, msgspec.structs.replace(step, changes=changes, facts=facts, requests=requests))


async def decide_extension(tx: Tx, doing: Doing[Decision]) -> Done:
    """Raises `not_your_act`, `upstream_decides`, `request_decided`, `extensions_used_up`, `bad_field`."""
    case, body = doing.case, doing.body
    state = check_may_decide(doing)
    request = await pending_request(tx, case.id, body.request_id, "extension")
    if state == "granted" and case.extensions >= doing.actor.settings.extensions_most:
        raise extensions_used_up()
    await decide(tx, request["id"], state, at=doing.at, by=doing.actor.person_id, reason=body.reason)
    remark = doing.remark(body.reason, kind="extension_decided")
    if state == "granted":
        step = doing.step("extension_decided", said=remark)
        after = await extend(tx, case, step, request["id"], doing.heard_at)
    else:
        kind = "extension_forwarded" if state == "forwarded" else "extension_decided"
        after = await move(tx, case, decision_step(doing, kind, request["id"], remark))
    return Done(case=after, before=as_it_was(case, after))


def _check(doing: Doing[Extension]) -> None:
    case = doing.case
    if not case.allow_extension:
        raise extension_not_allowed()
    if case.clock_state != "running" or case.deadline is None:
        raise clock_not_running()
    if doing.at > case.deadline:
        raise deadline_passed()
    if case.extensions >= doing.actor.settings.extensions_most:
        raise extensions_used_up()


def _forwarded(doing: Doing[Extension]) -> bool:
    """Who runs the unit, and a desk whose upstream decides, need nobody to pass the request on."""
    return "unit" in doing.standing.relations or doing.actor.role == "supervisor"


EXTENSIONS = ActKind("extensions", Extension, ask_for_extension)
EXTENSION_DECISIONS = ActKind("extension_decisions", Decision, decide_extension)
