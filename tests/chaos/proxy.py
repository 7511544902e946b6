"""A bad network: stands between a phone and the server and does to each request what the plan says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress

FAULTS = (
    "none",
    "lost_request",  # never arrives
    "cut",  # half of the body arrives
    "lost_answer",  # done, and nobody hears of it
    "doubled",  # arrives twice at one moment
    "late",  # arrives once more, after the next one
    "portal",  # a page of the café's network
    "bad_gateway",  # done, and a proxy's error page instead of the answer
    "session_over",  # the session ended just before
    "killed_before",  # the server is killed when it has heard the request
    "killed_after",  # the server is killed before its answer arrives
)
PAGE = b"HTTP/1.1 %d OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n\r\n<html></html>"
Happen = Callable[[], Awaitable[None]]


class Network:
    """`kill` kills the server and starts it again, `end_session` ends the phone's session."""

    def __init__(self, server_port: int, kill: Happen, end_session: Happen) -> None:
        self.plan: list[str] = []
        self.happened: list[str] = []
        self._server_port = server_port
        self._kill = kill
        self._end_session = end_session
        self._late: list[bytes] = []
        self._under_way: set[asyncio.Task[None]] = set()

    def expect(self, faults: Iterable[str]) -> None:
        """What happens to the next requests; those after them arrive and are answered."""
        self.plan, self.happened = list(faults), []

    async def deliver_late(self) -> None:
        late, self._late = self._late, []
        for request in late:
            await self._exchange(request)

    async def quiet(self) -> None:
        """Until nothing is under way: the phone may have stopped waiting for what still kills the server."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            await self._serve(reader, writer)
        finally:
            self._under_way.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Its one request."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            request = await _whole(reader)
            fault = self.plan.pop(0) if self.plan else "none"
            self.happened.append(fault)
            writer.write(await self._pass(fault, request))
            await writer.drain()
        writer.close()

    async def _pass(self, fault: str, request: bytes) -> bytes:
        """What the phone hears; nothing: the connection ends."""
        late, self._late = self._late, []
        if fault == "lost_request":
            answer = b""
        elif fault == "portal":
            answer = PAGE % 200
        elif fault == "cut":
            answer = await self._exchange(request[: len(request) - len(_body(request)) // 2], whole=False)
        elif fault == "doubled":
            answer, _ = await asyncio.gather(self._exchange(request), self._exchange(request))
        elif fault.startswith("killed"):
            answer = await self._exchange(request, kill=fault)
        else:
            if fault == "session_over":
                await self._end_session()
            answer = await self._exchange(request)
        for earlier in late:
            await self._exchange(earlier)
        if fault == "late":
            self._late.append(request)
        heard = {"lost_answer": b"", "bad_gateway": PAGE % 502}
        return heard.get(fault, answer)

    async def _exchange(self, request: bytes, *, whole: bool = True, kill: str = "") -> bytes:
        """The server's whole answer."""
        with suppress(ConnectionError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._server_port)
            try:
                writer.write(request)
                await writer.drain()
                if not whole:
                    return b""
                if kill == "killed_after":
                    await reader.read(1)
                if kill:
                    await self._kill()
                    return b""
                return await reader.read()
            finally:
                writer.close()
        return b""


@asynccontextmanager
async def a_network(server_port: int, kill: Happen, end_session: Happen) -> AsyncIterator[tuple[Network, int]]:
    """The network, and the port at which a phone finds it."""
    network = Network(server_port, kill, end_session)
    async with await asyncio.start_server(network.serve, "127.0.0.1", 0, limit=2**24) as listener:
        yield network, listener.sockets[0].getsockname()[1]


async def _whole(reader: asyncio.StreamReader) -> bytes:
    """A request, to be answered on a connection of its own."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n")[:-2] if not line.lower().startswith(b"connection:")]
    lengths = [int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")]
    body = await reader.readexactly(lengths[0]) if lengths else b""
    return b"\r\n".join([*lines, b"Connection: close", b"", body])


def _body(request: bytes) -> bytes:
    return request.partition(b"\r\n\r\n")[2]
