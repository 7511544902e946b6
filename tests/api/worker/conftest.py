"""A world that counts time, and its cases."""

import pytest

from moshao.catalogue.seeding import seed_catalogue
from moshao.hours.seeding import seed_calendars
from moshao.kit.db import Tx
from tests.api.cases.making import Cases
from tests.world import World


@pytest.fixture
async def cases(world: World) -> Cases:
    async def seeds(tx: Tx) -> None:
        await seed_calendars(tx)
        await seed_catalogue(tx)

    await world.db.write(seeds)
    return Cases(world)
