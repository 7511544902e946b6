"""What a phone called lost still sends is never done, and not thrown away."""

from typing import Any

import pytest

from moshao.kit import ids
from moshao.people import quarantining
from tests.api.people.doing import code_of
from tests.phone import Phone
from tests.world import World


async def lose(world: World, who: str = "handler") -> Phone:
    device_id = world.cast.people[who].device_id
    answer = await world.as_("supervisor").client.post(f"/api/devices/{device_id}/endings", json={"as": "lost"})
    assert answer.status_code == 200
    return world.as_(who)


async def kept(world: World, who: str = "supervisor") -> Any:
    device_id = world.cast.people["handler"].device_id
    return await world.as_(who).get(f"/api/devices/{device_id}/quarantine")


async def test_an_act_of_a_lost_phone_is_laid_aside_once(world: World) -> None:
    phone, case_id, act_id = await lose(world), ids.new_id(), ids.new_id()
    for _ in range(2):
        answer = await phone.act(case_id, "closures", act_id=act_id, outcome="fixed", note="已清理")
        assert (answer.status_code, code_of(answer)) == (401, "device_lost")
    (item,) = (await kept(world)).json()["items"]
    assert item["path"] == f"/api/cases/{case_id}/closures/{act_id}"
    assert item["person"]["name"] == "老张"
    assert "已清理" in item["body"]
    assert ".." in item["signature"]
    assert await world.db.value("SELECT count(*) FROM acts") == 0


async def test_only_acts_of_a_lost_phone(world: World) -> None:
    phone = await lose(world)
    for path, content in (
        (f"/api/cases/{ids.new_id()}/closures/{ids.new_id()}", b"\xff"),
        (f"/api/cases/{ids.new_id()}/closures/{ids.new_id()}", b"x" * 70_000),
        (f"/api/crews/{ids.new_id()}", b"{}"),
    ):
        assert code_of(await phone.client.put(path, content=content)) == "device_lost"
    assert code_of(await phone.client.post("/api/devices/current/report", json={"unsent": 1})) == "device_lost"
    assert (await kept(world)).json()["items"] == []


async def test_a_flood_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantining, "PER_DEVICE_MOST", 3)
    phone = await lose(world)
    for _ in range(5):
        await phone.act(ids.new_id(), "notes", note="x")
    assert len((await kept(world)).json()["items"]) == 3


async def test_who_looks_at_it(world: World) -> None:
    for who in ("handler", "leader_of_crew", "operator", "leader", "admin"):
        assert code_of(await kept(world, who)) == "not_your_role"
    assert code_of(await kept(world, "neighbour")) == "not_found"
