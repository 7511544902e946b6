"""What the events of one chunk share: who sent them, when they were heard, the tables they are read by."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from moshao.cases.case import COLUMNS, Case, case_of
from moshao.catalogue.queries import catalogue_of
from moshao.catalogue.rules import Catalogue
from moshao.dispatch.choosing import OnDutyOf, Roster
from moshao.kit import ids
from moshao.kit.db import Statement, Tx, inserted, marks
from moshao.kit.ids import parse_id
from moshao.places.locating import Places
from moshao.places.queries import places_of
from moshao.upstream.envelope import Event
from moshao.upstream.inline import Inline
from moshao.upstream.queries import Upstream


class Took(msgspec.Struct, frozen=True):
    """What an event led to: the case after it, its flags that upstream is warned of, the members left out."""

    case: Case
    warnings: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """`await begin(…)` makes one for each chunk. `new_events`, `new_cases`: keys and upstream's ids that nobody had on
    record when the chunk began, so that nobody asks for them one by one; whoever puts one there takes it out."""

    upstream: Upstream
    inline: Inline
    heard_at: datetime
    roster: Roster
    catalogue: Catalogue
    places: Places
    new_events: set[str]
    new_cases: set[str]

    def on_record(self, event: Event) -> None:
        """The event, and the case that it is about, are known from here on."""
        self.new_events.discard(event.key)
        self.new_cases.discard(event.external_case_id or "")


async def begin(
    tx: Tx, upstream: Upstream, inline: Inline, heard_at: datetime, events: Sequence[Event], on_duty: OnDutyOf
) -> Intake:
    """Locks the cases that the events name in one order, so that two chunks never wait for each other. `on_duty`: who
    was found on duty for the chunks before, when all of them were heard."""
    if tx.dialect == "postgres":
        await _lock(tx, "upstream_id = ? AND external_case_id", upstream.id, _external_ids(events))
        await _lock(tx, "district_id = ? AND id", upstream.district_id, _own_ids(events))
        # Whoever files for the district after us counts who has how many cases after us, too.
        await tx.all(f"SELECT seq FROM journal_heads WHERE district_id = ?{tx.for_update()}", upstream.district_id)
    return Intake(
        upstream=upstream,
        inline=inline,
        heard_at=heard_at,
        roster=Roster(tx, heard_at, on_duty),
        catalogue=await catalogue_of(tx, upstream.district_id),
        places=await places_of(tx, upstream.district_id),
        new_events=await _new(tx, "event_key", "intake_events", upstream.id, {event.key for event in events}),
        new_cases=await _new(tx, "external_case_id", "cases", upstream.id, _external_ids(events)),
    )


async def _new(tx: Tx, column: str, table: str, upstream_id: UUID, values: set[str]) -> set[str]:
    """Those of `values` that no row of this upstream has."""
    if not values:
        return set()
    sql = f"SELECT {column} FROM {table} WHERE upstream_id = ? AND {column} IN ({marks(len(values))})"
    return values - {row[column] for row in await tx.all(sql, upstream_id, *values)}


def remembered(intake: Intake, event: Event, case_id: UUID, verbatim: str | None) -> Statement:
    """The statement that puts the event on record; of a case that it began, the case has what it said."""
    row = {
        "id": ids.new_id(), "upstream_id": intake.upstream.id, "event_key": event.key, "type": event.type,
        "case_id": case_id, "version": event.version, "content": event.content, "verbatim": verbatim,
        "heard_at": intake.heard_at,
    }  # fmt: skip
    return inserted("intake_events", ", ".join(row), [list(row.values())])


async def find_named(tx: Tx, intake: Intake, event: Event) -> Case | None:
    """The case that the event names, locked: by upstream's id, else by ours if it is no other upstream's.

    Where upstream takes a report of ours it tells its own id for the first time: there ours comes first.
    """
    ways = [_find_by_their_id, _find_by_our_id]
    for find in reversed(ways) if event.type == "report_accepted" else ways:
        if found := await find(tx, intake, event):
            return found
    return None


async def _find_by_their_id(tx: Tx, intake: Intake, event: Event) -> Case | None:
    if event.external_case_id is None:
        return None
    return await find_by_external_id(tx, intake, event.external_case_id)


async def _find_by_our_id(tx: Tx, intake: Intake, event: Event) -> Case | None:
    upstream, own = intake.upstream, parse_id(event.case_id or "")
    found = await _one(tx, "district_id = ? AND id = ?", upstream.district_id, own) if own else None
    return found if found is not None and found.upstream_id in (None, upstream.id) else None


async def find_by_external_id(tx: Tx, intake: Intake, external_case_id: str) -> Case | None:
    """Locked."""
    if external_case_id in intake.new_cases:
        return None
    return await _one(tx, "upstream_id = ? AND external_case_id = ?", intake.upstream.id, external_case_id)


def _external_ids(events: Sequence[Event]) -> set[str]:
    named = [event.external_case_id for event in events] + [event.data.get("lead_external_case_id") for event in events]
    return {each for each in named if isinstance(each, str)}


def _own_ids(events: Sequence[Event]) -> set[UUID]:
    return {named for event in events if (named := parse_id(event.case_id or ""))}


async def _lock(tx: Tx, where: str, owner: UUID, values: Collection[str | UUID]) -> None:
    if values:
        sql = f"SELECT id FROM cases WHERE {where} IN ({marks(len(values))}) ORDER BY id{tx.for_update()}"
        await tx.all(sql, owner, *values)


async def _one(tx: Tx, where: str, owner: UUID, value: str | UUID) -> Case | None:
    row = await tx.one(f"SELECT {COLUMNS} FROM cases WHERE {where}{tx.for_update()}", owner, value)
    return case_of(row) if row else None
