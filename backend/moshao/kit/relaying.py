"""Beats between processes: PostgreSQL carries them (ids only), SQLite's processes poll the journal's heads instead.

A lost notice is no loss: whoever listens also looks now and then.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from moshao.kit.db import Database
from moshao.kit.db_postgres import PostgresDatabase
from moshao.kit.errors import Refused
from moshao.kit.ids import parse_id
from moshao.kit.pulse import Pulse

CHANNEL = "moshao_pulse"
# Beats of one district within this time go out as one.
GATHER_SECONDS = 0.02


@asynccontextmanager
async def relaying(database: Database, pulse: Pulse) -> AsyncIterator[None]:
    """This process's beats reach the others and theirs reach it, inside the block."""
    if not isinstance(database, PostgresDatabase):
        yield
        return

    def heard(text: str) -> None:
        if (key := parse_id(text)) is not None:
            pulse.feel(key)

    outgoing = _Outgoing(database)
    with pulse.carried(outgoing.add):
        tasks = [asyncio.create_task(database.listen(CHANNEL, heard)), asyncio.create_task(outgoing.send())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


class _Outgoing:
    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self._keys: set[UUID] = set()
        self._some = asyncio.Event()

    def add(self, key: UUID) -> None:
        self._keys.add(key)
        self._some.set()

    async def send(self) -> None:
        while True:
            await self._some.wait()
            self._some.clear()
            keys, self._keys = self._keys, set()
            for key in keys:
                with contextlib.suppress(Refused):
                    await self._database.notify(CHANNEL, str(key))
            await asyncio.sleep(GATHER_SECONDS)
