"""Absences and crews."""

from datetime import timedelta
from typing import Any

import pytest

from moshao.kit import clock, ids
from moshao.people.queries import crew_of, is_absent
from tests.api.people.doing import code_of
from tests.phone import rfc3339
from tests.world import World


def absence(world: World, who: str, stand_in: str | None = None, hours: float = 8, **change: Any) -> dict[str, Any]:
    now = clock.now()
    return {
        "person_id": str(world.id_of(who)),
        "from_at": rfc3339(now),
        "until_at": rfc3339(now + timedelta(hours=hours)),
        "stand_in_id": str(world.id_of(stand_in)) if stand_in else None,
    } | change


async def put(world: World, who: str, kind: str, row_id: Any, body: dict[str, Any]) -> Any:
    return await world.as_(who).client.put(f"/api/{kind}/{row_id}", json=body)


async def test_today_zhang_rests_and_liu_stands_in(world: World) -> None:
    made, body = ids.new_id(), absence(world, "handler", "colleague")
    answers = [await put(world, "leader_of_crew", "absences", made, body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["stand_in"]["name"] == "老刘"
    assert await is_absent(world.db, world.id_of("handler"), clock.now())
    assert not await is_absent(world.db, world.id_of("handler"), clock.now() + timedelta(hours=9))
    assert not await is_absent(world.db, world.id_of("colleague"), clock.now())
    assert (await world.as_("handler").get(f"/api/absences/{made}")).status_code == 200
    assert code_of(await world.as_("colleague").get(f"/api/absences/{made}")) == "not_found"
    assert (await world.as_("operator").client.delete(f"/api/absences/{made}")).status_code == 204
    assert not await is_absent(world.db, world.id_of("handler"), clock.now())
    assert code_of(await world.as_("operator").client.delete(f"/api/absences/{made}")) == "not_found"


@pytest.mark.parametrize(
    ("who", "whose", "stand_in", "status"),
    [
        ("leader_of_crew", "handler", None, 201),
        ("operator", "handler", "colleague", 201),
        ("supervisor", "inspector", None, 201),
        ("admin", "stranger", None, 201),
        ("leader_of_crew", "stranger", None, 422),
        ("leader_of_crew", "handler", "stranger", 422),
        ("supervisor", "neighbour_handler", None, 422),
        ("leader_of_crew", "handler", "handler", 422),
        ("handler", "handler", None, 403),
        ("inspector", "handler", None, 403),
        ("leader", "handler", None, 403),
    ],
)
async def test_who_sends_whom_home(world: World, who: str, whose: str, stand_in: str | None, status: int) -> None:
    answer = await put(world, who, "absences", ids.new_id(), absence(world, whose, stand_in))
    assert answer.status_code == status


async def test_anothers_absence_is_absent(world: World) -> None:
    made = ids.new_id()
    await put(world, "admin", "absences", made, absence(world, "stranger"))
    assert code_of(await put(world, "operator", "absences", made, absence(world, "handler"))) == "not_found"
    assert code_of(await world.as_("operator").client.delete(f"/api/absences/{made}")) == "not_found"
    assert code_of(await world.as_("neighbour").client.delete(f"/api/absences/{made}")) == "not_found"
    assert (await world.as_("operator").get("/api/absences")).json()["items"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"hours": 0},
        {"hours": -1},
        {"hours": 24 * 401},
        {"from_at": "2026-11-23T08:00:00"},
        {"kind": "holiday"},
        {"stand_in_id": str(ids.new_id())},
    ],
)
async def test_nonsense(world: World, change: dict[str, Any]) -> None:
    answer = await put(world, "admin", "absences", ids.new_id(), absence(world, "handler", **change))
    assert (answer.status_code, code_of(answer)) == (422, "bad_field")


async def test_only_those_not_over(world: World) -> None:
    await put(world, "admin", "absences", ids.new_id(), absence(world, "handler", hours=1))
    later = rfc3339(clock.now() + timedelta(hours=2))
    for since, count in (("", 1), (rfc3339(clock.now()), 1), (later, 0)):
        params = {"since": since} if since else {}
        answer = await world.as_("operator").get("/api/absences", params=params)
        assert len(answer.json()["items"]) == count


async def roster_of(world: World, *who: str) -> list[int]:
    return [await world.db.value("SELECT roster FROM people WHERE id = ?", world.id_of(each)) for each in who]


async def test_a_crew(world: World) -> None:
    made, unit_id = ids.new_id(), str(world.cast.units["street"])
    two = [str(world.id_of(who)) for who in ("handler", "colleague")]
    before = await roster_of(world, "handler", "colleague")
    body = {"unit_id": unit_id, "name": "二班", "people": two}
    answers = [await put(world, "leader_of_crew", "crews", made, body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert [person["name"] for person in answers[1].json()["people"]] == ["老张", "老刘"]
    assert await crew_of(world.db, made) == [world.id_of("handler"), world.id_of("colleague")]
    assert await roster_of(world, "handler", "colleague") == [count + 1 for count in before]
    one = await put(world, "operator", "crews", made, body | {"people": two[:1]})
    assert [person["name"] for person in one.json()["people"]] == ["老张"]
    assert await roster_of(world, "handler", "colleague") == [before[0] + 1, before[1] + 2]
    assert str(made) in (await world.as_("handler").get("/api/me")).json()["crew_ids"]
    assert str(made) not in (await world.as_("colleague").get("/api/me")).json()["crew_ids"]
    assert (await world.as_("leader_of_crew").client.delete(f"/api/crews/{made}")).status_code == 204
    assert code_of(await world.as_("leader_of_crew").client.delete(f"/api/crews/{made}")) == "not_found"
    assert await crew_of(world.db, made) == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("admin", 201),
        ("operator", 201),
        ("other_operator", 422),
        ("neighbour", 403),
        ("supervisor", 403),
        ("handler", 403),
    ],
)
async def test_who_keeps_crews(world: World, who: str, status: int) -> None:
    body = {"unit_id": str(world.cast.units["street"]), "name": "二班"}
    assert (await put(world, who, "crews", ids.new_id(), body)).status_code == status


async def test_a_crew_holds_people_in_reach(world: World) -> None:
    body = {"unit_id": str(world.cast.units["street"]), "name": "二班"}
    for whose in ("stranger", "neighbour_handler"):
        answer = await put(world, "operator", "crews", ids.new_id(), body | {"people": [str(world.id_of(whose))]})
        assert answer.status_code == 422
    assert code_of(await put(world, "other_operator", "crews", world.cast.crew_id, body)) == "not_found"
    assert code_of(await world.as_("other_operator").get(f"/api/crews/{world.cast.crew_id}")) == "not_found"
    assert (await world.as_("handler").get(f"/api/crews/{world.cast.crew_id}")).status_code == 200
