"""Clients in a process of their own, light enough to leave the machine to the server: raw HTTP/1.1 on kept connections.

`Load.play` sends prepared requests, as fast as they are answered or as they fall due.
"""

import asyncio
import collections
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self

import msgspec
import uvloop

CONNECTIONS_MOST = 256
START_SECONDS = 0.2


class Played(msgspec.Struct):
    """`took`: seconds of each request, counted from when it was due, by what it was called. `statuses`: how many.
    `cpu_seconds`: what asking took of the processor."""

    seconds: float
    cpu_seconds: float
    took: dict[str, list[float]]
    statuses: dict[str, int]

    def share(self, share: float, name: str = "") -> float:
        """Within how many seconds this share of the requests called so (all, without a name) was answered."""
        took = self.took[name] if name else [each for part in self.took.values() for each in part]
        return statistics.quantiles(took, n=1000, method="inclusive")[round(share * 1000) - 1]

    def all_in(self, *statuses: str) -> None:
        """Raises where another answer than these came."""
        assert set(self.statuses) <= set(statuses), self.statuses


class Wanted(msgspec.Struct):
    """A request as bytes. `due`: seconds from the start; 0: at once, when a client is free."""

    request: bytes
    name: str = ""
    due: float = 0.0


class Load:
    """A process that asks. A block: it ends with it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()

    async def play(self, wanted: Sequence[Wanted], *, clients: int = CONNECTIONS_MOST) -> Played:
        """Send each once over at most `clients` connections, and wait for the last answer."""
        running = asyncio.get_running_loop().run_in_executor(self._pool, _play, self.port, list(wanted), clients)
        return await running


def http(method: str, path: str, cookie: str = "", body: bytes = b"", **headers: str) -> bytes:
    """A request as it goes over the wire; `cookie` is a session's token."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if cookie:
        lines.append(f"Cookie: moshao={cookie}")
    if body:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _play(port: int, wanted: list[Wanted], clients: int) -> Played:
    return uvloop.run(_Player(port, clients).play(wanted))


class _Player:
    def __init__(self, port: int, clients: int) -> None:
        self.port = port
        self.left = clients
        self.idle: list[_Connection] = []
        self.free = asyncio.Semaphore(clients)
        self.took: dict[str, list[float]] = collections.defaultdict(list)
        self.statuses: collections.Counter[str] = collections.Counter()

    async def play(self, wanted: list[Wanted]) -> Played:
        begun, used = time.perf_counter() + START_SECONDS, time.process_time()
        await asyncio.sleep(START_SECONDS)
        async with asyncio.TaskGroup() as group:
            for each in wanted:
                if each.due > time.perf_counter() - begun:
                    await asyncio.sleep(begun + each.due - time.perf_counter())
                await self.free.acquire()
                group.create_task(self._ask(each, begun + each.due if each.due else time.perf_counter()))
        seconds = time.perf_counter() - begun
        for connection in self.idle:
            connection.transport.close()
        return Played(seconds, time.process_time() - used, dict(self.took), dict(self.statuses))

    async def _ask(self, wanted: Wanted, since: float) -> None:
        connection = self._kept() or await self._connect()
        status = await connection.ask(wanted.request)
        self.took[wanted.name].append(time.perf_counter() - since)
        self.statuses[status] += 1
        self.idle.append(connection)
        self.free.release()

    def _kept(self) -> "_Connection | None":
        """The one used last: those used least the server may have ended."""
        while self.idle:
            connection = self.idle.pop()
            if not connection.transport.is_closing():
                return connection
        return None

    async def _connect(self) -> "_Connection":
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(_Connection, "127.0.0.1", self.port)
        return connection


class _Connection(asyncio.Protocol):
    """One answer at a time, of a length that its head names."""

    transport: Any
    answer: "asyncio.Future[str]"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def connection_lost(self, fault: Exception | None) -> None:
        if not self.answer.done():
            self.answer.set_result("lost")

    def ask(self, request: bytes) -> "asyncio.Future[str]":
        self.answer = asyncio.get_running_loop().create_future()
        self.status = ""
        self.got = b""
        self.missing = 0
        self.transport.write(request)
        return self.answer

    def data_received(self, data: bytes) -> None:
        if self.status:
            self.missing -= len(data)
        else:
            self.got += data
            head, found, body = self.got.partition(b"\r\n\r\n")
            if not found:
                return
            self.status = head[9:12].decode()
            length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
            self.missing = int(length.partition(b":")[2]) - len(body)
        if self.missing <= 0 and not self.answer.done():
            self.answer.set_result(self.status)
