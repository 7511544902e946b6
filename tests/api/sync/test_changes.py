"""GET /api/changes: everybody learns what is his, once, in order, and what is his no more."""

from datetime import timedelta
from uuid import UUID

import pytest

from moshao.kit import clock, ids
from tests.api.sync.following import Follower
from tests.api.sync.making import Board
from tests.world import World

SEEING = ["handler", "colleague", "leader_of_crew", "operator", "inspector", "stranger", "other_operator"]
DESKS = ["supervisor", "second_supervisor", "leader"]


async def seen_by(world: World, who: str) -> set[str]:
    follower = Follower(world.as_(who))
    await follower.follow()
    return set(follower.cases)


async def test_nobody_learns_nothing(world: World) -> None:
    answer = await world.nobody.get("/api/changes?after=0")
    assert answer.status_code == 401
    assert answer.json()["code"] == "session_over"


async def test_everybody_sees_what_is_his(world: World, board: Board) -> None:
    assigned, crews, waiting = [str(case.id) for case in await board.put_many(3)]
    elsewhere = str((await board.put(unit_id=world.cast.units["other_street"])).id)
    nobodys = str((await board.put(unit_id=None, state="received")).id)
    reported = str((await board.put(unit_id=None, state="reported", reporter_id=world.id_of("inspector"))).id)
    await board.assign(ids_of(assigned))
    await board.change(ids_of(crews), "assigned", state="assigned", crew_id=world.cast.crew_id)
    street = {assigned, crews, waiting}
    everything = street | {elsewhere, nobodys, reported}
    expected = {
        "handler": {assigned, crews},
        "colleague": {crews},
        "leader_of_crew": street,
        "operator": street,
        "inspector": {reported},
        "stranger": set(),
        "other_operator": {elsewhere},
        "supervisor": everything,
        "second_supervisor": everything,
        "leader": everything,
        "admin": set(),
        "neighbour": set(),
        "neighbour_handler": set(),
    }
    assert {who: await seen_by(world, who) for who in expected} == expected


async def test_the_helper_and_the_inspector_named_see_it(world: World, board: Board) -> None:
    case = await board.put(state="checking", inspector_id=world.id_of("inspector"), handler_id=world.id_of("handler"))
    helper = f'["{world.id_of("colleague")}"]'
    await board.change(case.id, "assigned", helpers=helper)
    for who in ("handler", "colleague", "inspector"):
        assert await seen_by(world, who) == {str(case.id)}


async def test_from_zero_come_open_cases_and_those_ended_lately(world: World, board: Board) -> None:
    cases = await board.put_many(4, handler_id=world.id_of("handler"))
    for case, ago in zip(cases, (None, 1, 26, 24 * 8), strict=True):
        if ago is not None:
            await board.close(case.id, timedelta(hours=ago))
    named = [str(case.id) for case in cases]
    assert await seen_by(world, "handler") == set(named[:3])
    assert await seen_by(world, "leader_of_crew") == set(named[:3])
    assert await seen_by(world, "operator") == set(named[:2]), "the desk: 24 hours"
    assert await seen_by(world, "supervisor") == set(named[:2])


async def test_what_changes_comes_once(world: World, board: Board) -> None:
    case = await board.put()
    follower = Follower(world.as_("leader_of_crew"))
    await follower.follow()
    await board.change(case.id, "signed", state="dispatched")
    other = await board.put()
    (page,) = await follower.follow()
    assert [changed["id"] for changed in page["cases"]] == [str(case.id), str(other.id)]
    assert page["gone"] == []
    (page,) = await follower.follow()
    assert page["cases"] == []


async def test_nothing_new_is_small_and_moves_the_cursor(world: World, board: Board) -> None:
    follower = Follower(world.as_("stranger"))
    await follower.follow()
    for case in await board.put_many(20, grid_code=None):
        await board.change(case.id)
    answer = await world.as_("stranger").get(f"/api/changes?after={follower.seq}")
    assert len(answer.content) <= 1024
    page = answer.json()
    assert page["seq"] == follower.seq + 40
    members = {"epoch", "seq", "more", "reset", "cases", "gone", "nearby", "roster", "until"}
    assert set(page) == members
    assert (page["more"], page["reset"], page["cases"], page["gone"], page["nearby"]) == (False, False, [], [], [])


async def test_a_former_handler_learns_that_it_is_gone(world: World, board: Board) -> None:
    case = await board.put()
    await board.assign(case.id, "handler")
    mine, his, strangers = (Follower(world.as_(who)) for who in ("handler", "colleague", "stranger"))
    for follower in (mine, his, strangers):
        await follower.follow()
    await board.assign(case.id, "colleague")
    assert (await mine.page())["gone"] == [str(case.id)]
    assert (await his.page())["gone"] == []
    assert set(his.cases) == {str(case.id)}
    assert (await strangers.page())["gone"] == []
    await board.change(case.id)
    assert (await mine.page())["gone"] == [], "told once"
    fresh = Follower(world.as_("handler"))
    await fresh.follow()
    assert fresh.cases == {}
    await board.assign(case.id, "handler")
    await mine.follow()
    assert set(mine.cases) == {str(case.id)}, "and back again"


async def test_what_leaves_one_list_and_stays_in_another_is_not_gone(world: World, board: Board) -> None:
    case = await board.put(handler_id=world.id_of("leader_of_crew"))
    follower = Follower(world.as_("leader_of_crew"))
    await follower.follow()
    await board.assign(case.id, "handler")
    page = await follower.page()
    assert page["gone"] == []
    assert [shown["id"] for shown in page["cases"]] == [str(case.id)]


async def test_a_case_of_another_unit_is_gone_for_the_first(world: World, board: Board) -> None:
    case = await board.put()
    first, second = Follower(world.as_("operator")), Follower(world.as_("other_operator"))
    await first.follow()
    await second.follow()
    await board.change(case.id, "dispatched", unit_id=world.cast.units["other_street"])
    await first.follow()
    await second.follow()
    assert (set(first.cases), set(second.cases)) == (set(), {str(case.id)})


async def test_what_the_handler_did_long_ago_leaves_his_list(world: World, board: Board) -> None:
    handler = world.id_of("handler")
    case = await board.put(handler_id=handler, handled_by=handler)
    mine, units = Follower(world.as_("handler")), Follower(world.as_("leader_of_crew"))
    await mine.follow()
    await units.follow()
    await board.close(case.id)
    await mine.follow()
    assert mine.states() == {str(case.id): "closed"}
    with clock.moved(timedelta(days=8)):
        await board.change(case.id, "return_visited")
        assert (await mine.page())["gone"] == [str(case.id)]
        assert mine.cases == {}
        await units.page()
        assert units.states() == {str(case.id): "closed"}


async def test_pages_lose_nothing_and_repeat_nothing(world: World, board: Board) -> None:
    cases = await board.put_many(450)
    for sends_all in (False, True):
        follower = Follower(world.as_("operator"), sends_all=sends_all)
        pages = await follower.follow()
        assert len(pages) > 2
        told = [case["id"] for page in pages for case in page["cases"]]
        assert told == [str(case.id) for case in cases]
        assert all(page["more"] for page in pages[:-1])
        assert pages[-1]["seq"] == cases[-1].changed_seq


async def test_a_page_ends_before_it_is_too_large(world: World, board: Board) -> None:
    cases = await board.put_many(12, description="长" * 20_000)
    huge = await board.put(description="很长" * 60_000)
    follower = Follower(world.as_("operator"))
    pages = await follower.follow()
    assert [len(page["cases"]) for page in pages] == [4, 4, 4, 1]
    assert set(follower.cases) == {str(case.id) for case in (*cases, huge)}


@pytest.mark.parametrize("sends_all", [False, True])
async def test_what_happens_between_two_pages_is_told(world: World, board: Board, sends_all: bool) -> None:
    cases = await board.put_many(300, handler_id=world.id_of("handler"), description="长" * 500)
    follower = Follower(world.as_("handler"), sends_all=sends_all)
    first = await follower.page()
    assert first["more"]
    shown, not_yet = first["cases"][0]["id"], str(cases[-1].id)
    await board.assign(ids_of(shown), "colleague")
    await board.assign(ids_of(not_yet), "colleague")
    await board.close(ids_of(first["cases"][1]["id"]))
    await board.close(cases[-2].id)
    await follower.follow()
    assert set(follower.cases) == {str(case.id) for case in cases} - {shown, not_yet}
    assert follower.states()[first["cases"][1]["id"]] == "closed"
    assert follower.states()[str(cases[-2].id)] == "closed"


async def test_filling_does_not_dig_up_history(world: World, board: Board) -> None:
    handler = world.id_of("handler")
    oldest = await board.put(handler_id=handler)
    for case in await board.put_many(30, handler_id=handler, handled_by=handler):
        await board.close(case.id, timedelta(days=30))
    for case in await board.put_many(30, handler_id=handler):
        await board.assign(case.id, "colleague")
    newest = await board.put_many(250, handler_id=handler, description="长" * 500)
    follower = Follower(world.as_("handler"))
    pages = await follower.follow()
    assert len(pages) > 1
    assert set(follower.cases) == {str(case.id) for case in (oldest, *newest)}
    assert [case_id for page in pages for case_id in page["gone"]] == []


async def test_another_roster_starts_again(world: World, board: Board) -> None:
    kept = await board.put(handler_id=world.id_of("handler"))
    followers = [Follower(world.as_("handler")), Follower(world.as_("handler"), sends_all=True)]
    for follower in followers:
        await follower.follow()
        assert follower.resets == 0
    for follower in followers:
        await world.db.write(
            lambda tx: tx.run("UPDATE people SET roster = roster + 1 WHERE id = ?", world.id_of("handler"))
        )
        page = await follower.page()
        assert (page["reset"], page["seq"], page["more"], page["cases"]) == (True, 0, True, [])
        assert follower.cases == {}
        await follower.follow()
        assert follower.resets == 1
        assert set(follower.cases) == {str(kept.id)}


async def test_a_cursor_ahead_of_the_journal_starts_again(world: World, board: Board) -> None:
    case = await board.put(handler_id=world.id_of("handler"))
    follower = Follower(world.as_("handler"))
    await follower.follow()
    follower.seq += 1
    await follower.follow()
    assert follower.resets == 1
    assert set(follower.cases) == {str(case.id)}


async def test_a_restored_server_starts_everybody_again(world: World, board: Board) -> None:
    await board.put(handler_id=world.id_of("handler"))
    followers = [Follower(world.as_("handler")), Follower(world.as_("handler"), sends_all=True)]
    for follower in followers:
        await follower.follow()
    epoch = str(ids.new_id())
    await world.db.write(lambda tx: tx.run("UPDATE journal_heads SET epoch = ?", epoch))
    await followers[1].follow()
    assert followers[1].resets == 1
    page = await followers[0].page()
    assert page["epoch"] == epoch
    assert page["reset"] is False, "the same phone has begun again meanwhile"


async def test_a_restored_server_is_noticed_by_a_phone_that_says_nothing(world: World, board: Board) -> None:
    follower = Follower(world.as_("handler"))
    await board.put(handler_id=world.id_of("handler"))
    await follower.follow()
    await world.db.write(lambda tx: tx.run("UPDATE journal_heads SET epoch = ?", str(ids.new_id())))
    assert (await follower.page())["reset"] is True


async def test_a_cursor_nobody_gave_out_starts_again(world: World, board: Board) -> None:
    await board.put_many(3)
    page = (await world.as_("operator").get("/api/changes?after=2")).json()
    assert page["reset"] is True


@pytest.mark.parametrize("after", ["-1", "abc", "1.5", "99999999999999999999", ""])
async def test_nonsense_is_refused_in_words(world: World, after: str) -> None:
    answer = await world.as_("handler").get(f"/api/changes?after={after}")
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["retry"] is False


async def test_each_district_counts_for_itself(world: World, board: Board) -> None:
    neighbour = Follower(world.as_("neighbour"))
    await neighbour.follow()
    before = neighbour.seq
    await board.put_many(5)
    await neighbour.follow()
    assert neighbour.seq == before
    assert neighbour.cases == {}


def ids_of(text: str) -> UUID:
    found = ids.parse_id(text)
    assert found is not None
    return found
