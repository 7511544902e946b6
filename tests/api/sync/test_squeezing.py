"""A large page of changes is small on the line, for those who read gzip; all others get it as it is."""

import pytest

from tests.api.sync.making import Board
from tests.world import World

CASES = 40


@pytest.mark.parametrize("accepts", ["gzip, deflate, br", "br, GZIP;q=0.5"])
async def test_a_large_page_is_small_on_the_line(world: World, board: Board, accepts: str) -> None:
    await board.put_many(CASES)
    plain = await world.as_("operator").get("/api/changes?after=0", headers={"Accept-Encoding": "identity"})
    small = await world.as_("operator").get("/api/changes?after=0", headers={"Accept-Encoding": accepts})
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert small.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert small.json()["cases"] == plain.json()["cases"]
    assert len(small.json()["cases"]) == CASES
    assert int(small.headers["content-length"]) < len(plain.content) / 4


async def test_a_small_one_comes_as_it_is(world: World, board: Board) -> None:
    seq = (await world.as_("operator").get("/api/changes?after=0")).json()["seq"]
    answer = await world.as_("operator").get(f"/api/changes?after={seq}", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("accepts", ["", "br", "gzip;q=0", "gzip; q=0, br"])
async def test_nobody_gets_what_he_does_not_read(world: World, board: Board, accepts: str) -> None:
    await board.put_many(CASES)
    answer = await world.as_("operator").get("/api/changes?after=0", headers={"Accept-Encoding": accepts})
    assert "content-encoding" not in answer.headers
