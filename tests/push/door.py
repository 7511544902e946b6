"""The door of a push service for those who send (RFC 8030, 8291, 8292), the same at Mozilla's and at Google's.

Whoever makes a mistake here is told so, as the real ones do: no TTL, no or a wrong VAPID token, a key other than the
one subscribed with, too many bytes, another encoding, a subscription that ended.
"""

import asyncio
import base64
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import msgspec
from aiohttp import web
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from moshao.kit import clock

BODY_MOST = 4096
VAPID_LONGEST = timedelta(hours=24)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One push as it was taken in. `expires_at`: until when it is kept for a browser that is away."""

    id: str
    token: str
    body: bytes
    ttl_s: int
    topic: str
    urgency: str
    taken_at: datetime

    @property
    def expires_at(self) -> datetime:
        return self.taken_at + timedelta(seconds=self.ttl_s)


class Door:
    """`keys` knows who subscribed: token -> the sender's public key given then, base64url. `hand_on` brings a message
    to the browser now and answers whether it was there. `taken`: every message let in."""

    def __init__(self, origin: str, hand_on: Callable[[Message], Awaitable[bool]]) -> None:
        self.origin = origin
        self.keys: dict[str, str] = {}
        self.taken: list[Message] = []
        self.refused: list[str] = []
        self._waiting: list[Message] = []
        self._hand_on = hand_on
        self._more = asyncio.Condition()

    async def post(self, request: web.Request) -> web.Response:
        refusal = self._refusal(request, body := await request.read())
        if refusal is not None:
            status, words = refusal
            self.refused.append(words)
            return web.Response(status=status, text=words)
        message = _message(request, body)
        self._keep(message)
        if not await self._hand_on(message) and not message.ttl_s:
            self.done(message.id)
        async with self._more:
            self.taken.append(message)
            self._more.notify_all()
        location = f"{self.origin}/m/{message.id}"
        return web.Response(status=201, headers={"Location": location, "TTL": str(message.ttl_s)})

    async def took(self, count: int, seconds: float = 60) -> list[Message]:
        """All messages, once there are so many."""
        async with asyncio.timeout(seconds), self._more:
            await self._more.wait_for(lambda: len(self.taken) >= count)
            return self.taken

    def waiting(self, tokens: set[str]) -> list[Message]:
        """What lies here for these subscriptions, oldest first."""
        now = clock.now()
        self._waiting = [one for one in self._waiting if one.expires_at > now]
        return [one for one in self._waiting if one.token in tokens]

    def done(self, message_id: str) -> None:
        """The browser said that it has it."""
        self._waiting = [one for one in self._waiting if one.id != message_id]

    def _keep(self, message: Message) -> None:
        """A topic holds one message a subscription: the newest."""
        same = [
            one for one in self._waiting if message.topic and (one.token, one.topic) == (message.token, message.topic)
        ]
        self._waiting = [*(one for one in self._waiting if one not in same), message]

    def _refusal(self, request: web.Request, body: bytes) -> tuple[int, str] | None:
        key = self.keys.get(request.match_info["token"])
        if key is None:
            return 410, "no such subscription"
        if not request.headers.get("TTL", "").isdigit():
            return 400, "no TTL"
        if len(body) > BODY_MOST:
            return 413, "too large"
        if request.headers.get("Content-Encoding") != "aes128gcm":
            return 400, "another encoding"
        if len(request.headers.get("Topic", "")) > 32:
            return 400, "topic too long"
        return self._vapid_refusal(request.headers.get("Authorization", ""), key)

    def _vapid_refusal(self, header: str, key: str) -> tuple[int, str] | None:
        scheme, _, rest = header.partition(" ")
        members = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        if scheme.lower() != "vapid" or not {"t", "k"} <= members.keys():
            return 401, "no vapid"
        if base64url_bytes(members["k"]) != base64url_bytes(key):
            return 403, "another key than subscribed with"
        try:
            token = jws.deserialize_compact(members["t"], _public_key(key), algorithms=["ES256"])
        except (JoseError, ValueError) as fault:
            return 403, f"vapid: {fault}"
        claims = msgspec.json.decode(token.payload)
        now = clock.now().timestamp()
        if claims.get("aud") != self.origin:
            return 403, f"vapid for {claims.get('aud')}"
        if not now < claims.get("exp", 0) <= now + VAPID_LONGEST.total_seconds():
            return 403, "vapid out of time"
        if not str(claims.get("sub", "")).startswith(("mailto:", "https:")):
            return 403, "vapid without a contact"
        return None


def base64url_bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _message(request: web.Request, body: bytes) -> Message:
    named = request.headers
    return Message(
        id=uuid.uuid4().hex,
        token=request.match_info["token"],
        body=body,
        ttl_s=int(named["TTL"]),
        topic=named.get("Topic", ""),
        urgency=named.get("Urgency", "normal"),
        taken_at=clock.now(),
    )


def _public_key(key: str) -> ECKey:
    """An uncompressed point of P-256: 4, then 32 bytes each of x and y."""
    point = base64url_bytes(key)
    return ECKey.import_key({"kty": "EC", "crv": "P-256", "x": base64url(point[1:33]), "y": base64url(point[33:])})
