"""申请回退上级: upstream is asked to take its case back; the clock runs until it does."""

from uuid import UUID

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.moving import move
from moshao.cases.requests import ask, check_none_pending
from moshao.cases.schemas import ActBody, Code, Words
from moshao.cases.undo_log import as_it_was
from moshao.kit import errors
from moshao.kit.db import Tx

no_upstream = errors.refusal("no_upstream", 409, "此案件不是上级平台派来的，不能回退上级")


class UpstreamHandback(ActBody, kw_only=True):
    """`reason`: one of the list."""

    reason: Code
    words: Words | None = None
    proposed_unit_id: UUID | None = None


async def ask_upstream_to_take_back(tx: Tx, doing: Doing[UpstreamHandback]) -> Done:
    case, body = doing.case, doing.body
    if case.upstream_id is None:
        raise no_upstream()
    await check_none_pending(tx, case.id, "upstream_handback")
    detail = {"code": body.reason, "proposed_unit_id": body.proposed_unit_id}
    request_id = await ask(tx, doing, "upstream_handback", "forwarded", reason=body.words, detail=detail)
    changes = {"state": "returning", "state_before": case.state}
    step = doing.step(
        "return_requested", changes, said=doing.remark(body.words or body.note, body.reason), requests=(request_id,),
        request_id=request_id, reason=body.reason,
    )  # fmt: skip
    after = await move(tx, case, step)
    return Done(case=after, before=as_it_was(case, after))


UPSTREAM_HANDBACKS = ActKind("upstream_handbacks", UpstreamHandback, ask_upstream_to_take_back)
