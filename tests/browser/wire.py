"""A radio link as in a cellar: slow, far away, and gone most of the time. Bytes in, bytes out, whatever they mean."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from moshao.kit import clock

CHUNK_BYTES = 2048
SMALL_BUFFER_BYTES = 4096


class Wire:
    """A good one at first. `up_bytes`: what the phone has put on it so far. When it goes down all its connections are
    cut, and none is made until it is up again."""

    def __init__(self, server_port: int) -> None:
        self.up_bytes = 0
        self.is_up = True
        self._server_port = server_port
        self._rate = float("inf")
        self._far = 0.0
        self._free = {"up": 0.0, "down": 0.0}
        self._ends: set[socket.socket] = set()

    def worsen(self, *, bytes_per_second: float, far: float) -> None:
        """Each way its own bytes; `far` seconds there and back."""
        self._rate, self._far = bytes_per_second, far

    async def cycle(self, *, up: float, down: float) -> None:
        """Seconds of each, in turn, for ever."""
        while True:
            self.is_up = True
            await asyncio.sleep(up)
            self.go_down()
            await asyncio.sleep(down)

    def go_down(self) -> None:
        self.is_up = False
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    async def serve(self, phone: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        server = socket.socket()
        server.setblocking(False)
        try:
            if not self.is_up:
                return
            self._ends |= {phone, server}
            await asyncio.sleep(self._far)
            await loop.sock_connect(server, ("127.0.0.1", self._server_port))
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carry("up", phone, server))
                both.create_task(self._carry("down", server, phone))
        except* OSError:
            pass
        finally:
            self._ends -= {phone, server}
            phone.close()
            server.close()

    async def _carry(self, way: str, here: socket.socket, there: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        late: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(self._deliver(late, there))
        try:
            while chunk := await loop.sock_recv(here, CHUNK_BYTES):
                if not self.is_up:
                    break
                if way == "up":
                    self.up_bytes += len(chunk)
                sent = max(clock.monotonic(), self._free[way]) + len(chunk) / self._rate
                self._free[way] = sent
                late.put_nowait((sent + self._far / 2, chunk))
                await asyncio.sleep(sent - clock.monotonic())
            late.put_nowait((clock.monotonic(), b""))
            await arriving
        finally:
            arriving.cancel()

    async def _deliver(self, late: asyncio.Queue[tuple[float, bytes]], there: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, chunk = await late.get()
            await asyncio.sleep(max(0.0, due - clock.monotonic()))
            if not chunk or not self.is_up:
                with suppress(OSError):
                    there.shutdown(socket.SHUT_WR)
                return
            await loop.sock_sendall(there, chunk)


@asynccontextmanager
async def a_wire(server_port: int) -> AsyncIterator[tuple[Wire, int]]:
    """The link, and the port at which a phone finds it."""
    wire = Wire(server_port)
    loop = asyncio.get_running_loop()
    with socket.socket() as listener:
        # What the kernel takes off the phone's hands would count as sent.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER_BYTES)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        serving: set[asyncio.Task[None]] = set()

        async def accept() -> None:
            while True:
                phone, _ = await loop.sock_accept(listener)
                phone.setblocking(False)
                task = asyncio.create_task(wire.serve(phone))
                serving.add(task)
                task.add_done_callback(serving.discard)

        accepting = asyncio.create_task(accept())
        try:
            yield wire, listener.getsockname()[1]
        finally:
            for task in [accepting, *serving]:
                task.cancel()
            await asyncio.gather(accepting, *serving, return_exceptions=True)
