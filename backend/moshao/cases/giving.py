"""Give a case to a unit, a person or a crew. What dispatch rules, acts and upstream all stand on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.cases.clocks import fresh, limit_in, started
from moshao.cases.district import duty_time
from moshao.cases.moving import Step, alone, move
from moshao.kit.db import Reader, Tx
from moshao.people.queries import settings_of

UNASSIGNED: dict[str, Any] = {
    "handler_id": None,
    "crew_id": None,
    "helpers": "[]",
    "assigned_at": None,
    "accepted_at": None,
}


async def give_to_unit(
    tx: Tx, case: Case, unit_id: UUID, *, at: datetime, step: Step, same_clock: bool = False
) -> Case:
    """To `dispatched`, in the unit's list and in those of the units above. An earlier assignment ends.

    The first unit gets the clock as it runs, or starts it; every later one a fresh limit, unless `same_clock` (down
    to a child unit, back up to a parent). `step` says who and why; its `changes` are set too.
    """
    return await move(tx, case, await to_unit(tx, case, unit_id, at=at, step=step, same_clock=same_clock))


async def give_to_person(
    tx: Tx,
    case: Case,
    *,
    person_id: UUID | None = None,
    crew_id: UUID | None = None,
    helpers: Sequence[UUID] = (),
    at: datetime,
    step: Step,
) -> Case:
    """To `assigned`, or at once `in_progress` where the district asks for no acceptance. Assigning signs too."""
    steps = await to_person(tx, case, person_id=person_id, crew_id=crew_id, helpers=helpers, at=at, step=step)
    return await move(tx, case, *steps)


async def to_unit(
    reader: Reader, case: Case, unit_id: UUID, *, at: datetime, step: Step, same_clock: bool = False
) -> Step:
    """The step of `give_to_unit`, to be moved by together with others."""
    changes = UNASSIGNED | {
        "state": "dispatched",
        "unit_id": unit_id,
        "turn_unit_id": None,
        "dispatched_at": at,
        "signed_at": None,
    }
    if not same_clock:
        changes |= await _clock(reader, case, at)
    facts = {"unit_id": unit_id, **step.facts}
    return msgspec.structs.replace(step, changes=changes | dict(step.changes), facts=facts)


async def to_person(
    reader: Reader,
    case: Case,
    *,
    person_id: UUID | None = None,
    crew_id: UUID | None = None,
    helpers: Sequence[UUID] = (),
    at: datetime,
    step: Step,
) -> list[Step]:
    """The steps of `give_to_person`, to be moved by together with others."""
    settings = await settings_of(reader, case.district_id)
    steps = []
    if case.signed_at is None:
        steps.append(also(step, "signed", {"signed_at": at}))
    changes = {
        "state": "assigned",
        "handler_id": person_id,
        "crew_id": crew_id,
        "helpers": msgspec.json.encode(list(helpers)).decode(),
        "assigned_at": at,
        "accepted_at": None,
    }
    facts = {"person_id": person_id, "crew_id": crew_id, "helpers": list(helpers), **step.facts}
    steps.append(msgspec.structs.replace(step, changes=changes | dict(step.changes), facts=facts))
    if settings.acceptance == "off" and person_id is not None:
        steps.append(also(step, "accepted", {"state": "in_progress", "accepted_at": at}))
    return steps


def also(step: Step, kind: str, changes: dict[str, Any]) -> Step:
    """A step that another one brings with it."""
    return alone(step, kind=kind, changes=changes, facts={"auto": True})


async def _clock(reader: Reader, case: Case, at: datetime) -> dict[str, Any]:
    if case.dispatched_at is not None:
        return fresh(case, at, await duty_time(reader, case.district_id))
    if case.clock_started_at is None:
        duty = await duty_time(reader, case.district_id)
        return started(case, at, duty, limit=limit_in(case), provisional=case.limit_provisional)
    return {}
