"""What is new to somebody since his cursor."""

from datetime import datetime

import msgspec

from moshao.journal.queries import Head, head_of
from moshao.kit.db import Database
from moshao.people.actor import Actor
from moshao.sync.paging import Filled, fill
from moshao.sync.remembering import began, remember
from moshao.sync.rules import Asked, Began, Range, range_of
from moshao.sync.schemas import Page


async def changes(db: Database, actor: Actor, asked: Asked, now: datetime) -> bytes:
    """The next page for `actor` as JSON of `schemas.Changes`."""
    head = await head_of(db, actor.district_id)
    known = await began(db, actor) if asked.after and None in (asked.epoch, asked.roster, asked.until) else None
    new = range_of(asked, known, head, actor.roster)
    if new is None:
        return msgspec.json.encode(Page(epoch=head.epoch, seq=0, more=True, reset=True, roster=actor.roster, until=0))
    if new.after == new.upto or actor.role == "admin" or actor.deliver_only:
        filled = Filled(head.seq)
    else:
        async with db.reading() as reader:
            filled = await fill(reader, actor, head.epoch, new, now)
    page = _page(filled, head, actor, new)
    if not asked.after:
        await _begin(db, actor, page)
    return msgspec.json.encode(page)


def _page(filled: Filled, head: Head, actor: Actor, new: Range) -> Page:
    return Page(
        epoch=head.epoch,
        seq=filled.seq,
        more=filled.seq < head.seq,
        reset=False,
        roster=actor.roster,
        until=new.until if filled.seq < new.until else 0,
        cases=filled.cases,
        gone=filled.gone,
        nearby=filled.nearby,
    )


async def _begin(db: Database, actor: Actor, page: Page) -> None:
    """Remember it where the client must be told apart later: it is new, or its lists changed, or it is not full yet."""
    known = await began(db, actor)
    if known is None or (known.epoch, known.roster) != (page.epoch, page.roster) or page.until:
        await remember(db, actor, Began(epoch=page.epoch, roster=page.roster, until=page.until))
