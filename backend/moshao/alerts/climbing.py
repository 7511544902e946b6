"""An alert that nobody has heard goes on to the next step of its ladder; at the top it stands on the call list."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from moshao.alerts.audience import Audience
from moshao.alerts.ladder import Step, step_after, step_called, times_for
from moshao.alerts.planning import Plan
from moshao.alerts.queries import known_of, rung_for
from moshao.alerts.quiet import leaders_on_call, next_on_call
from moshao.alerts.rules import is_over, turns_for
from moshao.alerts.starting import begin, draft_of
from moshao.cases.case import Case
from moshao.cases.listing import cases_of
from moshao.kit import clock
from moshao.kit.db import Database, Reader, Row, Tx
from moshao.people.queries import settings_of
from moshao.people.settings import BellSettings

AT_ONCE = 100
_CLIMB = (
    "UPDATE alerts SET state = ?, started_at = ?, next_step = ?, next_at = ?, ended_at = ? "
    "WHERE id = ? AND state = ? AND next_step = ?"
)


async def climb(db: Database) -> set[UUID]:
    """Take the steps that are due; the districts in which some were. For one worker at a time."""
    due = await db.all("SELECT * FROM alerts WHERE next_at <= ? ORDER BY next_at LIMIT ?", clock.now(), AT_ONCE)
    districts = {row["district_id"] for row in due}
    for district_id in districts:
        await _climb_in(db, district_id, [row for row in due if row["district_id"] == district_id])
    return districts


async def _climb_in(db: Database, district_id: UUID, alerts: Sequence[Row]) -> None:
    async with db.reading() as reader:
        climbing = _Climbing(reader, district_id)
        changed = [(alert, alert | await climbing.onwards(alert)) for alert in await climbing.load(alerts)]

    async def work(tx: Tx) -> None:
        for before, after in changed:
            # Whoever heard it meanwhile was first: it climbs no more, though one ring too many may go out.
            await tx.run(
                _CLIMB, after["state"], after["started_at"], after["next_step"], after["next_at"], after["ended_at"],
                before["id"], before["state"], before["next_step"],
            )  # fmt: skip
        await climbing.plan.write(tx)

    await db.write(work)


class _Climbing:
    """The alerts of one district whose time has come."""

    def __init__(self, reader: Reader, district_id: UUID) -> None:
        self.reader = reader
        self.district_id = district_id
        self.now = clock.now()
        self.plan = Plan(reader, district_id, self.now)
        self.audience = Audience(reader, district_id, self.now)

    async def load(self, alerts: Sequence[Row]) -> Sequence[Row]:
        """Read what they need; the alerts themselves."""
        self.bell: BellSettings = (await settings_of(self.reader, self.district_id)).bell
        self.cases = await cases_of(self.reader, [row["case_id"] for row in alerts if row["case_id"] is not None])
        self.rung = {alert["id"]: set[UUID]() for alert in alerts}
        for alert_id, people in (await rung_for(self.reader, list(self.rung))).items():
            self.rung[alert_id] |= people
            await self.plan.load(people)
        return alerts

    async def onwards(self, alert: Row) -> Row:
        """The columns that change."""
        case = self.cases.get(alert["case_id"])
        if alert["case_id"] is not None and is_over(known_of(alert, frozenset()), case):
            return {"state": "over", "next_step": None, "next_at": None, "ended_at": self.now}
        if alert["state"] == "held":
            wanted = (
                await self.audience.wanted(turns_for(alert["kind"], case), case)
                if case
                else await self.audience.still_here([alert["person_id"]])
            )
            return await begin(self.plan, self.audience, alert, case, wanted, self.bell)
        return await self._steps(alert, case)

    async def _steps(self, alert: Row, case: Case | None) -> Row:
        """Every step whose time has come; a step without anybody is passed at its time."""
        step, at = step_called(alert["next_step"]), alert["next_at"]
        times = times_for(self.bell, alert["unit_id"], urgent=alert["urgency"] != "normal")
        while at <= self.now:
            if step.kind == "call_list":
                return {"state": "unreached", "next_step": None, "next_at": None}
            await self._take(step, alert, case)
            after = step_after(
                step, times, len(self.plan.gateways), alert["started_at"], people=alert["ladder"] == "case"
            )
            if after is None:
                return {"state": "unreached", "next_step": None, "next_at": None}
            step, at = after
        return {"next_step": str(step), "next_at": at}

    async def _take(self, step: Step, alert: Row, case: Case | None) -> None:
        if step.kind == "gateway":
            await self._by_gateway(step.number, alert)
            return
        rung = self.rung[alert["id"]]
        people = [each for each in await self._people(step, alert, case, frozenset(rung)) if each not in rung]
        await self.plan.load(people)
        for person in people:
            self.plan.ring(draft_of(alert), person, str(step), "all")
        rung.update(people)

    async def _people(self, step: Step, alert: Row, case: Case | None, rung: frozenset[UUID]) -> Sequence[UUID]:
        if step.kind == "crew_leader":
            return await self.audience.there(await self.audience.leads(alert["unit_id"]))
        if step.kind == "supervisor":
            return await self.audience.there(await self.audience.desk())
        if case is None:
            return ()
        on_call = await self.audience.on_call(case, alert["unit_id"])
        return next_on_call(on_call, rung) if step.kind == "second" else leaders_on_call(on_call, rung)

    async def _by_gateway(self, number: int, alert: Row) -> None:
        """Ring those who were rung first once more, each notice once by each gateway."""
        if number >= len(self.plan.gateways):
            return
        gateway_id = self.plan.gateways[number]["id"]
        for notice in await self._first_notices(alert["id"], gateway_id):
            ways = [way for way in self.plan.ways(notice["person_id"]).gateways if way.id == gateway_id]
            expires_at: datetime = notice["expires_at"]
            self.plan.deliver_by(
                ways, notice["id"], notice["person_id"], expires_at, urgent=alert["urgency"] != "normal"
            )

    async def _first_notices(self, alert_id: UUID, gateway_id: UUID) -> list[Row]:
        delivered = {row["notice_id"] for row in self.plan.rows["deliveries"] if row["gateway_id"] == gateway_id}
        rows = await self.reader.all(
            "SELECT n.id, n.person_id, n.expires_at FROM rings r JOIN notices n ON n.id = r.notice_id "
            "WHERE r.alert_id = ? AND r.step = 'first' AND n.state = 'out' AND NOT EXISTS "
            "(SELECT 1 FROM deliveries d WHERE d.notice_id = n.id AND d.gateway_id = ?)",
            alert_id, gateway_id,
        )  # fmt: skip
        return [row for row in rows if row["id"] not in delivered]
