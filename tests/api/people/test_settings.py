"""GET and PUT /api/settings, GET /api/roster_gaps."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from moshao.hours.seeding import seed_calendars
from moshao.kit.db import Tx
from moshao.people.making import make_absence, make_duty, make_shift
from tests.api.people.doing import code_of
from tests.world import World


async def test_settings_are_the_admins(world: World) -> None:
    before = (await world.as_("admin").get("/api/settings")).json()
    assert before["district"]["name"] == "宛城区"
    assert before["settings"]["fence_m"] == 100
    changed = {"acceptance": "on_open", "fence_m": 60}
    answers = [await world.as_("admin").client.put("/api/settings", json=changed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json() == (await world.as_("supervisor").get("/api/settings")).json()
    phone = (await world.as_("handler").get("/api/me")).json()["settings"]
    assert (phone["acceptance"], phone["fence_m"]) == ("on_open", 60)
    assert (await world.as_("neighbour").get("/api/settings")).json()["settings"]["fence_m"] == 100
    lines = await world.db.all("SELECT facts FROM journal_lines WHERE kind = 'settings_changed'")
    assert [line["facts"] for line in lines] == ['{"members":["acceptance","fence_m"]}']


@pytest.mark.parametrize("who", ["handler", "inspector", "leader_of_crew", "operator", "supervisor", "leader"])
async def test_nobody_else_changes_them(world: World, who: str) -> None:
    answer = await world.as_(who).client.put("/api/settings", json={})
    assert (answer.status_code, code_of(answer)) == (403, "not_your_role")


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"zone": "Mars/Olympus"}, 422),
        ({"zone": "../../etc/passwd"}, 422),
        ({"fence_m": -1}, 422),
        ({"devices_per_person": 0}, 422),
        ({"acceptance": "sometimes"}, 422),
        ({"report_roles": ["admin"]}, 422),
        ({"default_limit": {"value": 0, "unit": "work_day"}}, 422),
        ({"colour": "red"}, 400),
    ],
)
async def test_nonsense(world: World, settings: dict[str, Any], status: int) -> None:
    assert (await world.as_("admin").client.put("/api/settings", json=settings)).status_code == status


async def test_a_calendar_that_exists(world: World) -> None:
    await world.db.write(seed_calendars)
    for calendar, status in (("office_8h", 200), ("no_such", 422)):
        answer = await world.as_("admin").client.put("/api/settings", json={"calendar": calendar})
        assert answer.status_code == status


MONDAY = datetime(2026, 11, 22, 16, tzinfo=UTC)


async def gaps(world: World, who: str, unit: str = "street", hours: int = 24) -> Any:
    at = quote(MONDAY.isoformat())
    return await world.as_(who).get(f"/api/roster_gaps?unit_id={world.cast.units[unit]}&from_at={at}&hours={hours}")


async def test_holes_in_the_roster(world: World) -> None:
    old = world.id_of("handler")

    async def work(tx: Tx) -> None:
        await tx.run("DELETE FROM duties")
        day = await make_shift(tx, world.cast.district_id, name="白班", minutes=(480, 1200))
        await make_duty(tx, world.cast.units["street"], old, day)
        await make_absence(tx, old, MONDAY + timedelta(hours=12), MONDAY + timedelta(hours=14))

    await world.db.write(work)
    for who in ("operator", "leader_of_crew", "supervisor"):
        answer = (await gaps(world, who)).json()
        found = [
            tuple(
                (datetime.fromisoformat(gap[name]) - MONDAY) // timedelta(hours=1) for name in ("from_at", "until_at")
            )
            for gap in answer["items"]
        ]
        assert (found, answer["more"]) == ([(0, 8), (12, 14), (20, 24)], False)


async def test_gaps_are_for_who_plans(world: World) -> None:
    assert code_of(await gaps(world, "operator", "other_street")) == "not_found"
    assert code_of(await gaps(world, "neighbour")) == "not_found"
    assert code_of(await gaps(world, "handler")) == "not_your_role"
    assert (await gaps(world, "operator")).json() == {"items": [], "more": False}
    for hours in (0, 745):
        assert (await gaps(world, "operator", hours=hours)).status_code == 422
