"""What happens around the phones: cases come from above, a supervisor looks at what became of them."""

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import msgspec

from moshao.kit import clock, ids
from moshao.operate.demo_file import Member
from moshao.operate.simulated_phone import Phone
from moshao.operate.simulated_upstream import Upstream
from moshao.operate.simulated_web import Answer, Web, connections
from tests.chaos.served import Served, served

PHOTOS = Path(str(files("moshao"))) / "seeds" / "photos"
HERE = (112.5414, 32.9986)
READY = "startup complete"
UNITS_A_TEST_TAKES = 3
JSON = {"content-type": "application/json"}


class Street:
    """`unit()` is another unit at each call, with a crew leader and handlers nobody else has to do with.
    `answered_at_ms`: when the last case's upstream had its answer."""

    def __init__(self, district: Served, pool: aiohttp.ClientSession) -> None:
        self._district = district
        self.demo = district.demo
        self.settings = district.settings
        self.database_url = district.settings["database_url"]
        self.people = {one.person_id: one for one in self.demo.people}
        self._upstream = Upstream(pool, self.demo.upstream.events_url, self.demo.upstream.secret, _told)
        self._web = Web(pool, self.demo.base_url, _told)
        self._units = self._unit_codes()
        self._inspectors = [one for one in self.demo.people if one.role == "inspector"]
        self._numbers = iter(range(1, 10_000))
        self._clients: dict[UUID, Phone] = {}
        self._paired: dict[str, int] = {}
        self.answered_at_ms = 0.0

    def unit(self) -> str:
        return self._units.pop()

    @property
    def units_left(self) -> int:
        return len(self._units)

    async def dispatch(self, unit_code: str, **data: Any) -> dict[str, Any]:
        """A case with one photo of how it looks comes from above; as it then is."""
        number = f"宛城〔2026〕{next(self._numbers):05}"
        photo = (PHOTOS / "drawn_garbage_before.jpg").read_bytes()
        whole = {
            "external_case_id": number, "case_no": number, "version": 1, "unit_code": unit_code,
            "kind": "matter", "major": "06", "minor": "010", "title": "暴露垃圾",
            "description": "路口东北角堆放垃圾，散发异味", "address": "中州路 128 号",
            "location": {"type": "Point", "coordinates": HERE},
            "photos": [{"content_base64": base64.b64encode(photo).decode(), "usage": "before"}], **data,
        }  # fmt: skip
        answer = await self._upstream.send("dispatched", whole)
        self.answered_at_ms = clock.now().timestamp() * 1000
        return await self.case(answer["case_id"])

    async def dispatch_to(self, member: Member, **data: Any) -> dict[str, Any]:
        """A case for him; before it the others of his unit have their turn."""
        while True:
            case = await self.dispatch(member.unit_code, **data)
            if self.handler_of(case) == member:
                return case

    async def given_to_one(self, unit_code: str, count: int) -> list[dict[str, Any]]:
        """So many cases that the same handler of this unit has."""
        given: dict[str, list[dict[str, Any]]] = {}
        while True:
            case = await self.dispatch(unit_code)
            his = given.setdefault(case["handler"]["id"], [])
            his.append(case)
            if len(his) == count:
                return his

    async def tell(self, kind: str, case_id: str, **data: Any) -> None:
        """Something else about a case from above."""
        await self._upstream.send(kind, {"case_id": case_id, "version": 2, **data})

    async def ask_to_verify(self, **data: Any) -> dict[str, Any]:
        """Upstream asks whether a report of somebody else's is real; the case as it then is."""
        number = f"核实〔2026〕{next(self._numbers):05}"
        whole = {
            "external_case_id": number, "case_no": number, "version": 1, "title": "井盖缺失", "kind": "component",
            "major": "01", "minor": "001", "location": {"type": "Point", "coordinates": HERE}, **data,
        }  # fmt: skip
        return await self.case((await self._upstream.send("verify_requested", whole))["case_id"])

    async def handle(self, case: dict[str, Any]) -> None:
        """Its handler closes it, on a phone that is no browser."""
        await self.close(case, (PHOTOS / "drawn_garbage_after.jpg").read_bytes())

    async def close(self, case: dict[str, Any], *after: bytes, **told: Any) -> None:
        """The same with these photos, and whatever else the closure says."""
        phone = await self.client(self.handler_of(case), bound=True)
        photos = [await phone.upload(photo, "after", case["id"]) for photo in after]
        done = {"done_at": clock.now().isoformat(), "place": None, "no_place_reason": "no_fix", "outcome": "fixed"}
        await phone.act(case["id"], "closures", ids.new_id(), done | {"photos": photos} | told)

    async def send_back(self, case: dict[str, Any], reason: str) -> None:
        """The operator of its unit does not let the closure pass."""
        await self._review_in_unit(case, verdict="back", reason=reason)

    async def let_pass(self, case: dict[str, Any]) -> None:
        """The operator of its unit lets the closure pass: it waits for the centre."""
        await self._review_in_unit(case, verdict="pass")

    async def _review_in_unit(self, case: dict[str, Any], **said: str) -> None:
        desk = await self.client(self.operator_of(case), bound=False)
        told = {"done_at": clock.now().isoformat(), **said}
        await desk.act(case["id"], "unit_reviews", ids.new_id(), told)

    async def client(self, member: Member, *, bound: bool) -> Phone:
        """What he works with where nobody looks at the screen, signed in."""
        if member.person_id not in self._clients:
            # His browser took the first code.
            last_first = msgspec.structs.replace(member, pairing_codes=member.pairing_codes[::-1])
            phone = Phone(Web(self._web.pool, self.demo.base_url, _told), last_first)
            await phone.enter(bound=bound)
            self._clients[member.person_id] = phone
        return self._clients[member.person_id]

    async def take_back(self, case_id: str) -> None:
        """The supervisor takes the case from whom it was given to: it waits for the unit again."""
        await self._asked(f"/api/cases/{case_id}/revocations/{ids.new_id()}", {"done_at": clock.now().isoformat()})

    async def case(self, case_id: Any) -> dict[str, Any]:
        """The truth, as the supervisor reads it."""
        return msgspec.convert((await self._asked(f"/api/cases/{case_id}")).json(), dict[str, Any])

    async def photo(self, photo_id: str) -> bytes:
        """What the server keeps as the original."""
        return (await self._asked(f"/api/photos/{photo_id}?size=original")).body

    @asynccontextmanager
    async def server_dead(self) -> AsyncIterator[None]:
        """As by kill -9; it serves again after the block, whatever happened in it."""
        await self._district.processes["serve"].killed()
        try:
            yield
        finally:
            await self._district.start("serve")
            await self._district.processes["serve"].says(READY)

    def inspector(self) -> Member:
        """One after the other, with codes that no phone was paired with."""
        member = self._inspectors.pop(0)
        self._inspectors.append(member)
        return self.with_a_new_phone(str(member.person_id))

    def with_a_new_phone(self, person_id: str) -> Member:
        """Somebody of whom there are few, with codes that no phone was paired with."""
        member, used = self.person(person_id), self._paired.get(person_id, 0)
        self._paired[person_id] = used + 1
        return msgspec.structs.replace(member, pairing_codes=member.pairing_codes[used:])

    def handler_of(self, case: dict[str, Any]) -> Member:
        return self.person(case["handler"]["id"])

    def person(self, person_id: str) -> Member:
        return next(one for one in self.people.values() if str(one.person_id) == person_id)

    def operator_of(self, case: dict[str, Any]) -> Member:
        unit_id = UUID(case["unit"]["id"])
        return next(one for one in self.demo.people if one.role == "unit_operator" and one.unit_id == unit_id)

    def one(self, role: str, unit_code: str = "", number: int = 0) -> Member:
        """The first person of this role or a later one, of this unit where one is named."""
        return [one for one in self.demo.people if one.role == role and unit_code in ("", one.unit_code)][number]

    def leader_of(self, unit_code: str) -> Member:
        return next(one for one in self.demo.people if (one.role, one.unit_code) == ("crew_leader", unit_code))

    async def _asked(self, path: str, told: dict[str, Any] | None = None) -> Answer:
        """GET, or PUT of what is told."""
        if not self._web.cookie:
            await self._sign_in()
        method, body = ("GET", None) if told is None else ("PUT", msgspec.json.encode(told))
        return await self._web.ask(method, path, body, headers=lambda: JSON, name="look", renew=self._sign_in)

    async def _sign_in(self) -> None:
        one = next(one for one in self.people.values() if one.role == "supervisor")
        body = msgspec.json.encode({"staff_no": one.staff_no, "password": one.password})
        await self._web.ask("POST", "/api/sessions", body, headers=lambda: JSON, name="sign in")

    def _unit_codes(self) -> list[str]:
        return list(dict.fromkeys(one.unit_code for one in self.demo.people if one.role == "crew_leader"))


def done_to(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Its journal without the arrivals of photos: words may overtake them, and nobody knows by how far."""
    return [line for line in case["journal"] if line["kind"] != "photo_arrived"]


class Streets:
    """One district at a time, each as long as it has room."""

    def __init__(self, make: Callable[[], AbstractAsyncContextManager[Street]]) -> None:
        self._make = make
        self._open = AsyncExitStack()
        self._street: Street | None = None

    async def with_room(self) -> Street:
        """A street on which a test finds units nobody else has to do with."""
        if self._street is None or self._street.units_left < UNITS_A_TEST_TAKES:
            await self.close()
            self._street = await self._open.enter_async_context(self._make())
        return self._street

    async def close(self) -> None:
        await self._open.aclose()


@asynccontextmanager
async def a_street(folder: Path, **settings: str) -> AsyncIterator[Street]:
    """A demo district with its server and worker; they have ended at the end of the block."""
    async with served(folder, **settings) as district, connections() as pool:
        await district.processes["serve"].says(READY)
        yield Street(district, pool)


def _told(_name: str, _seconds: float) -> None:
    """Nobody measures here."""
