"""Calls to other servers: no redirects, no cookies, bounded time and size, and by name only to public addresses.

Hosts in `MOSHAO_TEST_CONNECT` are answered by a loopback port instead, without asking for a certificate.
"""

import ipaddress
import re
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from functools import lru_cache

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from moshao.kit import clock

CONNECT_SECONDS = 5.0
CONNECTIONS_MOST = 64
ANSWER_MOST = 64 * 1024
AGENT = "moshao"
# RFC 6052: an IPv4 address, as a network without IPv4 reaches it. RFC 4291: the only others of the open internet.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Written as RFC 3986 wants it, so that there is nothing to put right.
_PLAIN = re.compile(r"https?://[0-9a-z._:\[\]-]+(?:/[0-9A-Za-z._~:/?\[\]@!$&'()*+,;=%-]*)?")


class Unreachable(Exception):
    """No answer: the name, the connection, the time, or the size of what came."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """`retry_after_s` where the other side said how long to wait, or until when."""

    status: int
    body: bytes
    retry_after_s: float | None = None

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300


class Outgoing:
    """One per process; `async with open_outgoing(…)`."""

    def __init__(self, test_connect: Sequence[tuple[str, str]], connections: int) -> None:
        self._instead = dict(test_connect)
        self._public = _session(_Resolver(self._instead, public_only=True), connections)
        self._any = _session(_Resolver(self._instead, public_only=False), connections)

    async def close(self) -> None:
        await self._public.close()
        await self._any.close()

    async def get(self, url: str, *, seconds: float, most: int, public_only: bool) -> Answer:
        """What is there, `most` octets of it at the most. Raises Unreachable."""
        return await self._ask("GET", url, None, {}, seconds, most, public_only)

    async def post(
        self,
        url: str,
        content: bytes,
        headers: Mapping[str, str],
        *,
        seconds: float,
        public_only: bool,
        most: int = ANSWER_MOST,
    ) -> Answer:
        """Send `content`; the answer has `most` octets at the most. Raises Unreachable."""
        return await self._ask("POST", url, content, headers, seconds, most, public_only)

    async def put(
        self, url: str, content: bytes, headers: Mapping[str, str], *, seconds: float, public_only: bool
    ) -> Answer:
        """As `post`."""
        return await self._ask("PUT", url, content, headers, seconds, ANSWER_MOST, public_only)

    async def _ask(
        self,
        method: str,
        url: str,
        content: bytes | None,
        headers: Mapping[str, str],
        seconds: float,
        most: int,
        public_only: bool,
    ) -> Answer:
        where = _parsed(url)
        host = (where.host or "").lower()
        if public_only and host not in self._instead and _is_private_literal(host):
            raise Unreachable(f"{host} is no public address")
        session = self._public if public_only else self._any
        try:
            async with session.request(
                method,
                where,
                data=aiohttp.BytesPayload(content) if content is not None else None,
                headers=headers,
                allow_redirects=False,
                ssl=host not in self._instead,
                timeout=_patience(seconds),
            ) as response:
                body = await _read(response, most)
                return Answer(status=response.status, body=body, retry_after_s=_retry_after(response))
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as fault:
            raise Unreachable(f"{type(fault).__name__}: {fault}"[:300]) from fault


@asynccontextmanager
async def open_outgoing(
    test_connect: Sequence[tuple[str, str]], connections: int = CONNECTIONS_MOST
) -> AsyncIterator[Outgoing]:
    """`test_connect`: of the settings; `connections`: how many at once."""
    outgoing = Outgoing(test_connect, connections)
    try:
        yield outgoing
    finally:
        await outgoing.close()


class _Resolver(AbstractResolver):
    """Names to addresses. What resolves to none that is allowed does not exist."""

    def __init__(self, instead: Mapping[str, str], *, public_only: bool) -> None:
        self._instead = instead
        self._public_only = public_only
        self._system = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if (target := self._instead.get(host.lower())) is not None:
            address, _, there = target.rpartition(":")
            return [
                ResolveResult(
                    hostname=host, host=address, port=int(there), family=socket.AF_INET, proto=0,
                    flags=socket.AI_NUMERICHOST,
                )
            ]  # fmt: skip
        found = await self._system.resolve(host, port, family)
        allowed = [each for each in found if not self._public_only or is_public(each["host"])]
        if not allowed:
            raise OSError(None, f"{host} has no public address")
        return allowed

    async def close(self) -> None:
        await self._system.close()


def is_public(address: str) -> bool:
    """Whether the address is one of the open internet's, however it is written."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.sixtofour is not None or found.teredo is not None:
            return False
        if found in NAT64:
            found = ipaddress.IPv4Address(found.packed[-4:])
        elif found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found not in GLOBAL_UNICAST:
            return False
    return found.is_global and not found.is_multicast


@lru_cache(maxsize=256)
def _is_private_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_public(host)


@lru_cache(maxsize=64)
def _patience(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, sock_connect=min(seconds, CONNECT_SECONDS))


def _parsed(url: str) -> URL:
    """As the call itself reads it, so that the host which is judged is the one that is called: `１２７.0.0.1` is one
    inside."""
    try:
        return URL(url, encoded=_PLAIN.fullmatch(url) is not None)
    except ValueError as fault:
        raise Unreachable("no address to call") from fault


def _session(resolver: _Resolver, connections: int) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(resolver=resolver, limit=connections, use_dns_cache=False)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": AGENT, "Accept-Encoding": "identity"},
        auto_decompress=False,
    )


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    if response.content.at_eof():
        return b""
    body = bytearray()
    async for piece in response.content.iter_chunked(64 * 1024):
        body += piece
        if len(body) > most:
            raise Unreachable(f"the answer has more than {most} octets")
    return bytes(body)


def _retry_after(response: aiohttp.ClientResponse) -> float | None:
    """RFC 9110 §10.2.3: seconds, or a date."""
    text = response.headers.get("Retry-After", "")
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text) if len(text) < 7 else None
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        return None
    return max(0.0, (until - clock.now()).total_seconds())
