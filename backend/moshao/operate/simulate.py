"""The command around a simulation: photos in, progress bar, table out."""

import asyncio
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import msgspec

from moshao.kit import clock
from moshao.operate.demo import find_demo
from moshao.operate.demo_file import DemoFile
from moshao.operate.recounting import recount
from moshao.operate.simulated_cases import Arrival, made_up, replayed
from moshao.operate.simulated_web import connections
from moshao.operate.simulating import Orders, Simulation
from moshao.operate.simulation_table import table

FAULTS_SHOWN = 20


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for on the command line. `cases` None: all of `stream`."""

    data: Path
    cases: int | None
    speed: float
    photos: Path | None
    photos_per_case: int
    reuse: float
    seed: int
    stream: Path | None


def run_simulation(wanted: Wanted) -> int:
    """Play, recount, print; 0 where nothing was lost or doubled and every case stands where it should."""
    return asyncio.run(_run(wanted, find_demo(wanted.data)))


async def _run(wanted: Wanted, demo: DemoFile) -> int:
    orders = Orders(
        photos=_photos(wanted.photos),
        photos_per_case=wanted.photos_per_case,
        reuse=wanted.reuse,
        speed=wanted.speed,
        seed=wanted.seed,
        keys=wanted.data / "simulated-phones.json",
    )
    arrivals = _arrivals(wanted, demo)
    async with connections() as pool:
        simulation = Simulation(demo, orders, pool)
        began = clock.monotonic()
        bar: Any = click.progressbar(length=len(arrivals), label="cases")
        with bar:
            await simulation.play(arrivals, bar.update)
        seconds = clock.monotonic() - began
        found = await recount(simulation)
    click.echo(table(simulation.cases, simulation.latencies, seconds, found))
    for line in found.said[:FAULTS_SHOWN]:
        click.echo(line, err=True)
    if len(found.said) > FAULTS_SHOWN:
        click.echo(f"… and {len(found.said) - FAULTS_SHOWN} more", err=True)
    return 1 if found.said else 0


def _arrivals(wanted: Wanted, demo: DemoFile) -> Sequence[Arrival]:
    run = f"SIM{clock.now():%y%m%d%H%M%S}"
    if wanted.stream is not None:
        return list(replayed(wanted.stream, wanted.cases, run))
    units = sorted({member.unit_code for member in demo.people if member.role == "crew_leader"})
    return made_up(wanted.cases or 0, wanted.seed, units, run)


def _photos(folder: Path | None) -> list[bytes]:
    """The photos to crop from: those of the folder, else the real ones the demo ships."""
    if folder is not None:
        found = [path.read_bytes() for path in sorted(folder.glob("*.jp*g"))]
    else:
        seeds = files("moshao") / "seeds" / "photos"
        found = [entry.read_bytes() for entry in seeds.iterdir() if entry.name.endswith(".jpg")]
    if not found:
        raise click.UsageError(f"no JPEG photos in {folder}")
    return found
