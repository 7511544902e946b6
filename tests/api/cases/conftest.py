"""A world whose district counts time and knows classes, and its cases."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from moshao.catalogue.seeding import seed_catalogue
from moshao.hours.seeding import seed_calendars
from moshao.kit.db import Tx
from moshao.people.settings import DistrictSettings
from tests.api.cases.making import Cases
from tests.world import World, a_world

Opened = Callable[..., AbstractAsyncContextManager[Cases]]


async def _seed(tx: Tx) -> None:
    await seed_calendars(tx)
    await seed_catalogue(tx)


@pytest.fixture
async def cases(world: World) -> Cases:
    await world.db.write(_seed)
    return Cases(world)


@pytest.fixture
def cases_of(tmp_path: Path) -> Opened:
    """The same in a district that decided otherwise: `async with cases_of(acceptance="off") as cases`."""

    @asynccontextmanager
    async def opened(**settings: Any) -> AsyncIterator[Cases]:
        async with a_world(tmp_path / "other", district=DistrictSettings(**settings)) as world:
            await world.db.write(_seed)
            yield Cases(world)

    return opened
