"""kill -9 in the middle of many rings: nobody is missed, and who is rung twice sees one notification."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from moshao.kit import ids
from tests.api.alerts.browser import Browser
from tests.api.alerts.crowd import crowd
from tests.api.alerts.push_service import HOST, PushService, push_service
from tests.commands import running
from tests.world import World

PEOPLE = 2000
PATIENCE_S = 150


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not reached():  # noqa: ASYNC110 - other processes bring it about
            await asyncio.sleep(0.02)


def settings_of(world: World, service: PushService) -> dict[str, str]:
    host, target = service.test_connect
    return {
        "data": str(world.settings.data), "database_url": world.settings.database_url, "log_level": "error",
        "blobs_url": world.settings.blobs_url, "test_connect": f"{host}={target}",
    }  # fmt: skip


@pytest.mark.timeout(400)
async def test_a_worker_killed_half_way_misses_nobody(world: World) -> None:
    browser = Browser()
    district_id, unit_id = world.cast.district_id, world.cast.units["street"]
    paths = await world.db.write(lambda tx: crowd(tx, district_id, unit_id, browser, f"https://{HOST}", PEOPLE))
    async with push_service() as service:
        settings = settings_of(world, service)
        told = {"words": "暴雨红色预警", "emergency": True, "unit_id": str(unit_id)}
        path = f"/api/broadcasts/{ids.new_id()}"
        assert (await world.as_("supervisor").client.put(path, json=told)).status_code == 201
        async with running("worker", settings=settings) as first:
            await until(lambda: len(service.pushed) >= PEOPLE // 2)
            await first.killed()
        assert len(service.pushed) < PEOPLE, "it was not half way"
        async with running("worker", settings=settings):
            await until(lambda: {each.path for each in service.pushed} == set(paths))
            await _all_noted(world)
        said: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for each in service.pushed:
            said[each.path].append(browser.read(each.body) | {"topic": each.topic})
    for messages in said.values():
        shown = {(message["tag"], message["topic"], message["delivery_id"]) for message in messages}
        assert len(shown) == 1, "one takes the place of the other"


async def _all_noted(world: World) -> None:
    """Until each is known to be sent, and written down once."""
    sql = "SELECT count(*) FROM deliveries WHERE channel = 'push' AND fate = 'sent'"
    async with asyncio.timeout(PATIENCE_S):
        while await world.db.value(sql) < PEOPLE:  # noqa: ASYNC110 - it is in the database alone
            await asyncio.sleep(0.05)
    assert await world.db.value("SELECT count(*) FROM deliveries WHERE channel = 'push'") == PEOPLE
    assert await world.db.value("SELECT count(*) FROM alerts") == await world.db.value("SELECT people FROM broadcasts")
