"""A world that knows hours, classes and places."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from moshao.people.settings import DistrictSettings
from tests.api.dispatch.district import District
from tests.api.upstream.places import seed
from tests.world import World, a_world

Opened = Callable[..., AbstractAsyncContextManager[District]]


@pytest.fixture
async def district(world: World) -> District:
    await world.db.write(lambda tx: seed(tx, world.cast.district_id))
    return District(world)


@pytest.fixture
def district_of(tmp_path: Path) -> Opened:
    """The same where it decided otherwise: `async with district_of(auto_assign=False) as district`."""

    @asynccontextmanager
    async def opened(**settings: Any) -> AsyncIterator[District]:
        async with a_world(tmp_path / "other", district=DistrictSettings(**settings)) as world:
            await world.db.write(lambda tx: seed(tx, world.cast.district_id))
            yield District(world)

    return opened
