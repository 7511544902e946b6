"""Telling upstream goes on within seconds where a worker died, and is said by one worker however long it takes."""

import asyncio
from datetime import datetime, timedelta

import pytest

from moshao.kit import clock, job_leases
from moshao.kit.job_leases import LEASE_SECONDS
from moshao.upstream.queueing import queue_feedback
from tests.api.upstream.ear import Ear, agree, working
from tests.api.upstream.platform import Platform
from tests.api.worker.test_worker import start


async def test_a_worker_killed_while_it_tells_silences_a_case_for_seconds(city: Platform, ear: Ear) -> None:
    """Upstream takes its time to answer, and the worker is killed meanwhile: the next one goes on within the lease."""
    await agree(city, ear)
    await city.dispatched()
    ear.answers = lambda event: None
    process = start(city.world)
    try:
        async with asyncio.timeout(60):
            while not ear.heard:  # noqa: ASYNC110 - another process brings it
                await asyncio.sleep(0.02)
    finally:
        process.kill()
        process.wait()
    ear.answers = lambda event: 204
    with clock.moved(timedelta(seconds=LEASE_SECONDS)):
        async with working(city) as worker:
            await worker.tell()
    assert ear.types == ["signed", "signed", "assigned"]
    assert LEASE_SECONDS <= 10


async def test_upstream_may_take_longer_than_the_lease(
    city: Platform, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attempt goes on, its lease renewed, and no other worker says the same meanwhile."""
    monkeypatch.setattr(job_leases, "RENEW_SECONDS", 0.05)
    await agree(city, ear)
    await city.dispatched()
    answering = asyncio.Event()
    ear.waits_for = answering
    async with working(city) as slow, working(city) as other:
        while await queue_feedback(city.world.db):
            pass
        telling_it = asyncio.create_task(slow.teller.send_feedback())
        first = await _due(city)
        async with asyncio.timeout(30):
            while await _due(city) < first + timedelta(seconds=0.5):
                assert await other.teller.send_feedback() == 0
                await asyncio.sleep(0.02)
        answering.set()
        assert await telling_it == 1
    assert ear.types == ["signed", "assigned"]


async def _due(city: Platform) -> datetime:
    """When the one job may be taken by another."""
    async with asyncio.timeout(30):
        while True:
            due = await city.world.db.value("SELECT due_at FROM jobs WHERE lease IS NOT NULL")
            if isinstance(due, datetime):
                return due
            await asyncio.sleep(0.02)
