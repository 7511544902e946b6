"""What the server knows of its rings, read from its database."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from moshao.kit.databases import open_database

SQL = """
    SELECT d.fate FROM deliveries d JOIN rings r ON r.notice_id = d.notice_id JOIN alerts a ON a.id = r.alert_id
    WHERE a.case_id = ? AND d.channel = 'push' ORDER BY d.made_at
"""
LOOK_EACH_SECONDS = 0.05


async def fates_of(database_url: str, case_id: str) -> list[str]:
    """Of the pushes about this case."""
    database = await open_database(database_url)
    try:
        return [row["fate"] for row in await database.all(SQL, UUID(case_id))]
    finally:
        await database.close()


async def until(look: Callable[[], Awaitable[bool]], seconds: float = 90) -> None:
    """Returns once it is true."""
    async with asyncio.timeout(seconds):
        while True:
            if await look():
                return
            await asyncio.sleep(LOOK_EACH_SECONDS)
