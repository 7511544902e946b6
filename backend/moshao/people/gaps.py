"""Where the roster has holes: grid × class × hour for which nobody answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from moshao.kit import errors
from moshao.kit.db import Row
from moshao.kit.kept import Asked
from moshao.people.actor import Actor
from moshao.people.keeping import unit_of, wrong
from moshao.people.queries import absences_between, away_at, duties_of, hours_of_duty, wall_clock
from moshao.people.roster_schemas import GapList, GapView
from moshao.people.rules import EVERYWHERE, answers_for, covers, on_shift

WEEK_HOURS = 168
HOURS_MOST = 744
ITEMS_MOST = 1000
HOUR = timedelta(hours=1)

# A grid and a class as duties name them; `*` stands for all that no duty names.
Cell = tuple[str, str]


class Covering(msgspec.Struct, frozen=True):
    """What one duty answers for."""

    grids: frozenset[str]
    classes: frozenset[str]


async def list_gaps(asked: Asked, actor: Actor, unit_id: UUID, from_at: datetime, hours: int) -> GapList:
    """Gaps of this unit's roster, in the full hours after `from_at`. Raises `not_found`, `bad_field`."""
    if not 1 <= hours <= HOURS_MOST:
        raise wrong("hours", "out_of_range", f"1-{HOURS_MOST}")
    if not await unit_of(asked, unit_id, actor.district_id, actor):
        raise errors.not_found()
    first = from_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    slots = [first + number * HOUR for number in range(hours)]
    duties = await duties_of(asked, unit_id)
    running = await _running(asked, actor.district_id, duties, slots)
    coverings = {duty["id"]: _covering(duty) for duty in duties}
    found = sorted(gaps(coverings, list(zip(slots, running, strict=True))), key=lambda gap: (gap.from_at, gap.grid))
    return GapList(items=found[:ITEMS_MOST], more=len(found) > ITEMS_MOST)


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


async def _running(
    asked: Asked, district_id: UUID, duties: Sequence[Row], slots: Sequence[datetime]
) -> list[frozenset[UUID]]:
    """The duties that run, and have somebody present, in each hour."""
    moment = await wall_clock(asked, district_id)
    absences = await absences_between(asked, district_id, slots[0], slots[-1])
    hours = {duty["id"]: hours_of_duty(duty) for duty in duties}
    found = []
    for at in slots:
        now, away = moment(at), away_at(absences, at)
        found.append(
            frozenset(
                duty["id"]
                for duty in duties
                if any(on_shift(hours[duty["id"]], now)) and answers_for(duty["person_id"], away)
            )
        )
    return found
