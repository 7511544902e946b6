"""Posts, shifts, duties, and who is on duty now."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from moshao.kit import ids
from moshao.people.making import make_absence, make_duty, make_post, make_shift
from moshao.people.queries import who_is_on_duty
from tests.api.people.doing import code_of
from tests.world import World

# Monday 2026-11-23 in Nanyang is eight hours ahead of UTC.
MORNING, EVENING, NIGHT = (datetime(2026, 11, 23, hour, 0, tzinfo=UTC) for hour in (1, 12, 18))


async def put(world: World, who: str, kind: str, row_id: Any, body: dict[str, Any]) -> Any:
    return await world.as_(who).client.put(f"/api/{kind}/{row_id}", json=body)


async def a_shift(world: World, **members: Any) -> UUID:
    return await world.db.write(lambda tx: make_shift(tx, world.cast.district_id, name="班", **members))


def duty(world: World, on: UUID, who: str = "handler", **change: Any) -> dict[str, Any]:
    unit_id, person_id = str(world.cast.units["street"]), str(world.id_of(who))
    return {"unit_id": unit_id, "person_id": person_id, "shift_id": str(on)} | change


async def test_a_duty_is_put_read_and_ended(world: World) -> None:
    made, shift_id = ids.new_id(), await a_shift(world)
    body = duty(world, shift_id, grids=["411302001002003", "411302001"], classes=["matter:01", "component:0102"])
    roster = await world.db.value("SELECT roster FROM people WHERE id = ?", world.id_of("handler"))
    answers = [await put(world, "operator", "duties", made, body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json() == (await world.as_("handler").get(f"/api/duties/{made}")).json()
    assert answers[0].json()["grids"] == ["411302001", "411302001002003"]
    assert await world.db.value("SELECT roster FROM people WHERE id = ?", world.id_of("handler")) == roster + 1
    handed = body | {"person_id": str(world.id_of("colleague"))}
    assert (await put(world, "operator", "duties", made, handed)).status_code == 200
    assert await world.db.value("SELECT roster FROM people WHERE id = ?", world.id_of("handler")) == roster + 2
    assert code_of(await world.as_("handler").get(f"/api/duties/{made}")) == "not_found"
    assert (await world.as_("operator").client.delete(f"/api/duties/{made}")).status_code == 204
    assert code_of(await world.as_("operator").client.delete(f"/api/duties/{made}")) == "not_found"
    kinds = await world.db.all("SELECT kind FROM journal_lines WHERE facts LIKE ? ORDER BY seq", f"%{made}%")
    assert [row["kind"] for row in kinds] == ["duty_changed", "duty_changed", "duty_ended"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("admin", 201),
        ("supervisor", 201),
        ("operator", 201),
        ("other_operator", 422),
        ("neighbour", 422),
        ("leader_of_crew", 403),
        ("handler", 403),
        ("inspector", 403),
        ("leader", 403),
    ],
)
async def test_who_plans(world: World, who: str, status: int) -> None:
    answer = await put(world, who, "duties", ids.new_id(), duty(world, await a_shift(world)))
    assert answer.status_code == status


async def test_out_of_reach_is_absent(world: World) -> None:
    shift_id = await a_shift(world)
    made = await world.db.write(
        lambda tx: make_duty(tx, world.cast.units["other_street"], world.id_of("stranger"), shift_id)
    )
    post_id = await world.db.write(lambda tx: make_post(tx, world.cast.units["other_street"], name="他岗"))
    for kind, row_id, body in (
        ("duties", made, duty(world, shift_id)),
        ("posts", post_id, {"unit_id": str(world.cast.units["street"]), "name": "岗"}),
    ):
        assert code_of(await put(world, "operator", kind, row_id, body)) == "not_found"
        assert code_of(await world.as_("operator").get(f"/api/{kind}/{row_id}")) == "not_found"
        assert code_of(await world.as_("operator").client.delete(f"/api/{kind}/{row_id}")) == "not_found"
    body = {"name": "班", "from_minute": 0, "until_minute": 60}
    shift = await world.db.write(lambda tx: make_shift(tx, world.cast.other_district_id, name="邻区班"))
    assert code_of(await put(world, "admin", "shifts", shift, body)) == "not_found"


async def test_what_a_duty_names_must_be_there(world: World) -> None:
    shift_id = await a_shift(world)
    foreign = await world.db.write(lambda tx: make_shift(tx, world.cast.other_district_id, name="邻区班"))
    for change in (
        {"person_id": str(world.id_of("stranger"))},
        {"person_id": str(world.id_of("neighbour_handler"))},
        {"person_id": str(ids.new_id())},
        {"shift_id": str(foreign)},
        {"post_id": str(ids.new_id())},
        {"unit_id": str(world.cast.units["other_street"])},
    ):
        answer = await put(world, "operator", "duties", ids.new_id(), duty(world, shift_id, **change))
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, next(iter(change)))


@pytest.mark.parametrize(
    "change",
    [
        {"level": 4},
        {"grids": []},
        {"grids": ["街道"]},
        {"classes": ["event:01"]},
        {"classes": ["matter:1"]},
        {"from_day": "2026-02-30"},
        {"from_day": "2026-10-08", "until_day": "2026-10-01"},
        {"from_day": "tomorrow"},
    ],
)
async def test_nonsense(world: World, change: dict[str, Any]) -> None:
    answer = await put(world, "admin", "duties", ids.new_id(), duty(world, await a_shift(world), **change))
    assert answer.status_code == 422


async def test_shifts_and_posts_in_use_stay(world: World) -> None:
    shift_id = await a_shift(world)
    post_id = await world.db.write(lambda tx: make_post(tx, world.cast.units["street"], name="岗"))
    made = ids.new_id()
    await put(world, "admin", "duties", made, duty(world, shift_id, post_id=str(post_id)))
    admin = world.as_("admin").client
    for url in (f"/api/shifts/{shift_id}", f"/api/posts/{post_id}"):
        assert code_of(await admin.delete(url)) == "in_use"
    await admin.delete(f"/api/duties/{made}")
    for url in (f"/api/shifts/{shift_id}", f"/api/posts/{post_id}"):
        assert (await admin.delete(url)).status_code == 204
        assert code_of(await admin.delete(url)) == "not_found"


async def test_shifts_are_the_districts(world: World) -> None:
    made, body = ids.new_id(), {"name": "夜班", "from_minute": 1320, "until_minute": 1800, "weekdays": "12345"}
    assert (await put(world, "supervisor", "shifts", made, body)).status_code == 201
    assert (await put(world, "admin", "shifts", made, body)).status_code == 200
    assert code_of(await put(world, "operator", "shifts", made, body)) == "not_your_role"
    assert (await world.as_("handler").get(f"/api/shifts/{made}")).json()["until_minute"] == 1800
    assert code_of(await world.as_("neighbour").get(f"/api/shifts/{made}")) == "not_found"
    for change in ({"until_minute": 1320}, {"until_minute": 2880}, {"weekdays": "8"}, {"weekdays": "21"}):
        assert (await put(world, "admin", "shifts", ids.new_id(), body | change)).status_code == 422


async def on_duty(world: World, at: datetime, unit: str = "street") -> list[tuple[str, int]]:
    found = await who_is_on_duty(world.db, world.cast.units[unit], at)
    return [(duty.name, duty.level) for duty in found]


@pytest.fixture
async def roster(world: World) -> World:
    """老张 by day, 老刘 by night on weekdays, 王队 on call at night, the rest of the cast's duties gone."""
    await world.db.write(lambda tx: tx.run("DELETE FROM duties"))
    day = await a_shift(world, minutes=(450, 1170))
    night = await a_shift(world, minutes=(1170, 1890), weekdays="12345")
    unit_id = world.cast.units["street"]
    await world.db.write(lambda tx: make_duty(tx, unit_id, world.id_of("leader_of_crew"), night, level=1))
    await world.db.write(lambda tx: make_duty(tx, unit_id, world.id_of("handler"), day))
    await world.db.write(lambda tx: make_duty(tx, unit_id, world.id_of("colleague"), night))
    return world


async def test_who_is_on_duty_follows_the_districts_clock(roster: World) -> None:
    assert await on_duty(roster, MORNING) == [("老张", 0)]
    assert await on_duty(roster, EVENING) == [("老刘", 0), ("王队", 1)]
    assert await on_duty(roster, NIGHT) == [("老刘", 0), ("王队", 1)]
    assert await on_duty(roster, datetime(2026, 11, 28, 18, tzinfo=UTC)) == []
    assert await on_duty(roster, datetime(2026, 11, 27, 18, tzinfo=UTC)) == [("老刘", 0), ("王队", 1)]
    assert await on_duty(roster, MORNING, "other_street") == []
    assert await who_is_on_duty(roster.db, ids.new_id(), MORNING) == []


async def test_a_stand_in_has_the_absent_ones_duty(roster: World) -> None:
    world = roster
    old, mate, third = (world.id_of(who) for who in ("handler", "colleague", "leader_of_crew"))
    await world.db.write(lambda tx: make_absence(tx, old, MORNING, EVENING, stand_in_id=mate))
    (found,) = await who_is_on_duty(world.db, world.cast.units["street"], MORNING)
    assert (found.name, found.stands_in_for) == ("老刘", old)
    await world.db.write(lambda tx: make_absence(tx, mate, MORNING, EVENING, stand_in_id=third))
    assert await on_duty(world, MORNING) == [("王队", 0)]
    await world.db.write(lambda tx: make_absence(tx, third, MORNING, EVENING, stand_in_id=old))
    assert await on_duty(world, MORNING) == []
    assert await on_duty(world, EVENING) == [("老刘", 0), ("王队", 1)]


async def test_absent_without_a_stand_in_nobody_answers(roster: World) -> None:
    await roster.db.write(lambda tx: make_absence(tx, roster.id_of("handler"), MORNING, EVENING))
    assert await on_duty(roster, MORNING) == []


async def test_who_left_is_not_on_duty(roster: World) -> None:
    await roster.db.write(
        lambda tx: tx.run("UPDATE people SET active = ? WHERE id = ?", False, roster.id_of("handler"))
    )
    assert await on_duty(roster, MORNING) == []


async def test_a_duty_for_some_days(roster: World) -> None:
    world, unit_id = roster, roster.cast.units["street"]
    night = await a_shift(world, minutes=(1170, 1890))
    await world.db.write(
        lambda tx: make_duty(tx, unit_id, world.id_of("operator"), night, days=("2026-11-28", "2026-11-28"))
    )
    saturday, sunday = (datetime(2026, 11, day, 18, tzinfo=UTC) for day in (28, 29))
    assert await on_duty(world, saturday) == [("小陈", 0)]
    assert await on_duty(world, sunday) == []


async def test_the_screen_of_who_is_on_duty(roster: World) -> None:
    url = f"/api/on_duty?unit_id={roster.cast.units['street']}&at={quote(NIGHT.isoformat())}"
    for who in ("handler", "leader_of_crew", "operator", "supervisor"):
        items = (await roster.as_(who).get(url)).json()["items"]
        assert [item["person"]["name"] for item in items] == ["老刘", "王队"]
    for who in ("stranger", "other_operator", "neighbour"):
        assert code_of(await roster.as_(who).get(url)) == "not_found"
    assert (await roster.as_("handler").get(f"{url.partition('&')[0]}&at=now")).status_code == 422
    assert (await roster.as_("handler").get("/api/on_duty")).status_code == 422
