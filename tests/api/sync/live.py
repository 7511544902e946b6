"""The world's application on a real socket, and a reader of its stream that sees every byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn

from tests.world import World


@asynccontextmanager
async def on_a_socket(world: World) -> AsyncIterator[int]:
    """The port of 127.0.0.1 on which the world's started application listens."""
    async with served(world.app) as port:
        yield port


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[int]:
    """An application that is started already, or needs no start, on a free port."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, lifespan="off", log_config=None)
    config.timeout_graceful_shutdown = 5
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


class Listener:
    """An open stream. `status` and `headers` as they came; `rest` what came and was not read yet."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.status = 0
        self.headers: dict[str, str] = {}

    async def start(self) -> None:
        head = (await self._within(self.reader.readuntil(b"\r\n\r\n"))).decode()
        first, *lines = head.strip().split("\r\n")
        self.status = int(first.split()[1])
        self.headers = dict(line.lower().split(": ", 1) for line in lines)

    async def block(self) -> bytes:
        """The next block of the stream, up to and with its empty line; b"" at the end."""
        size = int(await self._within(self.reader.readline()), 16)
        content = await self._within(self.reader.readexactly(size + 2))
        return content[:-2]

    async def event(self) -> bytes:
        """The next block that is an event."""
        while not (block := await self.block()).startswith(b"id:"):
            assert block, "the stream ended"
        return block

    async def end(self) -> list[bytes]:
        """What still comes until the server ends the stream."""
        blocks = []
        while block := await self.block():
            blocks.append(block)
        return blocks

    async def _within(self, reading: "asyncio.Future[bytes] | object") -> bytes:
        return await asyncio.wait_for(reading, 60)  # type: ignore[arg-type]


@asynccontextmanager
async def listening(port: int, token: str, path: str = "/api/stream", **headers: str) -> AsyncIterator[Listener]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Cookie: moshao={token}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    listener = Listener(reader, writer)
    try:
        await listener.start()
        yield listener
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
