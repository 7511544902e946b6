"""HTTP with the patience of the real phone: no answer, 429 and 5xx are tried again, anything else is final."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import msgspec

from moshao.kit import clock

Told = Callable[[str, float], None]
Headers = Callable[[], Mapping[str, str]]

TRY_SECONDS = 90.0
WAIT_SECONDS = 0.05
WAIT_MOST_SECONDS = 2.0
ANSWER_SECONDS = 30.0
FALLS_SILENT = (aiohttp.ClientError, ConnectionError, TimeoutError)


class Answer(msgspec.Struct, frozen=True):
    """`headers` are asked for in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Refusal(Exception):
    """The server said no for good, or was silent for too long (status 0)."""

    def __init__(self, asked: str, answer: Answer) -> None:
        document = _document(answer.body)
        self.status = answer.status
        self.code = str(document.get("code", ""))
        super().__init__(f"{asked}: {answer.status} {self.code} {document.get('detail', '')}".rstrip())


class Web:
    """A client with its own cookie. `told(name, seconds)` hears how long each thing took until it was acknowledged.

    `renew` opens the session again where it was over.
    """

    def __init__(self, pool: aiohttp.ClientSession, base_url: str, told: Told) -> None:
        self.pool = pool
        self.base_url = base_url
        self.told = told
        self.cookie = ""

    async def ask(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        *,
        headers: Headers = dict,
        name: str,
        renew: Callable[[], Awaitable[None]] | None = None,
    ) -> Answer:
        """Until there is an answer; `headers` are made anew for each try. Raises Refusal for a final no."""
        began = clock.monotonic()
        wait = WAIT_SECONDS
        while True:
            answer = await self._once(method, path, content, headers())
            if 200 <= answer.status < 300:
                self.told(name, clock.monotonic() - began)
                return answer
            tired = clock.monotonic() - began > TRY_SECONDS
            if answer.status == 401 and renew is not None and not tired:
                await renew()
            elif tired or not (answer.status == 429 or answer.status >= 500 or answer.status == 0):
                raise Refusal(f"{method} {path}", answer)
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))
            wait = min(WAIT_MOST_SECONDS, wait * 2)

    async def _once(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        sent = dict(headers)
        if self.cookie:
            sent["Cookie"] = self.cookie
        try:
            async with self.pool.request(method, self.base_url + path, data=content, headers=sent) as answer:
                body = await answer.read()
                for cookie in answer.cookies.values():
                    self.cookie = f"{cookie.key}={cookie.value}"
                return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, body)
        except FALLS_SILENT as silence:
            return Answer(0, {}, msgspec.json.encode({"detail": str(silence)}))


@contextlib.asynccontextmanager
async def connections() -> AsyncIterator[aiohttp.ClientSession]:
    """One pool for everybody; each client keeps its own cookie."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as pool:
        yield pool


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(body or b"{}")
    except msgspec.DecodeError:
        return {}
    return document if isinstance(document, dict) else {}
