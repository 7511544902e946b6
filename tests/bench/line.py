"""A slow line between a phone and the server: so many bits a second each way, for all that goes over it together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

PIECE_BYTES = 4096


class Way:
    """One direction. What is sent waits for what was sent before it."""

    def __init__(self, bits_per_second: int) -> None:
        self._bytes_per_second = bits_per_second / 8
        self._free_at = 0.0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(PIECE_BYTES):
                now = asyncio.get_running_loop().time()
                self._free_at = max(now, self._free_at) + len(piece) / self._bytes_per_second
                await asyncio.sleep(self._free_at - now)
                writer.write(piece)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def a_line(server_port: int, bits_per_second: int) -> AsyncIterator[int]:
    """The port at which the server is found at its other end."""
    down, up = Way(bits_per_second), Way(bits_per_second)

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", server_port)
        await asyncio.gather(up.carry(reader, server_writer), down.carry(server_reader, writer))

    async with await asyncio.start_server(joined, "127.0.0.1", 0) as listener:
        yield listener.sockets[0].getsockname()[1]
