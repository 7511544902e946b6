"""Mozilla's push service on loopback: the WebSocket that Firefox keeps open, and the door for senders.

As autopush speaks it: hello, register, unregister, notification, ack, nack, ping. What comes while the browser is away
waits until its TTL has run out, and is brought after the next hello.
"""

import asyncio
import ssl
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from tests.push.door import Door, Message, base64url
from tests.push.loopback import served_at

HOST = "updates.push.services.mozilla.com"


class Mozilla:
    """`websocket_url` is for the browser; what is sent to `HOST` belongs at `port`."""

    def __init__(self) -> None:
        self.door = Door(f"https://{HOST}", self._bring)
        self.port = 0
        self.websocket_url = ""
        self._open: dict[str, web.WebSocketResponse] = {}
        self._known: set[str] = set()
        # token -> (browser, channel)
        self._channels: dict[str, tuple[str, str]] = {}
        self._change = asyncio.Condition()

    async def browsers(self, count: int, seconds: float = 60) -> None:
        """Returns when so many are connected."""
        async with asyncio.timeout(seconds), self._change:
            await self._change.wait_for(lambda: len(self._open) == count)

    async def speak(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("push-notification",))
        await socket.prepare(request)
        browser = ""
        async for frame in socket:
            if frame.type != WSMsgType.TEXT:
                continue
            said = msgspec.json.decode(frame.data or "{}", type=dict[str, Any])
            if said.get("messageType") == "hello":
                browser = await self._greet(socket, said)
            else:
                await self._answer(socket, browser, said)
        await self._gone(browser, socket)
        return socket

    async def _greet(self, socket: web.WebSocketResponse, said: dict[str, Any]) -> str:
        browser = said.get("uaid") if said.get("uaid") in self._known else uuid.uuid4().hex
        assert browser is not None
        self._known.add(browser)
        await _say(socket, messageType="hello", uaid=browser, status=200, use_webpush=True, broadcasts={})
        async with self._change:
            self._open[browser] = socket
            self._change.notify_all()
        for message in self.door.waiting({token for token, (whose, _) in self._channels.items() if whose == browser}):
            await self._bring(message)
        return browser

    async def _answer(self, socket: web.WebSocketResponse, browser: str, said: dict[str, Any]) -> None:
        kind, channel = said.get("messageType", "ping"), said.get("channelID", "")
        if kind == "ping":
            await socket.send_str("{}")
        elif kind == "register":
            token = uuid.uuid4().hex
            self._channels[token] = (browser, channel)
            self.door.keys[token] = said["key"]
            endpoint = f"https://{HOST}/wpush/v2/{token}"
            await _say(socket, messageType=kind, channelID=channel, status=200, pushEndpoint=endpoint)
        elif kind == "unregister":
            self._forget(channel)
            await _say(socket, messageType=kind, channelID=channel, status=200)
        elif kind == "ack":
            for update in said["updates"]:
                self.door.done(update["version"])

    def _forget(self, channel: str) -> None:
        for token in [token for token, (_, its) in self._channels.items() if its == channel]:
            del self._channels[token], self.door.keys[token]

    async def _gone(self, browser: str, socket: web.WebSocketResponse) -> None:
        async with self._change:
            if self._open.get(browser) is socket:
                del self._open[browser]
            self._change.notify_all()

    async def _bring(self, message: Message) -> bool:
        browser, channel = self._channels[message.token]
        socket = self._open.get(browser)
        if socket is None or socket.closed:
            return False
        await _say(
            socket, messageType="notification", channelID=channel, version=message.id,
            data=base64url(message.body), headers={"encoding": "aes128gcm"}, ttl=message.ttl_s,
        )  # fmt: skip
        return True


@asynccontextmanager
async def mozilla(tls: ssl.SSLContext) -> AsyncIterator[Mozilla]:
    service = Mozilla()
    for_browsers, for_senders = web.Application(), web.Application(client_max_size=1024 * 1024)
    for_browsers.router.add_get("/", service.speak)
    for_senders.router.add_post("/wpush/v2/{token}", service.door.post)
    async with served_at(for_browsers) as port, served_at(for_senders, tls) as service.port:
        service.websocket_url = f"ws://127.0.0.1:{port}/"
        yield service


async def _say(socket: web.WebSocketResponse, **members: Any) -> None:
    await socket.send_str(msgspec.json.encode(members).decode())
