"""Uploads over bare sockets: requests that stop where a test wants them to."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.api.evidence.sending import OFFSET_TYPE, Sending

PATIENCE_SECONDS = 60


class Wire:
    """One connection with a request under way."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, content: bytes) -> None:
        self.writer.write(content)
        await self.writer.drain()

    async def answer(self) -> tuple[int, dict[str, str]]:
        """Status and headers, once they come."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines)

    def reset(self) -> None:
        """End it as a phone does whose network is gone: no goodbye."""
        linger = struct.pack("ii", 1, 0)
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.writer.transport.abort()


@asynccontextmanager
async def patching(port: int, photo: Sending, at: int, *, more: str = "") -> AsyncIterator[Wire]:
    """A PATCH that announces the rest of the photo from `at` on and has sent nothing of it yet."""
    lines = [
        f"PATCH {photo.url} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Cookie: moshao={photo.phone.client.cookies['moshao']}",
        "Tus-Resumable: 1.0.0",
        f"Upload-Offset: {at}",
        f"Content-Type: {OFFSET_TYPE}",
        f"Content-Length: {len(photo.content) - at}",
    ]
    wire = Wire(*await asyncio.open_connection("127.0.0.1", port))
    try:
        await wire.send(("\r\n".join([*lines, "", ""])).encode())
        yield wire
    finally:
        wire.writer.close()
        with suppress(OSError):
            await wire.writer.wait_closed()


async def until_offset(folder: Path, photo: Sending, offset: int) -> None:
    """Wait until so much lies in the server's store below `folder`; to ask the server would cut the writer off."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while [draft.stat().st_size for draft in folder.rglob(f"drafts/{photo.photo_id}")] != [offset]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
