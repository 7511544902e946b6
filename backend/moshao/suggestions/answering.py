"""An admin answers; who asked has read it."""

from uuid import UUID

from moshao.journal.appending import Line, append
from moshao.kit import clock, errors
from moshao.kit.db import Tx
from moshao.people.actor import Actor
from moshao.suggestions.kinds import KINDS

answered_already = errors.refusal("suggestion_answered", 409, "这条投诉建议已有别人答复")


async def answer(tx: Tx, actor: Actor, suggestion_id: UUID, words: str) -> None:
    """Whoever answered may put his own words right; then they count as unread again. The same words again: nothing.

    Raises `not_found`, `answered_already`.
    """
    row = await tx.one(
        "SELECT person_id, answer, answered_by FROM suggestions WHERE id = ? AND district_id = ?" + tx.for_update(),
        suggestion_id, actor.district_id,
    )  # fmt: skip
    if row is None:
        raise errors.not_found()
    if row["answered_by"] not in (None, actor.person_id):
        raise answered_already()
    if row["answer"] == words:
        return
    await tx.run(
        "UPDATE suggestions SET answer = ?, answered_by = ?, answered_at = ?, seen_at = NULL WHERE id = ?",
        words, actor.person_id, clock.now(), suggestion_id,
    )  # fmt: skip
    facts = {"suggestion_id": suggestion_id, "to_id": row["person_id"]}
    line = Line(kind=KINDS.known("suggestion_answered"), person_id=actor.person_id, facts=facts)
    await append(tx, actor.district_id, [line])


async def see(tx: Tx, actor: Actor, suggestion_id: UUID) -> None:
    """The answer was before him who asked. Raises `not_found`."""
    mine = await tx.one(
        "SELECT 1 AS one FROM suggestions WHERE id = ? AND person_id = ?", suggestion_id, actor.person_id
    )
    if mine is None:
        raise errors.not_found()
    await tx.run(
        "UPDATE suggestions SET seen_at = ? WHERE id = ? AND answered_at IS NOT NULL AND seen_at IS NULL",
        clock.now(), suggestion_id,
    )  # fmt: skip
