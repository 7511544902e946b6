"""Which inspector is sent to look: whoever answers for the place now."""

from uuid import UUID

from moshao.cases.case import Case
from moshao.dispatch.placing import locate
from moshao.dispatch.rules import Candidate, class_of, least_burdened
from moshao.kit import clock
from moshao.kit.db import Reader, marks
from moshao.people.queries import who_is_on_duty
from moshao.people.rules import covers

TASKS = ("verifying", "checking")


async def name_inspector(reader: Reader, case: Case, *, but: UUID | None = None) -> UUID | None:
    """The inspector on duty for the case's grid with the fewest tasks, then the smallest staff number. `but`: who is
    not meant."""
    spot = await locate(reader, case)
    units = await reader.all(
        "SELECT DISTINCT y.unit_id FROM duties y JOIN people p ON p.id = y.person_id "
        "WHERE y.district_id = ? AND p.role = 'inspector' AND p.active",
        case.district_id,
    )
    now = clock.now()
    on_duty = [person for unit in units for person in await who_is_on_duty(reader, unit["unit_id"], now)]
    candidates = {
        person.person_id: Candidate(person.person_id, person.staff_no)
        for person in on_duty
        if person.role == "inspector" and person.level == 0 and person.person_id != but
        if covers(person.grids, person.classes, spot.code, class_of(case))
    }
    return least_burdened(candidates.values(), await _tasks(reader, list(candidates)))


async def _tasks(reader: Reader, people: list[UUID]) -> dict[UUID, int]:
    if not people:
        return {}
    rows = await reader.all(
        "SELECT inspector_id, count(*) AS cases FROM cases "
        f"WHERE inspector_id IN ({marks(len(people))}) AND state IN ({marks(len(TASKS))}) GROUP BY inspector_id",
        *people, *TASKS,
    )  # fmt: skip
    return {row["inspector_id"]: row["cases"] for row in rows}
