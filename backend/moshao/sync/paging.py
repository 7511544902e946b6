"""One page of what is new to somebody: as much of a range of the journal as fits."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from moshao.cases.case import Case
from moshao.cases.listing import (
    Entry,
    Listed,
    cases_of,
    changed_in_district,
    changed_in_scopes,
    held_by,
    live_in_district,
    live_in_scopes,
)
from moshao.cases.showing import show
from moshao.cases.visibility import DISTRICT_ROLES, KEPT_AFTER_END, scopes_of
from moshao.catalogue.queries import catalogue_of
from moshao.kit.db import Reader
from moshao.people.actor import DESK_ROLES, Actor
from moshao.people.answering import grids_of
from moshao.sync.around import Near, around
from moshao.sync.rules import Range

PAGE_CASES = 200
PAGE_BYTES = 256 * 1024
NEARBY_MOST = 400
DESK_AFTER_END = timedelta(hours=24)
# Shown and encoded at once: what is left over when the page is full was done for nothing.
AT_ONCE = 20
FRAME_BYTES = 400
ID_BYTES = 39


class Filled(msgspec.Struct):
    """What a page holds: the journal up to `seq`."""

    seq: int
    cases: list[msgspec.Raw] = []
    gone: list[UUID] = []
    nearby: list[msgspec.Raw] | msgspec.UnsetType = UNSET


async def fill(reader: Reader, actor: Actor, epoch: str, asked: Range, now: datetime) -> Filled:
    """The first page of `asked` for `actor`; `epoch` is that of the journal."""
    near = await _near(reader, actor, epoch, asked, now) if may_report(actor) else []
    upto = near[-1].seq if len(near) == NEARBY_MOST else asked.upto
    listed = await _listed(reader, actor, msgspec.structs.replace(asked, upto=upto), now)
    taken = sum(ID_BYTES if each.shown is None else len(bytes(each.shown)) + 1 for each in near)
    filled = await _fill(reader, actor, listed, now, PAGE_BYTES - FRAME_BYTES - taken)
    if may_report(actor):
        reached = [each for each in near if each.seq <= filled.seq]
        filled.nearby = [each.shown for each in reached if each.shown is not None]
        filled.gone += [each.id for each in reached if each.shown is None and each.id not in filled.gone]
    return filled


def may_report(actor: Actor) -> bool:
    return actor.role in actor.settings.report_roles


async def _near(reader: Reader, actor: Actor, epoch: str, asked: Range, now: datetime) -> list[Near]:
    today = now.astimezone(ZoneInfo(actor.settings.zone)).date()
    grids = await grids_of(reader, actor.person_id, actor.unit_id, today)
    return await around(reader, actor.district_id, epoch, grids, scopes_of(actor), asked, NEARBY_MOST)


async def _listed(reader: Reader, actor: Actor, asked: Range, now: datetime) -> Listed:
    after, upto = asked.after, asked.upto
    since = now - (DESK_AFTER_END if actor.role in DESK_ROLES else KEPT_AFTER_END)
    if actor.role in DISTRICT_ROLES:
        if asked.filling:
            return await live_in_district(reader, actor.district_id, since, after, upto, PAGE_CASES)
        return await changed_in_district(reader, actor.district_id, after, upto, PAGE_CASES)
    if asked.filling:
        return await live_in_scopes(reader, scopes_of(actor), since, after, upto, PAGE_CASES)
    return await changed_in_scopes(reader, scopes_of(actor), after, upto, PAGE_CASES)


async def _fill(reader: Reader, actor: Actor, listed: Listed, now: datetime, room: int) -> Filled:
    """Entries in order until `room` bytes are used up; one case at least, so that every page goes on."""
    filled = Filled(listed.upto)
    before: int | None = None
    for part in _parts(listed.entries[:PAGE_CASES]):
        cases = await cases_of(reader, [entry.case_id for entry in part if entry.current])
        shown = [entry for entry in part if _is_shown(entry, cases.get(entry.case_id), now)]
        left = {entry.case_id for entry in part} - {entry.case_id for entry in shown}
        left -= await held_by(reader, [e.case_id for e in part if not e.current], scopes_of(actor)) if left else set()
        documents = await _encoded(reader, actor, [cases[entry.case_id] for entry in shown], now)
        for entry in part:
            document = documents.get(entry.case_id)
            room -= ID_BYTES if document is None else len(document) + 1
            if room < 0 and before is not None:
                filled.seq = before
                return filled
            if document is not None:
                filled.cases.append(msgspec.Raw(document))
            elif entry.case_id in left:
                filled.gone.append(entry.case_id)
            before = entry.seq
    if before is not None and len(listed.entries) > PAGE_CASES:
        filled.seq = before
    return filled


def _parts(entries: Sequence[Entry]) -> Iterable[Sequence[Entry]]:
    return (entries[at : at + AT_ONCE] for at in range(0, len(entries), AT_ONCE))


def _is_shown(entry: Entry, case: Case | None, now: datetime) -> bool:
    if case is None:
        return False
    return entry.lasting or case.ended_at is None or now - case.ended_at <= KEPT_AFTER_END


async def _encoded(reader: Reader, actor: Actor, cases: Sequence[Case], now: datetime) -> dict[UUID, bytes]:
    if not cases:
        return {}
    catalogue = await catalogue_of(reader, actor.district_id)
    documents = await show(reader, cases, actor, now, catalogue)
    return {document.id: msgspec.json.encode(document) for document in documents}
