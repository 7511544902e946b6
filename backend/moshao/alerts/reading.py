"""The bell reads the journal: what people must know becomes alerts and rings, what they have done ends them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from moshao.alerts.audience import Audience, unit_for
from moshao.alerts.ladder import FIRST
from moshao.alerts.planning import Plan, new_alert
from moshao.alerts.queries import open_alerts
from moshao.alerts.rules import (
    ANSWERED,
    HANDED_OVER,
    RULES,
    Known,
    Ladder,
    Line,
    has_acted,
    holder_of,
    is_over,
    is_urgent,
    tells_of_case,
    turns_for,
)
from moshao.alerts.starting import begin, draft_of
from moshao.alerts.stopping import Ending, stop_all
from moshao.cases.case import Case
from moshao.cases.listing import cases_of
from moshao.kit import clock
from moshao.kit.db import Database, Reader, Row, Tx
from moshao.people.queries import find_person, settings_of
from moshao.people.settings import BellSettings

LINES = 200
# What happened while no worker ran for so long is seen in the list; it need not ring any more.
LATE = timedelta(days=1)

_BEHIND = """
SELECT h.district_id, coalesce(c.seq, 0) AS seq
FROM journal_heads h LEFT JOIN bell_cursors c ON c.district_id = h.district_id WHERE h.seq > coalesce(c.seq, 0)
"""
_LINES = """
SELECT seq, kind, at, case_id, person_id, facts FROM journal_lines
WHERE district_id = ? AND seq > ? ORDER BY seq LIMIT ?
"""
_MOVE_ON = """
INSERT INTO bell_cursors (district_id, seq, notices) VALUES (?, ?, 0)
ON CONFLICT (district_id) DO UPDATE SET seq = excluded.seq WHERE bell_cursors.seq = ?
"""


async def read_journals(db: Database) -> set[UUID]:
    """Read on in every district; those in which there was something to read. For one worker at a time."""
    behind = await db.all(_BEHIND)
    for row in behind:
        await _read(db, row["district_id"], row["seq"])
    return {row["district_id"] for row in behind}


async def _read(db: Database, district_id: UUID, seq: int) -> None:
    async with db.reading() as reader:
        rows = await reader.all(_LINES, district_id, seq, LINES)
        reading = _Reading(reader, district_id, [_line(row) for row in rows])
        await reading.work_out()

    async def work(tx: Tx) -> None:
        if await tx.run(_MOVE_ON, district_id, rows[-1]["seq"], seq):
            for ending, alerts in reading.ended.items():
                await stop_all(tx, alerts, ending)
            await reading.plan.write(tx)

    if rows:
        await db.write(work)


class _Reading:
    """Some lines of one district, and what follows from them."""

    def __init__(self, reader: Reader, district_id: UUID, lines: Sequence[Line]) -> None:
        self.reader = reader
        self.district_id = district_id
        self.now = clock.now()
        self.lines = lines
        self.by_case: dict[UUID, list[Line]] = {}
        for line in lines:
            if line.case_id is not None:
                self.by_case.setdefault(line.case_id, []).append(line)
        self.plan = Plan(reader, district_id, self.now)
        self.ended: dict[Ending, list[UUID]] = {"acted": [], "over": []}
        self._audience = Audience(reader, district_id, self.now)

    async def work_out(self) -> None:
        cases = await cases_of(self.reader, list(self.by_case))
        await self._end_what_is_done(cases)
        bell = (await settings_of(self.reader, self.district_id)).bell
        for line in self.lines:
            if self.now - line.at >= LATE:
                continue
            if line.case_id is not None and tells_of_case(line):
                await self._consider(line, cases[line.case_id], bell)
            elif line.kind == HANDED_OVER and line.facts.get("to_id") not in (None, str(line.person_id)):
                await self._hand_over(line, bell)
            elif line.kind == ANSWERED:
                to_id = UUID(str(line.facts["to_id"]))
                await self._tell(self._alert(line, "none", "normal") | {"person_id": to_id}, [to_id])

    async def _end_what_is_done(self, cases: Mapping[UUID, Case]) -> None:
        for case_id, alert_id, known in await open_alerts(self.reader, list(cases)):
            if has_acted(known, self.by_case[case_id]):
                self.ended["acted"].append(alert_id)
            elif is_over(known, cases[case_id]):
                self.ended["over"].append(alert_id)

    async def _consider(self, line: Line, case: Case, bell: BellSettings) -> None:
        turns = turns_for(line.kind, case)
        if not turns:
            return
        wanted = [each for each in await self._audience.wanted(turns, case) if each != line.person_id]
        urgency = "urgent" if is_urgent(line.kind, case) else "normal"
        alert = self._alert(line, RULES[line.kind].ladder, urgency) | {
            "case_id": case.id, "unit_id": await unit_for(self.reader, case, turns), "person_id": holder_of(case),
            "round": case.round, "deadline": case.deadline,
        }  # fmt: skip
        if RULES[line.kind].ladder == "none":
            await self._tell(alert, wanted)
            return
        known = Known(
            kind=line.kind, seq=line.seq, round=case.round, unit_id=alert["unit_id"], rung=frozenset(wanted),
            person_id=alert["person_id"],
        )  # fmt: skip
        if not has_acted(known, self.by_case[case.id]):
            self.plan.alert(alert | await begin(self.plan, self._audience, alert, case, wanted, bell))

    async def _tell(self, alert: Row, wanted: Collection[UUID]) -> None:
        """By Web Push, to whom of them wants it and is at work; nothing climbs."""
        await self.plan.load(wanted)
        people = await self._audience.there(each for each in wanted if self.plan.ways(each).browsers)
        for person in people:
            self.plan.ring(draft_of(alert), person, str(FIRST), "quiet")
        if people:
            self.plan.alert(alert | {"state": "told"})

    async def _hand_over(self, line: Line, bell: BellSettings) -> None:
        """One ring for all the cases that somebody got from another."""
        to_id = UUID(str(line.facts["to_id"]))
        person, wanted = await find_person(self.reader, to_id), await self._audience.still_here([to_id])
        alert = self._alert(line, "person", "normal") | {
            "person_id": to_id, "unit_id": person.unit_id if person else None, "cases": line.facts["cases"]
        }  # fmt: skip
        self.plan.alert(alert | await begin(self.plan, self._audience, alert, None, wanted, bell))

    def _alert(self, line: Line, ladder: Ladder, urgency: str) -> Row:
        return new_alert(self.district_id, line.kind, ladder, urgency, self.now) | {"seq": line.seq}


def _line(row: Row) -> Line:
    return Line(
        seq=row["seq"], kind=row["kind"], at=row["at"], case_id=row["case_id"], person_id=row["person_id"],
        facts=msgspec.json.decode(row["facts"], type=dict[str, object]) if row["facts"] != "{}" else {},
    )  # fmt: skip
