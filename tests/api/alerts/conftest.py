"""A bell that rings at a stub of a push service, at ten in the morning; the clock goes back after each test."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from moshao.alerts.gateways.kinds import KINDS
from moshao.hours.seeding import seed_calendars
from moshao.kit import clock
from tests.api.alerts.bell import Bell, a_bell
from tests.api.alerts.fake_gateway import FAKE, FakeGateway
from tests.world import World

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def morning() -> Iterator[None]:
    """The next ten o'clock."""
    now = clock.now().astimezone(ZONE)
    ten = now.replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)
    with clock.moved(ten - now):
        yield


@pytest.fixture
def fake_gateway(monkeypatch: pytest.MonkeyPatch) -> type[FakeGateway]:
    """A kind of gateway that is there for this test."""
    monkeypatch.setitem(KINDS, "fake", FAKE)
    FakeGateway.rung, FakeGateway.fates = [], []
    return FakeGateway


@pytest.fixture
async def bell(morning: None, world: World) -> AsyncIterator[Bell]:
    await world.db.write(seed_calendars)
    async with a_bell(world) as made:
        yield made
