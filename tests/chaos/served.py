"""A demo district served by real processes that can be killed and started again."""

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from moshao.kit.config import load
from moshao.operate.demo import prepare
from moshao.operate.demo_file import DemoFile
from tests.commands import Command, free_port, run, started
from tests.databases import fresh_url

# Each kill in so many hits the worker, the others the server.
WORKER_EACH = 4


class Served:
    """The server and the worker of a district. `told` hears each acknowledgement; some bring a kill."""

    def __init__(self, demo: DemoFile, settings: Mapping[str, str]) -> None:
        self.demo = demo
        self.settings = settings
        self.processes: dict[str, Command] = {}
        self.killed: list[str] = []
        self._moments: dict[int, str] = {}
        self._acknowledged = 0

    async def start(self, name: str) -> None:
        self.processes[name] = await started(name, settings=self.settings)

    def plan_kills(self, count: int, *, within: int, chance: random.Random) -> None:
        """Kill one of the two at each of `count` moments among the first `within` acknowledgements."""
        moments = sorted(chance.sample(range(1, within), count))
        self._moments = {
            moment: "worker" if number % WORKER_EACH == 1 else "serve" for number, moment in enumerate(moments)
        }

    def told(self) -> str | None:
        """Which of the two is to be killed now."""
        self._acknowledged += 1
        return self._moments.get(self._acknowledged)

    async def kill(self, name: str) -> None:
        """As the kernel does when memory runs out, and as the init system does then."""
        await self.processes[name].killed()
        self.killed.append(name)
        await self.start(name)

    async def verify(self) -> tuple[int, str]:
        return await run("verify", settings=self.settings)


@asynccontextmanager
async def served(folder: Path, feedback_url: str | None = None, **more: str) -> AsyncIterator[Served]:
    """A fresh demo district, with `more` settings; the processes are killed at the end of the block."""
    async with fresh_url(folder) as url:
        settings = {"data": str(folder), "database_url": url, "port": str(free_port()), **more}
        demo = await prepare(
            load({f"MOSHAO_{name.upper()}": value for name, value in settings.items()}), 1, feedback_url
        )
        district = Served(demo, settings)
        try:
            for name in ("serve", "worker"):
                await district.start(name)
            yield district
        finally:
            for process in district.processes.values():
                await process.killed()
