"""A platform above as its makers would write it: CloudEvents, its own Standard Webhooks signature, plain HTTP."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx

from moshao.kit import clock, ids
from moshao.kit.db import Row
from moshao.upstream.making import make_upstream
from moshao.upstream.settings import UpstreamSettings
from tests.world import World

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
PLACE = {"type": "Point", "coordinates": [112.5414, 32.9986]}
GARBAGE = {"kind": "matter", "major": "06", "minor": "010"}


class Platform:
    """`case` sends a dispatched case; every event says it comes from /city and has an id of its own."""

    def __init__(self, world: World, name: str, secret: str) -> None:
        self.world = world
        self.name = name
        self.secret = secret
        self._numbers = iter(range(1, 1_000_000))

    def headers(
        self, body: bytes, *, webhook_id: str, at: int | None = None, secret: str | None = None
    ) -> dict[str, str]:
        timestamp = str(int(clock.now().timestamp()) if at is None else at)
        key = base64.b64decode((secret or self.secret).removeprefix("whsec_"))
        mark = hmac.new(key, f"{webhook_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
        return {
            "webhook-id": webhook_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{base64.b64encode(mark).decode()}",
        }

    async def post(
        self, body: bytes, media: str = STRUCTURED, *, webhook_id: str | None = None, **headers: str
    ) -> httpx.Response:
        signed = self.headers(body, webhook_id=webhook_id or f"msg_{ids.new_id().hex}")
        return await self.world.nobody.post(
            f"/api/upstream/{self.name}/events", content=body, headers={**signed, "content-type": media, **headers}
        )

    def event(self, kind: str, data: dict[str, Any], **members: Any) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": f"event-{next(self._numbers)}",
            "source": "/city",
            "type": f"moshao.case.{kind}",
            "time": clock.now().isoformat(),
            "data": data,
            **members,
        }

    def new_case(self, external_case_id: str = "", **data: Any) -> dict[str, Any]:
        """A good case of the street; a member given as None is left out."""
        whole = {
            "external_case_id": external_case_id or f"X-{next(self._numbers)}", "version": 1, "title": "暴露垃圾",
            "location": PLACE, "limit": {"value": 2, "unit": "urgent_hour"}, **GARBAGE, **data,
        }  # fmt: skip
        return self.event("dispatched", {name: value for name, value in whole.items() if value is not None})

    async def send(self, *events: dict[str, Any]) -> list[dict[str, Any]]:
        """One event structured, several as a batch; the results."""
        if len(events) == 1:
            answer = await self.post(json.dumps(events[0]).encode())
        else:
            answer = await self.send_batch(events)
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        assert len(results) == len(events)
        return results

    async def send_batch(self, events: Sequence[dict[str, Any]]) -> httpx.Response:
        return await self.post(json.dumps(events).encode(), BATCH)

    async def dispatched(self, **data: Any) -> Row:
        """Send one case; its row."""
        (result,) = await self.send(self.new_case(**data))
        assert result["status"] == "accepted", result
        return await self.row(result["case_id"])

    async def told(self, kind: str, case: Row, version: int = 2, **data: Any) -> dict[str, Any]:
        """Send one event about a case; its result."""
        named = {"external_case_id": case["external_case_id"], "version": version, **data}
        (result,) = await self.send(self.event(kind, named))
        return result

    async def row(self, case_id: Any) -> Row:
        row = await self.world.db.one("SELECT * FROM cases WHERE id = ?", UUID(str(case_id)))
        assert row is not None
        return row

    async def kinds(self, case: Row) -> list[str]:
        rows = await self.world.db.all("SELECT kind FROM journal_lines WHERE case_id = ? ORDER BY seq", case["id"])
        return [row["kind"] for row in rows]


async def a_platform(world: World, name: str = "city", **settings: Any) -> Platform:
    """Make it known to the district of the cast."""
    agreed = UpstreamSettings(**settings)
    secret = await world.db.write(lambda tx: make_upstream(tx, world.cast.district_id, name, agreed))
    return Platform(world, name, secret)
