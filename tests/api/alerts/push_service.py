"""A push service on loopback, as stubborn as a test wants it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import jwt
import msgspec
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from multidict import CIMultiDictProxy

from tests.api.alerts.browser import Browser, octets
from tests.certificate import server_context

HOST = "updates.push.services.mozilla.com"
Answer = Callable[["Pushed", web.Request], Awaitable[web.StreamResponse]]


class Pushed(msgspec.Struct, frozen=True):
    """A message as it came."""

    path: str
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def topic(self) -> str:
        return self.headers["Topic"]


class PushService:
    """`pushed`: in the order of arrival, refused ones too. `answer`: what it does, for all or by path."""

    def __init__(self) -> None:
        self.pushed: list[Pushed] = []
        self.answer: Answer = answering(201)
        self.by_path: dict[str, Answer] = {}
        self.port = 0

    @property
    def test_connect(self) -> tuple[str, str]:
        return HOST, f"127.0.0.1:{self.port}"

    def for_browser(self, browser: Browser) -> list[dict[str, Any]]:
        """What this browser would show."""
        return [browser.read(each.body) for each in self.pushed if each.path == browser.path]

    async def take(self, request: web.Request) -> web.StreamResponse:
        pushed = Pushed(request.path, request.headers, await request.read())
        self.pushed.append(pushed)
        return await self.by_path.get(request.path, self.answer)(pushed, request)


def answering(status: int, **headers: str) -> Answer:
    async def answer(pushed: Pushed, request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return answer


async def hanging(pushed: Pushed, request: web.Request) -> web.StreamResponse:
    """Never answers; ends when the caller has had enough."""
    await asyncio.Event().wait()
    raise AssertionError


async def closing(pushed: Pushed, request: web.Request) -> web.StreamResponse:
    """Closes the connection without a word."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def claims_of(pushed: Pushed) -> tuple[dict[str, Any], str]:
    """What the VAPID header claims, once its signature holds under the key that it names; and the key.

    By PyJWT: not the library that signed."""
    scheme, _, rest = pushed.headers["Authorization"].partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), octets(parts["k"]))
    claims: dict[str, Any] = jwt.decode(
        parts["t"], key, algorithms=["ES256"], audience=f"https://{HOST}", options={"verify_exp": False}
    )
    return claims, parts["k"]


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """Listening on a port of its own, with TLS."""
    service = PushService()
    app = web.Application()
    app.router.add_post("/{path:.*}", service.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server_context())
    await site.start()
    assert site._server is not None
    service.port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    try:
        yield service
    finally:
        await runner.cleanup()
