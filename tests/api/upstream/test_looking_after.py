"""/api/upstreams and what stands beside it: the administrator's."""

from typing import Any

import pytest

from moshao.kit import ids
from moshao.kit.db import Tx
from moshao.people.making import make_person, make_session
from tests.api.upstream.ear import agree, listening, working
from tests.api.upstream.platform import Platform


async def test_made_changed_and_switched_off(city: Platform) -> None:
    desk = city.world.as_("admin").client
    made = await desk.put("/api/upstreams/county", json={"agreed": {"datum": "gcj02"}})
    assert made.status_code == 201, made.text
    county = Platform(city.world, "county", made.json()["secret"])
    await county.dispatched()
    changed = await desk.put(
        "/api/upstreams/county", json={"agreed": {"photo_hosts": ["*.city.example"]}, "active": False}
    )
    assert (changed.status_code, changed.json()["active"], changed.json()["secrets"]) == (200, False, 1)
    assert "whsec_" not in changed.text
    assert (await county.post(b"{}")).status_code == 401
    listed = (await desk.get("/api/upstreams")).json()["upstreams"]
    assert [each["name"] for each in listed] == ["city", "county"]


async def test_secrets_rotate(city: Platform) -> None:
    desk, old = city.world.as_("admin").client, city.secret
    city.secret = (await desk.post("/api/upstreams/city/secrets")).json()["secret"]
    await city.dispatched()
    city.secret, new = old, city.secret
    await city.dispatched()
    assert (await desk.delete("/api/upstreams/city/secrets")).status_code == 204
    assert (await city.post(b"{}")).status_code == 401
    city.secret = new
    await city.dispatched()


async def test_what_came_in_vain_is_shown(city: Platform) -> None:
    await city.send(city.event("exploded", {"reporter": {"phone": "13800000000"}}))
    shown = (await city.world.as_("admin").client.get("/api/kept_events")).json()["events"]
    assert [(each["upstream"], each["code"], each["times"]) for each in shown] == [("city", "unknown_type", 1)]
    assert "exploded" in shown[0]["verbatim"]


async def test_stuck_and_sent_again(city: Platform) -> None:
    desk = city.world.as_("admin").client
    async with listening() as ear:
        await agree(city, ear)
        case = await city.dispatched()
        async with working(city) as worker:
            await worker.tell()
            assert (await desk.get("/api/stuck_feedback")).json() == {"stuck": []}
            path, body = "/api/upstreams/city/resends", {"case_id": str(case["id"])}
            assert (await desk.post(path, json=body)).status_code == 404
            assert (await desk.post(path, json={**body, "told_too": True})).status_code == 204
            await worker.tell()
        assert ear.types == ["signed", "assigned"] * 2
        assert ear.heard[0][0] == ear.heard[2][0]


async def test_who_may(city: Platform) -> None:
    for who in ("supervisor", "leader", "operator", "handler"):
        client = city.world.as_(who).client
        assert (await client.put("/api/upstreams/city", json={"agreed": {}})).status_code == 403
        assert (await client.post("/api/upstreams/city/secrets")).status_code == 403
        assert (await client.get("/api/kept_events")).status_code == 403
        assert (await client.get("/api/upstreams")).status_code == (200 if who == "supervisor" else 403)
    assert (await city.world.nobody.get("/api/upstreams")).status_code == 401


async def test_another_districts_administrator_sees_nothing(city: Platform) -> None:
    await city.send(city.event("exploded", {}))
    unit_id = city.world.cast.units["next_district"]

    async def work(tx: Tx) -> str:
        person_id = await make_person(tx, unit_id, staff_no="n-1", name="邻区管理员", role="admin")
        return await make_session(tx, person_id)

    desk = city.world.client(cookies={"moshao": await city.world.db.write(work)})
    assert (await desk.get("/api/upstreams")).json() == {"upstreams": []}
    assert (await desk.get("/api/kept_events")).json() == {"events": []}
    for answer in (
        await desk.put("/api/upstreams/city", json={"agreed": {}}),
        await desk.post("/api/upstreams/city/secrets"),
        await desk.delete("/api/upstreams/city/secrets"),
        await desk.post("/api/upstreams/city/resends", json={"case_id": str(ids.new_id())}),
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"feedback_url": "ftp://city.example/"}, 422), ({"feedback_url": "city.example"}, 422),
        ({"feedback_url": "https://user:pw@city.example/"}, 422), ({"photo_hosts": ["https://city.example/"]}, 422),
        ({"photo_hosts": ["*"]}, 422), ({"datum": "xian80"}, 422), ({"media": "upload"}, 422), ({"colour": "red"}, 400),
    ],
)  # fmt: skip
async def test_nonsense(city: Platform, settings: dict[str, Any], status: int) -> None:
    answer = await city.world.as_("admin").client.put("/api/upstreams/city", json={"agreed": settings})
    assert answer.status_code == status, answer.text


async def test_names(city: Platform) -> None:
    desk = city.world.as_("admin").client
    for name in ("City", "a b", "-x", "x" * 61):
        assert (await desk.put(f"/api/upstreams/{name}", json={"agreed": {}})).status_code == 422
