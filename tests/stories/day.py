"""A day in a district as a story tells it: somebody does something, the case stands somewhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from moshao.kit import ids
from moshao.people.making import make_duty, make_shift
from moshao.people.settings import DistrictSettings
from tests.api.evidence.pictures import jpeg
from tests.api.upstream.places import seed
from tests.api.upstream.platform import Platform, a_platform
from tests.world import World, a_world


class Day:
    """The cast at work, the platform above it. `who` is a name of tests/cast.py."""

    def __init__(self, world: World, platform: Platform) -> None:
        self.world = world
        self.platform = platform
        self._pictures = iter(range(1_000_000))

    async def dispatched(self, **data: Any) -> str:
        """A case comes from above; its id."""
        (result,) = await self.platform.send(self.platform.new_case(**data))
        assert result["status"] == "accepted", result
        return str(result["case_id"])

    async def told(self, kind: str, case_id: str, version: int = 2, **data: Any) -> None:
        """The platform above says something about a case."""
        (result,) = await self.platform.send(
            self.platform.event(kind, {"case_id": case_id, "version": version, **data})
        )
        assert result["status"] == "accepted", result

    async def act(self, who: str, case_id: str, act: str, **members: Any) -> dict[str, Any]:
        """He does it, and it is done; the receipt."""
        answer = await self.world.as_(who).act(case_id, act, **members)
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()["receipt"]
        return receipt

    async def makes(self, who: str, act: str, **members: Any) -> str:
        """He reports or registers a case; its id."""
        answer = await self.world.as_(who).make(act, **members)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["case_id"])

    async def refused(self, who: str, case_id: str, act: str, **members: Any) -> tuple[int, str]:
        answer = await self.world.as_(who).act(case_id, act, **members)
        assert answer.is_client_error, answer.text
        return answer.status_code, answer.json()["code"]

    async def photo(self, who: str, usage: str = "after") -> dict[str, str]:
        """A photo of his is on the server, as an act names it."""
        return await self.world.as_(who).upload(jpeg(next(self._pictures), (320, 240)), usage=usage)

    async def photos(self, who: str, *usages: str) -> list[dict[str, str]]:
        return [await self.photo(who, usage) for usage in usages]

    async def case(self, who: str, case_id: str) -> dict[str, Any]:
        return await self.world.as_(who).case(case_id)

    async def stands(self, case_id: str) -> str:
        """Its state, as the desk sees it."""
        return str((await self.case("supervisor", case_id))["state"])

    async def sees(self, who: str, case_id: str) -> bool:
        """Whether the case stands in his list and opens."""
        phone = self.world.as_(who)
        listed = [case["id"] for case in (await phone.get("/api/changes?after=0")).json()["cases"]]
        opens = (await phone.get(f"/api/cases/{case_id}")).status_code == 200
        assert (case_id in listed) == opens, (who, listed, opens)
        return opens

    async def history(self, case_id: str) -> list[str]:
        """The kinds of its journal lines, the first one first."""
        return [line["kind"] for line in (await self.case("supervisor", case_id))["journal"]]

    def id_of(self, who: str) -> str:
        return str(self.world.id_of(who))

    def unit(self, name: str) -> str:
        return str(self.world.cast.units[name])


@asynccontextmanager
async def a_day(folder: Path, *, district: dict[str, Any] | None = None, **agreed: Any) -> AsyncIterator[Day]:
    """`district`: what it decided otherwise than the demo; `agreed` with the platform above."""
    async with a_world(folder, district=DistrictSettings(**district or {})) as world:
        cast = world.cast
        await world.db.write(lambda tx: seed(tx, cast.district_id))
        hours = await world.db.write(lambda tx: make_shift(tx, cast.district_id, name="巡查"))
        await world.db.write(lambda tx: make_duty(tx, cast.units["district"], world.id_of("inspector"), hours))
        yield Day(world, await a_platform(world, "city", **agreed))


def some_id() -> str:
    return str(ids.new_id())
