"""Beats: who listens is woken, in this process and, over PostgreSQL, in the others."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import pytest

from moshao.kit import db_postgres, ids
from moshao.kit.db import Database
from moshao.kit.pulse import Pulse, wait
from moshao.kit.relaying import relaying
from tests.databases import POSTGRES
from tests.kit.pairs import opened_twice

HERE, ELSEWHERE = ids.new_id(), ids.new_id()
needs_postgres = pytest.mark.skipif(not POSTGRES, reason="beats between processes need TEST_POSTGRES_URL")


async def test_a_beat_wakes_those_who_listen_to_it() -> None:
    pulse = Pulse()
    async with pulse.listening(HERE) as one, pulse.listening(None) as any_, pulse.listening(ELSEWHERE) as other:
        pulse.beat(HERE)
        assert (one.is_set(), any_.is_set(), other.is_set()) == (True, True, False)
    pulse.beat(HERE)


async def test_waiting_ends_with_the_beat_or_the_time() -> None:
    event = asyncio.Event()
    assert not await wait(event, 0.01)
    event.set()
    assert await wait(event, 10)


async def test_only_beats_of_this_process_are_carried() -> None:
    pulse, carried = Pulse(), list[UUID]()
    with pulse.carried(carried.append):
        pulse.beat(HERE)
        pulse.feel(ELSEWHERE)
    pulse.beat(HERE)
    assert carried == [HERE]


async def test_without_postgresql_nothing_is_carried(database: Database) -> None:
    pulse = Pulse()
    async with relaying(database, pulse), pulse.listening(HERE) as beat:
        pulse.beat(HERE)
        assert beat.is_set()


Two = tuple[Pulse, Pulse, Database]


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    """The pulses of two processes on one server."""
    async with AsyncExitStack() as stack:
        here, there = await stack.enter_async_context(opened_twice(tmp_path))
        first, second = Pulse(), Pulse()
        await stack.enter_async_context(relaying(here, first))
        await stack.enter_async_context(relaying(there, second))
        yield first, second, here


async def felt(pulse: Pulse, do: Callable[[], None]) -> None:
    """Do it until the other process feels it: whoever begins to listen a moment later hears the next one."""
    async with pulse.listening(HERE) as beat, asyncio.timeout(60):
        while not beat.is_set():
            do()
            await wait(beat, 0.05)


@needs_postgres
async def test_a_beat_is_felt_in_the_other_process(two: Two) -> None:
    first, second, _ = two
    await felt(second, lambda: first.beat(HERE))
    await felt(first, lambda: second.beat(HERE))


@needs_postgres
async def test_after_its_connection_died_it_listens_again(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db_postgres, "RELISTEN_SECONDS", 0.05)
    first, second, database = two
    await felt(second, lambda: first.beat(HERE))
    ended = await database.all(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()"
    )
    assert len(ended) == 2
    await felt(second, lambda: first.beat(HERE))
    await felt(first, lambda: second.beat(HERE))
