"""The server's end of one pixel child: start it, give it an order, kill it when it hangs."""

import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from typing import Literal

import msgspec

from moshao.evidence.pixel_messages import HEAD, Order, Result, framed

Lane = Literal["quick", "careful"]

# What takes too much of the processor is ended by the kernel (`pixels.obey`). A child that only waits for it is waited
# for: another one would have to be started first, and wait as long.
HANGS_SECONDS = 18.0
ORDERS_MOST = 1000
READ_AT_ONCE = 256 * 1024
CRASHES = frozenset({signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL})
TOO_LONG = frozenset({signal.SIGPROF, signal.SIGXCPU})
PACKAGES = Path(__file__).parents[2]
# What a large photo took goes back to the machine before the next comes; what every photo takes is kept for the next:
# to fetch it anew costs a quarter of the time of all copies.
ALLOCATOR = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(8 * 1024 * 1024),
    "MALLOC_TRIM_THRESHOLD_": str(32 * 1024 * 1024),
}

_RESULT = msgspec.msgpack.Decoder(Result)


class ChildDied(Exception):
    """It gave no result. `code` is what that says about the photo; None: nothing, try again."""

    def __init__(self, code: str | None) -> None:
        super().__init__(code)
        self.code = code


class PixelChild:
    """A running child. `await start_child(lane)` makes one."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._orders = 0

    @property
    def is_worn(self) -> bool:
        """Whether a fresh one should take over, before anything that leaks has leaked much."""
        return self._orders >= ORDERS_MOST

    async def ask(self, order: Order) -> Result:
        """Its result. Raises ChildDied."""
        self._orders += 1
        try:
            async with asyncio.timeout(HANGS_SECONDS):
                return await self._talk(order)
        except TimeoutError:
            await self.end()
            raise ChildDied(None) from None
        except (asyncio.IncompleteReadError, ConnectionError, msgspec.MsgspecError):
            raise ChildDied(await self._cause()) from None

    async def end(self) -> None:
        assert self._process.stdout
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        # A process counts as ended when its pipes have; one stands still that is full of what nobody has read.
        with contextlib.suppress(ConnectionError):
            while await self._process.stdout.read(READ_AT_ONCE):
                pass
        await self._process.wait()

    async def _talk(self, order: Order) -> Result:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(framed(order))
        await self._process.stdin.drain()
        (length,) = HEAD.unpack(await self._process.stdout.readexactly(HEAD.size))
        result: Result = _RESULT.decode(await self._process.stdout.readexactly(length))
        return result

    async def _cause(self) -> str | None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), 1)
        number = -(self._process.returncode or 0)
        await self.end()
        if number in TOO_LONG:
            return "photo_too_costly"
        return "photo_broken" if number in CRASHES else None


async def start_child(lane: Lane) -> PixelChild:
    """A child with an empty environment: it gets to know no secret."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-s", "-m", "moshao.evidence.pixels", lane,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": str(PACKAGES), "LANG": "C.UTF-8", **ALLOCATOR},
        cwd="/",
        start_new_session=True,
    )  # fmt: skip
    return PixelChild(process)
