"""One database opened twice, as two processes open it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from moshao.kit.databases import open_database
from moshao.kit.db import Database
from tests.databases import migrated_url


@asynccontextmanager
async def opened_twice(folder: Path) -> AsyncIterator[tuple[Database, Database]]:
    async with migrated_url(folder) as url:
        one, two = await open_database(url), await open_database(url)
        try:
            yield one, two
        finally:
            await two.close()
            await one.close()
