"""Cases tick at their moments: not before, once, whichever worker is first, and one that can't stops no other."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from moshao.cases import due, ticking
from moshao.cases.due import tick_due
from moshao.hours.limits import Limit
from moshao.kit import clock
from moshao.kit.databases import open_database
from moshao.kit.db import use
from tests.api.cases.making import Cases

MICRO = timedelta(microseconds=1)


async def kinds(cases: Cases, case_id: UUID) -> list[str]:
    rows = await cases.world.db.all("SELECT kind FROM journal_lines WHERE case_id = ? ORDER BY seq", case_id)
    return [row["kind"] for row in rows][1:]


async def began(cases: Cases, case_id: UUID) -> datetime:
    started = await cases.world.db.value("SELECT clock_started_at FROM cases WHERE id = ?", case_id)
    assert isinstance(started, datetime)
    return started


async def test_half_time_nearly_late_and_late_come_at_their_instants(cases: Cases) -> None:
    db = cases.world.db
    case_id = await cases.put("in_progress", limit=Limit(2, "urgent_hour"))
    start = await began(cases, case_id)
    said: list[str] = []
    for minutes, kind in ((60, "half_time"), (96, "due_soon"), (120, "overdue")):
        moment = start + timedelta(minutes=minutes)
        assert await tick_due(db, moment - MICRO) == set()
        assert await kinds(cases, case_id) == said
        said.append(kind)
        assert await tick_due(db, moment + MICRO) == {cases.cast.district_id}
        assert await kinds(cases, case_id) == said
        await tick_due(db, moment + MICRO)
        assert await kinds(cases, case_id) == said, "once"
    assert await db.value("SELECT next_at FROM cases WHERE id = ?", case_id) is None


async def test_a_worker_that_slept_says_the_last_word(cases: Cases) -> None:
    case_id = await cases.put("in_progress", limit=Limit(2, "urgent_hour"))
    await tick_due(cases.world.db, clock.now() + timedelta(days=3))
    assert "overdue" in await kinds(cases, case_id)
    assert "due_soon" not in await kinds(cases, case_id)


async def test_a_shelved_case_comes_back_on_its_date(cases: Cases) -> None:
    db = cases.world.db
    until = clock.now() + timedelta(days=10)
    case_id = await cases.put("in_progress")
    supervisor = cases.world.as_("supervisor")
    answer = await supervisor.act(case_id, "shelvings", reason="budget", until=until.isoformat())
    assert answer.status_code == 201, answer.text
    await tick_due(db, until - MICRO)
    assert await db.value("SELECT state FROM cases WHERE id = ?", case_id) == "shelved"
    await tick_due(db, until)
    assert await db.value("SELECT state FROM cases WHERE id = ?", case_id) == "in_progress"
    assert (await kinds(cases, case_id))[-1] == "unshelved"


async def test_two_workers_at_once_tick_each_case_once(cases: Cases) -> None:
    case_ids = [await cases.put("in_progress") for _ in range(40)]
    later = clock.now() + timedelta(hours=3)
    second = await open_database(cases.world.settings.database_url)
    use(cases.world.db)
    try:
        await asyncio.gather(*(tick_due(db, later) for db in (cases.world.db, second, cases.world.db, second)))
    finally:
        await second.close()
    for case_id in case_ids:
        assert (await kinds(cases, case_id)).count("overdue") == 1


async def test_one_that_can_not_tick_stops_no_other(cases: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, well = await cases.put("in_progress"), await cases.put("in_progress")

    async def tick(tx: Any, case: Any, now: datetime) -> Any:
        if case.id == broken:
            raise ZeroDivisionError("a calendar without days")
        return await ticking.tick(tx, case, now)

    later = clock.now() + timedelta(hours=3)
    with monkeypatch.context() as patched:
        patched.setattr(due, "tick", tick)
        assert await tick_due(cases.world.db, later) == {cases.cast.district_id}
        assert await tick_due(cases.world.db, later) == set(), "it keeps nobody waiting"
    assert await kinds(cases, broken) == []
    assert "overdue" in await kinds(cases, well)
    await tick_due(cases.world.db, later + due.LATER)
    assert "overdue" in await kinds(cases, broken)


async def test_more_than_fit_come_in_turns(cases: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "AT_ONCE", 3)
    case_ids = [await cases.put("in_progress") for _ in range(7)]
    later = clock.now() + timedelta(hours=3)
    while await tick_due(cases.world.db, later):
        pass
    for case_id in case_ids:
        assert "overdue" in await kinds(cases, case_id)
