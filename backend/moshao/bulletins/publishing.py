"""A bulletin goes out: it gets the next number of its year, and from then on it is what it was."""

from datetime import datetime
from uuid import UUID

from moshao.bulletins.kept import Kept, change, find, find_draft
from moshao.bulletins.kinds import KINDS
from moshao.figures.periods import DAY, midnight
from moshao.journal.appending import Line, append
from moshao.kit import clock, errors
from moshao.kit.db import Database, Tx
from moshao.people.actor import Actor

counted_too_early = errors.refusal(
    "counted_too_early", 409, "数字是在统计期结束前统计的，请等统计期结束后重新统计，再签发"
)


def can_publish(kept: Kept) -> bool:
    """A draft whose numbers were counted when its last day was over."""
    return kept.state == "draft" and kept.counted_at >= _over_at(kept)


async def publish(db: Database, actor: Actor, bulletin_id: UUID, revision: int) -> None:
    """Once; again is the same. Raises `bulletin_changed` where it is no longer what he saw, `counted_too_early`."""

    async def work(tx: Tx) -> None:
        kept = await find(tx, actor.district_id, bulletin_id)
        if kept.state == "published" and kept.revision == revision + 1:
            return
        draft = await find_draft(tx, actor.district_id, bulletin_id, revision)
        if not can_publish(draft):
            raise counted_too_early()
        year, number = await _next_number(tx, draft)
        now = clock.now()
        changes = {
            "state": "published",
            "year": year,
            "number": number,
            "published_at": now,
            "published_by": actor.person_id,
        }
        await change(tx, draft, changes, actor.person_id, now)
        facts = {"bulletin_id": bulletin_id, "revision": draft.revision + 1, "year": year, "number": number}
        line = Line(
            kind=KINDS.known("bulletin_published"), person_id=actor.person_id, unit_id=actor.unit_id, facts=facts
        )
        await append(tx, actor.district_id, [line])

    await db.write(work)


async def _next_number(tx: Tx, draft: Kept) -> tuple[int, int]:
    """Without a gap: whoever publishes holds the district until he is done."""
    await tx.one(f"SELECT id FROM districts WHERE id = ?{tx.for_update()}", draft.district_id)
    year = draft.span.last.year
    last = await tx.value(
        "SELECT max(number) FROM bulletins WHERE district_id = ? AND period = ? AND year = ?",
        draft.district_id, draft.period, year,
    )  # fmt: skip
    return year, (last or 0) + 1


def _over_at(kept: Kept) -> datetime:
    return midnight(kept.span.last + DAY, kept.contents.zone)
