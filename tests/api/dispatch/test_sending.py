"""Which unit and which person get a case, by rules and roster."""

from datetime import datetime, timedelta

import pytest

from moshao.kit import clock
from moshao.people.making import make_absence
from tests.api.dispatch.conftest import Opened
from tests.api.dispatch.district import District
from tests.api.upstream.places import GRID, OTHER_STREET


def at_hour(hour: int) -> timedelta:
    """How far the clock has to move to the next such hour of the district's day."""
    now = clock.now()
    local = now + timedelta(hours=8)
    wanted = local.replace(hour=hour, minute=30, second=0, microsecond=0)
    return (wanted if wanted > local else wanted + timedelta(days=1)) - local


async def test_a_rule_stands_above_the_street(district: District) -> None:
    await district.rule("other_street", classes=["matter:06"])
    assert (await district.sent())["unit_id"] == district.cast.units["other_street"]
    assert (await district.sent(kind="component", major="01", minor="001"))["unit_id"] == district.cast.units["street"]


async def test_rules_by_grid_and_by_street(district: District) -> None:
    await district.rule("other_street", 5, grids=[GRID])
    assert (await district.sent())["unit_id"] == district.cast.units["other_street"]
    beside = await district.sent(lon=112.545, lat=33.0)
    assert beside["unit_id"] == district.cast.units["street"]
    await district.rule("other_street", 6, grids=["411302001"])
    without_a_grid = await district.sent(lon=112.545, lat=33.0)
    assert without_a_grid["unit_id"] == district.cast.units["other_street"]


async def test_rules_by_the_hour(district: District) -> None:
    await district.rule("other_street", from_minute=20 * 60, until_minute=6 * 60)
    with clock.moved(at_hour(23)):
        assert (await district.sent())["unit_id"] == district.cast.units["other_street"]
    with clock.moved(at_hour(12)):
        assert (await district.sent())["unit_id"] == district.cast.units["street"]


async def test_a_changed_rule_counts_at_once(district: District) -> None:
    rule = await district.rule("other_street")
    assert (await district.sent())["unit_id"] == district.cast.units["other_street"]
    gone = await district.world.as_("supervisor").client.delete(f"/api/dispatch_rules/{rule}")
    assert gone.status_code == 204
    assert (await district.sent())["unit_id"] == district.cast.units["street"]


async def test_neither_rule_nor_street(district: District) -> None:
    await district.world.db.write(lambda tx: tx.run("UPDATE units SET street_code = NULL"))
    assert (await district.sent())["state"] == "received"


@pytest.mark.parametrize("flag", ["no_place", "outside_district", "unknown_class"])
async def test_a_held_case_stays(district: District, flag: str) -> None:
    case = await district.sent((flag,))
    assert (case["state"], case["unit_id"]) == ("received", None)


async def test_nobody_on_duty_stays_dispatched(district: District) -> None:
    await district.nobody_on_duty()
    case = await district.sent()
    assert (case["state"], case["handler_id"]) == ("dispatched", None)
    assert (await district.kinds(case["id"]))[-1] == "dispatched"


async def test_the_class_is_not_in_his_duty(district: District) -> None:
    await district.nobody_on_duty()
    sweeper = await district.on_duty("a-9", classes=["matter:06"])
    mender = await district.on_duty("a-1", classes=["component:01"])
    assert (await district.sent())["handler_id"] == sweeper
    assert (await district.sent(kind="component", major="01", minor="001"))["handler_id"] == mender
    assert (await district.sent(kind="component", major="02", minor="001"))["state"] == "dispatched"


async def test_the_grid_is_not_in_his_duty(district: District) -> None:
    await district.nobody_on_duty()
    here = await district.on_duty("a-9", grids=[GRID])
    await district.on_duty("a-1", grids=["411302001000002"])
    assert (await district.sent(grid_code=GRID))["handler_id"] == here
    assert (await district.sent())["handler_id"] == here
    assert (await district.sent(lon=112.545, lat=33.0))["state"] == "dispatched"


async def test_fewest_open_cases_then_smallest_staff_number(district: District) -> None:
    await district.nobody_on_duty()
    people = {name: await district.on_duty(name) for name in ("b-2", "b-10", "b-3")}
    got = [(await district.sent())["handler_id"] for _ in range(6)]
    names = {person_id: name for name, person_id in people.items()}
    assert [names[person_id] for person_id in got] == ["b-10", "b-2", "b-3"] * 2
    await district.world.db.write(
        lambda tx: tx.run("UPDATE cases SET state = 'handled' WHERE handler_id = ?", people["b-3"])
    )
    assert names[(await district.sent())["handler_id"]] == "b-3"


async def test_on_call_and_off_duty_are_not_asked(district: District) -> None:
    await district.nobody_on_duty()
    await district.on_duty("c-1", level=1)
    await district.on_duty("c-2", minutes=(0, 7 * 60))
    await district.on_duty("c-3", role="inspector")
    await district.on_duty("c-4", unit="other_street")
    worker = await district.on_duty("c-5", minutes=(8 * 60, 20 * 60))
    with clock.moved(at_hour(12)):
        assert (await district.sent())["handler_id"] == worker
    with clock.moved(at_hour(22)):
        assert (await district.sent())["state"] == "dispatched"


async def test_who_stands_in_gets_the_case(district: District) -> None:
    await district.nobody_on_duty()
    absent = await district.on_duty("d-1")
    stand_in = district.world.id_of("colleague")
    now: datetime = clock.now()
    await district.world.db.write(
        lambda tx: make_absence(tx, absent, now - timedelta(hours=1), now + timedelta(hours=1), stand_in_id=stand_in)
    )
    assert (await district.sent())["handler_id"] == stand_in


async def test_settings_turn_it_off(district_of: Opened) -> None:
    async with district_of(auto_dispatch=False) as district:
        assert (await district.sent())["state"] == "received"


async def test_other_street(district: District) -> None:
    case = await district.sent(lon=OTHER_STREET[0], lat=OTHER_STREET[1])
    assert (case["unit_id"], case["handler_id"]) == (
        district.cast.units["other_street"], district.world.id_of("stranger"),
    )  # fmt: skip
