"""Drafts: counted for a period, counted anew, put into other words, thrown away."""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from moshao.bulletins.choosing import candidates, chosen_cases, first_choice
from moshao.bulletins.counting import count_all
from moshao.bulletins.kept import Kept, change, find, find_draft, written
from moshao.bulletins.kinds import KINDS
from moshao.bulletins.periods import Span, span_of
from moshao.bulletins.schemas import BulletinBody, Candidate, PeriodKind, Typical, WordsBody
from moshao.figures.periods import Period
from moshao.journal.appending import Line, append
from moshao.kit import clock, errors
from moshao.kit.db import Database, Reader, Tx, Unique
from moshao.people.actor import Actor

period_not_begun = errors.refusal("period_not_begun", 422, "这个统计期还没有开始")
period_has_bulletin = errors.refusal("period_has_bulletin", 409, "这个统计期已经有一份通报")


async def draft(db: Database, actor: Actor, bulletin_id: UUID, body: BulletinBody) -> bool:
    """Whether it is new: the same id and period again is the same draft. Raises `period_not_begun`; and
    `period_has_bulletin`, which names the one there is."""
    span = span_of(body.period, body.from_)
    today = clock.now().astimezone(ZoneInfo(actor.settings.zone)).date()
    if span.first > today:
        raise period_not_begun()
    async with db.reading() as reader:
        if await _is_there(reader, actor.district_id, bulletin_id, body.period, span):
            return False
    return await make_draft(db, actor.district_id, bulletin_id, body.period, span, actor)


async def _is_there(reader: Reader, district_id: UUID, bulletin_id: UUID, kind: PeriodKind, span: Span) -> bool:
    row = await reader.one("SELECT district_id, period, first, state FROM bulletins WHERE id = ?", bulletin_id)
    if row is not None and (row["district_id"] != district_id or row["state"] == "dropped"):
        raise errors.not_found()
    if row is not None and (row["period"], row["first"]) == (kind, str(span.first)):
        return True
    other = await reader.value(
        "SELECT id FROM bulletins WHERE district_id = ? AND period = ? AND first = ? AND state <> 'dropped'",
        district_id, kind, str(span.first),
    )  # fmt: skip
    if row is not None or other is not None:
        raise period_has_bulletin(bulletin_id=str(other or bulletin_id))
    return False


async def make_draft(
    db: Database, district_id: UUID, bulletin_id: UUID, kind: PeriodKind, span: Span, by: Actor | None
) -> bool:
    """Counted outside of the transaction that keeps it: nobody waits. `by` None: the schedule. Whether it was the
    first."""
    now = clock.now()
    async with db.reading() as reader:
        contents = await count_all(reader, district_id, kind, span, now)
        typical = first_choice(await candidates(reader, district_id, _period(span, contents.zone)))
    row = {
        "id": bulletin_id, "district_id": district_id, "period": kind, "first": str(span.first),
        "last": str(span.last), "state": "draft", "revision": 1, "contents": written(contents), "words": "{}",
        "typical": written(typical), "files": "{}", "counted_at": now, "made_at": now,
        "made_by": by.person_id if by else None, "changed_at": now, "changed_by": by.person_id if by else None,
    }  # fmt: skip
    facts = {"bulletin_id": bulletin_id, "period": kind, "first": str(span.first)}

    async def work(tx: Tx) -> bool:
        if by is not None:
            # Somebody wants it after all.
            await tx.run(
                "DELETE FROM bulletins WHERE district_id = ? AND period = ? AND first = ? AND state = 'dropped'",
                district_id, kind, str(span.first),
            )  # fmt: skip
        try:
            async with tx.savepoint():
                await tx.insert("bulletins", row)
        except Unique:
            # Somebody was first: with this very draft, or with another one of the period.
            if by is not None:
                await _is_there(tx, district_id, bulletin_id, kind, span)
            return False
        await _tell(tx, district_id, "bulletin_drafted", by, facts)
        return True

    return await db.write(work)


async def recount(db: Database, actor: Actor, bulletin_id: UUID) -> None:
    """All numbers as they are now; what was written and chosen stays."""
    now = clock.now()
    async with db.reading() as reader:
        kept = await find(reader, actor.district_id, bulletin_id)
        contents = await count_all(reader, actor.district_id, kept.period, kept.span, now)

    async def work(tx: Tx) -> None:
        draft = await find_draft(tx, actor.district_id, bulletin_id)
        await change(tx, draft, {"contents": written(contents), "counted_at": now}, actor.person_id, now)
        await _tell(tx, actor.district_id, "bulletin_recounted", actor, _revised(draft))

    await db.write(work)


async def word(db: Database, actor: Actor, bulletin_id: UUID, body: WordsBody) -> None:
    """Other words, other cases. Raises `bulletin_changed` where he had not seen the last ones."""

    async def work(tx: Tx) -> None:
        draft = await find_draft(tx, actor.district_id, bulletin_id, body.revision)
        words = draft.words | {section: text for section, text in body.words.items() if text is not None}
        words = {section: text for section, text in words.items() if body.words.get(section, text) is not None}
        typical = await _typical(tx, actor, draft, body)
        changes = {"words": written(words), "typical": written(typical)}
        await change(tx, draft, changes, actor.person_id, clock.now())
        await _tell(tx, actor.district_id, "bulletin_worded", actor, _revised(draft))

    await db.write(work)


async def _typical(tx: Tx, actor: Actor, draft: Kept, body: WordsBody) -> list[Typical]:
    if body.typical is None:
        return draft.typical
    return await chosen_cases(tx, actor.district_id, _period(draft.span, draft.contents.zone), body.typical)


async def drop(db: Database, actor: Actor, bulletin_id: UUID) -> None:
    """Throw a draft away. The row stays, so that the schedule does not draft the same again."""

    async def work(tx: Tx) -> None:
        draft = await find_draft(tx, actor.district_id, bulletin_id)
        await change(tx, draft, {"state": "dropped"}, actor.person_id, clock.now())
        await _tell(tx, actor.district_id, "bulletin_dropped", actor, {"bulletin_id": bulletin_id})

    await db.write(work)


async def candidates_of(reader: Reader, actor: Actor, bulletin_id: UUID) -> list[Candidate]:
    """The cases that may be shown as typical."""
    kept = await find(reader, actor.district_id, bulletin_id)
    return await candidates(reader, actor.district_id, _period(kept.span, kept.contents.zone))


def _period(span: Span, zone: str) -> Period:
    return Period(span.first, span.last, zone, clock.now())


def _revised(draft: Kept) -> dict[str, object]:
    return {"bulletin_id": draft.id, "revision": draft.revision + 1}


async def _tell(tx: Tx, district_id: UUID, kind: str, by: Actor | None, facts: Mapping[str, object]) -> None:
    line = Line(
        kind=KINDS.known(kind), person_id=by.person_id if by else None, unit_id=by.unit_id if by else None, facts=facts
    )
    await append(tx, district_id, [line])
