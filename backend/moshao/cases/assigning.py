"""指派, 转派: the case goes to a person or a crew of the unit; an earlier assignment ends."""

from uuid import UUID

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.giving import give_to_person
from moshao.cases.persons import crew_named, worker_named, wrong
from moshao.cases.schemas import ActBody, PersonIds
from moshao.kit.db import Tx


class Assignment(ActBody):
    """Exactly one of `person_id` and `crew_id`. Of a crew, whoever accepts first is responsible."""

    person_id: UUID | None = None
    crew_id: UUID | None = None
    helpers: PersonIds = []


async def assign(tx: Tx, doing: Doing[Assignment]) -> Done:
    return await _give(tx, doing, "assigned")


async def transfer(tx: Tx, doing: Doing[Assignment]) -> Done:
    return await _give(tx, doing, "transferred")


async def _give(tx: Tx, doing: Doing[Assignment], kind: str) -> Done:
    body, case = doing.body, doing.case
    if (body.person_id is None) == (body.crew_id is None):
        raise wrong("person_id", "one_of_two", "请选择一个人员或一个班组")
    if body.person_id is not None:
        await worker_named(tx, case.district_id, case.unit_id, body.person_id, "person_id")
    if body.crew_id is not None:
        await crew_named(tx, case.district_id, case.unit_id, body.crew_id)
    for helper in body.helpers:
        await worker_named(tx, case.district_id, case.unit_id, helper, "helpers")
    after = await give_to_person(
        tx, case, person_id=body.person_id, crew_id=body.crew_id, helpers=body.helpers, at=doing.at,
        step=doing.step(kind),
    )  # fmt: skip
    return Done(case=after)


ASSIGNMENTS = ActKind("assignments", Assignment, assign)
TRANSFERS = ActKind("transfers", Assignment, transfer)
