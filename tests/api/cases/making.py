"""Cases for the tests of acts: put on record as dispatch does, then led to the state a test starts from."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from moshao.cases.case import Case, find_case, lock_case
from moshao.cases.filing import ClockFrom, put_on_record
from moshao.cases.moving import Step, move
from moshao.cases.photo_arriving import photo_arrived
from moshao.hours.limits import Limit
from moshao.kit import clock, ids
from moshao.kit.db import Row, Tx
from tests.world import World

PLACE = (112.5414, 32.9986)
GARBAGE = {"code_set": "GB/T 47678.5-2026", "kind": "matter", "major": "06", "minor": "010"}


class Cases:
    """The cases of a world. Every case is of the street unless a test says otherwise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cast = world.cast

    async def put(
        self,
        state: str = "dispatched",
        *,
        limit: Limit | None = None,
        deadline: datetime | None = None,
        flags: tuple[str, ...] = (),
        **columns: Any,
    ) -> UUID:
        """A case in `state`, given to whoever has it then; its clock runs for two hours."""
        now = clock.now()
        given: Row = {"unit_id": self.cast.units["street"], "dispatched_at": now, "lon": PLACE[0], "lat": PLACE[1]}
        if state in ("received", "reported", "verifying", "rejected"):
            given |= {"unit_id": None, "dispatched_at": None}
        if state in ("assigned", "in_progress", "handled", "feedback", "checking", "reported_up", "closed"):
            given |= {"signed_at": now, "assigned_at": now, "handler_id": self.world.id_of("handler")}
        if state in ("in_progress", "handled", "feedback", "checking", "reported_up", "closed"):
            given["accepted_at"] = now
        if state == "handled":
            given["turn_unit_id"] = self.cast.units["street"]
        if state in ("handled", "feedback", "checking", "reported_up", "closed"):
            done_by = self.world.id_of("handler")
            given |= {"handled_at": now, "handled_heard_at": now, "handled_by": done_by, "closure_id": ids.new_id()}
        if state in ("verifying", "checking"):
            given["inspector_id"] = self.world.id_of("inspector")
        if state in ("checking", "shelved", "returning"):
            given["state_before"] = "feedback" if state == "checking" else "dispatched"
        if state in ("closed", "cancelled", "rejected"):
            given["ended_at"] = now
        clock_from = ClockFrom(at=now, limit=limit or Limit(2, "urgent_hour"), deadline=deadline)

        async def work(tx: Tx) -> Case:
            return await put_on_record(
                tx, self.cast.district_id, state=state, step=Step(kind="dispatched"), flags=flags,
                clock_from=clock_from, columns=GARBAGE | given | columns,
            )  # fmt: skip

        return (await self.world.db.write(work)).id

    async def change(self, case_id: UUID, **columns: Any) -> Case:
        """Set columns as some other act would."""

        async def work(tx: Tx) -> Case:
            case = await lock_case(tx, case_id)
            assert case is not None
            return await move(tx, case, Step(kind="amended", changes=columns))

        return await self.world.db.write(work)

    async def now(self, case_id: UUID) -> Case:
        """The case as it stands."""
        async with self.world.db.reading() as reader:
            case = await find_case(reader, case_id)
        assert case is not None
        return case

    async def kinds(self, case_id: UUID) -> list[str]:
        """What the journal says happened, after the dispatch."""
        rows = await self.world.db.all("SELECT kind FROM journal_lines WHERE case_id = ? ORDER BY seq", case_id)
        return [row["kind"] for row in rows][1:]

    async def facts(self, case_id: UUID) -> list[Row]:
        return await self.world.db.all("SELECT * FROM journal_lines WHERE case_id = ? ORDER BY seq", case_id)

    async def photo(self, who: str, usage: str = "after", *, state: str = "held") -> dict[str, str]:
        """A photo of this person as an act names it; `missing`: no byte of it is here yet."""
        named = {"photo_id": str(ids.new_id()), "sha256": ids.digest_of_secret(ids.new_secret())}
        if state != "missing":
            await self.send(who, named, usage, state=state)
        return named

    async def send(
        self, who: str, named: dict[str, str], usage: str = "after", *, state: str = "held", sha256: str = ""
    ) -> None:
        """The photo comes in, as the evidence records it and tells."""
        photo_id, sha256 = UUID(named["photo_id"]), sha256 or named["sha256"]
        code = "not_a_photo" if state == "refused" else None
        row = {
            "id": photo_id, "district_id": self.cast.district_id, "person_id": self.world.id_of(who),
            "sha256": sha256, "length": 1, "usage": usage, "state": state, "code": code, "created_at": clock.now(),
        }  # fmt: skip

        async def work(tx: Tx) -> None:
            await tx.insert("photos", row)
            await photo_arrived(tx, photo_id, sha256, "refused" if state == "refused" else "held", code)

        await self.world.db.write(work)


def ago(**parts: float) -> datetime:
    return clock.now() - timedelta(**parts)
