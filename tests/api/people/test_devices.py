"""Phones: the list, what they report, how they end, codes for new ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from moshao.kit import clock, ids
from moshao.people.making import make_post
from tests.api.people.doing import a_phone, code_of, pairing, staff_no_of
from tests.phone import new_key
from tests.world import World


async def owners(world: World, who: str) -> set[str]:
    answer = await world.as_(who).get("/api/devices")
    assert answer.status_code == 200
    return {item["person"]["name"] if item["person"] else "岗" for item in answer.json()["items"]}


async def test_each_sees_the_phones_he_may_help_with(world: World) -> None:
    assert await owners(world, "handler") == {"老张"}
    assert await owners(world, "leader_of_crew") == {"老张", "老刘", "王队"}
    assert await owners(world, "operator") == {"老张", "老刘", "王队"}
    assert await owners(world, "supervisor") == {"老张", "老刘", "王队", "小李", "外人"}
    assert await owners(world, "neighbour") == {"邻区老马"}
    assert await owners(world, "leader") == set()
    narrowed = await world.as_("admin").get(f"/api/devices?person_id={world.id_of('handler')}")
    assert [item["person"]["name"] for item in narrowed.json()["items"]] == ["老张"]


async def test_a_posts_phone_is_in_its_units_list(world: World) -> None:
    post_id = await world.db.write(lambda tx: make_post(tx, world.cast.units["street"], name="岗", shared=True))
    await a_phone(world, "leader_of_crew", post_id=post_id)
    assert "岗" in await owners(world, "operator")
    assert "岗" not in await owners(world, "other_operator")


async def test_a_phone_reports_what_waits(world: World) -> None:
    oldest = datetime(2026, 11, 20, 8, tzinfo=UTC)
    body = {"unsent": 7, "oldest_at": oldest.isoformat(), "app_version": "1.4.0"}
    assert (await world.as_("handler").client.post("/api/devices/current/report", json=body)).status_code == 204
    (device,) = (await world.as_("handler").get("/api/devices")).json()["items"]
    assert (device["unsent"], device["app_version"]) == (7, "1.4.0")
    assert datetime.fromisoformat(device["oldest_unsent_at"]) == oldest
    assert device["seen_at"]
    done = await world.as_("handler").client.post("/api/devices/current/report", json={"unsent": 0})
    assert done.status_code == 204
    (device,) = (await world.as_("handler").get("/api/devices")).json()["items"]
    assert (device["unsent"], device["oldest_unsent_at"]) == (0, None)


async def test_what_its_self_check_found_stays_until_the_next(world: World) -> None:
    found = [
        {"topic": "bell", "state": "bad", "detail": "denied"},
        {"topic": "storage", "state": "good", "detail": "812 MB"},
        {"topic": "camera", "state": "good", "detail": ""},
        {"topic": "place", "state": "poor", "detail": "±140 m"},
    ]
    phone = world.as_("handler").client
    for body in ({"unsent": 2, "findings": found}, {"unsent": 0}):
        assert (await phone.post("/api/devices/current/report", json=body)).status_code == 204
    (device,) = [
        each for each in (await world.as_("operator").get("/api/devices")).json()["items"] if each["checked_at"]
    ]
    assert (device["person"]["name"], device["findings"], device["unsent"]) == ("老张", found, 0)
    assert (await phone.post("/api/devices/current/report", json={"unsent": 0, "findings": []})).status_code == 204
    assert (await world.as_("handler").get("/api/devices")).json()["items"][0]["findings"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"unsent": 1, "findings": [{"topic": "battery", "state": "good"}]}, 422),
        ({"unsent": 1, "findings": [{"topic": "bell", "state": "broken"}]}, 422),
        ({"unsent": 1, "findings": [{"topic": "bell"}]}, 422),
        ({"unsent": 1, "findings": [{"topic": "bell", "state": "bad", "detail": "x" * 81}]}, 422),
        ({"unsent": 1, "findings": [{"topic": "bell", "state": "bad", "why": "x"}]}, 400),
        ({"unsent": -1}, 422),
        ({"unsent": "many"}, 422),
        ({}, 422),
        ({"unsent": 1, "oldest_at": "2026-11-20T08:00:00"}, 422),
        ({"unsent": 1, "state": "active"}, 400),
    ],
)
async def test_a_nonsense_report(world: World, body: dict[str, Any], status: int) -> None:
    answer = await world.as_("handler").client.post("/api/devices/current/report", json=body)
    assert answer.status_code == status


async def test_a_desk_has_no_phone_to_report_of(world: World) -> None:
    answer = await world.as_("supervisor").client.post("/api/devices/current/report", json={"unsent": 1})
    assert (answer.status_code, code_of(answer)) == (409, "no_device")


async def end(world: World, who: str, device_id: Any, how: str) -> Any:
    return await world.as_(who).client.post(f"/api/devices/{device_id}/endings", json={"as": how})


async def test_an_ending_again_is_the_same_ending(world: World) -> None:
    device_id = world.cast.people["handler"].device_id
    first = await end(world, "leader_of_crew", device_id, "lost")
    again = await end(world, "operator", device_id, "lost")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["state"] == "lost"
    count = await world.db.value("SELECT count(*) FROM journal_lines WHERE kind = 'device_ended'")
    assert count == 1


async def test_nothing_brings_a_phone_back(world: World) -> None:
    device_id = world.cast.people["handler"].device_id
    for how, status in (("replaced", 200), ("returned", 200), ("replaced", 409), ("lost", 200), ("returned", 409)):
        assert (await end(world, "admin", device_id, how)).status_code == status, how
    assert code_of(await end(world, "admin", device_id, "replaced")) == "device_ended_already"
    assert (await end(world, "admin", device_id, "active")).status_code == 422


async def test_who_may_end_whose(world: World) -> None:
    theirs = {who: world.cast.people[who].device_id for who in ("handler", "stranger", "leader_of_crew", "inspector")}
    tries = [
        ("handler", "stranger", 404),
        ("handler", "leader_of_crew", 404),
        ("leader_of_crew", "stranger", 404),
        ("leader_of_crew", "inspector", 404),
        ("operator", "stranger", 404),
        ("leader", "handler", 404),
        ("neighbour", "handler", 404),
        ("supervisor", "inspector", 200),
        ("leader_of_crew", "handler", 200),
        ("leader_of_crew", "leader_of_crew", 200),
    ]
    for who, whose, status in tries:
        assert (await end(world, who, theirs[whose], "replaced")).status_code == status, (who, whose)
    absent, foreign = (
        await end(world, "admin", ids.new_id(), "lost"),
        await end(world, "neighbour", theirs["stranger"], "lost"),
    )
    assert absent.content == foreign.content


async def test_a_leader_pairs_his_people(world: World) -> None:
    url = f"/api/people/{world.id_of('handler')}/pairing_codes"
    made = await world.as_("leader_of_crew").client.post(url, json={})
    assert made.status_code == 201
    assert made.json()["staff_no"] == await staff_no_of(world, "handler")
    body = pairing(made.json()["staff_no"], made.json()["code"], new_key())
    assert (await world.nobody.post("/api/pairings", json=body)).status_code == 201
    sheet = await world.as_("operator").client.post(url, json={"valid_days": 5})
    with clock.moved(timedelta(days=4)):
        body = pairing(sheet.json()["staff_no"], sheet.json()["code"], new_key())
        assert (await world.nobody.post("/api/pairings", json=body)).status_code == 201


async def test_nobody_pairs_anothers_people(world: World) -> None:
    tries = {
        ("leader_of_crew", "stranger"): 404,
        ("leader_of_crew", "operator"): 404,
        ("operator", "stranger"): 404,
        ("other_operator", "handler"): 404,
        ("neighbour", "handler"): 404,
        ("handler", "handler"): 403,
        ("inspector", "handler"): 403,
        ("leader", "handler"): 403,
        ("supervisor", "admin"): 404,
        ("supervisor", "stranger"): 201,
        ("admin", "admin"): 201,
    }
    for (who, whose), status in tries.items():
        answer = await world.as_(who).client.post(f"/api/people/{world.id_of(whose)}/pairing_codes", json={})
        assert answer.status_code == status, (who, whose)


async def test_a_code_for_a_posts_phone(world: World) -> None:
    unit_id, other = world.cast.units["street"], world.cast.units["other_street"]
    shared = await world.db.write(lambda tx: make_post(tx, unit_id, name="共用岗", shared=True))
    single = await world.db.write(lambda tx: make_post(tx, unit_id, name="单人岗"))
    theirs = await world.db.write(lambda tx: make_post(tx, other, name="他岗", shared=True))
    leader, url = world.as_("leader_of_crew").client, f"/api/people/{world.id_of('handler')}/pairing_codes"
    assert code_of(await leader.post(url, json={"post_id": str(single)})) == "post_not_shared"
    assert code_of(await leader.post(url, json={"post_id": str(theirs)})) == "not_found"
    made = (await leader.post(url, json={"post_id": str(shared)})).json()
    answer = await world.nobody.post("/api/pairings", json=pairing(made["staff_no"], made["code"], new_key()))
    row = await world.db.one("SELECT person_id, post_id FROM devices WHERE id = ?", answer.json()["device_id"])
    assert row == {"person_id": None, "post_id": shared}
    own = await world.db.value("SELECT state FROM devices WHERE id = ?", world.cast.people["handler"].device_id)
    assert own == "active"
