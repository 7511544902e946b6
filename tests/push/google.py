"""Google's push service on loopback, as Chromium asks it: check-in, registration, and the door for senders.

Chromium is told where by `switches()`. Its open connection is tests/push/mcs.py.
"""

import ssl
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from moshao.kit import clock
from tests.push.door import Door
from tests.push.loopback import served_at
from tests.push.mcs import Connections, Registration, connections
from tests.push.protobuf import fixed64, number

# Chromium makes endpoints of the one or the other, by its version.
HOSTS = ("jmt17.google.com", "fcm.googleapis.com")
ANDROID_ID = 4_611_686_018_427_387_905
SECURITY_TOKEN = 1_234_567_890_123_456_789


class Google:
    """What is sent to one of HOSTS belongs at `port`."""

    def __init__(self, opened: Connections) -> None:
        self.connections = opened
        self.door = Door(f"https://{HOSTS[0]}", opened.bring)
        self.port = 0
        self._asked_at = 0

    def switches(self) -> list[str]:
        return [
            f"--gcm-checkin-url=http://127.0.0.1:{self._asked_at}/checkin",
            f"--gcm-registration-url=http://127.0.0.1:{self._asked_at}/register",
            f"--gcm-mcs-endpoint=https://127.0.0.1:{self.connections.port}",
            "--ignore-certificate-errors",
        ]

    async def check_in(self, request: web.Request) -> web.Response:
        """A browser introduces itself and gets a name."""
        await request.read()
        stats_ok, at = number(1, 1), number(3, int(clock.now().timestamp() * 1000))
        answer = stats_ok + at + fixed64(7, ANDROID_ID) + fixed64(8, SECURITY_TOKEN)
        return web.Response(body=answer, content_type="application/x-protobuf")

    async def register(self, request: web.Request) -> web.Response:
        """A subscription begins, or ends."""
        said = {name: str(value) for name, value in (await request.post()).items()}
        if said.get("delete") == "true":
            self._forget(said.get("X-subtype", ""))
            return web.Response(text=f"deleted={said['app']}")
        token = f"{uuid.uuid4().hex}:APA91b{uuid.uuid4().hex}"
        # Chromium's own parts register, too; only pages have a subtype.
        if "X-subtype" not in said:
            return web.Response(text=f"token={token}")
        self.connections.registered[token] = Registration(said["app"], said["sender"], said["X-subtype"])
        self.door.keys[token] = said["sender"]
        return web.Response(text=f"token={token}")

    def _forget(self, subtype: str) -> None:
        for token, its in list(self.connections.registered.items()):
            if its.subtype == subtype:
                del self.connections.registered[token], self.door.keys[token]


@asynccontextmanager
async def google(tls: ssl.SSLContext) -> AsyncIterator[Google]:
    async with connections(tls) as opened:
        service = Google(opened)
        opened.waiting, opened.done = service.door.waiting, service.door.done
        for_browsers, for_senders = web.Application(), web.Application(client_max_size=1024 * 1024)
        for_browsers.router.add_post("/checkin", service.check_in)
        for_browsers.router.add_post("/register", service.register)
        for_senders.router.add_post("/fcm/send/{token}", service.door.post)
        async with served_at(for_browsers) as service._asked_at, served_at(for_senders, tls) as service.port:
            yield service
