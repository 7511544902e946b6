"""The board: each desk has before it what is its own, in the order of the journal, and goes on from there."""

from typing import Any
from uuid import UUID

import pytest

from moshao.review import board
from tests.api.cases.making import Cases, ago
from tests.world import World


async def rows(world: World, who: str, after: int = 0) -> dict[str, Any]:
    answer = await world.as_(who).get(f"/api/board?after={after}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids_of(page: dict[str, Any]) -> list[UUID]:
    return [UUID(row["id"]) for row in page["rows"]]


async def test_a_line_says_what_the_case_says(world: World, cases: Cases) -> None:
    case_id = await cases.put("in_progress", address="中州路 128 号", flags=("urged",))
    (row,) = (await rows(world, "supervisor"))["rows"]
    whole = await world.as_("supervisor").case(case_id)
    same = row.keys() & whole.keys() - {"clock", "unit", "turn_unit"}
    assert {name: row[name] for name in same} == {name: whole[name] for name in same}
    assert row["clock"]["warn_at"] == whole["clock"]["warn_at"]
    assert (row["unit"]["name"], row["handler"]["name"], row["asked"]) == ("东关街道", "老张", [])


async def test_what_is_asked_for_shows(world: World, cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    assert (await world.as_("handler").act(case_id, "extensions", reason="下雨")).status_code == 201
    (row,) = (await rows(world, "operator"))["rows"]
    assert row["asked"] == ["extension"]


@pytest.mark.parametrize(
    ("who", "sees"),
    [("supervisor", True), ("leader", True), ("operator", True), ("other_operator", False), ("neighbour", False)],
)
async def test_nobody_has_before_him_what_is_not_his(world: World, cases: Cases, who: str, sees: bool) -> None:
    case_id = await cases.put("handled")
    assert (case_id in ids_of(await rows(world, who))) is sees


@pytest.mark.parametrize("who", ["supervisor", "operator"])
async def test_what_ended_long_ago_is_gone(world: World, cases: Cases, who: str) -> None:
    lately = await cases.put("closed", ended_at=ago(hours=23))
    await cases.put("closed", ended_at=ago(hours=25))
    open_one = await cases.put()
    assert ids_of(await rows(world, who)) == [lately, open_one]


@pytest.mark.parametrize("who", ["supervisor", "operator"])
async def test_pages_follow_each_other(world: World, cases: Cases, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "PAGE_ROWS", 2)
    given = [await cases.put("closed" if n == 1 else "dispatched") for n in range(5)]
    found: list[UUID] = []
    after, more = 0, True
    while more:
        page = await rows(world, who, after)
        found += ids_of(page)
        after, more = page["next"], page["more"]
    assert found == given


async def test_changes_go_on_where_the_board_ends(world: World, cases: Cases) -> None:
    await cases.put()
    page = await rows(world, "supervisor")
    cursor = f"after={page['seq']}&epoch={page['epoch']}&roster={page['roster']}&until=0"
    desk = world.as_("supervisor")
    assert (await desk.get(f"/api/changes?{cursor}")).json()["cases"] == []
    late = await cases.put()
    news = (await desk.get(f"/api/changes?{cursor}")).json()
    assert (news["reset"], [case["id"] for case in news["cases"]]) == (False, [str(late)])
