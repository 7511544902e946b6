"""A supervisor opens a closed case again."""

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.reopening import reopen
from moshao.cases.schemas import ActBody, Words
from moshao.cases.undo_log import as_it_was
from moshao.kit.db import Tx


class Reopening(ActBody, kw_only=True):
    reason: Words


async def reopen_by_act(tx: Tx, doing: Doing[Reopening]) -> Done:
    step = doing.step("reopened", said=doing.remark(doing.body.reason))
    after = await reopen(tx, doing.case, step, doing.heard_at)
    return Done(case=after, before=as_it_was(doing.case, after))


REOPENINGS = ActKind("reopenings", Reopening, reopen_by_act)
