"""Signed closures with a photo through HTTP, durable before each answer, beside bare commits of one row.

As fast as sixteen clients are answered. Medians of the rounds, but for the first, which warms up.
"""

# On PostgreSQL too
import asyncio
import statistics
import tempfile
from pathlib import Path

from tests.bench import bare_rows
from tests.bench.load import Load, Wanted
from tests.bench.serving import Serving, serving
from tests.bench.town import Town, a_town, closure
from tests.databases import POSTGRES, fresh_url
from tests.results import keep, settle

ROUNDS = 5
COUNT = 800
CLIENTS = 16
COMMITS = 320
LEAST = 300.0


async def prepared(town: Town) -> list[list[Wanted]]:
    """For each round so many closures of cases in progress, signed already."""
    count = COUNT * (ROUNDS + 1)
    cases = await town.put(count, lambda number: town.handlers[number % len(town.handlers)])
    photos = await town.photos([handler for _, handler in cases])
    wanted = [Wanted(closure(case, handler, photo)) for (case, handler), photo in zip(cases, photos, strict=True)]
    return [wanted[start : start + COUNT] for start in range(0, count, COUNT)]


async def measure(server: Serving, url: str, folder: Path, rounds: list[list[Wanted]]) -> None:
    rates, bare, cpu, asking, p99 = [], [], [], [], []
    with Load(server.port) as load:
        for wanted in rounds:
            bare.append(await bare_rows.commits(url, folder, COMMITS, CLIENTS))
            before = server.cpu_seconds()
            played = await load.play(wanted, clients=CLIENTS)
            played.all_in("201")
            rates.append(COUNT / played.seconds)
            cpu.append((server.cpu_seconds() - before) / COUNT * 1000)
            asking.append(played.cpu_seconds / COUNT * 1000)
            p99.append(played.share(0.99) * 1000)
    on = "PostgreSQL" if POSTGRES else "SQLite, FULL"
    rate = statistics.median(rates[1:])
    keep(
        f"signed closures, durable, {CLIENTS} clients ({on})", f"{rate:.0f}/s", wanted="≥ 300/s", reached=rate >= LEAST
    )
    keep(f"commits of one row of 1 KB there ({on})", f"{statistics.median(bare[1:]):.0f}/s")
    keep(
        f"CPU of a closure ({on})",
        f"{statistics.median(cpu[1:]):.2f} ms, and {statistics.median(asking[1:]):.2f} ms of who asks",
    )
    keep(f"p99 of a closure among {CLIENTS} clients ({on})", f"{statistics.median(p99[1:]):.0f} ms")


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with fresh_url(folder) as url:
            town = await a_town(url, folder, handlers=64)
            rounds = await prepared(town)
            await town.db.close()
            async with serving(url, folder) as server:
                await measure(server, url, folder, rounds)
    settle()


if __name__ == "__main__":
    asyncio.run(main())
