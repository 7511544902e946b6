"""A district plays a day through public HTTP: every arrival is sent, and carried to its end as people would."""

import asyncio
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import msgspec

from moshao.evidence.cropping import seeded_crop
from moshao.kit import clock, ids
from moshao.operate.demo_file import DemoFile, Member, write_private
from moshao.operate.simulated_cases import Arrival
from moshao.operate.simulated_phone import Phone
from moshao.operate.simulated_upstream import Upstream
from moshao.operate.simulated_web import Refusal, Web

AT_ONCE = 8
REWORK_SHARE = 0.04
HANDBACK_SHARE = 0.03
CHECK_SHARE = 0.03
REUSED_FROM = 100
PLAYERS = ("handler", "crew_leader", "inspector", "supervisor")
# About 20 m.
ASTRAY_DEGREES = 2e-4


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """What to play. `speed` 0: as fast as it goes, else that many times as fast as the arrivals came.

    `keys`: the file that remembers the phones, so that a later run needs no new pairing.
    """

    photos: Sequence[bytes]
    photos_per_case: int
    reuse: float
    speed: float
    seed: int
    keys: Path


class Acknowledged(msgspec.Struct, frozen=True):
    """An act for which the server gave `answer`."""

    phone: Phone
    act: str
    act_id: UUID
    body: dict[str, Any]
    answer: bytes


class Played(msgspec.Struct):
    """One case as the simulation knows it: what was acknowledged, and how it should stand now.

    `photos`: id → SHA-256. `fault`: what went wrong with it. `on_time`: what the server says at the end.
    """

    external_id: str
    case_id: str = ""
    state: str = "not_sent"
    acts: list[Acknowledged] = []
    photos: dict[str, str] = {}
    fault: str = ""
    on_time: bool | None = None


class Simulation:
    """One run against one served district."""

    def __init__(self, demo: DemoFile, orders: Orders, pool: aiohttp.ClientSession) -> None:
        self.orders = orders
        self.latencies: dict[str, list[float]] = {}
        self.cases: list[Played] = []
        self.upstream = Upstream(pool, demo.upstream.events_url, demo.upstream.secret, self._told)
        self.phones = {
            member.person_id: Phone(Web(pool, demo.base_url, self._told), member)
            for member in demo.people
            if member.role in PLAYERS
        }
        self.desk = self._first(lambda member: member.role == "supervisor")
        self._entering: dict[UUID, asyncio.Future[None]] = {}
        self._used: list[bytes] = []

    async def play(self, arrivals: Sequence[Arrival], done: Callable[[int], None]) -> None:
        """Send every arrival at its time; `done(1)` after each case that has come to its end."""
        self._take_up_keys()
        places = asyncio.Semaphore(AT_ONCE)
        began = clock.monotonic()

        async def carry(arrival: Arrival) -> None:
            try:
                await self._one(arrival)
            finally:
                places.release()
                done(1)

        async with asyncio.TaskGroup() as group:
            for arrival in arrivals:
                if self.orders.speed:
                    wait = arrival.after_s / self.orders.speed - (clock.monotonic() - began)
                    await asyncio.sleep(max(0.0, wait))
                await places.acquire()
                group.create_task(carry(arrival))
        self._keep_keys()

    async def _one(self, arrival: Arrival) -> None:
        played = Played(arrival.data["external_case_id"])
        self.cases.append(played)
        try:
            result = await self.upstream.send("dispatched", arrival.data)
            played.case_id = str(result["case_id"])
            await self._carry(played, random.Random(f"{self.orders.seed}/{played.external_id}"))
        except (Refusal, LookupError) as fault:
            played.fault = str(fault)

    async def _carry(self, played: Played, chance: random.Random) -> None:
        """From the desk to the handler's list, and back to the supervisor's verdict."""
        desk = await self._entered(self.desk)
        case = await desk.case(played.case_id)
        played.state = case["state"]
        if case["state"] == "received":
            unit_id = chance.choice([phone.member.unit_id for phone in self._all("crew_leader")])
            await self._do(desk, played, "dispatched", "dispatches", unit_id=str(unit_id))
            case = await desk.case(played.case_id)
        leader = await self._entered(self._leader_of(case))
        if case["state"] == "dispatched":
            await leader.look(played.case_id)
            await self._do(leader, played, "dispatched", "signings")
            handler = chance.choice(
                [one for one in self._all("handler") if one.member.unit_id == leader.member.unit_id]
            )
            await self._do(leader, played, "assigned", "assignments", person_id=str(handler.member.person_id))
        else:
            handler = self.phones[UUID(case["handler"]["id"])]
        await self._work(played, await self._entered(handler), leader, chance)

    async def _work(self, played: Played, handler: Phone, leader: Phone, chance: random.Random) -> None:
        await handler.look(played.case_id)
        await self._do(handler, played, "in_progress", "acceptances")
        if chance.random() < HANDBACK_SHARE:
            await self._do(handler, played, "dispatched", "handbacks", reason="not_mine")
            person_id = str(handler.member.person_id)
            await self._do(leader, played, "assigned", "assignments", person_id=person_id)
            await self._do(handler, played, "in_progress", "acceptances")
        await self._round(played, handler, leader, chance)
        if chance.random() < REWORK_SHARE:
            await self._do(self.desk, played, "in_progress", "reviews", verdict="rework", reason="现场未清理干净")
            await self._round(played, handler, leader, chance)
        if chance.random() < CHECK_SHARE:
            await self._check(played, chance)
        await self._do(self.desk, played, "closed", "reviews", verdict="close")

    async def _round(self, played: Played, handler: Phone, leader: Phone, chance: random.Random) -> None:
        """Handed in from the place with photos, and passed by the unit."""
        case = await handler.look(played.case_id)
        usages = ["after"] * self.orders.photos_per_case
        if not any(photo["usage"] == "before" for photo in case["photos"]):
            usages[:1] = ["before"] if len(usages) > 1 else usages[:1]
        photos = [await self._upload(handler, played, usage, chance) for usage in usages]
        reason = {} if len(photos) > 1 else {"no_photo_reason": "camera_broken"}
        place = _near(case, chance)
        where = {"place": place} if place else {"place": None, "no_place_reason": "no_signal"}
        await self._do(handler, played, "handled", "closures", outcome="fixed", photos=photos, **where, **reason)
        await leader.look(played.case_id)
        await self._do(leader, played, "feedback", "unit_reviews", verdict="pass")

    async def _check(self, played: Played, chance: random.Random) -> None:
        """The desk has an inspector look."""
        inspector = await self._entered(chance.choice(self._all("inspector")))
        person_id = str(inspector.member.person_id)
        await self._do(self.desk, played, "checking", "reviews", verdict="check", person_id=person_id)
        await inspector.look(played.case_id)
        photos = [await self._upload(inspector, played, "check", chance)]
        await self._do(inspector, played, "feedback", "checks", verdict="pass", photos=photos)

    async def _upload(self, phone: Phone, played: Played, usage: str, chance: random.Random) -> dict[str, str]:
        named = await phone.upload(
            await self._photo(f"{played.case_id}/{len(played.photos)}", chance), usage, played.case_id
        )
        played.photos[named["photo_id"]] = named["sha256"]
        return named

    async def _photo(self, seed: str, chance: random.Random) -> bytes:
        if self._used and chance.random() < self.orders.reuse:
            return chance.choice(self._used)
        source = chance.choice(self.orders.photos)
        photo = await asyncio.to_thread(seeded_crop, source, f"{self.orders.seed}/{seed}")
        if self.orders.reuse:
            self._used = [*self._used[1 - REUSED_FROM :], photo]
        return photo

    async def _do(self, phone: Phone, played: Played, state: str, act: str, **members: Any) -> None:
        """An act that leads to `state`."""
        body = {"done_at": clock.now().isoformat(), **members}
        act_id = ids.new_id()
        answer = await phone.act(played.case_id, act, act_id, body)
        played.acts.append(Acknowledged(phone, act, act_id, body, answer.body))
        if answer.json()["verdict"] != "done":
            raise LookupError(f"{act} was kept, not done")
        played.state = state

    def _all(self, role: str) -> list[Phone]:
        return [phone for phone in self.phones.values() if phone.member.role == role]

    def _first(self, fits: Callable[[Member], bool]) -> Phone:
        return next(phone for phone in self.phones.values() if fits(phone.member))

    def _leader_of(self, case: dict[str, Any]) -> Phone:
        unit_id = UUID(case["unit"]["id"])
        return self._first(lambda member: member.role == "crew_leader" and member.unit_id == unit_id)

    async def _entered(self, phone: Phone) -> Phone:
        """Signed in, once."""
        person_id = phone.member.person_id
        if person_id not in self._entering:
            bound = phone.member.role != "supervisor"
            self._entering[person_id] = asyncio.ensure_future(phone.enter(bound=bound))
        await asyncio.shield(self._entering[person_id])
        return phone

    def _told(self, name: str, seconds: float) -> None:
        self.latencies.setdefault(name, []).append(seconds)

    def _take_up_keys(self) -> None:
        """Phones paired in an earlier run stay paired."""
        if self.orders.keys.exists():
            kept = msgspec.json.decode(self.orders.keys.read_bytes(), type=dict[str, dict[str, str]])
            for person_id, phone in self.phones.items():
                if found := kept.get(str(person_id)):
                    phone.load(found)

    def _keep_keys(self) -> None:
        bound = {str(key): phone.kept() for key, phone in self.phones.items() if phone.device_id}
        write_private(self.orders.keys, msgspec.json.encode(bound))


def _near(case: dict[str, Any], chance: random.Random) -> dict[str, Any] | None:
    if case["location"] is None:
        return None
    lon, lat = (
        degrees + chance.uniform(-ASTRAY_DEGREES, ASTRAY_DEGREES) for degrees in case["location"]["coordinates"]
    )
    return {
        "location": {"type": "Point", "coordinates": [lon, lat]},
        "accuracy_m": round(chance.uniform(4, 20), 1),
        "fixed_at": clock.now().isoformat(),
        "datum": "wgs84",
    }
