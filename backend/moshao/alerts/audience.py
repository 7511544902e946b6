"""Whose turn a case is, in persons; who is on call for it; who leads whom."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from moshao.alerts.quiet import LEADER_LEVEL, OnCall
from moshao.alerts.rules import Turn
from moshao.cases.case import Case
from moshao.cases.scopes import helpers_of
from moshao.dispatch.placing import locate
from moshao.dispatch.rules import class_of
from moshao.kit.db import Reader
from moshao.people.at_work import AtWork, at_work
from moshao.people.queries import OnDuty, crew_of, find_people, find_person, people_of, unit_path, who_is_on_duty
from moshao.people.rules import covers

LEADS = ("crew_leader", "unit_operator")


class Audience:
    """Looks each person and unit up once. For one reading at one instant."""

    def __init__(self, reader: Reader, district_id: UUID, at: datetime) -> None:
        self.reader = reader
        self.district_id = district_id
        self.at = at
        self._work: dict[UUID, AtWork] = {}
        self._on_duty: dict[UUID, list[OnDuty]] = {}
        self._leads: dict[UUID, list[UUID]] = {}
        self._desk: list[UUID] | None = None
        self._left: dict[UUID, bool] = {}

    async def wanted(self, turns: Iterable[Turn], case: Case) -> list[UUID]:
        """The persons these turns mean, each once."""
        found: list[UUID] = []
        for turn in sorted(turns):
            found += await self._of(turn, case)
        return await self.still_here(dict.fromkeys(found))

    async def still_here(self, people: Iterable[UUID]) -> list[UUID]:
        """Without those who have left: no shift of theirs begins again, so nothing waits for them."""
        people = list(people)
        if unknown := [person for person in people if person not in self._left]:
            found = await find_people(self.reader, unknown)
            self._left |= {person: person not in found or not found[person].active for person in unknown}
        return [person for person in people if not self._left[person]]

    async def work(self, people: Iterable[UUID]) -> dict[UUID, AtWork]:
        """Who of them is at work."""
        wanted = set(people)
        if unknown := wanted - self._work.keys():
            self._work |= await at_work(self.reader, self.district_id, unknown, self.at)
        return {person: self._work[person] for person in wanted}

    async def there(self, people: Iterable[UUID]) -> list[UUID]:
        """Those of them who are at work, in their order."""
        people = list(people)
        work = await self.work(people)
        return [person for person in people if work[person].now]

    async def leads(self, unit_id: UUID | None) -> list[UUID]:
        """Who runs the unit: its crew leaders, where none is at work its operators; where it has neither, who runs the
        one above."""
        if unit_id is None:
            return []
        if unit_id not in self._leads:
            self._leads[unit_id] = await self._leads_of(unit_id)
        return self._leads[unit_id]

    async def desk(self) -> list[UUID]:
        """The district's supervisors."""
        if self._desk is None:
            rows = await self.reader.all(
                "SELECT id FROM people WHERE district_id = ? AND role = 'supervisor' AND active ORDER BY staff_no",
                self.district_id,
            )
            self._desk = [row["id"] for row in rows]
        return self._desk

    async def on_call(self, case: Case, unit_id: UUID | None) -> list[OnCall]:
        """Who is on call now for this case: in its unit, else in the next one above that has anybody; leaders on call
        of all of them."""
        spot, found = await locate(self.reader, case), list[OnCall]()
        for unit in reversed(await unit_path(self.reader, unit_id) if unit_id else ()):
            here = [
                OnCall(person.person_id, person.level)
                for person in await self._duties(unit)
                if person.level > 0 and covers(person.grids, person.classes, spot.code, class_of(case))
            ]
            below = any(each.level < LEADER_LEVEL for each in found)
            found += [each for each in here if each.level >= LEADER_LEVEL or not below]
        return found

    async def _of(self, turn: Turn, case: Case) -> list[UUID]:
        if turn == "handler":
            first = [case.handler_id] if case.handler_id else []
            crew = await crew_of(self.reader, case.crew_id) if case.crew_id and not first else []
            return [*first, *crew, *helpers_of(case)]
        if turn == "unit":
            return await self.leads(case.turn_unit_id or case.unit_id)
        if turn == "inspector":
            return [case.inspector_id] if case.inspector_id else []
        return await self.desk() if turn == "desk" else []

    async def _leads_of(self, unit_id: UUID) -> list[UUID]:
        for unit in reversed(await unit_path(self.reader, unit_id)):
            groups = [[person.id for person in await people_of(self.reader, unit, role)] for role in LEADS]
            for group in groups:
                if there := await self.there(group):
                    return there
            if any(groups):
                return [person for group in groups for person in group]
        return []

    async def _duties(self, unit_id: UUID) -> list[OnDuty]:
        if unit_id not in self._on_duty:
            self._on_duty[unit_id] = await who_is_on_duty(self.reader, unit_id, self.at)
        return self._on_duty[unit_id]


async def unit_for(reader: Reader, case: Case, turns: Iterable[Turn]) -> UUID | None:
    """Whose ladder an alert climbs: the unit that has the case, for an inspector's task his own."""
    if "inspector" in turns and case.inspector_id is not None:
        person = await find_person(reader, case.inspector_id)
        return person.unit_id if person else None
    return case.turn_unit_id or case.unit_id
