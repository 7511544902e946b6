"""Nearby: who may report learns of the open cases of his grids, enough to report nothing twice and no more."""

from moshao.kit.db import Tx
from tests.api.sync.following import Follower
from tests.api.sync.making import GRID, POINT, Board
from tests.world import World

OTHER_STREET = "411302002000001"


async def test_a_reporter_learns_of_open_cases_of_his_grids(world: World, board: Board) -> None:
    near = await board.put()
    await board.put(grid_code=OTHER_STREET)
    await board.put(grid_code=None)
    closed = await board.put()
    await board.close(closed.id)
    page = (await world.as_("handler").get("/api/changes?after=0")).json()
    assert page["cases"] == []
    assert page["nearby"] == [
        {
            "id": str(near.id),
            "kind": "matter",
            "major": "06",
            "minor": "010",
            "location": {"type": "Point", "coordinates": list(POINT)},
            "state": "dispatched",
        }
    ]
    assert (await world.as_("handler").get(f"/api/cases/{near.id}")).status_code == 404


async def test_what_is_his_own_is_not_nearby(world: World, board: Board) -> None:
    case = await board.put()
    follower = Follower(world.as_("handler"))
    await follower.follow()
    assert set(follower.nearby) == {str(case.id)}
    await board.assign(case.id, "handler")
    await follower.follow()
    assert (set(follower.cases), set(follower.nearby)) == ({str(case.id)}, set())
    await board.assign(case.id, "colleague")
    await follower.follow()
    assert (set(follower.cases), set(follower.nearby)) == (set(), {str(case.id)})


async def test_what_ended_is_nearby_no_more(world: World, board: Board) -> None:
    case = await board.put()
    follower = Follower(world.as_("handler"))
    await follower.follow()
    await board.close(case.id)
    page = await follower.page()
    assert (page["nearby"], page["gone"]) == ([], [str(case.id)])
    assert follower.nearby == {}


async def test_who_may_not_report_gets_none(world: World, board: Board) -> None:
    await board.put()
    for who in ("leader_of_crew", "operator", "supervisor", "leader", "admin"):
        assert "nearby" not in (await world.as_(who).get("/api/changes?after=0")).json()


async def test_who_answers_for_no_grid_gets_an_empty_list(world: World, board: Board) -> None:
    await board.put()
    assert (await world.as_("inspector").get("/api/changes?after=0")).json()["nearby"] == []


async def test_grids_are_named_whole_or_by_how_they_begin(world: World, board: Board) -> None:
    near = await board.put()
    for grids, seen in ((f'["{GRID}"]', True), (f'["{GRID[:12]}"]', True), (f'["{OTHER_STREET}"]', False)):

        async def answers_for(tx: Tx, grids: str = grids) -> None:
            await tx.run("UPDATE duties SET grids = ? WHERE person_id = ?", grids, world.id_of("handler"))

        await world.db.write(answers_for)
        page = (await world.as_("handler").get("/api/changes?after=0")).json()
        assert [case["id"] for case in page["nearby"]] == ([str(near.id)] if seen else [])


async def test_many_come_in_pages(world: World, board: Board) -> None:
    await board.put_many(500)
    mine = await board.put_many(300, handler_id=world.id_of("handler"))
    follower = Follower(world.as_("handler"))
    pages = await follower.follow()
    assert max(len(page["nearby"]) for page in pages) <= 400
    assert len(follower.nearby) == 500
    assert len(follower.cases) == len(mine)


async def test_whoever_was_away_learns_the_same_as_whoever_was_there(world: World, board: Board) -> None:
    """What changed lately is read once for all: neither an older cursor nor a later change of a case may show."""
    there, away, late = (Follower(world.as_(who)) for who in ("handler", "colleague", "handler"))
    first = await board.put()
    await away.follow()
    cases = [await board.put() for _ in range(4)]
    await there.follow()
    for case in cases[:2]:
        await board.change(case.id, "urged")
        await there.follow()
    await board.close(cases[0].id)
    await board.change(cases[1].id, "amended", grid_code=OTHER_STREET)
    await board.assign(cases[2].id, "colleague")
    await there.follow()
    await away.follow()
    await late.follow()
    assert set(there.nearby) - {str(cases[1].id)} == set(late.nearby) == {str(case.id) for case in (first, *cases[2:])}
    assert set(away.nearby) == {str(first.id), str(cases[3].id)}
    assert set(away.cases) == {str(cases[2].id)}
    assert there.nearby[str(cases[2].id)]["state"] == "assigned"
