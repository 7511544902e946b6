"""A day to tell a story of."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.day import Day, a_day


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """A district that decided nothing for itself, with nobody assigned by rule: the leader does it."""
    async with a_day(tmp_path, district={"auto_assign": False}) as made:
        yield made
