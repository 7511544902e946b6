"""A supervisor takes back what he did to many at once, while nobody has touched the case since."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.case import Case
from moshao.cases.moving import move
from moshao.cases.persons import wrong
from moshao.cases.schemas import ActBody
from moshao.kit import errors
from moshao.kit.db import Row, Tx

WITHIN = timedelta(minutes=10)

undo_too_late = errors.refusal("undo_too_late", 409, "只能在十分钟内撤销")
touched_since = errors.refusal("touched_since", 409, "此案件之后已有变化，不能撤销")
not_undoable = errors.refusal("not_undoable", 409, "这个操作不能撤销")


class Undoing(ActBody, kw_only=True):
    """`undoes`: the act_id of an act of one's own on this case."""

    undoes: UUID


async def undo(tx: Tx, doing: Doing[Undoing]) -> Done:
    """Sets the case back; the journal keeps both. Raises `undo_too_late`, `touched_since`, `not_undoable`."""
    case = doing.case
    act = await tx.one(
        "SELECT id, act, heard_at, seq, before FROM acts WHERE id = ? AND case_id = ? AND person_id = ?",
        doing.body.undoes, case.id, doing.actor.person_id,
    )  # fmt: skip
    if act is None:
        raise wrong("undoes", "unknown_act", "没有找到您的这个操作")
    if act["before"] is None:
        raise not_undoable()
    if doing.heard_at - act["heard_at"] > WITHIN:
        raise undo_too_late()
    if case.changed_seq != act["seq"]:
        raise touched_since()
    changes = _as_before(case, act["before"])
    requests, unsaid = await _undo_requests(tx, act), await _unsay(tx, act)
    kinds = await tx.all("SELECT kind FROM journal_lines WHERE case_id = ? AND act_id = ?", case.id, act["id"])
    facts: dict[str, Any] = {"undoes": act["id"], "act": act["act"], "kinds": sorted(row["kind"] for row in kinds)}
    step = doing.step("undone", changes, requests=requests, **facts)
    return Done(case=await move(tx, case, msgspec.structs.replace(step, gone=unsaid)))


def _as_before(case: Case, text: str) -> dict[str, Any]:
    """The columns to set, typed: the log has ids and times as text."""
    was = msgspec.json.decode(text)
    typed = msgspec.convert(msgspec.to_builtins(case) | was, Case)
    return {name: getattr(typed, name) for name in was}


async def _unsay(tx: Tx, act: Row) -> tuple[str, ...]:
    """The words go; which they were."""
    rows = await tx.all("DELETE FROM case_words WHERE act_id = ? RETURNING id", act["id"])
    return tuple(str(row["id"]) for row in rows)


async def _undo_requests(tx: Tx, act: Row) -> tuple[UUID, ...]:
    """What the act asked for is no more; what it decided waits again. Which requests these are."""
    await tx.run("UPDATE case_requests SET state = 'undone' WHERE id = ?", act["id"])
    body = msgspec.json.decode(await tx.value("SELECT body FROM acts WHERE id = ?", act["id"]))
    if request_id := body.get("request_id"):
        await tx.run(
            "UPDATE case_requests SET state = ?, decided_at = ?, decided_by = ?, decision_reason = ? WHERE id = ?",
            "forwarded", None, None, None, UUID(request_id),
        )  # fmt: skip
        return act["id"], UUID(request_id)
    return (act["id"],)


UNDOINGS = ActKind("undoings", Undoing, undo)
