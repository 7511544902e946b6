"""Words to many: whom they ring, how far they have come, what an emergency is."""

from typing import Any
from uuid import UUID

import pytest

from moshao.alerts import broadcasting
from moshao.alerts.broadcasting import go_on
from moshao.kit import ids
from tests.api.alerts.bell import Bell


async def speak(bell: Bell, who: str = "supervisor", status: int = 201, **body: Any) -> dict[str, Any]:
    named = body.pop("broadcast_id", None) or ids.new_id()
    answer = await bell.world.as_(who).client.put(f"/api/broadcasts/{named}", json={"words": "明日有雨", **body})
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def stands(bell: Bell, broadcast_id: Any, who: str = "supervisor") -> dict[str, Any]:
    told: dict[str, Any] = (await bell.world.as_(who).get(f"/api/broadcasts/{broadcast_id}")).json()
    return told


async def work(bell: Bell) -> None:
    while await go_on(bell.world.db):
        pass
    await bell.work()


async def rung(bell: Bell) -> set[UUID]:
    return {row["person_id"] for row in await bell.world.db.all("SELECT person_id FROM rings")}


async def test_the_whole_district_hears_and_nobody_else(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    made = await speak(bell)
    assert (made["going"], made["people"]) == (True, 0)
    await work(bell)
    assert await rung(bell) == {
        person.person_id
        for key, person in bell.world.cast.people.items()
        if not key.startswith("neighbour") and key != "supervisor"
    }
    (said,) = bell.service.for_browser(browser)
    assert (said["kind"], said["body"], said["tag"]) == ("broadcast", "明日有雨", f"broadcast-{made['id']}")
    now = await stands(bell, made["id"])
    assert (now["going"], now["people"], now["sent"]) == (False, 10, 1)
    await bell.receipt(said["delivery_id"])
    now = await stands(bell, made["id"])
    assert (now["heard"], now["sent"], now["failed"], now["waiting"]) == (1, 0, 9, 0)


async def test_a_unit_and_a_role_narrow_it(bell: Bell) -> None:
    await speak(bell, unit_id=str(bell.world.cast.units["street"]), role="handler")
    await work(bell)
    assert await rung(bell) == {bell.world.id_of("handler"), bell.world.id_of("colleague")}


async def test_who_is_off_duty_rests_unless_it_is_an_emergency(bell: Bell) -> None:
    await bell.duty("handler", (7 * 60, 19 * 60))
    await bell.later(hours=10)
    street = str(bell.world.cast.units["street"])
    quiet = await speak(bell, unit_id=street)
    await work(bell)
    assert await rung(bell) == {bell.world.id_of("colleague")}
    now = await stands(bell, quiet["id"])
    assert (now["people"], now["resting"]) == (1, 3)
    browser = await bell.subscribe("handler")
    await speak(bell, unit_id=street, emergency=True, words="暴雨红色预警，全员到岗")
    await work(bell)
    (said,) = bell.service.for_browser(browser)
    assert said["urgency"] == "emergency"
    assert "紧急" in said["title"]
    assert bell.service.pushed[-1].headers["Urgency"] == "high"


async def test_who_does_not_confirm_an_emergency_is_called(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    street = str(bell.world.cast.units["street"])
    made = await speak(bell, unit_id=street, role="handler", emergency=True)
    await work(bell)
    (said,) = bell.service.for_browser(browser)
    await bell.receipt(said["delivery_id"])
    await bell.later(minutes=10)
    assert (await stands(bell, made["id"]))["unreached"] == 1
    (entry,) = (await bell.world.as_("leader_of_crew").get("/api/call_list")).json()["unreached"]
    assert [person["name"] for person in entry["people"]] == ["老刘"]


async def test_it_goes_on_where_it_was_killed(bell: Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasting, "AT_ONCE", 3)
    made = await speak(bell)
    await go_on(bell.world.db)
    assert (await stands(bell, made["id"]))["people"] == 3
    await work(bell)
    assert (await stands(bell, made["id"]))["people"] == 10
    rows = await bell.world.db.all("SELECT person_id FROM rings")
    assert len(rows) == len({row["person_id"] for row in rows}) == 10


async def test_sent_twice_it_rings_once(bell: Bell) -> None:
    named = ids.new_id()
    await speak(bell, broadcast_id=named)
    await speak(bell, broadcast_id=named, status=200)
    refused = await speak(bell, broadcast_id=named, status=409, words="别的内容")
    assert refused["code"] == "broadcast_differs"
    await speak(bell, "second_supervisor", broadcast_id=named, status=404)
    assert len((await bell.world.as_("supervisor").get("/api/broadcasts")).json()["broadcasts"]) == 1


async def test_who_leads_a_unit_speaks_to_his_own(bell: Bell) -> None:
    units = bell.world.cast.units
    made = await speak(bell, "leader_of_crew", unit_id=str(units["street"]))
    await speak(bell, "leader_of_crew", status=422)
    await speak(bell, "leader_of_crew", status=422, unit_id=str(units["other_street"]))
    await speak(bell, "leader_of_crew", status=422, unit_id=str(units["street"]), emergency=True)
    await speak(bell, "handler", status=403)
    assert (await bell.world.as_("other_operator").get(f"/api/broadcasts/{made['id']}")).status_code == 404
    assert (await bell.world.as_("neighbour").get(f"/api/broadcasts/{made['id']}")).status_code == 404


async def test_what_is_said_stands_in_no_journal(bell: Bell) -> None:
    await speak(bell, words="集合地点在人民路口")
    (line,) = await bell.world.db.all("SELECT facts FROM journal_lines WHERE kind = 'broadcast'")
    assert "人民路" not in line["facts"]
