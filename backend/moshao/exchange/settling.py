"""A difference between the books is settled: told again, taken over, or explained."""

from typing import Any, Literal
from uuid import UUID

import msgspec

from moshao.kit import clock, errors
from moshao.kit.blobs import Blobs
from moshao.kit.db import Database, Row, Tx
from moshao.people.actor import Actor
from moshao.upstream.queries import Upstream, upstream_by_id
from moshao.upstream.resending import resend
from moshao.upstream.unversioned import Said, take_unversioned

SOURCE = "reconciliation"

How = Literal["resend", "take", "note"]

nothing_to_resend = errors.refusal("nothing_to_resend", 409, "这个案件没有可以重发的反馈")
cannot_take_over = errors.refusal("cannot_take_over", 409, "这一项不能直接采用上级的说法，请重发或填写说明")
settled_otherwise = errors.refusal("settled_otherwise", 409, "这一项已经处理过了")
words_wanted = errors.refusal("words_wanted", 422, "请填写说明")


class SettlementBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """resend: all that happened to the case is told once more · take: their word holds here too · note: `words` say
    why both may stand."""

    how: How
    words: str = ""


async def settle(db: Database, blobs: Blobs, actor: Actor, line_id: UUID, body: SettlementBody) -> None:
    """The same again is done already. Raises `not_found` and the refusals above."""
    row = await db.one(
        "SELECT l.*, r.upstream_id FROM reconciled_lines l JOIN reconciliations r ON r.id = l.reconciliation_id "
        "WHERE l.id = ? AND r.district_id = ?",
        line_id, actor.district_id,
    )  # fmt: skip
    upstream = await upstream_by_id(db, row["upstream_id"]) if row else None
    if row is None or upstream is None:
        raise errors.not_found()
    if row["settled"] is not None:
        if (row["settled"], row["words"] or "") != (body.how, body.words):
            raise settled_otherwise()
        return
    if body.how == "note" and not body.words.strip():
        raise words_wanted(errors=(errors.FieldError("words", "missing", "请填写说明"),))
    if body.how == "take":
        await _take(db, blobs, upstream, row)
    await db.write(lambda tx: _mark(tx, upstream, row, actor, body))


async def _take(db: Database, blobs: Blobs, upstream: Upstream, row: Row) -> None:
    """By the way in which events come. Done twice at one moment, the second finds it done."""
    (outcome,) = await take_unversioned(db, blobs, upstream, SOURCE, [_said(row)])
    if outcome.result.status == "refused":
        raise cannot_take_over(outcome.result.detail or "")


def _said(row: Row) -> Said:
    key = {"external_case_id": row["external_case_id"]}
    if row["kind"] == "missing_here":
        return Said(type="dispatched", data=msgspec.json.decode(row["said"], type=dict[str, Any]) | key)
    if row["kind"] == "other_deadline" and "T" in (row["theirs"] or ""):
        return Said(type="amended", data=key | {"deadline": row["theirs"]})
    if row["kind"] == "other_state" and row["theirs"] in ("closed", "cancelled"):
        # One line is one message, however often it is sent.
        return Said(type=row["theirs"], data=key | {"opinion": "对账"}, id=str(row["id"]))
    raise cannot_take_over()


async def _mark(tx: Tx, upstream: Upstream, row: Row, actor: Actor, body: SettlementBody) -> None:
    marked = await tx.run(
        "UPDATE reconciled_lines SET settled = ?, words = ?, settled_by = ?, settled_at = ? "
        "WHERE id = ? AND settled IS NULL",
        body.how, body.words or None, actor.person_id, clock.now(), row["id"],
    )  # fmt: skip
    if not marked:
        raise settled_otherwise()
    if body.how == "resend":
        case_id = row["case_id"]
        if case_id is None or not await resend(tx, upstream.district_id, upstream.name, case_id, told_too=True):
            raise nothing_to_resend()
