"""What goes wrong between people, phones and servers: nobody is rung in vain, and nothing waits for who left."""

from typing import Any
from urllib.parse import urlsplit

import asyncpg
import msgspec
import pytest
from aiohttp import web

from moshao.hours.seeding import seed_calendars
from moshao.kit import clock, ids
from moshao.people.settings import DistrictSettings
from tests.api.alerts.bell import Bell, a_bell
from tests.api.alerts.browser import Browser
from tests.api.alerts.fake_gateway import FakeGateway
from tests.api.alerts.push_service import Pushed, answering
from tests.databases import POSTGRES
from tests.world import a_world

NOBODYS = "5f3c1e52-9a43-4d0b-8a67-3f0f9f0c9d11"


async def put(bell: Bell, who: str, browser: Browser, subscription_id: Any) -> int:
    path = f"/api/push_subscriptions/{subscription_id}"
    return (await bell.world.as_(who).client.put(path, json=browser.subscription())).status_code


async def dismiss(bell: Bell, who: str) -> None:
    await bell.world.db.write(
        lambda tx: tx.run("UPDATE people SET active = ? WHERE id = ?", False, bell.world.id_of(who))
    )


async def test_the_next_person_at_a_browser_takes_over_its_id(bell: Bell) -> None:
    """The page keeps one id for its browser, whoever is at it."""
    browser, mine = Browser(), ids.new_id()
    assert await put(bell, "handler", browser, mine) == 201
    assert await put(bell, "colleague", browser, mine) == 201
    await bell.assign("handler")
    theirs = await bell.assign("colleague")
    await bell.work()
    assert [said["case_id"] for said in bell.service.for_browser(browser)] == [str(theirs)]


async def test_so_does_he_after_who_signed_out_and_unsubscribed(bell: Bell) -> None:
    mine = ids.new_id()
    assert await put(bell, "handler", Browser(), mine) == 201
    assert await put(bell, "colleague", Browser(), mine) == 404, "he is still there"
    assert (await bell.world.as_("handler").client.delete("/api/sessions/current")).status_code == 204
    browser = Browser()
    assert await put(bell, "colleague", browser, mine) == 201
    await bell.assign("colleague")
    await bell.work()
    assert len(bell.service.for_browser(browser)) == 1


async def test_who_left_is_rung_no_more_and_his_case_waits_for_nobody(
    bell: Bell, fake_gateway: type[FakeGateway]
) -> None:
    """His shift will never begin: his case climbs as if it had rung in vain."""
    await bell.gateway("handler")
    await bell.duty("handler", (11 * 60, 12 * 60))
    case_id = await bell.cases.put("assigned")
    await dismiss(bell, "handler")
    await bell.world.as_("supervisor").act(case_id, "urgings", opinion="请尽快处理")
    await bell.work()
    assert await bell.rung(case_id) == []
    assert await bell.state_of(case_id, "urged") == "climbing"
    await bell.later(minutes=6)
    assert await bell.rung(case_id) == [("leader_of_crew", "crew_leader")]
    assert fake_gateway.rung == []


async def test_who_leaves_while_it_climbs_is_rung_by_no_further_way(
    bell: Bell, fake_gateway: type[FakeGateway]
) -> None:
    await bell.gateway("handler")
    case_id = await bell.assign("handler")
    await bell.work()
    await dismiss(bell, "handler")
    await bell.later(minutes=5)
    assert fake_gateway.rung == []
    assert ("leader_of_crew", "crew_leader") in await bell.rung(case_id)


async def test_receipts_come_twice_late_and_in_any_order(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    await bell.assign()
    await bell.work()
    (said,) = bell.service.for_browser(browser)
    for receipt in ("opened", "shown", "opened", "shown"):
        assert await bell.receipt(said["delivery_id"], receipt) == 204
    (delivery,) = await bell.deliveries()
    assert delivery["fate"] == "opened"
    assert None not in (delivery["shown_at"], delivery["opened_at"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{NOBODYS}/receipts/shown", 404),
        (f"{NOBODYS}/receipts/eaten", 422),
        ("nothing/receipts/shown", 404),
    ],
)
async def test_a_receipt_for_nothing_changes_nothing(bell: Bell, path: str, status: int) -> None:
    case_id = await bell.assign()
    await bell.work()
    answer = await bell.world.nobody.put(f"/api/alerts/{path}")
    assert answer.status_code == status, answer.text
    assert await bell.state_of(case_id) == "climbing"


@pytest.mark.parametrize("ending", ["lost", "returned", "replaced"])
async def test_a_phone_that_was_ended_is_rung_no_more(bell: Bell, ending: str) -> None:
    """Not even for what was planned before."""
    bell.service.answer = answering(500)
    await bell.subscribe("handler")
    await bell.assign()
    await bell.work()
    device_id = bell.world.cast.people["handler"].device_id
    answer = await bell.world.as_("admin").client.post(f"/api/devices/{device_id}/endings", json={"as": ending})
    assert answer.status_code == 200, answer.text
    bell.service.answer = answering(201)
    await bell.later(minutes=1)
    await bell.assign()
    await bell.work()
    assert len(bell.service.pushed) == 1
    assert [(each["fate"], each["why"]) for each in await bell.deliveries()] == [("failed", "signed_out")]


async def test_no_way_says_anything_of_who_reported(bell: Bell, fake_gateway: type[FakeGateway]) -> None:
    """Name and number stand in every field that upstream fills, and the address is longer than any push may be."""
    await bell.gateway("handler")
    browser = await bell.subscribe("handler")
    await bell.assign(
        reporter_name="钱女士", reporter_phone="13812345678", description="钱女士 13812345678 来电",
        address="人民路" * 700 + "138 1234 5678", title="钱女士反映垃圾", urgency="urgent",
    )  # fmt: skip
    await bell.work()
    await bell.later(seconds=20)
    heard = (await bell.world.as_("handler").get("/api/alerts")).json()
    said = [
        bell.service.for_browser(browser),
        [msgspec.to_builtins(message) for message, _ in fake_gateway.rung],
        heard,
    ]
    assert [len(said[0]), len(said[1]), len(heard["alerts"])] == [1, 1, 1]
    for way in said:
        for secret in ("钱女士", "13812345678", "1234 5678"):
            assert secret not in str(way)
    assert [each["fate"] for each in await bell.deliveries()] == ["sent"]


async def test_the_hour_is_the_districts(morning: None, tmp_path: Any) -> None:
    """Where clocks are changed, too: what counts is the wall clock of the district, on the day of the deadline."""
    async with a_world(tmp_path / "far", district=DistrictSettings(zone="Europe/Berlin")) as world:
        await world.db.write(seed_calendars)
        async with a_bell(world) as bell:
            browser = await bell.subscribe("handler")
            await bell.assign(deadline=clock.now().replace(year=2027, month=7, day=1, hour=10, minute=30))
            await bell.assign(deadline=clock.now().replace(year=2027, month=1, day=5, hour=10, minute=30))
            await bell.work()
            bodies = [said["body"] for said in bell.service.for_browser(browser)]
    assert "7月1日 12:30 前办结" in bodies[0]
    assert "1月5日 11:30 前办结" in bodies[1]


@pytest.mark.skipif(not POSTGRES, reason="needs a server whose connections can be cut (TEST_POSTGRES_URL)")
async def test_a_database_that_goes_while_they_leave_sends_none_twice(bell: Bell) -> None:
    """It is away between the push and the note of it; what left is noted once it is back."""
    await bell.subscribe("handler")
    name = urlsplit(bell.world.settings.database_url).path.strip("/")
    server = await asyncpg.connect(POSTGRES)

    async def cut(pushed: Pushed, request: web.Request) -> web.StreamResponse:
        await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        return await answering(201)(pushed, request)

    bell.service.answer = cut
    await bell.assign()
    try:
        with pytest.raises(asyncpg.PostgresError, match="not currently accepting"):
            await bell.work()
    finally:
        await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await server.close()
    bell.service.answer = answering(201)
    await bell.later(seconds=1)
    assert [(each["fate"], each["tries"]) for each in await bell.deliveries()] == [("sent", 1)]
    await bell.later(minutes=2)
    assert len(bell.service.pushed) == 1
