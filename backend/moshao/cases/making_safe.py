"""先期处置: the danger is fenced off. The urgent clock stops, the class's normal limit runs, the work goes on."""

from typing import Any
from uuid import UUID

import msgspec

from moshao.cases.acting import Doing
from moshao.cases.case import Case, has_flag, with_flags
from moshao.cases.clocks import Changes, started
from moshao.cases.district import duty_time
from moshao.cases.moving import move
from moshao.catalogue.queries import catalogue_of
from moshao.hours.limits import Limit
from moshao.kit.db import Tx
from moshao.people.settings import DistrictSettings


async def make_safe(tx: Tx, doing: Doing[Any], handler_id: UUID) -> Case:
    """The case stays `in_progress`, flagged; a second time changes nothing about its clock."""
    case = doing.case
    changes: Changes = {"state": "in_progress", "handler_id": handler_id}
    if case.accepted_at is None:
        changes["accepted_at"] = doing.at
    if not has_flag(case, "interim"):
        limit, provisional = await _normal_limit(tx, case, doing.actor.settings)
        flagged = msgspec.structs.replace(case, flags=with_flags(case.flags, add=("interim",)))
        duty = await duty_time(tx, case.district_id)
        changes |= started(flagged, doing.at, duty, limit=limit, provisional=provisional)
    return await move(tx, case, doing.step("made_safe", changes, outcome="interim"))


async def _normal_limit(tx: Tx, case: Case, settings: DistrictSettings) -> tuple[Limit, bool]:
    """The class's limit that is no urgent one, the shortest; else the district's default, provisional."""
    catalogue = await catalogue_of(tx, case.district_id)
    found = catalogue.find(case.code_set, case.kind, case.major, case.minor)
    limits = [Limit(each.limit.value, each.limit.unit) for each in (found.conditions if found else ())]
    normal = [limit for limit in limits if not limit.on_wall_clock]
    if normal:
        return min(normal, key=lambda limit: limit.seconds(hours_per_work_day=8)), False
    return Limit(settings.default_limit.value, settings.default_limit.unit), True
