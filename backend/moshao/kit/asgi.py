"""Around every request: its id, who really called, no body that never comes, security headers."""

import asyncio
import ipaddress
import re
import secrets
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from moshao.kit import log
from moshao.kit.config import Settings
from moshao.kit.tiles import hosts_of, map_tiles

# A phone on a bad network may pause; one that is gone for longer resumes with another request.
BODY_PAUSE_SECONDS = 60.0
REQUEST_ID = re.compile(r"[\w.-]{8,64}")
POLICY = (
    "default-src 'self'; img-src 'self' blob: data:{tiles}; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=(self)"),
]
# HEAD is GET without the body, but for uploads, which answer it by themselves (tus), and streams, which never end.
OTHER_HEADS = ("/api/uploads", "/api/stream")
HSTS = (b"strict-transport-security", b"max-age=31536000")


class Surroundings:
    """The outermost layer of the app."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.trusted = [ipaddress.ip_network(network) for network in settings.trusted_proxies]
        tiles = map_tiles(settings.map_tiles, settings.map_datum, settings.map_attribution)
        policy = POLICY.format(tiles="".join(f" {host}" for host in hosts_of(tiles)))
        self.policy = (b"content-security-policy", policy.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD" and not scope["path"].startswith(OTHER_HEADS):
            scope, send = {**scope, "method": "GET"}, _bodiless(send)
        headers = dict(scope["headers"])
        self._believe_proxy(scope, headers)
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        token = log.request_id.set(request_id)
        try:
            await self.app(scope, _patient(receive), self._dressed(scope, request_id, send))
        finally:
            log.request_id.reset(token)

    def _believe_proxy(self, scope: Any, headers: dict[bytes, bytes]) -> None:
        """Take the caller's address and scheme from the proxy, if the peer is one of ours."""
        scope["forwarded"] = any(name in headers for name in (b"x-forwarded-for", b"forwarded", b"x-forwarded-proto"))
        peer = scope.get("client")
        if not peer or not self._is_trusted(peer[0]):
            return
        hops = [hop.strip() for hop in headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",") if hop.strip()]
        for hop in reversed(hops):
            scope["client"] = (hop, 0)
            if not self._is_trusted(hop):
                break
        if headers.get(b"x-forwarded-proto") in (b"http", b"https"):
            scope["scheme"] = headers[b"x-forwarded-proto"].decode()

    def _is_trusted(self, address: str) -> bool:
        try:
            return any(ipaddress.ip_address(address) in network for network in self.trusted)
        except ValueError:
            return False

    def _dressed(self, scope: Scope, request_id: str, send: Send) -> Send:
        secure = scope.get("scheme") == "https"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [*SECURITY, self.policy, (b"x-request-id", request_id.encode())]
                if secure:
                    extra.append(HSTS)
                if scope["path"].startswith("/api/"):
                    extra.append((b"cache-control", b"no-store"))
                headers = [*message["headers"], *(pair for pair in extra if pair[0] not in present)]
                message = {**message, "headers": headers}
            await send(message)

        return sending


def _bodiless(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sending


def _patient(receive: Receive) -> Receive:
    """A client that stops in the middle of its body counts as gone after a pause."""
    whole = False

    async def receiving() -> Any:
        nonlocal whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout(BODY_PAUSE_SECONDS):
                message = await receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        whole = message["type"] != "http.request" or not message.get("more_body")
        return message

    return receiving
