"""A world with calendars and classes, and its board of cases."""

import pytest

from moshao.catalogue.seeding import seed_catalogue
from moshao.hours.seeding import seed_calendars
from moshao.kit.db import Tx
from tests.api.sync.making import Board
from tests.world import World


@pytest.fixture
async def board(world: World) -> Board:
    async def seeds(tx: Tx) -> None:
        await seed_calendars(tx)
        await seed_catalogue(tx)

    await world.db.write(seeds)
    return Board(world.db, world.cast)
