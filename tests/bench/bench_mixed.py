"""A city at work: 500 reads a second from 2,000 handlers, 50 signed closures a second beside them, server and worker;
beside the same rate of bare answers. Then the same with photos pouring in.

Requests come when they are due, however long earlier ones take, and each counts from when it was due. Medians of the
rounds, but for the first, which warms up.
"""

import asyncio
import statistics
import tempfile
from pathlib import Path
from uuid import UUID

from tests.bench.bench_changes import cursors
from tests.bench.load import Load, Played, Wanted, http
from tests.bench.pictures import street_photo, unlike, upload
from tests.bench.serving import Bare, Serving, serving, serving_bare
from tests.bench.town import Handler, Town, a_town, closure
from tests.databases import POSTGRES, fresh_url
from tests.results import keep, settle

ROUNDS = 5
SECONDS = 10
RATE = 500
CLOSURES = 50
HANDLERS = 2000
OPEN_EACH = 2
PHOTOS_AT_ONCE = 8
PHOTOS = 240
LOOK_SECONDS = 0.25
READ_P95_MS, CLOSURE_P99_MS, MEGABYTES, ALL_MEGABYTES = 150, 500, 400, 1024
ON = "PostgreSQL" if POSTGRES else "SQLite"
# Of a hundred reads.
MIX = ["changes"] * 70 + ["case"] * 24 + ["me"] * 5 + ["first"]


async def reads(town: Town, open_cases: list[tuple[UUID, Handler]]) -> list[Wanted]:
    """A round of them, in an order that repeats, by phones that know all there is when it begins."""
    wanted, known = [], await cursors(town)
    for number in range(RATE * SECONDS):
        handler = town.handlers[number * 7 % HANDLERS]
        path, asks = "/api/me", MIX[number * 37 % len(MIX)]
        if asks == "changes":
            path = f"/api/changes?{known[handler]}"
        elif asks == "first":
            path = "/api/changes?after=0"
        elif asks == "case":
            case_id, handler = open_cases[number * 11 % len(open_cases)]
            path = f"/api/cases/{case_id}"
        wanted.append(Wanted(http("GET", path, handler.token), "read", (number + 1) / RATE))
    return wanted


async def closures(town: Town) -> list[list[Wanted]]:
    """For each round those that fall due in it, signed already."""
    each = CLOSURES * SECONDS
    cases = await town.put(each * (ROUNDS + 2), lambda number: town.handlers[number % HANDLERS])
    photos = await town.photos([handler for _, handler in cases])
    rounds = []
    for start in range(0, len(cases), each):
        part = zip(cases[start : start + each], photos[start : start + each], strict=True)
        rounds.append(
            [
                Wanted(closure(case, handler, photo), "closure", (number + 0.5) / CLOSURES)
                for number, ((case, handler), photo) in enumerate(part)
            ]
        )
    return rounds


def due(*parts: list[Wanted]) -> list[Wanted]:
    return sorted((each for part in parts for each in part), key=lambda each: each.due)


async def measure(
    server: Serving, reference: Bare, town: Town, open_cases: list[tuple[UUID, Handler]], handed_in: list[list[Wanted]]
) -> None:
    plain = [Wanted(http("GET", "/bare"), "read", (number + 1) / RATE) for number in range(RATE * SECONDS)]
    bare, p95, p99, cpu, asking = [], [], [], [], []
    with Load(server.port) as load, Load(reference.port) as bare_load:
        for closing in handed_in:
            bare.append((await bare_load.play(plain)).share(0.95, "read") * 1000)
            asked = await reads(town, open_cases)
            before = server.cpu_seconds()
            played: Played = await load.play(due(asked, closing))
            played.all_in("200", "201")
            cpu.append((server.cpu_seconds() - before) / played.seconds)
            asking.append(played.cpu_seconds / played.seconds)
            p95.append(played.share(0.95, "read") * 1000)
            p99.append(played.share(0.99, "closure") * 1000)
    read, closed = statistics.median(p95[1:]), statistics.median(p99[1:])
    keep(
        f"p95 of {RATE} mixed reads a second ({ON})", f"{read:.0f} ms", wanted=f"≤ {READ_P95_MS} ms",
        reached=read <= READ_P95_MS,
    )  # fmt: skip
    keep(f"p95 of {RATE} bare answers a second", f"{statistics.median(bare[1:]):.1f} ms")
    keep(
        f"p99 of {CLOSURES} closures a second beside them ({ON})", f"{closed:.0f} ms",
        wanted=f"≤ {CLOSURE_P99_MS} ms", reached=closed <= CLOSURE_P99_MS,
    )  # fmt: skip
    keep(
        f"cores in use by the server ({ON})",
        f"{statistics.median(cpu[1:]):.2f}, and {statistics.median(asking[1:]):.2f} by who asks",
    )
    memory = server.megabytes()
    keep(
        f"server and worker, resident ({ON})", f"{memory:.0f} MB", wanted=f"≤ {MEGABYTES} MB",
        reached=memory <= MEGABYTES,
    )  # fmt: skip


async def measure_full(server: Serving, town: Town, asked: list[Wanted], closing: list[Wanted]) -> None:
    """What all processes hold at most while photos come as fast as they are taken, beside everything else."""
    photo = street_photo()
    photos = [Wanted(upload(town.handlers[n].token, unlike(photo, n)), "photo") for n in range(PHOTOS)]
    with Load(server.port) as load, Load(server.port) as sending:
        playing = asyncio.gather(
            load.play(due(asked, closing)), sending.play(photos, clients=PHOTOS_AT_ONCE), return_exceptions=True
        )
        most = 0.0
        while not playing.done():
            most = max(most, server.megabytes(children=True))
            await asyncio.sleep(LOOK_SECONDS)
        for played in await playing:
            if isinstance(played, BaseException):
                raise played
            played.all_in("200", "201")
    keep(
        f"server, worker and photo children under full load ({ON})", f"{most:.0f} MB at most",
        wanted=f"≤ {ALL_MEGABYTES} MB", reached=most <= ALL_MEGABYTES,
    )  # fmt: skip


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with fresh_url(folder) as url:
            town = await a_town(url, folder, HANDLERS)
            cases = await town.put(HANDLERS * OPEN_EACH, lambda number: town.handlers[number % HANDLERS])
            handed_in = await closures(town)
            open_cases = [(case.id, handler) for case, handler in cases]
            async with serving(url, folder, worker=True) as server, serving_bare() as reference:
                await measure(server, reference, town, open_cases, handed_in[:-1])
                await measure_full(server, town, await reads(town, open_cases), handed_in[-1])
            await town.db.close()
    settle()


if __name__ == "__main__":
    asyncio.run(main())
