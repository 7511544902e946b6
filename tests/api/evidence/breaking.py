"""A network that breaks: a proxy that resets a connection once so many octets went up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.api.evidence.sockets import Wire


class Breaking:
    """`lives`: how many octets each next connection carries upwards; those after the last carry everything."""

    def __init__(self, target: int, lives: list[int]) -> None:
        self.target = target
        self.lives = lives
        self.broken = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        life = self.lives.pop(0) if self.lives else None
        phone, server = Wire(reader, writer), Wire(*await asyncio.open_connection("127.0.0.1", self.target))
        down = asyncio.create_task(_copy(server.reader, phone.writer))
        if await _copy(phone.reader, server.writer, life):
            self.broken += 1
            phone.reset()
            server.reset()
        down.cancel()
        for wire in (phone, server):
            wire.writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, life: int | None = None) -> bool:
    """Whether it ended because its life was over."""
    with suppress(ConnectionError):
        while piece := await reader.read(16_384 if life is None else min(16_384, life)):
            writer.write(piece)
            await writer.drain()
            if life is not None:
                life -= len(piece)
                if life <= 0:
                    return True
    return False


@asynccontextmanager
async def breaking(target: int, *lives: int) -> AsyncIterator[tuple[int, Breaking]]:
    """The proxy's port, and what it did."""
    network = Breaking(target, list(lives))
    server = await asyncio.start_server(network.carry, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], network
    finally:
        server.close()
        await server.wait_closed()
