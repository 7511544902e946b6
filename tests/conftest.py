"""What every test may ask for."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from moshao.kit.db import Database
from tests.databases import drop_all, fresh_database
from tests.world import World, a_world

# The same examples each time, however busy the machine is; the long forms look for new ones.
settings.register_profile(
    "calm", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("calm")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh, migrated database: SQLite, or PostgreSQL where TEST_POSTGRES_URL was given."""
    async with fresh_database(tmp_path) as opened:
        yield opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The whole application with the cast of tests/cast.py, over HTTP."""
    async with a_world(tmp_path) as made:
        yield made


def pytest_sessionfinish() -> None:
    asyncio.run(drop_all())
