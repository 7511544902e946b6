"""The office of a unit, by HTTP: its operator keeps posts, duties and phones while others hold them in their hands."""

from typing import Any
from uuid import UUID

import msgspec

from moshao.kit import ids
from moshao.operate.demo_file import Member
from tests.browser.street import JSON, Street

PIN = "2468"


class Post(msgspec.Struct, frozen=True):
    """`link`: what a camera reads that makes a phone the post's."""

    name: str
    link: str


class Office:
    """Of one unit. `people`: its handlers."""

    def __init__(self, street: Street, unit_code: str) -> None:
        members = [one for one in street.demo.people if one.unit_code == unit_code]
        self.operator = next(one for one in members if one.role == "unit_operator")
        self.people = [one for one in members if one.role == "handler"]
        self._street = street

    async def ask(self, method: str, path: str, told: dict[str, Any] | None = None) -> Any:
        """What the server answers the operator."""
        desk = await self._street.client(self.operator, bound=False)
        body = None if told is None else msgspec.json.encode(told)
        answer = await desk.web.ask(method, path, body, headers=lambda: JSON, name="office")
        return answer.json() if answer.body else None

    async def open_post(self, name: str, *people: Member) -> Post:
        """A post with one phone for these people, each with the same PIN."""
        post_id, unit_id = ids.new_id(), str(self.operator.unit_id)
        await self.ask("PUT", f"/api/posts/{post_id}", {"unit_id": unit_id, "name": name, "shared": True})
        shift = (await self.ask("GET", "/api/shifts"))["items"][0]["id"]
        for one in people:
            duty = {"unit_id": unit_id, "person_id": str(one.person_id), "shift_id": shift, "post_id": str(post_id)}
            await self.ask("PUT", f"/api/duties/{ids.new_id()}", duty)
            await self.ask("PUT", f"/api/people/{one.person_id}/pin", {"pin": PIN})
        code = await self.ask("POST", f"/api/people/{people[0].person_id}/pairing_codes", {"post_id": str(post_id)})
        return Post(name, code["link"])

    async def phone_of(self, person_id: UUID) -> str:
        """The id of his only phone."""
        (device,) = (await self.ask("GET", f"/api/devices?person_id={person_id}"))["items"]
        return str(device["id"])

    async def end(self, device_id: str, how: str) -> None:
        await self.ask("POST", f"/api/devices/{device_id}/endings", {"as": how})
