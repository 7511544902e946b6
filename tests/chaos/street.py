"""老张 with his phone's real outbox, and the real server behind a network that can be bad."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from joserfc.jwk import ECKey

from moshao.catalogue.seeding import seed_catalogue
from moshao.hours.seeding import seed_calendars
from moshao.kit.config import load
from moshao.kit.databases import open_database
from moshao.kit.db import Database, Tx
from moshao.kit.migrating import migrate
from moshao.people.making import make_session
from tests.api.cases.making import Cases
from tests.api.evidence.pictures import jpeg
from tests.cast import Person, make_cast
from tests.chaos.outbox import Outbox, an_outbox
from tests.chaos.proxy import Network, a_network
from tests.commands import Command, free_port, started
from tests.databases import fresh_url
from tests.phone import Phone
from tests.world import World

SENDS_MOST = 60


class Street:
    """老张 with his phone's outbox, a bad network, and a server that gets killed."""

    def __init__(self, world: World, outbox: Outbox, phone_settings: dict[str, str]) -> None:
        self.world = world
        self.cases = Cases(world)
        self.outbox = outbox
        self.settings = phone_settings
        self.network: Network
        self.port = 0
        self.pictures = iter(range(1_000_000))
        self.server: Command
        self.one_at_a_time = asyncio.Lock()

    async def start_server(self) -> None:
        self.server = await started("serve", settings=self.settings)
        await self.server.says("Application startup complete")

    async def kill(self) -> None:
        # Two requests may each ask for it: the second kills what the first has started, and nothing half started.
        async with self.one_at_a_time:
            await self.server.killed()
            await self.start_server()

    async def end_session(self) -> None:
        await self.world.db.write(lambda tx: tx.run("DELETE FROM sessions WHERE person_id = ?", self.person_id))

    @property
    def person_id(self) -> UUID:
        return self.world.id_of("handler")

    async def take_phone(self) -> None:
        """An empty phone becomes his."""
        person = self.world.cast.people["handler"]
        await self.outbox.start(
            url=f"http://127.0.0.1:{self.port}", base_url=f"http://127.0.0.1:{self.settings['port']}",
            cookie=f"moshao={await self._token()}", device_id=str(person.device_id),
            private_jwk=_whole_key(person), person={"id": str(self.person_id), "name": "", "role": ""},
        )  # fmt: skip

    async def given(self, count: int) -> list[UUID]:
        """So many cases are in his hands."""
        return [await self.cases.put("in_progress") for _ in range(count)]

    async def close(self, case_ids: Sequence[UUID], photos: Sequence[int]) -> dict[UUID, dict[str, Any]]:
        """He closes each offline, with so many photos after; the acts."""
        closed = {}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.settings['port']}") as client:
            client.cookies.set("moshao", await self._token())
            phone = Phone(client, self.person_id)
            for case_id, count in zip(case_ids, photos, strict=True):
                taken = [_photo(next(self.pictures), usage) for usage in ["before", *["after"] * count]]
                closed[case_id] = await self.outbox.close(await phone.case(case_id), taken)
        return closed

    async def send(self) -> dict[str, Any]:
        """Until nothing waits any more; what the outbox says then."""
        for _ in range(SENDS_MOST):
            told = await self.outbox.send()
            # A server that was killed takes its time to start: tries in between would only be used up.
            await self.network.quiet()
            if told["ended"] == "empty" and not told["open"]:
                break
        await self.network.deliver_late()
        assert (told["ended"], told["open"], told["parked"]) == ("empty", [], []), (told, self.network.happened)
        return told

    async def _token(self) -> str:
        """A session that the phone's key alone may renew."""
        device_id = self.world.cast.people["handler"].device_id

        async def work(tx: Tx) -> str:
            await tx.run("UPDATE devices SET renewable = ? WHERE id = ?", True, device_id)
            return await make_session(tx, self.person_id, device_id=device_id)

        return await self.world.db.write(work)


async def check(db: Database, case_id: UUID, act: dict[str, Any]) -> None:
    """On record once, with every photo, and nothing else."""
    acts = await db.all("SELECT id, verdict FROM acts WHERE case_id = ?", case_id)
    assert [(str(row["id"]), row["verdict"]) for row in acts] == [(act["act_id"], "done")]
    lines = await db.all("SELECT kind FROM journal_lines WHERE case_id = ? ORDER BY seq", case_id)
    kinds = [line["kind"] for line in lines if line["kind"] != "photo_arrived"]
    assert kinds[1:] == ["handled"]
    named = await db.all(
        "SELECT n.photo_id, n.state, p.state AS here FROM case_photos n JOIN photos p ON p.id = n.photo_id "
        "WHERE n.case_id = ?",
        case_id,
    )
    found = sorted((str(row["photo_id"]), row["state"], row["here"]) for row in named)
    assert found == sorted((photo_id, "held", "held") for photo_id in act["photos"])


@asynccontextmanager
async def a_street(folder: Path) -> AsyncIterator[Street]:
    """The cast's district, served by a process of its own."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_url(folder))
        given = {"data": str(folder), "database_url": url, "port": str(free_port())}
        database = await open_database(url)
        stack.push_async_callback(database.close)
        await migrate(database)
        await database.write(_seed)
        cast = await database.write(make_cast)
        named = {f"MOSHAO_{name.upper()}": value for name, value in given.items()}
        street = Street(World(None, load(named), database, cast), await stack.enter_async_context(an_outbox()), given)
        await street.start_server()
        stack.push_async_callback(lambda: street.server.killed())
        street.network, street.port = await stack.enter_async_context(
            a_network(int(given["port"]), street.kill, street.end_session)
        )
        yield street


async def _seed(tx: Tx) -> None:
    await seed_calendars(tx)
    await seed_catalogue(tx)


def _whole_key(person: Person) -> dict[str, Any]:
    assert isinstance(person.key, ECKey)
    return dict(person.key.as_dict(private=True))


def _photo(number: int, usage: str) -> dict[str, str]:
    content = jpeg(number, (200, 150))
    return {"usage": usage, "sha256": hashlib.sha256(content).hexdigest(), "hex": content.hex()}
