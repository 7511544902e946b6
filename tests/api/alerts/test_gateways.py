"""Gateways as the administrator keeps them, and what they do when they ring."""

from typing import Any

import pytest

from moshao.alerts.gateways.gateway import Fate
from moshao.kit import ids
from tests.api.alerts.bell import Bell
from tests.api.alerts.fake_gateway import FakeGateway

pytestmark = pytest.mark.usefixtures("fake_gateway")


async def rung_by_gateway(bell: Bell) -> list[dict[str, Any]]:
    await bell.assign()
    await bell.work()
    await bell.later(seconds=60)
    return await bell.deliveries("fake")


async def test_it_rings_who_is_known_there(bell: Bell, fake_gateway: type[FakeGateway]) -> None:
    await bell.gateway("handler")
    (delivery,) = await rung_by_gateway(bell)
    assert delivery["fate"] == "sent"
    ((message, person),) = fake_gateway.rung
    assert (person.name, person.address) == ("老张", "handler")
    assert message.title.startswith("新案件")
    assert message.delivery_id == delivery["id"]


async def test_who_is_not_known_there_is_not_rung(bell: Bell, fake_gateway: type[FakeGateway]) -> None:
    await bell.gateway("colleague")
    assert await rung_by_gateway(bell) == []
    assert fake_gateway.rung == []


async def test_gateways_ring_one_after_the_other(bell: Bell, fake_gateway: type[FakeGateway]) -> None:
    await bell.gateway("handler")
    await bell.gateway("handler")
    assert len(await rung_by_gateway(bell)) == 1
    await bell.later(seconds=29)
    assert len(fake_gateway.rung) == 1
    await bell.later(seconds=1)
    assert len(fake_gateway.rung) == 2


async def test_what_it_says_is_the_fate(bell: Bell, fake_gateway: type[FakeGateway]) -> None:
    await bell.gateway("handler")
    fake_gateway.fates = [Fate(outcome="later", why="busy", after_s=20), Fate(outcome="failed", why="no_right")]
    (delivery,) = await rung_by_gateway(bell)
    assert (delivery["fate"], delivery["why"]) == ("waiting", "busy")
    await bell.later(seconds=21)
    (delivery,) = await bell.deliveries("fake")
    assert (delivery["fate"], delivery["why"]) == ("failed", "no_right")


async def test_nobody_of_that_name_is_not_rung_again(bell: Bell, fake_gateway: type[FakeGateway]) -> None:
    gateway_id = await bell.gateway("handler")
    fake_gateway.fates = [Fate(outcome="failed", why="invaliduser", nobody=True)]
    await rung_by_gateway(bell)
    listed = (await bell.world.as_("admin").get(f"/api/gateways/{gateway_id}/addresses")).json()
    assert [each["valid"] for each in listed["addresses"]] == [False]
    await rung_by_gateway(bell)
    assert len(fake_gateway.rung) == 1


async def test_a_fault_in_a_gateway_is_a_fate(
    bell: Bell, fake_gateway: type[FakeGateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> Fate:
        raise ZeroDivisionError

    monkeypatch.setattr(FakeGateway, "ring", broken)
    await bell.gateway("handler")
    (delivery,) = await rung_by_gateway(bell)
    assert (delivery["fate"], delivery["why"]) == ("waiting", "failed_here")


async def test_its_makers_confirm_by_callback(bell: Bell) -> None:
    gateway_id = await bell.gateway("handler")
    case_id = await bell.assign()
    await bell.work()
    await bell.later(seconds=60)
    (delivery,) = await bell.deliveries("fake")
    admin, path = bell.world.as_("admin").client, f"/api/gateways/{gateway_id}"
    body = {"kind": "fake", "name": "假通道", "secrets": {"token": "open"}}
    assert (await admin.put(path, json=body)).status_code == 200
    content = str(delivery["id"]).encode()
    assert (await bell.world.nobody.post(f"{path}/callbacks?token=shut", content=content)).status_code == 403
    assert await bell.state_of(case_id) == "climbing"
    assert (await bell.world.nobody.post(f"{path}/callbacks?token=open", content=content)).status_code == 200
    assert await bell.state_of(case_id) == "heard"


async def test_a_gateway_speaks_for_itself_alone(bell: Bell) -> None:
    other = await bell.gateway("handler")
    case_id = await bell.assign()
    await bell.work()
    (app,) = await bell.deliveries("app")
    answer = await bell.world.nobody.post(f"/api/gateways/{other}/callbacks?token=", content=str(app["id"]).encode())
    assert answer.status_code == 200
    assert await bell.state_of(case_id) == "climbing"


async def test_secrets_are_kept_and_never_shown(bell: Bell) -> None:
    gateway_id, admin = ids.new_id(), bell.world.as_("admin").client
    body = {"kind": "fake", "name": "假通道", "secrets": {"token": "very-secret"}, "settings": {"pace": 2.0}}
    assert (await admin.put(f"/api/gateways/{gateway_id}", json=body)).status_code == 201
    assert (await admin.put(f"/api/gateways/{gateway_id}", json={"kind": "fake", "name": "新名"})).status_code == 200
    answer = await admin.get("/api/gateways")
    assert "very-secret" not in answer.text
    (shown,) = answer.json()["gateways"]
    assert (shown["name"], shown["settings"]) == ("新名", {"pace": 1000.0})
    kept = await bell.world.db.value("SELECT secrets FROM gateways WHERE id = ?", gateway_id)
    assert "very-secret" in kept
    lines = await bell.world.db.all("SELECT facts FROM journal_lines WHERE kind = 'gateway_changed'")
    assert len(lines) == 2
    assert not any("very-secret" in line["facts"] for line in lines)
    assert (await admin.delete(f"/api/gateways/{gateway_id}")).status_code == 204
    assert (await admin.get("/api/gateways")).json()["gateways"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "pigeon", "name": "x"},
        {"kind": "fake", "name": ""},
        {"kind": "fake", "name": "x", "settings": {"more": 1}},
        {"kind": "fake", "name": "x", "secrets": {"token": 1}},
        {"kind": "fake", "name": "x", "more": 1},
    ],
)
async def test_nonsense_is_refused(bell: Bell, body: dict[str, Any]) -> None:
    answer = await bell.world.as_("admin").client.put(f"/api/gateways/{ids.new_id()}", json=body)
    assert answer.status_code in (400, 422), answer.text
