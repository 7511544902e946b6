"""Server and worker are killed at random moments of a day while phones, desks and the platform above keep trying."""

import asyncio
import random
from importlib.resources import files
from pathlib import Path

import pytest

from moshao.operate.recounting import recount
from moshao.operate.simulated_cases import made_up
from moshao.operate.simulated_web import connections
from moshao.operate.simulating import Orders, Simulation
from moshao.upstream.told_rules import TYPES
from tests.chaos.above import Above, an_above
from tests.chaos.served import Served, served
from tests.results import keep

# What a case with two photos brings at least: its dispatch, its pages and lists, its acts and photos.
ACKNOWLEDGEMENTS_PER_CASE = 10
PHOTOS = ("drawn_garbage_before.jpg", "drawn_garbage_after.jpg", "pothole_07.jpg")


class KilledSimulation(Simulation):
    """A simulation that brings the planned kills."""

    def __init__(self, district: Served, orders: Orders, pool: object) -> None:
        super().__init__(district.demo, orders, pool)  # type: ignore[arg-type]
        self.district = district
        self.killing: list[asyncio.Task[None]] = []

    def _told(self, name: str, seconds: float) -> None:
        super()._told(name, seconds)
        if (killed := self.district.told()) is not None:
            self.killing.append(asyncio.create_task(self.district.kill(killed)))


async def play(folder: Path, *, kills: int, cases: int, seed: int, hear_all_within_s: float = 0) -> None:
    """`hear_all_within_s`: wait until the platform above has heard the end of every case."""
    photos = [(files("moshao") / "seeds" / "photos" / name).read_bytes() for name in PHOTOS]
    orders = Orders(
        photos=photos, photos_per_case=2, reuse=0.1, speed=0, seed=seed, keys=folder / "simulated-phones.json"
    )
    async with an_above() as above, served(folder, above.url) as district, connections() as pool:
        above.secret = district.demo.upstream.secret
        simulation = KilledSimulation(district, orders, pool)
        district.plan_kills(kills, within=cases * ACKNOWLEDGEMENTS_PER_CASE, chance=random.Random(seed))
        units = sorted({member.unit_code for member in district.demo.people if member.role == "crew_leader"})
        await simulation.play(made_up(cases, seed, units, f"K{seed}"), lambda _: None)
        await asyncio.gather(*simulation.killing)
        found = await recount(simulation)
        assert (found.said, found.lost, found.doubled) == ([], 0, 0)
        assert {played.state for played in simulation.cases} == {"closed"}
        assert len(district.killed) == kills
        if hear_all_within_s:
            await above.until_all_closed([played.external_id for played in simulation.cases], hear_all_within_s)
        await check_heard(simulation, above)
        assert await district.verify() == (0, "clean")


async def check_heard(simulation: Simulation, above: Above) -> None:
    """Of each case the platform above was told what happened in its order, from the first on, nothing twice."""
    assert above.unsigned == 0
    assert sum(map(len, above.heard.values())) > 0
    for played in simulation.cases:
        case = await simulation.desk.case(played.case_id)
        happened = [TYPES[line["kind"]] for line in case["journal"] if line["kind"] in TYPES]
        heard = above.heard[played.external_id]
        assert heard == happened[: len(heard)], played.external_id


async def test_five_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    await play(tmp_path, kills=5, cases=60, seed=20261123)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
async def test_fifty_kills_lose_nothing_and_double_nothing(tmp_path: Path, seed: int) -> None:
    await play(tmp_path, kills=10, cases=150, seed=seed, hear_all_within_s=600)
    keep(f"10 kills while 150 cases were played, seed {seed}", "lost 0, doubled 0, all told above, verify clean")
