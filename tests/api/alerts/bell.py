"""The bell of a world: its tasks done when a test says so, its browsers at a stub of a push service."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from moshao.alerts.climbing import climb
from moshao.alerts.digesting import show_digests
from moshao.alerts.reading import read_journals
from moshao.alerts.sending import Ringer
from moshao.kit import clock, ids
from moshao.kit.db import Row, Tx
from moshao.kit.outgoing import open_outgoing
from moshao.people.making import make_duty, make_shift
from tests.api.alerts.browser import Browser
from tests.api.alerts.push_service import HOST, PushService, push_service
from tests.api.cases.making import Cases
from tests.world import World


class Bell:
    """`service` is what browsers listen to."""

    def __init__(self, world: World, service: PushService, ringer: Ringer) -> None:
        self.world = world
        self.cases = Cases(world)
        self.service = service
        self.ringer = ringer

    async def subscribe(self, who: str, host: str = HOST) -> Browser:
        """A browser of this person that is to be rung."""
        browser = Browser(host)
        path = f"/api/push_subscriptions/{ids.new_id()}"
        answer = await self.world.as_(who).client.put(path, json=browser.subscription())
        assert answer.status_code == 201, answer.text
        return browser

    async def assign(self, who: str = "handler", **columns: Any) -> UUID:
        """A case that its crew leader assigns to this person."""
        case_id = await self.cases.put("dispatched", **columns)
        answer = await self.world.as_("leader_of_crew").act(
            case_id, "assignments", person_id=str(self.world.id_of(who))
        )
        assert answer.status_code == 201, answer.text
        return case_id

    async def gateway(self, *who: str) -> UUID:
        """A gateway at which these persons are known."""
        gateway_id, admin = ids.new_id(), self.world.as_("admin").client
        answer = await admin.put(f"/api/gateways/{gateway_id}", json={"kind": "fake", "name": "假通道"})
        assert answer.status_code == 201, answer.text
        addresses = [{"staff_no": await self._staff_no(name), "address": name} for name in who]
        answer = await admin.put(f"/api/gateways/{gateway_id}/addresses", json={"addresses": addresses})
        assert answer.status_code == 200, answer.text
        return gateway_id

    async def _staff_no(self, who: str) -> str:
        return str(await self.world.db.value("SELECT staff_no FROM people WHERE id = ?", self.world.id_of(who)))

    async def duty(self, who: str, hours: tuple[int, int], level: int = 0, unit: str = "street") -> None:
        """Hours of the day, in minutes, at which this person is on duty or on call; instead of any he had."""

        async def work(tx: Tx) -> None:
            if level == 0:
                await tx.run("DELETE FROM duties WHERE person_id = ?", self.world.id_of(who))
            shift = await make_shift(tx, self.world.cast.district_id, name=f"班{hours}", minutes=hours)
            await make_duty(tx, self.world.cast.units[unit], self.world.id_of(who), shift, level=level)

        await self.world.db.write(work)

    async def work(self) -> None:
        """Everything a worker would do now."""
        while await read_journals(self.world.db):
            pass
        await self.climb()

    async def climb(self) -> None:
        """What the clock brings, and what is to be sent."""
        await climb(self.world.db)
        await show_digests(self.world.db)
        await self.ringer.send_due()

    async def later(self, **parts: float) -> None:
        """Let time pass, and the worker work."""
        clock.shift(clock._shift + timedelta(**parts))
        await self.work()

    async def alerts(self) -> list[Row]:
        return await self.world.db.all("SELECT * FROM alerts ORDER BY made_at, id")

    async def state_of(self, case_id: UUID, kind: str = "assigned") -> str:
        """Of the case's only alert of this kind."""
        rows = await self.world.db.all("SELECT state FROM alerts WHERE case_id = ? AND kind = ?", case_id, kind)
        assert len(rows) == 1, rows
        return str(rows[0]["state"])

    async def rung(self, case_id: UUID) -> list[tuple[str, str]]:
        """(who, at which step) in order, for this case."""
        names = {person.person_id: key for key, person in self.world.cast.people.items()}
        rows = await self.world.db.all(
            "SELECT r.person_id, r.step FROM rings r JOIN alerts a ON a.id = r.alert_id "
            "WHERE a.case_id = ? ORDER BY r.at, r.id",
            case_id,
        )
        return [(names[row["person_id"]], row["step"]) for row in rows]

    async def deliveries(self, channel: str = "push") -> list[Row]:
        return await self.world.db.all("SELECT * FROM deliveries WHERE channel = ? ORDER BY made_at, id", channel)

    async def receipt(self, delivery_id: Any, receipt: str = "shown") -> int:
        answer = await self.world.nobody.put(f"/api/alerts/{delivery_id}/receipts/{receipt}")
        return answer.status_code


@asynccontextmanager
async def a_bell(world: World, more: Sequence[tuple[str, str]] = ()) -> AsyncIterator[Bell]:
    async with push_service() as service, open_outgoing([service.test_connect, *more]) as outgoing:
        yield Bell(world, service, Ringer(world.db, outgoing, world.settings, asyncio.Event()))
