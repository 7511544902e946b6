"""Cases for these tests, put on record and moved as the acts do it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from moshao.cases.case import Case, lock_case
from moshao.cases.moving import Step, move, start
from moshao.kit import clock, ids
from moshao.kit.db import Database, Row, Tx
from tests.cast import Cast

GRID = "411302001000001"
POINT = (112.5414, 32.9986)
GARBAGE = {"code_set": "GB/T 47678.5-2026", "kind": "matter", "major": "06", "minor": "010"}


def row_of(cast: Cast, **columns: Any) -> Row:
    """The columns of a dispatched case of the street."""
    now = clock.now()
    case_id: UUID = columns.pop("id", ids.new_id())
    return {
        "id": case_id, "district_id": cast.district_id, "case_no": str(case_id), "state": "dispatched", "flags": " ",
        "unit_id": cast.units["street"], "lon": POINT[0], "lat": POINT[1], "grid_code": GRID, "created_at": now,
        "dispatched_at": now, "limit_value": 2, "limit_unit": "urgent_hour", "clock_state": "running",
        "clock_started_at": now, "deadline": now + timedelta(hours=2), "description": "路边堆放垃圾",
        "allow_handback": True, "allow_extension": True, "contact_required": False,
    } | GARBAGE | columns  # fmt: skip


async def put(tx: Tx, cast: Cast, **columns: Any) -> Case:
    """A new case."""
    return await start(tx, row_of(cast, **columns), Step(kind="dispatched", facts={"unit_id": columns.get("unit_id")}))


async def change(tx: Tx, case_id: UUID, kind: str, **changes: Any) -> Case:
    """Move a case as it stands now."""
    case = await lock_case(tx, case_id)
    assert case is not None
    return await move(tx, case, Step(kind=kind, changes=changes))


class Board:
    """The cases of a world."""

    def __init__(self, database: Database, cast: Cast) -> None:
        self.database = database
        self.cast = cast

    def person(self, who: str) -> UUID:
        return self.cast.people[who].person_id

    async def put(self, **columns: Any) -> Case:
        return await self.database.write(lambda tx: put(tx, self.cast, **columns))

    async def put_many(self, count: int, **columns: Any) -> list[Case]:
        async def work(tx: Tx) -> list[Case]:
            return [await put(tx, self.cast, **columns) for _ in range(count)]

        return await self.database.write(work)

    async def change(self, case_id: UUID, kind: str = "noted", **changes: Any) -> Case:
        return await self.database.write(lambda tx: change(tx, case_id, kind, **changes))

    async def act(self, case_id: UUID, kind: str, *, act_id: UUID | None, person_id: UUID | None, round: int) -> Case:
        """A line by somebody's act."""

        async def work(tx: Tx) -> Case:
            case = await lock_case(tx, case_id)
            assert case is not None
            step = Step(kind=kind, changes={"round": round}, act_id=act_id, person_id=person_id)
            return await move(tx, case, step)

        return await self.database.write(work)

    async def assign(self, case_id: UUID, who: str = "handler") -> Case:
        return await self.change(case_id, "assigned", state="assigned", handler_id=self.person(who))

    async def close(self, case_id: UUID, ago: timedelta = timedelta()) -> Case:
        ended = clock.now() - ago
        return await self.change(case_id, "closed", state="closed", ended_at=ended, clock_state="stopped")
