"""The server, and the worker beside it, as processes of their own; what they cost."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import psutil

from tests.commands import ROOT, Command, free_port, running

READY_SECONDS = 30


class Serving:
    """`worker` is None where there is none."""

    def __init__(self, port: int, server: Command, worker: Command | None) -> None:
        self.port = port
        self.server = server
        self.worker = worker

    def cpu_seconds(self, *, children: bool = False) -> float:
        """What the server has used so far; with its children, those that have ended too."""
        return _cpu_seconds(self.server.process.pid, children=children)

    def worker_cpu_seconds(self) -> float:
        return _cpu_seconds(self.worker.process.pid, children=False) if self.worker else 0.0

    def megabytes(self, *, children: bool = False) -> float:
        """Resident, server and worker together."""
        both = [psutil.Process(each.process.pid) for each in (self.server, self.worker) if each]
        if children:
            both += [child for each in both for child in each.children(recursive=True)]
        return float(sum(each.memory_info().rss for each in both)) / 2**20


class Bare:
    """The bare application in its process."""

    def __init__(self, port: int, process: asyncio.subprocess.Process) -> None:
        self.port = port
        self._process = process

    def cpu_seconds(self) -> float:
        return _cpu_seconds(self._process.pid, children=False)


@asynccontextmanager
async def serving_bare() -> AsyncIterator[Bare]:
    """tests.bench.bare by uvicorn; killed at the end of the block."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "uvicorn", "tests.bench.bare:app", "--port", str(port), "--log-level", "warning", cwd=ROOT
    )
    try:
        await _answers(port, "/bare")
        yield Bare(port, process)
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def serving(url: str, folder: Path, *, worker: bool = False, **settings: str) -> AsyncIterator[Serving]:
    """`moshao serve` on the database `url`, ready; killed at the end of the block."""
    port = free_port()
    told = {"data": str(folder), "database_url": url, "port": str(port), "log_level": "warning"} | settings
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(running("serve", settings=told))
        beside = await stack.enter_async_context(running("worker", settings=told)) if worker else None
        await _answers(port, "/readyz")
        yield Serving(port, server, beside)


async def _answers(port: int, path: str) -> None:
    async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(path)).is_success:
                    return
            await asyncio.sleep(0.05)


def _cpu_seconds(pid: int, *, children: bool) -> float:
    process = psutil.Process(pid)
    times = process.cpu_times()
    seconds = times.user + times.system
    if children:
        seconds += times.children_user + times.children_system
        for child in process.children(recursive=True):
            seconds += child.cpu_times().user + child.cpu_times().system
    return float(seconds)
