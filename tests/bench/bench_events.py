"""A batch of a thousand new cases from the platform above, dispatched by unit and assigned by the roster, beside as
many bare rows in one transaction.

Seconds until the answer, everything durable. Medians of the rounds, but for the first, which warms up.
"""

# On PostgreSQL too
import asyncio
import itertools
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any, cast

from moshao.kit import ids
from moshao.kit.databases import open_database
from moshao.upstream.making import make_upstream
from moshao.upstream.settings import UpstreamSettings
from tests.api.upstream.platform import BATCH, Platform
from tests.bench import bare_rows
from tests.bench.load import Load, Wanted, http
from tests.bench.serving import Serving, serving
from tests.bench.town import Town, a_town
from tests.databases import POSTGRES, fresh_url
from tests.results import keep, settle

ROUNDS = 5
COUNT = 1000
SECONDS_MOST = 3.0
HANDLERS = 64
ON = "PostgreSQL" if POSTGRES else "SQLite"


async def a_platform(town: Town) -> Platform:
    secret = await town.db.write(lambda tx: make_upstream(tx, town.district_id, "city", UpstreamSettings()))
    return Platform(cast(Any, None), "city", secret)  # it signs, and calls nobody


def batch(platform: Platform, places: list[tuple[str, str]]) -> Wanted:
    """New cases, each for one of the places (codes of unit and grid) in turn."""
    events = [
        platform.new_case(
            unit_code=unit_code, grid_code=grid_code, address="仲景路与建设路口东北角", description="路边堆放垃圾",
            location={"type": "Point", "coordinates": [112.51 + n % 80 / 1000, 32.97 + n % 60 / 1000]},
        )
        for n, (unit_code, grid_code) in enumerate(itertools.islice(itertools.cycle(places), COUNT))
    ]  # fmt: skip
    body = json.dumps(events).encode()
    signed = platform.headers(body, webhook_id=f"msg_{ids.new_id().hex}")
    named = {name.replace("-", "_"): value for name, value in signed.items()}
    return Wanted(http("POST", "/api/upstream/city/events", "", body, Content_Type=BATCH, **named))


async def measure(server: Serving, url: str, folder: Path, platform: Platform, places: list[tuple[str, str]]) -> None:
    took, cpu, bare = [], [], []
    with Load(server.port) as load:
        for _ in range(ROUNDS + 1):
            bare.append(await bare_rows.batch(url, folder, COUNT))
            before = server.cpu_seconds()
            played = await load.play([batch(platform, places)])
            played.all_in("200")
            took.append(played.seconds)
            cpu.append((server.cpu_seconds() - before) / COUNT * 1000)
    seconds = statistics.median(took[1:])
    keep(
        f"a batch of {COUNT:,} events ({ON})", f"{seconds:.2f} s, {statistics.median(cpu[1:]):.2f} ms CPU an event",
        wanted=f"≤ {SECONDS_MOST:.0f} s", reached=seconds <= SECONDS_MOST,
    )  # fmt: skip
    keep(f"as many bare rows in one transaction ({ON})", f"{statistics.median(bare[1:]):.2f} s")


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with fresh_url(folder) as url:
            town = await a_town(url, folder, HANDLERS)
            platform = await a_platform(town)
            units = {row["id"]: row["code"] for row in await town.db.all("SELECT id, code FROM units")}
            places = [(units[handler.unit_id], handler.grid_code) for handler in town.handlers]
            await town.db.close()
            async with serving(url, folder) as server:
                await measure(server, url, folder, platform, places)
            await check(url)
    settle()


async def check(url: str) -> None:
    """Raises where a case was lost, or went to nobody."""
    database = await open_database(url)
    states = {
        row["state"]: row["n"] for row in await database.all("SELECT state, count(*) AS n FROM cases GROUP BY state")
    }
    await database.close()
    assert states == {"assigned": (ROUNDS + 1) * COUNT}, states


if __name__ == "__main__":
    asyncio.run(main())
