"""A database with the cast in it, for thousands of examples in one loop of their own."""

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast

import msgspec

from moshao.catalogue.seeding import seed_catalogue
from moshao.hours.seeding import seed_calendars
from moshao.kit.db import Database
from moshao.people.actor import Actor
from moshao.people.signing import canonical_jwk
from tests.api.cases.taking import actor_of
from tests.cast import Cast, make_cast
from tests.databases import fresh_database
from tests.phone import Phone, public_part

PEOPLE = (
    "handler",
    "colleague",
    "leader_of_crew",
    "operator",
    "inspector",
    "supervisor",
    "leader",
    "stranger",
    "admin",
)


class Ground:
    """One database for all examples; each has cases of its own."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="moshao-"))
        self.db, self.cast, self.actors, self.phones = self.runner.run(self._open())

    async def _open(self) -> tuple[Database, Cast, dict[str, Actor], dict[str, Phone]]:
        db = await self.stack.enter_async_context(fresh_database(self.folder))
        people = await db.write(make_cast)
        await db.write(seed_calendars)
        await db.write(seed_catalogue)
        actors, phones = {}, {}
        for who in PEOPLE:
            actors[who] = await actor_of(db, people, who)
            person = people.people[who]
            if person.key is not None:
                key, device_id = cast(Any, person.key), person.device_id
                phones[who] = Phone(cast(Any, None), person.person_id, key=key, device_id=device_id)
                jwk, _ = canonical_jwk(public_part(key))
                actors[who] = msgspec.structs.replace(actors[who], device_id=device_id, device_key=jwk)
        return db, people, actors, phones

    def close(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()
        shutil.rmtree(self.folder)
