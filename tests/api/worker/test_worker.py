"""`moshao worker`: it works by itself, ends when told, and is replaced when it dies."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, cast

import pytest

from moshao.kit import clock
from moshao.kit.db import use
from moshao.kit.leases import standing
from moshao.kit.outgoing import Outgoing
from moshao.kit.pulse import Pulse
from moshao.worker import TASKS, Tools, watch_journals, work_until
from tests.api.cases.making import Cases
from tests.world import World

PATIENCE_S = 120


@asynccontextmanager
async def working(world: World) -> AsyncIterator[asyncio.Event]:
    stopping = asyncio.Event()
    task = asyncio.create_task(work_until(world.settings, stopping))
    try:
        yield stopping
    finally:
        stopping.set()
        assert await task == 0
        use(world.db)


async def until(world: World, sql: str, *args: Any) -> None:
    """Until a query finds something that another process or task is to bring about."""
    async with asyncio.timeout(PATIENCE_S):
        while not await world.db.value(sql, *args):  # noqa: ASYNC110 - it is in the database alone
            await asyncio.sleep(0.02)


async def test_a_deadline_passes_and_the_list_says_so(world: World, cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    with clock.moved(timedelta(hours=3)):
        async with working(world):
            await until(world, "SELECT count(*) FROM journal_lines WHERE case_id = ? AND kind = 'overdue'", case_id)
    shown = await world.as_("handler").case(case_id)
    assert "overdue" in shown["flags"]


async def test_two_workers_tick_it_once(world: World, cases: Cases) -> None:
    case_ids = [await cases.put("in_progress") for _ in range(20)]
    with clock.moved(timedelta(hours=3)):
        async with working(world), working(world):
            for case_id in case_ids:
                await until(world, "SELECT count(*) FROM journal_lines WHERE case_id = ? AND kind = 'overdue'", case_id)
    twice = "SELECT case_id FROM journal_lines WHERE kind = 'overdue' GROUP BY case_id HAVING count(*) > 1"
    assert await world.db.all(twice) == []


async def test_a_killed_worker_is_replaced_when_its_lease_is_over(world: World, cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    process = start(world)
    try:
        await until(world, "SELECT count(*) FROM leases WHERE name = 'clocks' AND holder IS NOT NULL")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    dead = {row["name"]: row["holder"] for row in await standing(world.db)}
    assert dead["clocks"] is not None, "it could not give it back"
    with clock.moved(timedelta(hours=3)):
        async with working(world):
            await until(world, "SELECT count(*) FROM journal_lines WHERE case_id = ? AND kind = 'overdue'", case_id)


async def test_it_ends_when_told_and_leaves_nothing_held(world: World) -> None:
    process = start(world)
    try:
        await until(world, "SELECT count(*) FROM leases WHERE name = 'clocks' AND holder IS NOT NULL")
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, PATIENCE_S) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    assert {row["holder"] for row in await standing(world.db)} == {None}


async def test_it_ends_with_a_fault_where_the_disk_failed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = tools_of(world)
    await watch_journals(tools)
    assert not tools.stopping.is_set()
    monkeypatch.setattr(world.db, "failed", lambda: "disk i/o error")
    await watch_journals(tools)
    assert tools.stopping.is_set()


async def test_the_journals_growth_is_felt(world: World, cases: Cases) -> None:
    tools = tools_of(world)
    async with tools.pulse.listening(world.cast.district_id) as beat:
        await watch_journals(tools)
        beat.clear()
        await watch_journals(tools)
        assert not beat.is_set()
        await cases.put()
        await watch_journals(tools)
        assert beat.is_set()


def test_every_task_has_its_own_name_and_rhythm() -> None:
    assert len({task.name for task in TASKS}) == len(TASKS)
    assert all(task.period_s > 0 for task in TASKS)


def tools_of(world: World) -> Tools:
    nobody = cast(Outgoing, None)
    return Tools(world.settings, world.app.app.state.evidence, nobody, nobody, Pulse(), asyncio.Event())


def start(world: World) -> "subprocess.Popen[bytes]":
    """A worker of its own process on the world's database."""
    named = {
        "MOSHAO_DATA": str(world.settings.data),
        "MOSHAO_DATABASE_URL": world.settings.database_url,
        "MOSHAO_BLOBS_URL": world.settings.blobs_url,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "moshao", "worker"], env=os.environ | named, stderr=subprocess.DEVNULL
    )
