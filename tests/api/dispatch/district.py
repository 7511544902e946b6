"""What the tests of placing need of a district: cases by hand, their rows, who else is on duty."""

from typing import Any
from uuid import UUID

import httpx

from moshao.cases.case import Case, lock_case
from moshao.cases.filing import ClockFrom, put_on_record
from moshao.cases.moving import Step, move
from moshao.dispatch.changing import keep_rule
from moshao.dispatch.choosing import Roster
from moshao.dispatch.schemas import RuleBody
from moshao.dispatch.sending import send_on
from moshao.hours.limits import Limit
from moshao.kit import clock, ids
from moshao.kit.db import Row, Tx
from moshao.people.making import make_duty, make_person, make_shift, make_unit
from moshao.people.queries import settings_of
from tests.api.upstream.places import STREET
from tests.world import World

GARBAGE = {"code_set": "GB/T 47678.5-2026", "kind": "matter", "major": "06", "minor": "010"}
POINT = {"type": "Point", "coordinates": list(STREET)}


class District:
    """`world` with makers for this room."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cast = world.cast

    def unit(self, name: str) -> str:
        return str(self.cast.units[name])

    async def row(self, case_id: Any) -> Row:
        row = await self.world.db.one("SELECT * FROM cases WHERE id = ?", UUID(str(case_id)))
        assert row is not None
        return row

    async def kinds(self, case_id: Any) -> list[str]:
        rows = await self.world.db.all(
            "SELECT kind FROM journal_lines WHERE case_id = ? ORDER BY seq", UUID(str(case_id))
        )
        return [row["kind"] for row in rows]

    async def put(self, state: str = "received", flags: tuple[str, ...] = (), **columns: Any) -> Row:
        """A case in `state`."""
        whole = {"lon": STREET[0], "lat": STREET[1], **GARBAGE, **columns}
        clock_from = ClockFrom(at=clock.now(), limit=Limit(2, "urgent_hour")) if state != "reported" else None

        async def work(tx: Tx) -> Case:
            return await put_on_record(
                tx, self.cast.district_id, state=state, step=Step(kind="received"), flags=flags, columns=whole,
                clock_from=clock_from,
            )  # fmt: skip

        return await self.row((await self.world.db.write(work)).id)

    async def sent(self, flags: tuple[str, ...] = (), **columns: Any) -> Row:
        """A case that rules and roster send on."""
        limit = {"limit_value": 2, "limit_unit": "urgent_hour"}
        whole = {"lon": STREET[0], "lat": STREET[1], **GARBAGE, **limit, **columns}

        async def work(tx: Tx) -> Case:
            now = clock.now()
            settings = await settings_of(tx, self.cast.district_id)
            case = await put_on_record(
                tx, self.cast.district_id, state="received", step=Step(kind="received"), columns=whole, flags=flags
            )
            return await send_on(tx, case, Roster(tx, now), settings, at=now, step=Step(kind="dispatched"))

        return await self.row((await self.world.db.write(work)).id)

    async def on_duty(self, staff_no: str, unit: str = "street", role: str = "handler", **duty: Any) -> UUID:
        """One more person; `duty` as `make_duty` takes it, `minutes` as `make_shift`."""
        minutes = duty.pop("minutes", (0, 1440))

        async def work(tx: Tx) -> UUID:
            unit_id = self.cast.units[unit]
            person_id = await make_person(tx, unit_id, staff_no=staff_no, name=staff_no, role=role)
            shift_id = await make_shift(tx, self.cast.district_id, name=staff_no, minutes=minutes)
            await make_duty(tx, unit_id, person_id, shift_id, **duty)
            return person_id

        return await self.world.db.write(work)

    async def unit_below(self, unit: str) -> UUID:
        """A community under that unit."""
        above = self.cast.units[unit]
        return await self.world.db.write(
            lambda tx: make_unit(
                tx, self.cast.district_id, code=f"{unit}-1", name="一社区", kind="community", parent_id=above
            )
        )

    async def change(self, case_id: Any, **columns: Any) -> None:
        """Set columns as some other act would."""

        async def work(tx: Tx) -> None:
            case = await lock_case(tx, UUID(str(case_id)))
            assert case is not None
            await move(tx, case, Step(kind="amended", changes=columns))

        await self.world.db.write(work)

    async def nobody_on_duty(self) -> None:
        await self.world.db.write(lambda tx: tx.run("DELETE FROM duties"))

    async def rule(self, unit: str, priority: int = 10, **body: Any) -> UUID:
        rule_id = ids.new_id()
        everything = {"grids": ["*"], "classes": ["*"]}
        rule = RuleBody(priority=priority, unit_id=self.cast.units[unit], **everything | body)
        await self.world.db.write(lambda tx: keep_rule(tx, self.cast.district_id, rule_id, rule, None))
        return rule_id

    async def make(self, who: str, act: str, **members: Any) -> httpx.Response:
        return await self.world.as_(who).make(act, **members)

    async def act(self, who: str, case: Row, act: str, **members: Any) -> httpx.Response:
        return await self.world.as_(who).act(case["id"], act, **members)
