"""替班: who stands in is who is rung, from the hour on at which the office says so."""

from datetime import datetime, timedelta
from uuid import UUID

from moshao.kit import clock, ids
from tests.api.alerts.bell import Bell
from tests.api.alerts.conftest import ZONE
from tests.api.upstream.places import seed
from tests.api.upstream.platform import Platform, a_platform
from tests.phone import rfc3339


def clock_at(hour: int, minute: int = 0) -> None:
    """Let the clock show this time of the day on which the test plays."""
    now = clock.now().astimezone(ZONE)
    clock.shift(clock._shift + (now.replace(hour=hour, minute=minute, second=0, microsecond=0) - now))


async def dispatched(bell: Bell, city: Platform) -> UUID:
    """A case that the platform above sends now, and everything that the worker makes of it."""
    (result,) = await city.send(city.new_case())
    assert result["status"] == "accepted", result
    await bell.work()
    return UUID(result["case_id"])


async def test_a_stand_in_set_at_seven_is_who_is_rung_at_half_past(bell: Bell) -> None:
    world = bell.world
    await world.db.write(lambda tx: seed(tx, world.cast.district_id))
    city = await a_platform(world, "city")
    zhang, liu = await bell.subscribe("handler"), await bell.subscribe("colleague")
    await bell.duty("handler", (0, 1440))
    await world.db.write(lambda tx: tx.run("DELETE FROM duties WHERE person_id = ?", world.id_of("colleague")))

    clock_at(6, 45)
    assert await bell.rung(await dispatched(bell, city)) == [("handler", "first")]
    assert (len(bell.service.for_browser(zhang)), len(bell.service.for_browser(liu))) == (1, 0)

    clock_at(7)
    now = clock.now()
    absence = {
        "person_id": str(world.id_of("handler")), "stand_in_id": str(world.id_of("colleague")),
        "from_at": rfc3339(now), "until_at": rfc3339(now + timedelta(hours=12)), "kind": "rest",
    }  # fmt: skip
    put = await world.as_("operator").client.put(f"/api/absences/{ids.new_id()}", json=absence)
    assert put.status_code == 201, put.text

    clock_at(7, 30)
    case_id = await dispatched(bell, city)
    assert await bell.rung(case_id) == [("colleague", "first")]
    case = (await world.as_("colleague").get(f"/api/cases/{case_id}")).json()
    assert (case["state"], case["handler"]["name"]) == ("assigned", "老刘")
    assert str(case_id) in {said.get("case_id") for said in bell.service.for_browser(liu)}
    assert str(case_id) not in {said.get("case_id") for said in bell.service.for_browser(zhang)}

    clock_at(19, 30)
    assert datetime.fromisoformat(put.json()["until_at"]) < clock.now()
    assert [who for who, _ in await bell.rung(await dispatched(bell, city))] == ["handler"]
