"""Commands of the installed program, run as processes of their own."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINE_MOST = 4 * 1024 * 1024
NOTHING_SET: Mapping[str, str] = {}


class Command:
    """A running command. `lines`: what it has said so far, on both streams."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._more = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    async def says(self, words: str, seconds: float = 120) -> str:
        """The line with these words, once it comes."""
        async with asyncio.timeout(seconds), self._more:
            while True:
                for line in self.lines:
                    if words in line:
                        return line
                assert not self._reading.done(), f"it ended without saying {words!r}:\n{self.said}"
                await self._more.wait()

    async def ends(self, seconds: float = 120) -> int:
        """Its exit code, minus the number of the signal that ended it."""
        async with asyncio.timeout(seconds):
            await self._reading
            return await self.process.wait()

    async def killed(self) -> None:
        """Gone, as by kill -9, if it was there."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.ends()

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode().rstrip())
            await self._tell()
        asyncio.get_running_loop().call_soon(lambda: asyncio.ensure_future(self._tell()))

    async def _tell(self) -> None:
        async with self._more:
            self._more.notify_all()


async def started(*args: str | Path, settings: Mapping[str, str] = NOTHING_SET) -> Command:
    """`moshao ARGS`, with `MOSHAO_*` as `settings`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "moshao", *(str(arg) for arg in args),
        env=_environ(settings), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, limit=LINE_MOST,
    )  # fmt: skip
    return Command(process)


@asynccontextmanager
async def running(*args: str | Path, settings: Mapping[str, str] = NOTHING_SET) -> AsyncIterator[Command]:
    """The same; whatever runs at the end of the block is killed."""
    command = await started(*args, settings=settings)
    try:
        yield command
    finally:
        await command.killed()


async def run(*args: str | Path, settings: Mapping[str, str] = NOTHING_SET, seconds: float = 240) -> tuple[int, str]:
    """Exit code and words of a command that ends by itself."""
    async with running(*args, settings=settings) as command:
        return await command.ends(seconds), command.said


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environ(settings: Mapping[str, str]) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("MOSHAO_")}
    named = {f"MOSHAO_{name.upper()}": value for name, value in settings.items()}
    return given | named | {"PYTHONPATH": str(ROOT / "backend"), "PYTHONUNBUFFERED": "1"}
