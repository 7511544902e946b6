"""What is over lies drafted in the morning, once, whoever looks how often."""

from moshao.bulletins.scheduling import draft_due
from moshao.kit import clock
from tests.api.bulletins.week import DAY, simulate
from tests.api.cases.making import Cases


async def test_what_is_over_is_drafted_once(cases: Cases) -> None:
    await simulate(cases, 20)
    world, later = cases.world, clock.now() + DAY
    assert await draft_due(world.db, later) == {world.cast.district_id}
    listed = (await world.as_("supervisor").get("/api/bulletins")).json()["items"]
    # The quarter before this one had no case.
    assert "week" in {one["period"] for one in listed}
    assert {one["made_by"] for one in listed} == {None}
    assert await draft_due(world.db, later) == set()
    week = next(one for one in listed if one["period"] == "week")
    dropped = await world.as_("supervisor").client.delete(f"/api/bulletins/{week['id']}")
    assert dropped.status_code == 204
    assert await draft_due(world.db, later) == set(), "nobody wants it"
    body = {"period": "week", "from": week["from"]}
    again = await world.as_("supervisor").client.put(f"/api/bulletins/{week['id']}", json=body)
    assert again.status_code == 404, "what was dropped is gone"


async def test_a_district_without_cases_gets_none(cases: Cases) -> None:
    assert await draft_due(cases.world.db, clock.now()) == set()
