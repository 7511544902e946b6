"""催办, 督办: a nudge; a formal order that needs a reply."""

from datetime import datetime

import msgspec

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.case import with_flags
from moshao.cases.moving import move
from moshao.cases.requests import ask, decide
from moshao.cases.schemas import ActBody, Instant, Words
from moshao.cases.undo_log import as_it_was
from moshao.kit import errors
from moshao.kit.db import Tx

nothing_to_reply = errors.refusal("nothing_to_reply", 409, "此案件没有等待答复的督办")


class Urging(ActBody, kw_only=True):
    opinion: Words


class Supervision(ActBody, kw_only=True):
    opinion: Words
    reply_by: Instant | None = None


class SupervisionReply(ActBody, kw_only=True):
    opinion: Words


async def urge(tx: Tx, doing: Doing[Urging]) -> Done:
    case = doing.case
    changes = {"flags": with_flags(case.flags, add=("urged",))}
    after = await move(tx, case, doing.step("urged", changes, said=doing.remark(doing.body.opinion)))
    return Done(case=after, before=as_it_was(case, after))


async def supervise(tx: Tx, doing: Doing[Supervision]) -> Done:
    case, body = doing.case, doing.body
    request_id = await ask(tx, doing, "supervision", "open", reason=body.opinion, reply_by=body.reply_by)
    changes = {"flags": with_flags(case.flags, add=("supervised",))}
    reply_by: datetime | None = body.reply_by
    step = doing.step(
        "supervised", changes, said=doing.remark(body.opinion), requests=(request_id,), request_id=request_id,
        reply_by=reply_by,
    )  # fmt: skip
    after = await move(tx, case, step)
    return Done(case=after, before=as_it_was(case, after))


async def reply_to_supervision(tx: Tx, doing: Doing[SupervisionReply]) -> Done:
    """Answers every order that waits for a reply. Raises `nothing_to_reply`."""
    case, opinion = doing.case, doing.body.opinion
    waiting = await tx.all(
        "SELECT id FROM case_requests WHERE case_id = ? AND kind = ? AND state = ? ORDER BY asked_at",
        case.id, "supervision", "open",
    )  # fmt: skip
    if not waiting:
        raise nothing_to_reply()
    for row in waiting:
        await decide(tx, row["id"], "answered", at=doing.at, by=doing.actor.person_id, reason=opinion)
    replied = [doing.step("supervision_replied", requests=(row["id"],), request_id=row["id"]) for row in waiting]
    replied[-1] = msgspec.structs.replace(replied[-1], said=doing.remark(opinion))
    return Done(case=await move(tx, case, *replied))


URGINGS = ActKind("urgings", Urging, urge)
SUPERVISIONS = ActKind("supervisions", Supervision, supervise)
SUPERVISION_REPLIES = ActKind("supervision_replies", SupervisionReply, reply_to_supervision)
