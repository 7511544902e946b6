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


async def test_who_stands_by_hour_by_hour(world: World) -> None:
    """老张 by day, 老刘 on call at night; from noon to two 王队 stands in for 老张."""
    old, mate, leader = (world.id_of(who) for who in ("handler", "colleague", "leader_of_crew"))

    async def work(tx: Tx) -> None:
        await tx.run("DELETE FROM duties")
        day = await make_shift(tx, world.cast.district_id, name="白班", minutes=(480, 1200))
        night = await make_shift(tx, world.cast.district_id, name="夜班", minutes=(1200, 1920))
        await make_duty(tx, world.cast.units["street"], old, day)
        await make_duty(tx, world.cast.units["street"], mate, night, level=1)
        noon = MONDAY + timedelta(hours=12)
        await make_absence(tx, old, noon, noon + timedelta(hours=2), stand_in_id=leader)

    await world.db.write(work)
    at = quote(MONDAY.isoformat())
    url = f"/api/stand_by?unit_id={world.cast.units['street']}&from_at={at}&hours=24"
    spans = (await world.as_("operator").get(url)).json()["spans"]
    assert [
        ((datetime.fromisoformat(each["until_at"]) - MONDAY) // timedelta(hours=1),
         [(one["person"]["name"], one["level"], one["stands_in_for"]) for one in each["people"]])
        for each in spans
    ] == [
        (8, [("老刘", 1, None)]), (12, [("老张", 0, None)]), (14, [("王队", 0, str(old))]),
        (20, [("老张", 0, None)]), (24, [("老刘", 1, None)]),
    ]  # fmt: skip
    assert (
        len((await world.as_("supervisor").get(url.replace("hours=24", "hours=168"))).json()["spans"]) == 4 + 2 * 7 - 1
    )
    assert code_of(await world.as_("other_operator").get(url)) == "not_found"
    assert code_of(await world.as_("neighbour").get(url)) == "not_found"


async def test_who_was_let_go_fills_no_hole(world: World) -> None:
    old = world.id_of("handler")

    async def work(tx: Tx) -> None:
        await tx.run("DELETE FROM duties")
        day = await make_shift(tx, world.cast.district_id, name="全日")
        await make_duty(tx, world.cast.units["street"], old, day)

    await world.db.write(work)
    assert (await gaps(world, "operator")).json()["items"] == []
    await world.db.write(lambda tx: tx.run("UPDATE people SET active = ? WHERE id = ?", False, old))
    (gap,) = (await gaps(world, "operator")).json()["items"]
    assert (gap["grid"], gap["class"]) == ("*", "*")


async def test_each_unit_counts_its_hours_with_holes(world: World) -> None:
    async def work(tx: Tx) -> None:
        await tx.run("DELETE FROM duties WHERE unit_id = ?", world.cast.units["street"])
        day = await make_shift(tx, world.cast.district_id, name="白班", minutes=(480, 1200))
        await make_duty(tx, world.cast.units["street"], world.id_of("handler"), day, classes=["matter:"])
        await make_duty(tx, world.cast.units["street"], world.id_of("colleague"), day)

    await world.db.write(work)
    at, units = quote(MONDAY.isoformat()), world.cast.units
    for who, named in (
        ("supervisor", {str(units["street"]): 12, str(units["other_street"]): 0}),
        ("operator", {str(units["street"]): 12}),
        ("other_operator", {str(units["other_street"]): 0}),
        ("neighbour", {}),
    ):
        answer = await world.as_(who).get(f"/api/roster_gap_counts?from_at={at}&hours=24")
        assert {each["unit_id"]: each["hours"] for each in answer.json()["items"]} == named
    assert code_of(await world.as_("handler").get("/api/roster_gap_counts")) == "not_your_role"
