"""`moshao serve` as a process of its own, to be killed."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from moshao.kit.databases import open_database
from tests.cast import Cast, make_cast
from tests.databases import migrated_url
from tests.phone import Phone

START_SECONDS = 120


class Served:
    """A data directory and the server on it, which may die and come back."""

    def __init__(self, folder: Path, database_url: str, cast: Cast) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.folder = folder
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.cast = cast
        self._environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[3] / "backend"),
            "MOSHAO_DATA": str(folder),
            "MOSHAO_DATABASE_URL": database_url,
        }
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "moshao", "serve", "--port", str(self.port), env=self._environ
        )
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient(base_url=self.base_url) as client:
            while not await _answers(client):
                assert self._process.returncode is None, "the server did not start"
                await asyncio.sleep(0.05)

    async def end(self, by: signal.Signals = signal.SIGKILL) -> None:
        if self._process and self._process.returncode is None:
            self._process.send_signal(by)
            await self._process.wait()

    @asynccontextmanager
    async def phone(self, who: str) -> AsyncIterator[Phone]:
        person = self.cast.people[who]
        async with httpx.AsyncClient(base_url=self.base_url, cookies={"moshao": person.token}, timeout=30) as client:
            yield Phone(client, person.person_id, device_id=person.device_id)


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz")).is_success
    except httpx.TransportError:
        return False


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Served]:
    """A started server with the cast in its database."""
    async with migrated_url(folder) as url:
        database = await open_database(url)
        cast = await database.write(lambda tx: make_cast(tx, None))
        await database.close()
        server = Served(folder, url, cast)
        await server.start()
        try:
            yield server
        finally:
            await server.end()
