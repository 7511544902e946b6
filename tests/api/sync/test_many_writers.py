"""While many write at once, in two processes' worth of connections, no line is missed and the chain holds."""

import asyncio
from uuid import UUID

import pytest

from moshao.kit.databases import open_database
from moshao.kit.db import Database, use
from tests.api.sync.following import Follower
from tests.api.sync.making import Board
from tests.verifying import faults_of_rows
from tests.world import World

WRITERS = 8
CASES_EACH = 15


async def write_some(board: Board, handler: UUID) -> None:
    """Cases that come, are given away, and for the most part taken back: every skipped line would show."""
    for number in range(CASES_EACH):
        case = await board.put()
        await board.change(case.id, "assigned", state="assigned", handler_id=handler)
        if number % 3 == 0:
            await board.change(case.id, "revoked", state="dispatched", handler_id=None)
        if number % 3 == 1:
            await board.close(case.id)


async def follow_until(follower: Follower, done: asyncio.Event) -> None:
    while not done.is_set():
        await follower.page()
        await asyncio.sleep(0)
    await follower.follow()


async def truth(database: Database, sql: str, *args: object) -> dict[str, tuple[str, int]]:
    rows = await database.all(sql, *args)
    return {str(row["id"]): (row["state"], row["changed_seq"]) for row in rows}


@pytest.mark.timeout(120)
async def test_nobody_who_follows_misses_a_line(world: World, board: Board) -> None:
    second = await open_database(world.settings.database_url)
    use(world.db)
    boards = [board, Board(second, world.cast)]
    people = ("handler", "colleague", "leader_of_crew", "supervisor")
    followers = {who: Follower(world.as_(who), sends_all=who == "colleague") for who in people}
    done = asyncio.Event()
    try:
        following = [asyncio.create_task(follow_until(follower, done)) for follower in followers.values()]
        handlers = (world.id_of("handler"), world.id_of("colleague"))
        await asyncio.gather(*(write_some(boards[at % 2], handlers[at // 4]) for at in range(WRITERS)))
        done.set()
        await asyncio.gather(*following)
    finally:
        await second.close()

    columns = "SELECT id, state, changed_seq FROM cases"
    expected = {
        "supervisor": await truth(world.db, columns),
        "leader_of_crew": await truth(world.db, columns),
        "handler": await truth(world.db, f"{columns} WHERE handler_id = ?", world.id_of("handler")),
        "colleague": await truth(world.db, f"{columns} WHERE handler_id = ?", world.id_of("colleague")),
    }
    assert len(expected["supervisor"]) == WRITERS * CASES_EACH
    for who, follower in followers.items():
        assert {key: (case["state"], case["seq"]) for key, case in follower.cases.items()} == expected[who]
        assert follower.resets == 0
    assert await faults_of_rows(world.db, world.cast.district_id) == []
