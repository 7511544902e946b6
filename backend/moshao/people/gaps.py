"""Where the roster has holes: grid × class × hour for which nobody answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from moshao.kit import errors
from moshao.kit.db import Row
from moshao.kit.kept import Asked
from moshao.people.actor import Actor
from moshao.people.by_hour import HOUR, answering, slots_from
from moshao.people.keeping import unit_of
from moshao.people.pages import reach
from moshao.people.queries import duties_of
from moshao.people.roster_schemas import GapCounts, GapList, GapView, UnitGaps
from moshao.people.rules import EVERYWHERE, covers

ITEMS_MOST = 1000

# A grid and a class as duties name them; `*` stands for all that no duty names.
Cell = tuple[str, str]


class Covering(msgspec.Struct, frozen=True):
    """What one duty answers for."""

    grids: frozenset[str]
    classes: frozenset[str]


async def list_gaps(asked: Asked, actor: Actor, unit_id: UUID, from_at: datetime, hours: int) -> GapList:
    """Gaps of this unit's roster, in the full hours after `from_at`. Raises `not_found`, `bad_field`."""
    slots = slots_from(from_at, hours)
    if not await unit_of(asked, unit_id, actor.district_id, actor):
        raise errors.not_found()
    found = sorted(await _gaps_of(asked, actor.district_id, unit_id, slots), key=lambda gap: (gap.from_at, gap.grid))
    return GapList(items=found[:ITEMS_MOST], more=len(found) > ITEMS_MOST)


async def count_gaps(asked: Asked, actor: Actor, from_at: datetime, hours: int) -> GapCounts:
    """Every unit in reach that answers for cases, and in how many of these hours somebody is missing there. Raises
    `bad_field`."""
    slots = slots_from(from_at, hours)
    clause, args = reach(actor)
    units = await asked.all(
        f"SELECT u.id FROM units u WHERE {clause} AND u.active AND u.kind NOT IN ('district', 'owner') ORDER BY u.path",
        *args,
    )
    found = []
    for unit in units:
        missing: set[datetime] = set()
        for gap in await _gaps_of(asked, actor.district_id, unit["id"], slots):
            missing.update(_hours_in(gap))
        found.append(UnitGaps(unit_id=unit["id"], hours=len(missing)))
    return GapCounts(items=found)


def _hours_in(gap: GapView) -> Iterator[datetime]:
    at = gap.from_at
    while at < gap.until_at:
        yield at
        at += HOUR


async def _gaps_of(asked: Asked, district_id: UUID, unit_id: UUID, slots: Sequence[datetime]) -> list[GapView]:
    duties = await duties_of(asked, unit_id)
    answered = await answering(asked, district_id, duties, slots)
    coverings = {duty["id"]: _covering(duty) for duty in duties}
    return list(gaps(coverings, [(at, frozenset(each)) for at, each in zip(slots, answered, strict=True)]))


def gaps(coverings: Mapping[UUID, Covering], slots: Sequence[tuple[datetime, frozenset[UUID]]]) -> Iterator[GapView]:
    """What no running duty covers, hour by hour, consecutive hours as one. `slots`: hour and duties that run in it."""
    open_since: dict[Cell, datetime] = {}
    uncovered: dict[frozenset[UUID], set[Cell]] = {}
    cells = cells_of(coverings.values())
    for at, running in slots:
        if running not in uncovered:
            uncovered[running] = _uncovered(cells, [coverings[duty_id] for duty_id in running])
        for cell in sorted(open_since.keys() - uncovered[running]):
            yield _gap(cell, open_since.pop(cell), at)
        for cell in uncovered[running] - open_since.keys():
            open_since[cell] = at
    if slots:
        for cell, since in sorted(open_since.items()):
            yield _gap(cell, since, slots[-1][0] + HOUR)


def cells_of(coverings: Iterable[Covering]) -> list[Cell]:
    """Every grid with every class that some duty names, and `*` for all others."""
    named = list(coverings)
    grids = sorted({EVERYWHERE}.union(*(covering.grids for covering in named)))
    classes = sorted({EVERYWHERE}.union(*(covering.classes for covering in named)))
    return [(grid, case_class) for grid in grids for case_class in classes]


def _uncovered(cells: Sequence[Cell], running: Sequence[Covering]) -> set[Cell]:
    return {
        (grid, case_class)
        for grid, case_class in cells
        if not any(covers(duty.grids, duty.classes, _known(grid), _known(case_class)) for duty in running)
    }


def _known(code: str) -> str | None:
    return None if code == EVERYWHERE else code


def _gap(cell: Cell, since: datetime, until: datetime) -> GapView:
    return GapView(grid=cell[0], class_=cell[1], from_at=since, until_at=until)


def _covering(duty: Row) -> Covering:
    return Covering(
        frozenset(msgspec.json.decode(duty["grids"], type=list[str])),
        frozenset(msgspec.json.decode(duty["classes"], type=list[str])),
    )
