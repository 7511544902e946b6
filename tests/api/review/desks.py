"""A desk as its browser asks for cases."""

from typing import Any
from uuid import UUID

from moshao.kit import ids
from tests.world import World


class Desk:
    """A tab of somebody's browser. `holding`: what lies on it, in order."""

    def __init__(self, world: World, who: str) -> None:
        self.phone = world.as_(who)
        self.desk_id = ids.new_id()
        self.holding: list[str] = []
        self.waiting = 0
        self.elsewhere = 0

    async def ask(self, **said: Any) -> dict[str, Any]:
        answer = await self.phone.client.put(f"/api/review_desks/{self.desk_id}", json=said)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def want(self, count: int, **said: Any) -> list[UUID]:
        """What is laid on it now, besides what lies there."""
        told = await self.ask(holding=self.holding, want=count, **said)
        given = [look["case"]["id"] for look in told["given"]]
        self.holding = told["kept"] + given
        self.waiting = told["waiting"]
        self.elsewhere = told["elsewhere"]
        return [UUID(case_id) for case_id in given]

    async def leave(self) -> None:
        answer = await self.phone.client.delete(f"/api/review_desks/{self.desk_id}")
        assert answer.status_code == 204, answer.text
