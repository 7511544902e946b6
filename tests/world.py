"""The world of a test: the whole application on a fresh database, with the cast in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from joserfc.jwk import ECKey
from litestar import Litestar

from moshao.app import create_app, opened
from moshao.kit.asgi import Surroundings
from moshao.kit.config import Settings, load
from moshao.kit.db import Database
from moshao.people.settings import DistrictSettings
from tests.cast import Cast, make_cast
from tests.databases import migrated_url
from tests.phone import Phone

BASE_URL = "http://127.0.0.1:8000"


class World:
    """`as_("handler")` is that person's phone (or browser). `nobody` has no session."""

    def __init__(self, app: Any, settings: Settings, database: Database, cast: Cast) -> None:
        self.app = app
        self.settings = settings
        self.db = database
        self.cast = cast
        self.nobody = self.client()
        self._phones: dict[str, Phone] = {}

    def client(self, **options: Any) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False, client=("127.0.0.1", 50000))
        return httpx.AsyncClient(transport=transport, base_url=BASE_URL, **options)

    def id_of(self, who: str) -> UUID:
        return self.cast.people[who].person_id

    def as_(self, who: str) -> Phone:
        if who not in self._phones:
            person = self.cast.people[who]
            client = self.client(cookies={"moshao": person.token})
            key = person.key if isinstance(person.key, ECKey) else None
            self._phones[who] = Phone(client, person.person_id, key=key, device_id=person.device_id)
        return self._phones[who]

    async def close(self) -> None:
        for phone in self._phones.values():
            await phone.client.aclose()
        await self.nobody.aclose()


@lru_cache
def the_app() -> Litestar:
    """Making an app takes longer than most tests, so one stands for all: its state alone belongs to a test."""
    return create_app(load({}))


@asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[None]:
    """The app between its start and its end, both in one task, whichever task the test's fixture lives in."""
    started, ending = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with opened(app.state):
            started.set()
            await ending.wait()

    task = asyncio.create_task(live())
    waiting = asyncio.create_task(started.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not started.is_set():
        await task
    try:
        yield
    finally:
        ending.set()
        await task


@asynccontextmanager
async def a_world(folder: Path, *, district: DistrictSettings | None = None, **environ: str) -> AsyncIterator[World]:
    """A started application. `environ` are further MOSHAO_ settings."""
    async with migrated_url(folder) as url:
        named = {f"MOSHAO_{name.upper()}": value for name, value in environ.items()}
        settings = load({"MOSHAO_DATA": str(folder), "MOSHAO_DATABASE_URL": url, "MOSHAO_BASE_URL": BASE_URL} | named)
        app = the_app()
        app.state.settings = settings
        async with running(app):
            database: Database = app.state.db
            cast = await database.write(lambda tx: make_cast(tx, district))
            world = World(Surroundings(app, settings), settings, database, cast)
            try:
                yield world
            finally:
                await world.close()
