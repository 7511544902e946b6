"""Which person gets a case: on duty in the unit, with the class in his duty, the least burdened."""

from datetime import datetime
from uuid import UUID

from moshao.cases.case import Case
from moshao.dispatch.placing import Spot
from moshao.dispatch.rules import Candidate, class_of, least_burdened
from moshao.kit.db import Reader, marks
from moshao.people.queries import OnDuty, who_is_on_duty
from moshao.people.rules import covers

WORKERS = frozenset({"handler", "crew_leader"})
BURDEN = ("assigned", "in_progress")
OnDutyOf = dict[UUID, list[OnDuty]]


class Roster:
    """Who is on duty at one instant; each unit is looked up once. For the length of a transaction; `on_duty`: what
    earlier ones found for the same instant, and later ones will."""

    def __init__(self, reader: Reader, at: datetime, on_duty: OnDutyOf | None = None) -> None:
        self._reader = reader
        self.at = at
        self._on_duty: OnDutyOf = {} if on_duty is None else on_duty

    async def choose(self, unit_id: UUID, case: Case, spot: Spot, *, but: UUID | None = None) -> UUID | None:
        """Fewest open cases, then smallest staff number; None where nobody of the unit answers for it now.
        `but`: who is not meant."""
        if unit_id not in self._on_duty:
            self._on_duty[unit_id] = await who_is_on_duty(self._reader, unit_id, self.at)
        candidates = {
            person.person_id: Candidate(person.person_id, person.staff_no)
            for person in self._on_duty[unit_id]
            if person.level == 0
            and person.person_id != but
            and person.role in WORKERS
            and covers(person.grids, person.classes, spot.code, class_of(case))
        }
        if len(candidates) < 2:
            return next(iter(candidates), None)
        return least_burdened(candidates.values(), await self._burdens(list(candidates)))

    async def _burdens(self, people: list[UUID]) -> dict[UUID, int]:
        rows = await self._reader.all(
            "SELECT handler_id, count(*) AS cases FROM cases "
            f"WHERE handler_id IN ({marks(len(people))}) AND state IN ({marks(len(BURDEN))}) GROUP BY handler_id",
            *people, *BURDEN,
        )  # fmt: skip
        return {row["handler_id"]: row["cases"] for row in rows}
