"""GET /api/changes beside a bare JSON route, both by uvicorn: CPU of the serving process for a request.

Medians of the rounds; the two are asked in turn.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.load import Load, Played, Wanted, http
from tests.bench.serving import serving, serving_bare
from tests.bench.town import Handler, Town, a_town
from tests.databases import POSTGRES, fresh_url
from tests.results import keep, settle

ROUNDS = 7
COUNT = 3000
CLIENTS = 8
HANDLERS = 64  # nobody may ask more than a hundred times a second for long
OPEN_EACH = 40
CEILING = 4.0


async def microseconds(load: Load, cpu_seconds: Callable[[], float], wanted: list[Wanted]) -> float:
    """CPU of the asked process for each of these requests."""
    before = cpu_seconds()
    played: Played = await load.play(wanted, clients=CLIENTS)
    played.all_in("200")
    return (cpu_seconds() - before) / len(wanted) * 1e6


async def cursors(town: Town) -> dict[Handler, str]:
    """The query with which each comes back who knows all there is."""
    row = await town.db.one("SELECT seq, epoch FROM journal_heads WHERE district_id = ?", town.district_id)
    assert row is not None
    rosters = {row["id"]: row["roster"] for row in await town.db.all("SELECT id, roster FROM people")}
    return {
        handler: f"after={row['seq']}&epoch={row['epoch']}&roster={rosters[handler.person_id]}&until=0"
        for handler in town.handlers
    }


def asked(town: Town, query_of: Callable[[Handler], str], count: int) -> list[Wanted]:
    """So many reads of changes, by each handler in turn."""
    handlers = [town.handlers[number % len(town.handlers)] for number in range(count)]
    return [Wanted(http("GET", f"/api/changes?{query_of(handler)}", handler.token)) for handler in handlers]


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with fresh_url(folder) as url:
            town = await a_town(url, folder, HANDLERS)
            await town.put(HANDLERS * OPEN_EACH, lambda number: town.handlers[number % HANDLERS])
            known = await cursors(town)
            await town.db.close()
            async with serving(url, folder) as server, serving_bare() as reference:
                with Load(server.port) as load, Load(reference.port) as bare_load:
                    bare, new, fresh = [], [], []
                    for _ in range(ROUNDS):
                        plain = [Wanted(http("GET", "/bare"))] * COUNT
                        bare.append(await microseconds(bare_load, reference.cpu_seconds, plain))
                        nothing_new = asked(town, known.__getitem__, COUNT)
                        new.append(await microseconds(load, server.cpu_seconds, nothing_new))
                        start = asked(town, lambda _: "after=0", HANDLERS)
                        fresh.append(await microseconds(load, server.cpu_seconds, start))
    on = "PostgreSQL" if POSTGRES else "SQLite"
    reference_us, new_us = statistics.median(bare), statistics.median(new)
    ratio = statistics.median(ours / theirs for ours, theirs in zip(new, bare, strict=True))
    keep("bare Litestar JSON by uvicorn", f"{reference_us:.0f} µs CPU")
    keep(
        f"changes, nothing new ({on})", f"{new_us:.0f} µs CPU, {ratio:.1f} × bare", wanted=f"≤ {CEILING:.0f} ×",
        reached=ratio <= CEILING,
    )  # fmt: skip
    keep(f"changes from 0, {OPEN_EACH} open cases ({on})", f"{statistics.median(fresh) / 1000:.1f} ms CPU")
    settle()


if __name__ == "__main__":
    asyncio.run(main())
