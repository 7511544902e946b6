"""A world that knows hours, classes and places, and a platform above it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from moshao.people.settings import DistrictSettings
from tests.api.upstream.ear import Ear, listening
from tests.api.upstream.places import seed
from tests.api.upstream.platform import Platform, a_platform
from tests.verifying import faults_of_rows
from tests.world import World, a_world

Opened = Callable[..., AbstractAsyncContextManager[Platform]]


@pytest.fixture
async def city(world: World) -> AsyncIterator[Platform]:
    """Whatever comes from above, `moshao verify` is content afterwards."""
    await world.db.write(lambda tx: seed(tx, world.cast.district_id))
    yield await a_platform(world)
    assert await faults_of_rows(world.db, world.cast.district_id) == []


@pytest.fixture
def city_of(tmp_path: Path) -> Opened:
    """The same where district or upstream agreed otherwise: `city_of(district={…}, closing_authority="upstream")`."""

    @asynccontextmanager
    async def opened(*, district: dict[str, Any] | None = None, **settings: Any) -> AsyncIterator[Platform]:
        async with a_world(tmp_path / "other", district=DistrictSettings(**district or {})) as world:
            await world.db.write(lambda tx: seed(tx, world.cast.district_id))
            yield await a_platform(world, **settings)

    return opened


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    """A server above that hears our events."""
    async with listening() as made:
        yield made
