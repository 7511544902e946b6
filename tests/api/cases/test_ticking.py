"""Time itself: half of it, four fifths of it, all of it, each said once."""

from datetime import datetime, timedelta
from uuid import UUID

from moshao.cases.case import Case, lock_case
from moshao.cases.ticking import tick
from moshao.kit import clock
from moshao.kit.db import Tx
from tests.api.cases.making import Cases


async def ticked(cases: Cases, case_id: UUID, now: datetime) -> Case:
    async def work(tx: Tx) -> Case:
        case = await lock_case(tx, case_id)
        assert case is not None
        return await tick(tx, case, now)

    after = await cases.world.db.write(work)
    assert after == await cases.now(case_id)
    return after


async def test_each_moment_is_told_once(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    now = clock.now()
    told = []
    for minutes in (1, 61, 62, 97, 98, 121, 122, 500):
        before = await cases.now(case_id)
        if before.next_at is not None and before.next_at <= now + timedelta(minutes=minutes):
            await ticked(cases, case_id, now + timedelta(minutes=minutes))
        told.append(len(await cases.kinds(case_id)))
    assert await cases.kinds(case_id) == ["half_time", "due_soon", "overdue"]
    assert told == [0, 1, 1, 2, 2, 3, 3, 3]
    after = await cases.now(case_id)
    assert (after.flags, after.next_at) == (" overdue ", None)


async def test_a_worker_that_slept_tells_what_still_matters(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    await ticked(cases, case_id, clock.now() + timedelta(hours=5))
    assert await cases.kinds(case_id) == ["half_time", "overdue"]


async def test_a_stopped_clock_is_taken_off_the_list(cases: Cases) -> None:
    case_id = await cases.put("feedback")
    await cases.change(case_id, clock_state="stopped")
    assert (await ticked(cases, case_id, clock.now() + timedelta(hours=5))).next_at is None
    assert await cases.kinds(case_id) == ["amended"]


async def test_rework_after_the_deadline_is_late_at_once(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    later = clock.now() + timedelta(hours=3)
    await cases.change(case_id, next_at=(await cases.now(case_id)).deadline)
    assert (await ticked(cases, case_id, later)).flags == " overdue "
