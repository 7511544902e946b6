"""The connection that Chromium keeps open to Google (MCS over TLS): a version, then tag, length, message of each frame.

A message is kept until the browser's next login names it as received; a browser that is away gets it then.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import msgspec

from moshao.kit import clock
from tests.push.door import Message
from tests.push.protobuf import number, part, parts, varint

HEARTBEAT, HEARTBEAT_ACK, LOGIN, LOGIN_ANSWER, DATA = 0, 1, 2, 3, 8
RECEIVED_FIELD = 10


class Registration(msgspec.Struct, frozen=True):
    """What a subscription was made with: the browser's app and the sender's key, and which page it belongs to."""

    app: str
    sender: str
    subtype: str


class Connections:
    """One stands for all browsers: a test has one Chromium at a time."""

    def __init__(self) -> None:
        self.registered: dict[str, Registration] = {}
        self.waiting: Callable[[set[str]], list[Message]] = lambda tokens: []
        self.done: Callable[[str], None] = lambda message_id: None
        self.port = 0
        self._open: list[asyncio.StreamWriter] = []
        self._change = asyncio.Condition()

    async def open(self, count: int, seconds: float = 60) -> None:
        """Returns when so many browsers are connected."""
        async with asyncio.timeout(seconds), self._change:
            await self._change.wait_for(lambda: len(self._open) == count)

    async def bring(self, message: Message) -> bool:
        if not self._open:
            return False
        self._open[-1].write(_frame(DATA, self._data(message)))
        with suppress(ConnectionError):
            await self._open[-1].drain()
        return True

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            version = await reader.readexactly(1)
            writer.write(version)
            while True:
                tag, message = await _read(reader)
                if tag == LOGIN:
                    await self._log_in(writer, message)
                elif tag == HEARTBEAT:
                    writer.write(_frame(HEARTBEAT_ACK, b""))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            await self._leave(writer)

    async def _log_in(self, writer: asyncio.StreamWriter, message: bytes) -> None:
        for field, content in parts(message):
            if field == RECEIVED_FIELD:
                self.done(content.decode())
        now_ms = int(clock.now().timestamp() * 1000)
        writer.write(_frame(LOGIN_ANSWER, part(1, "chrome-login") + number(8, now_ms)))
        for one in self.waiting(set(self.registered)):
            writer.write(_frame(DATA, self._data(one)))
        async with self._change:
            self._open.append(writer)
            self._change.notify_all()

    async def _leave(self, writer: asyncio.StreamWriter) -> None:
        writer.close()
        async with self._change:
            if writer in self._open:
                self._open.remove(writer)
            self._change.notify_all()

    def _data(self, message: Message) -> bytes:
        its = self.registered[message.token]
        named = {"subtype": its.subtype, "content-encoding": "aes128gcm"}
        return (
            part(2, message.id)
            + part(3, its.sender)
            + part(5, its.app)
            + b"".join(part(7, part(1, name) + part(2, value)) for name, value in named.items())
            + part(9, message.id)
            + number(17, message.ttl_s)
            + number(18, int(message.taken_at.timestamp() * 1000))
            + part(21, message.body)
        )


@asynccontextmanager
async def connections(tls: ssl.SSLContext) -> AsyncIterator[Connections]:
    made = Connections()
    speaking: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(made.speak(reader, writer))
        speaking.add(task)
        task.add_done_callback(speaking.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in list(speaking):
            task.cancel()
        await asyncio.gather(*speaking, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    tag = (await reader.readexactly(1))[0]
    length = shift = 0
    while True:
        octet = (await reader.readexactly(1))[0]
        length, shift = length | (octet & 0x7F) << shift, shift + 7
        if octet < 0x80:
            return tag, await reader.readexactly(length)


def _frame(tag: int, message: bytes) -> bytes:
    return bytes([tag]) + varint(len(message)) + message
