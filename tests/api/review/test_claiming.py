"""A case lies on one desk at a time; in which order, for how long, and on whose."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from moshao.kit import clock
from moshao.review.claiming import CLAIM_LASTS
from tests.api.cases.making import Cases, ago
from tests.api.review.desks import Desk
from tests.world import World

SOON = timedelta(hours=1)


async def test_the_most_pressing_comes_first(world: World, cases: Cases) -> None:
    now = clock.now()
    later = await cases.put("feedback", deadline=now + 2 * SOON)
    soon = await cases.put("feedback", deadline=now + SOON)
    urgent = await cases.put("feedback", deadline=now + 3 * SOON, urgency="urgent")
    supervised = await cases.put("feedback", deadline=now + 4 * SOON, flags=("supervised",))
    desk = Desk(world, "supervisor")
    assert await desk.want(10) == [urgent, supervised, soon, later]


async def test_two_desks_never_have_the_same(world: World, cases: Cases) -> None:
    all_of_them = {await cases.put("feedback") for _ in range(20)}
    desks = [Desk(world, who) for who in ("supervisor", "second_supervisor", "supervisor", "second_supervisor")]

    async def clear(desk: Desk) -> list[Any]:
        found: list[Any] = []
        while given := await desk.want(2):
            found += given
        return found

    found = [case_id for given in await asyncio.gather(*map(clear, desks)) for case_id in given]
    assert len(found) == len(all_of_them)
    assert set(found) == all_of_them


async def test_what_is_held_is_not_counted_for_others(world: World, cases: Cases) -> None:
    for _ in range(3):
        await cases.put("feedback")
    one, other = Desk(world, "supervisor"), Desk(world, "second_supervisor")
    await one.want(2)
    assert (one.waiting, len(await other.want(5)), other.waiting) == (3, 1, 1)
    assert (one.elsewhere, other.elsewhere) == (0, 2)


async def test_a_desk_left_lying_gives_back(world: World, cases: Cases) -> None:
    case_id = await cases.put("feedback")
    one, other = Desk(world, "supervisor"), Desk(world, "second_supervisor")
    await one.want(1)
    with clock.moved(CLAIM_LASTS - timedelta(seconds=1)):
        assert await other.want(1) == []
    with clock.moved(CLAIM_LASTS):
        assert await other.want(1) == [case_id]
        assert (await one.ask(holding=one.holding))["kept"] == []


async def test_who_says_again_what_he_holds_keeps_it(world: World, cases: Cases) -> None:
    case_id = await cases.put("feedback")
    one, other = Desk(world, "supervisor"), Desk(world, "second_supervisor")
    await one.want(1)
    with clock.moved(CLAIM_LASTS - timedelta(seconds=1)):
        assert (await one.ask(holding=one.holding))["kept"] == [str(case_id)]
    with clock.moved(CLAIM_LASTS + timedelta(seconds=1)):
        assert await other.want(1) == []


async def test_what_he_no_longer_names_goes_back(world: World, cases: Cases) -> None:
    case_id = await cases.put("feedback")
    one, other = Desk(world, "supervisor"), Desk(world, "second_supervisor")
    await one.want(1)
    assert await other.want(1) == []
    one.holding = []
    assert await one.want(0) == []
    assert await other.want(1) == [case_id]


async def test_an_answer_that_was_lost_is_given_again(world: World, cases: Cases) -> None:
    case_id = await cases.put("feedback")
    desk = Desk(world, "supervisor")
    await desk.ask(want=1)
    assert await desk.want(1) == [case_id]


async def test_leaving_gives_back(world: World, cases: Cases) -> None:
    case_id = await cases.put("feedback")
    one, other = Desk(world, "supervisor"), Desk(world, "second_supervisor")
    await one.want(1)
    await one.leave()
    assert await other.want(1) == [case_id]


async def test_nobody_gives_back_for_another(world: World, cases: Cases) -> None:
    await cases.put("feedback")
    one, other = Desk(world, "supervisor"), Desk(world, "second_supervisor")
    await one.want(1)
    other.desk_id = one.desk_id
    await other.leave()
    assert await other.want(1) == []


async def test_what_was_decided_meanwhile_is_not_kept(world: World, cases: Cases) -> None:
    case_id = await cases.put("feedback")
    desk = Desk(world, "supervisor")
    await desk.want(1)
    assert (await world.as_("second_supervisor").act(case_id, "reviews", verdict="close")).status_code == 201
    assert (await desk.ask(holding=desk.holding))["kept"] == []


async def test_what_is_passed_over_is_not_given(world: World, cases: Cases) -> None:
    first, second = await cases.put("feedback", deadline=ago(hours=1)), await cases.put("feedback")
    desk = Desk(world, "supervisor")
    assert await desk.want(1, passed_over=[str(first)]) == [second]


async def test_nobody_is_given_his_own_work(world: World, cases: Cases) -> None:
    await cases.put("feedback", handled_by=world.id_of("supervisor"))
    assert await Desk(world, "supervisor").want(1) == []
    assert len(await Desk(world, "second_supervisor").want(1)) == 1


async def test_merged_cases_are_judged_by_their_lead(world: World, cases: Cases) -> None:
    lead = await cases.put("feedback")
    await cases.put("feedback", lead_case_id=lead)
    assert await Desk(world, "supervisor").want(5) == [lead]


@pytest.mark.parametrize(
    ("who", "state"), [("supervisor", "handled"), ("operator", "feedback"), ("other_operator", "handled"),
                       ("neighbour", "feedback")],
)  # fmt: skip
async def test_nobody_is_given_what_is_not_his_to_judge(world: World, cases: Cases, who: str, state: str) -> None:
    await cases.put(state)
    assert await Desk(world, who).want(1) == []


async def test_a_unit_is_given_its_own(world: World, cases: Cases) -> None:
    case_id = await cases.put("handled")
    assert await Desk(world, "operator").want(1) == [case_id]


async def test_a_unit_waits_for_its_parent(world: World, cases: Cases) -> None:
    await cases.put("handled", turn_unit_id=world.cast.units["district"])
    assert await Desk(world, "operator").want(1) == []
