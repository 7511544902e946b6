"""Which unit reviews a closure next, climbing from the unit that had the case; none: the desk does."""

from typing import Literal
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.cases.persons import parent_of
from moshao.kit.db import Tx
from moshao.people.settings import DistrictSettings

Mode = Literal["always", "marked_only", "off"]
RUNS_A_UNIT = ("crew_leader", "unit_operator")


class Worker(msgspec.Struct, frozen=True):
    """Who handed in. One who runs the unit does not review his own work: his unit's review is skipped."""

    role: str
    unit_id: UUID


def mode_of(settings: DistrictSettings, unit_id: UUID | None, case: Case) -> Mode:
    """How this unit reviews a case of this class: by unit, else by class (the longest prefix), else as the district."""
    if (by_unit := settings.unit_review_by_unit.get(str(unit_id))) is not None:
        return by_unit
    code = f"{case.kind}:{case.major or ''}{case.minor or ''}"
    fitting = [prefix for prefix in settings.unit_review_by_class if code.startswith(prefix)]
    if fitting:
        return settings.unit_review_by_class[max(fitting, key=len)]
    return settings.unit_review


async def next_turn(
    tx: Tx, settings: DistrictSettings, case: Case, unit_id: UUID | None, worker: Worker, *, marked: bool
) -> UUID | None:
    """The first unit from `unit_id` upwards that has to look; only the case's own where parents are not asked."""
    while unit_id is not None:
        mode = mode_of(settings, unit_id, case)
        did_it = worker.role in RUNS_A_UNIT and worker.unit_id == unit_id
        if not did_it and (mode == "always" or (mode == "marked_only" and marked)):
            return unit_id
        unit_id = await parent_of(tx, unit_id) if settings.parent_reviews_too else None
    return None
