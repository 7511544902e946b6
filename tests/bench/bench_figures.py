"""The figures screen by HTTP: a week, a month and a quarter by unit, with nine months of a district's cases behind it
and with a million.

Both districts have Wancheng's 389 cases a day, the second for seven years; they are asked in turn, and the worker has
counted their days as it does while they grow. HISTORY in the environment says how many cases the older one has.
"""

# On PostgreSQL too.

import asyncio
import os
import statistics
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from moshao.figures.keeping import keep_days
from moshao.kit import clock
from tests.bench.history import add_days
from tests.bench.load import Load, Wanted, http
from tests.bench.serving import serving
from tests.bench.town import a_town
from tests.databases import POSTGRES, fresh_url
from tests.results import keep, settle

YOUNG, OLD = 106_088, int(os.environ.get("HISTORY", "1000000"))
HANDLERS, OPEN_EACH = 90, 5
ROUNDS, COUNT = 5, 40
SCREENS = {"a week": 7, "a month": 30, "a quarter": 91}
WANTED_MS, WANTED_RATIO, NOISE = 100.0, 1.2, 0.1
DAY = timedelta(days=1)


class District:
    """A town with a history behind a server of its own."""

    def __init__(self, load: Load, token: str) -> None:
        self._load = load
        self._token = token
        self.p95_ms: dict[str, list[float]] = {name: [] for name in SCREENS}

    async def measure(self) -> None:
        today = clock.now().date()
        for name, days in SCREENS.items():
            path = f"/api/figures?from={today - DAY * (days - 1)}&to={today}&by=unit"
            played = await self._load.play([Wanted(http("GET", path, self._token))] * COUNT, clients=1)
            played.all_in("200")
            self.p95_ms[name].append(1000 * played.share(0.95))


async def a_district(stack: AsyncExitStack, folder: Path, cases: int) -> District:
    url = await stack.enter_async_context(fresh_url(folder))
    town = await a_town(url, folder, HANDLERS)
    await add_days(town, cases)
    await town.put(HANDLERS * OPEN_EACH, lambda number: town.handlers[number % HANDLERS])
    while await keep_days(town.db, clock.now()):
        pass
    await town.db.close()
    server = await stack.enter_async_context(serving(url, folder))
    return District(stack.enter_context(Load(server.port)), town.supervisor)


async def main() -> None:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        young = await a_district(stack, folder / "young", YOUNG)
        old = await a_district(stack, folder / "old", OLD)
        for _ in range(ROUNDS):
            await young.measure()
            await old.measure()
    on = "PostgreSQL" if POSTGRES else "SQLite"
    for name in SCREENS:
        before, after = (statistics.median(each.p95_ms[name]) for each in (young, old))
        ratio = statistics.median(b / a for a, b in zip(young.p95_ms[name], old.p95_ms[name], strict=True))
        keep(
            f"figures of {name}, p95, {YOUNG:,} cases ({on})",
            f"{before:.1f} ms",
            wanted=f"≤ {WANTED_MS:.0f} ms",
            reached=before <= WANTED_MS,
        )
        keep(
            f"figures of {name}, p95, {OLD:,} cases ({on})",
            f"{after:.1f} ms, {ratio:.2f} ×",
            wanted=f"≤ {WANTED_RATIO} ×",
            reached=ratio <= WANTED_RATIO + NOISE,
        )
    settle()


if __name__ == "__main__":
    asyncio.run(main())
