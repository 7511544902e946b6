"""The platform above, for the simulation: signed CloudEvents, sent until they are answered."""

import base64
import hashlib
import hmac
from typing import Any

import aiohttp
import msgspec

from moshao.kit import clock, ids
from moshao.operate.simulated_web import Refusal, Told, Web


class Upstream:
    """`told(name, seconds)` hears how long each answered delivery took."""

    def __init__(self, pool: aiohttp.ClientSession, events_url: str, secret: str, told: Told) -> None:
        self.web = Web(pool, events_url, told)
        self.key = base64.b64decode(secret.removeprefix("whsec_"))

    async def send(self, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        """Send one event; its result. The same event goes out again until there is an answer. Raises Refusal."""
        event = {
            "specversion": "1.0",
            "id": str(ids.new_id()),
            "source": "simulation",
            "type": f"moshao.case.{kind}",
            "time": clock.now().isoformat(),
            "data": data,
        }
        body, message_id = msgspec.json.encode(event), str(ids.new_id())
        answer = await self.web.ask("POST", "", body, headers=lambda: self._signed(message_id, body), name=kind)
        result: dict[str, Any] = answer.json()["results"][0]
        if result["status"] not in ("accepted", "duplicate"):
            raise Refusal(f"{kind} {data['external_case_id']} {result['status']}", answer)
        return result

    def _signed(self, message_id: str, body: bytes) -> dict[str, str]:
        stamp = str(int(clock.now().timestamp()))
        mark = hmac.new(self.key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
        return {
            "content-type": "application/cloudevents+json",
            "webhook-id": message_id,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{base64.b64encode(mark).decode()}",
        }
