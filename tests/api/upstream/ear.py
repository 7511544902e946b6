"""What upstream's makers put on their side: a server that hears our events, and photos that we may fetch."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from moshao.kit.db import Row
from moshao.kit.outgoing import open_outgoing
from moshao.kit.webhooks import is_signed
from moshao.upstream.fetching import fetch_photos
from moshao.upstream.making import change_settings
from moshao.upstream.queries import find_upstream
from moshao.upstream.queueing import queue_feedback
from moshao.upstream.settings import UpstreamSettings
from moshao.upstream.telling import Teller
from tests.api.evidence.pictures import jpeg
from tests.api.upstream.platform import Platform
from tests.world import the_app

Answers = Callable[[dict[str, Any]], int | None]


class Ear:
    """`heard`: (webhook-id, event) in the order of arrival, refused ones too. `answers` says with which status an
    event is met, None: never; once `waits_for` is set, where it is given. `files`: what lies there to be fetched, by
    path. `put`: photos laid there, each answered with the status `takes`."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.answers: Answers = lambda event: 204
        self.files: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        self.put: list[tuple[str, str, bytes]] = []
        self.takes = 201
        self.secrets: list[str] = []
        self.waits_for: asyncio.Event | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/events"

    @property
    def types(self) -> list[str]:
        return [event["type"].removeprefix("moshao.case.") for _, event in self.heard]

    async def hear(self, request: web.Request) -> web.Response:
        body = await request.read()
        named = request.headers
        assert named["content-type"] == "application/cloudevents+json"
        marks = (named["webhook-id"], named["webhook-timestamp"], named["webhook-signature"])
        assert is_signed(self.secrets, *marks, body), "not signed"
        event = json.loads(body)
        self.heard.append((named["webhook-id"], event))
        status = self.answers(event)
        if self.waits_for is not None:
            await self.waits_for.wait()
        if status is None:
            await asyncio.Event().wait()
        return web.Response(status=status or 500)

    async def take(self, request: web.Request) -> web.Response:
        content, named = await request.read(), request.headers
        marks = (named["webhook-id"], named["webhook-timestamp"], named["webhook-signature"])
        assert is_signed(self.secrets, *marks, content), "not signed"
        self.put.append((request.path, named["content-type"], content))
        return web.Response(status=self.takes)

    async def give(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        status, content = self.files.get(request.path, (404, b""))
        headers = {"Location": "/files/elsewhere"} if 300 <= status < 400 else {}
        return web.Response(status=status, body=content, headers=headers)


@asynccontextmanager
async def listening() -> AsyncIterator[Ear]:
    ear = Ear()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_post("/events", ear.hear)
    app.router.add_get("/files/{name}", ear.give)
    app.router.add_put("/photos/{name}", ear.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    ear.port = runner.addresses[0][1]
    try:
        yield ear
    finally:
        await runner.cleanup()


class Worker:
    """The worker's tasks, done when a test says so."""

    def __init__(self, city: Platform, teller: Teller, outgoing: Any) -> None:
        self.city = city
        self.teller = teller
        self.outgoing = outgoing

    async def tell(self) -> None:
        """Queue and send until nothing is due."""
        while await queue_feedback(self.city.world.db):
            pass
        while await self.teller.send_feedback():
            pass

    async def fetch(self) -> int:
        return await fetch_photos(the_app().state.evidence, self.outgoing)


@asynccontextmanager
async def working(city: Platform, test_connect: Sequence[tuple[str, str]] = ()) -> AsyncIterator[Worker]:
    """A worker that was just started."""
    async with open_outgoing(test_connect) as outgoing:
        yield Worker(city, Teller(the_app().state.evidence, outgoing, city.world.settings), outgoing)


async def agree(city: Platform, ear: Ear, **settings: Any) -> None:
    """Feedback goes to `ear` from now on."""
    found = await find_upstream(city.world.db, city.name)
    assert found is not None
    ear.secrets = list(found.secrets)
    agreed = UpstreamSettings(**{"feedback_url": ear.url, **settings})
    await city.world.db.write(lambda tx: change_settings(tx, city.name, agreed))


async def a_day(city: Platform) -> Row:
    """Accepted, handed in with a photo, passed, closed."""
    case = await city.dispatched()
    phone = city.world.as_("handler")
    photo = await phone.upload(jpeg(1))
    for who, act, members in (
        ("handler", "acceptances", {}),
        ("handler", "closures", {"outcome": "fixed", "photos": [photo], "no_photo_reason": "ok", "note": "已清运"}),
        ("leader_of_crew", "unit_reviews", {"verdict": "pass"}),
        ("supervisor", "reviews", {"verdict": "close"}),
    ):
        answer = await city.world.as_(who).act(case["id"], act, **members)
        assert answer.status_code == 201, answer.text
    return case
