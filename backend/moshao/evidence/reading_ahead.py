"""Read a request's body while what came before is being written.

The web server forgets what it holds of a body when the connection breaks; so as little as possible is left with it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

PIECES_MOST = 4


@asynccontextmanager
async def reading_ahead(pieces: AsyncIterator[bytes]) -> AsyncIterator[AsyncIterator[bytes]]:
    """The same pieces, up to four of them in advance; a fault of theirs comes in its place."""
    queue: asyncio.Queue[bytes | Exception | None] = asyncio.Queue(PIECES_MOST)
    reading = asyncio.create_task(_fill(queue, pieces))
    try:
        yield _drain(queue)
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


async def _fill(queue: asyncio.Queue[bytes | Exception | None], pieces: AsyncIterator[bytes]) -> None:
    try:
        async for piece in pieces:
            await queue.put(piece)
    except Exception as fault:
        await queue.put(fault)
    else:
        await queue.put(None)


async def _drain(queue: asyncio.Queue[bytes | Exception | None]) -> AsyncIterator[bytes]:
    while (piece := await queue.get()) is not None:
        if isinstance(piece, Exception):
            raise piece
        yield piece
