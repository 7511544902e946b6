"""The platform above, as far as it hears: every event that comes, in the order in which it came."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from aiohttp import web

LAST = "closed"


class Above:
    """`heard`: external case id → names of events in order, each event once however often it came."""

    def __init__(self) -> None:
        self.url = ""
        self.secret = ""
        self.heard: dict[str, list[str]] = defaultdict(list)
        self.unsigned = 0
        self._ids: set[str] = set()
        self._more = asyncio.Condition()

    async def hear(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self._is_signed(request, body):
            self.unsigned += 1
            return web.Response(status=401)
        event = json.loads(body)
        async with self._more:
            if event["id"] not in self._ids:
                self._ids.add(event["id"])
                self.heard[event["data"]["external_case_id"]].append(event["type"].removeprefix("moshao.case."))
            self._more.notify_all()
        return web.Response(status=204)

    async def until_all_closed(self, cases: Collection[str], seconds: float) -> None:
        async with asyncio.timeout(seconds), self._more:
            await self._more.wait_for(lambda: all(LAST in self.heard[case] for case in cases))

    def _is_signed(self, request: web.Request, body: bytes) -> bool:
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + body
        mark = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{mark}" in request.headers["webhook-signature"].split()


@asynccontextmanager
async def an_above() -> AsyncIterator[Above]:
    """Listening on loopback."""
    above = Above()
    app = web.Application()
    app.router.add_post("/events", above.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        above.url = f"http://127.0.0.1:{runner.addresses[0][1]}/events"
        yield above
    finally:
        await runner.cleanup()
