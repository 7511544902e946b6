"""GET /api/changes of a handler and a supervisor, in a young district and beside it in one with a long history.

CPU of the serving process for a request; medians of the rounds; the two districts are asked in turn. HISTORY in the
environment says how many ended cases the old one has.
"""

import asyncio
import os
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.bench_changes import asked, cursors, microseconds
from tests.bench.history import add_history
from tests.bench.load import Load, Wanted, http
from tests.bench.serving import Serving, serving
from tests.bench.town import Town, a_town
from tests.databases import POSTGRES, fresh_url
from tests.results import keep, settle

ROUNDS = 7
HISTORY = int(os.environ.get("HISTORY", "1000000"))
HANDLERS = 64
OPEN_EACH = 40
CHANGED = 128
COUNT = 2000
CEILING = 1.3  # what two districts of the same size may differ by in one run


class District:
    """A town behind a server of its own, and what is asked of it."""

    def __init__(self, server: Serving, load: Load, asks: dict[str, list[Wanted]]) -> None:
        self.server = server
        self.load = load
        self.asks = asks
        self.found: dict[str, list[float]] = {name: [] for name in asks}

    async def measure(self) -> None:
        for name, wanted in self.asks.items():
            self.found[name].append(await microseconds(self.load, self.server.cpu_seconds, wanted))


async def a_district(stack: AsyncExitStack, folder: Path, history: int) -> District:
    url = await stack.enter_async_context(fresh_url(folder))
    town = await a_town(url, folder, HANDLERS)
    if history:
        begun = time.perf_counter()
        await add_history(town, history)
        print(f"{history:,} cases of history made in {time.perf_counter() - begun:.0f} s")
    asks = await _asks(town)
    await town.db.close()
    server = await stack.enter_async_context(serving(url, folder))
    return District(server, stack.enter_context(Load(server.port)), asks)


async def _asks(town: Town) -> dict[str, list[Wanted]]:
    await town.put(HANDLERS * OPEN_EACH, lambda number: town.handlers[number % HANDLERS])
    before = await cursors(town)
    await town.put(CHANGED, lambda number: town.handlers[number % HANDLERS])
    now = await cursors(town)
    desk = Wanted(http("GET", "/api/changes?after=0", town.supervisor))
    return {
        "nothing new": asked(town, now.__getitem__, COUNT),
        f"{CHANGED} new, 2 of them his": asked(town, before.__getitem__, COUNT // 4),
        f"from 0, {OPEN_EACH} open": asked(town, lambda _: "after=0", HANDLERS),
        "a supervisor's from 0": [desk] * 5,
    }


async def main() -> None:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        young = await a_district(stack, folder / "young", 0)
        old = await a_district(stack, folder / "old", HISTORY)
        for _ in range(ROUNDS):
            await young.measure()
            await old.measure()
    for name in young.asks:
        ratio = statistics.median(b / a for a, b in zip(young.found[name], old.found[name], strict=True))
        before, after = (statistics.median(each.found[name]) for each in (young, old))
        on = "PostgreSQL" if POSTGRES else "SQLite"
        keep(
            f"changes with {HISTORY:,} ended cases, {name} ({on})",
            f"{after:.0f} µs CPU, {ratio:.2f} × without ({before:.0f} µs)",
            wanted="no slower",
            reached=ratio <= CEILING,
        )
    settle()


if __name__ == "__main__":
    asyncio.run(main())
