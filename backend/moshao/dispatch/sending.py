"""Send a case on its way in the transaction that files it: nobody sees it half way."""

from datetime import datetime
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.cases.giving import to_person, to_unit
from moshao.cases.moving import Step, move
from moshao.dispatch.choosing import Roster
from moshao.dispatch.placing import locate, place
from moshao.dispatch.rules import is_held
from moshao.kit.db import Reader, Tx
from moshao.people.settings import DistrictSettings


async def send_on(
    tx: Tx,
    case: Case,
    roster: Roster,
    settings: DistrictSettings,
    *,
    at: datetime,
    step: Step,
    unit_id: UUID | None = None,
    person_id: UUID | None = None,
    looked_at: bool = False,
) -> Case:
    """From `received` to its unit and person, as far as rules and roster know them; as `steps_on`."""
    steps = await steps_on(
        tx, case, roster, settings, at=at, step=step, unit_id=unit_id, person_id=person_id, looked_at=looked_at
    )
    return await move(tx, case, *steps) if steps else case


async def steps_on(
    reader: Reader,
    case: Case,
    roster: Roster,
    settings: DistrictSettings,
    *,
    at: datetime,
    step: Step,
    unit_id: UUID | None = None,
    person_id: UUID | None = None,
    looked_at: bool = False,
) -> list[Step]:
    """The steps from `received` onwards; none where the case stays.

    `at`: when the clock starts. `step`: who brought it, for the journal. `unit_id`, `person_id` where they were
    named: no rule is asked then. A case that a person has to look at stays where it is until it is `looked_at`.
    """
    if is_held(case.flags) and not looked_at:
        return []
    spot = await locate(reader, case)
    if unit_id is None and settings.auto_dispatch:
        unit_id = await place(reader, case, spot, at, settings.zone)
    if unit_id is None:
        return []
    by_rule = msgspec.structs.replace(step, facts={**step.facts, "auto": True})
    to_its_unit = await to_unit(
        reader, case, unit_id, at=at, step=msgspec.structs.replace(by_rule, kind="dispatched")
    )  # fmt: skip
    there = msgspec.structs.replace(case, **to_its_unit.changes)
    if person_id is None and settings.auto_assign:
        person_id = await roster.choose(unit_id, there, spot)
    if person_id is None:
        return [to_its_unit]
    assigned = msgspec.structs.replace(by_rule, kind="assigned")
    return [to_its_unit, *await to_person(reader, there, person_id=person_id, at=at, step=assigned)]
