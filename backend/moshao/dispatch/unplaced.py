"""What no rule and no roster could place, and why: it waits for somebody at the desk."""

from collections.abc import Iterator
from datetime import datetime

from moshao.cases.case import COLUMNS, Case, case_of, has_flag
from moshao.catalogue.queries import catalogue_of
from moshao.dispatch.choosing import Roster
from moshao.dispatch.placing import Spot, locate, place
from moshao.dispatch.rules import HOLDING
from moshao.dispatch.schemas import UnplacedCase, UnplacedCases, Why
from moshao.dispatch.telling import line_of
from moshao.kit.db import Reader
from moshao.people.actor import Actor
from moshao.people.naming import units_of

SHOWN_MOST = 200
HELD_BY: tuple[Why, ...] = ("no_place", "outside_district", "unknown_class")

_WAITING = f"""
SELECT {COLUMNS} FROM cases WHERE district_id = ? AND ended_at IS NULL
AND (state = 'received' OR (state = 'dispatched' AND handler_id IS NULL AND crew_id IS NULL))
ORDER BY CASE WHEN deadline IS NULL THEN 1 ELSE 0 END, deadline, id LIMIT ?"""


async def list_unplaced(reader: Reader, actor: Actor, now: datetime) -> UnplacedCases:
    """The first two hundred. A case whose unit has somebody on duty for it waits for that unit, not for the desk."""
    rows = await reader.all(_WAITING, actor.district_id, SHOWN_MOST + 1)
    catalogue, roster = await catalogue_of(reader, actor.district_id), Roster(reader, now)
    found: list[tuple[Case, list[Why], Spot]] = []
    for case in map(case_of, rows[:SHOWN_MOST]):
        spot = await locate(reader, case)
        if case.state == "received":
            suggested = await place(reader, case, spot, now, actor.settings.zone)
            found.append((case, list(_why(case, placed=suggested is not None)), spot))
        elif case.unit_id is not None and await roster.choose(case.unit_id, case, spot) is None:
            found.append((case, ["nobody_on_duty"], spot))
    suggested_units = {
        case.id: await place(reader, case, spot, now, actor.settings.zone) if case.state == "received" else None
        for case, _, spot in found
    }
    named = {unit for unit in suggested_units.values() if unit} | {case.unit_id for case, _, _ in found if case.unit_id}
    units = await units_of(reader, named)
    lines = []
    for case, why, _ in found:
        suggested = suggested_units[case.id]
        lines.append(
            UnplacedCase(
                **line_of(case, catalogue),
                why=why,
                deadline=case.deadline,
                unit_name=units[case.unit_id].name if case.unit_id in units else None,
                suggested_unit_id=suggested,
                suggested_unit=units[suggested].name if suggested in units else None,
            )
        )
    return UnplacedCases(cases=lines, more=len(rows) > SHOWN_MOST)


def _why(case: Case, *, placed: bool) -> Iterator[Why]:
    held = [flag for flag in HELD_BY if has_flag(case, flag)]
    yield from held
    if case.handbacks:
        yield "handed_back"
    if not placed:
        yield "no_rule"
    elif not held and not case.handbacks:
        yield "sent_by_hand"


assert set(HELD_BY) == HOLDING
