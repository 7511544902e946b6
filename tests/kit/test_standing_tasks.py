"""Standing tasks: in one process at a time, each in its rhythm, a failing one alone with its failure."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from moshao.kit import clock, ids, standing_tasks
from moshao.kit.db import Database
from moshao.kit.leases import Leases, standing
from moshao.kit.pulse import Pulse
from moshao.kit.standing_tasks import StandingTasks, Task
from tests.kit.pairs import opened_twice

Run = Callable[[None], Awaitable[int]]
NEVER_S = 1000.0


class Counting:
    """A task that says how often it ran."""

    def __init__(self, *answers: int | Exception) -> None:
        self.answers = list(answers)
        self.ran = 0
        self.moved = asyncio.Condition()

    async def __call__(self, _: None) -> int:
        answer = self.answers.pop(0) if self.answers else 0
        async with self.moved:
            self.ran += 1
            self.moved.notify_all()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def until(self, count: int) -> None:
        async with asyncio.timeout(60), self.moved:
            await self.moved.wait_for(lambda: self.ran >= count)


@asynccontextmanager
async def running(
    database: Database, *tasks: Task[None], pulse: Pulse | None = None, seconds: float = 10
) -> AsyncIterator[asyncio.Event]:
    stopping = asyncio.Event()
    leases = Leases(database, seconds)
    run = asyncio.create_task(StandingTasks(tasks, None, leases, pulse or Pulse(), stopping).run())
    try:
        yield stopping
    finally:
        stopping.set()
        await run


def task(run: Run, name: str = "clocks", period_s: float = NEVER_S, **options: bool) -> Task[None]:
    return Task(name=name, period_s=period_s, run=run, **options)


async def test_it_runs_in_its_rhythm(database: Database) -> None:
    counting = Counting()
    async with running(database, task(counting, period_s=0.01)):
        await counting.until(3)


async def test_while_there_is_more_it_goes_on_at_once(database: Database) -> None:
    counting = Counting(5, 5, 0)
    async with running(database, task(counting)):
        await counting.until(3)
    assert counting.ran == 3


async def test_a_beat_wakes_who_asked_for_it(database: Database) -> None:
    pulse, woken, other = Pulse(), Counting(), Counting()
    async with running(database, task(woken, "feedback", woken=True), task(other, "sweep"), pulse=pulse):
        await woken.until(1)
        await other.until(1)
        pulse.beat(ids.new_id())
        await woken.until(2)
    assert other.ran == 1


async def test_one_that_fails_is_noted_and_stops_no_other(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(standing_tasks, "_pause", lambda task, failures: 0.01)
    failing, other = Counting(*[ValueError("no such table")] * 1000), Counting()
    async with running(database, task(failing, "feedback"), task(other, "sweep")):
        await failing.until(3)
        (row,) = [row for row in await standing(database) if row["name"] == "feedback"]
        assert row["failures"] >= 2
        assert "no such table" in row["error"]
        await other.until(5)
        failing.answers.clear()
        await failing.until(failing.ran + 2)
    (row,) = [row for row in await standing(database) if row["name"] == "feedback"]
    assert (row["failures"], row["error"]) == (0, None)
    assert "task_failed" in caplog.text


@pytest.mark.parametrize(("failures", "least", "most"), [(0, 5, 5), (1, 7.5, 10), (2, 15, 20), (50, 22.5, 30)])
def test_a_failing_one_waits_longer_and_longer(failures: int, least: float, most: float) -> None:
    assert least <= standing_tasks._pause(task(Counting(), period_s=5), failures) <= most


async def test_a_slow_task_keeps_its_lease(database: Database) -> None:
    begun, going_on = asyncio.Event(), asyncio.Event()

    async def slow(_: None) -> int:
        begun.set()
        await going_on.wait()
        return 0

    async with running(database, task(slow), seconds=0.3):
        await begun.wait()
        first = await lease_of(database)
        async with asyncio.timeout(60):
            while await lease_of(database) == first:  # noqa: ASYNC110 - the lease is in the database
                await asyncio.sleep(0.02)
        going_on.set()


async def lease_of(database: Database) -> object:
    return await database.value("SELECT until FROM leases WHERE name = 'clocks'")


async def test_two_processes_never_do_it_at_the_same_time(tmp_path: Path) -> None:
    async with opened_twice(tmp_path) as (here, there):
        first, second = Counting(), Counting()
        async with running(here, task(first, period_s=0.01)):
            await first.until(2)
            async with running(there, task(second, period_s=0.01), task(Counting(), "journals", 0.01, shared=True)):
                await first.until(first.ran + 20)
                assert second.ran == 0
        async with running(there, task(second, period_s=0.01)):
            await second.until(1)


async def test_a_dead_process_is_replaced(tmp_path: Path) -> None:
    async with opened_twice(tmp_path) as (here, there):
        dead, counting = Leases(here, 10), Counting()
        assert await dead.take("clocks")
        async with running(there, task(counting, period_s=0.01)):
            with clock.moved(timedelta(seconds=11)):
                await counting.until(1)


async def test_shared_tasks_run_everywhere(tmp_path: Path) -> None:
    async with opened_twice(tmp_path) as (here, there):
        first, second = Counting(), Counting()
        async with running(here, task(first, shared=True)), running(there, task(second, shared=True)):
            await first.until(1)
            await second.until(1)


async def test_what_was_begun_is_finished_before_it_stops(database: Database) -> None:
    begun, finished = asyncio.Event(), []

    async def slow(_: None) -> int:
        begun.set()
        await asyncio.sleep(0.05)
        finished.append(True)
        return 1

    async with running(database, task(slow)) as stopping:
        await begun.wait()
        stopping.set()
    assert finished == [True]


async def test_what_does_not_end_is_cut_off(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing_tasks, "STOP_SECONDS", 0.05)
    begun = asyncio.Event()

    async def endless(_: None) -> int:
        begun.set()
        await asyncio.Event().wait()
        return 0

    async with running(database, task(endless)) as stopping:
        await begun.wait()
        stopping.set()
    (row,) = await standing(database)
    assert row["holder"] is None, "the next worker may begin at once"
