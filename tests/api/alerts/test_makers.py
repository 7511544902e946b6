"""Every kind of gateway against its makers' protocol: whom it rings, what their answers mean, what is kept secret."""

import asyncio
import logging

import msgspec
import pytest

from moshao.alerts.gateway_asking import ask_who_has_read
from moshao.alerts.gateways.kinds import KINDS
from moshao.hours.seeding import seed_calendars
from moshao.kit import ids
from moshao.kit.webhooks import signed_headers
from tests.api.alerts.bell import Bell, a_bell
from tests.api.alerts.makers import SECRETS, SETTINGS, ZHANG, Makers, a_message, makers, opened
from tests.world import World

ALL = sorted(KINDS)
NEVER_TOLD = "very-secret"


async def test_each_is_a_step_of_the_ladder(morning: None, world: World) -> None:
    """One after the other, as the administrator has ranked them, until somebody hears."""
    await world.db.write(seed_calendars)
    async with makers() as stub, a_bell(world, stub.test_connect) as bell:
        for rank, kind in enumerate(ALL):
            await keep(bell, kind, rank)
        case_id = await bell.assign(urgency="urgent", reporter_name="报案人")
        await bell.work()
        assert stub.taken == []
        await bell.later(seconds=20)
        for count, kind in enumerate(ALL, 1):
            (delivery,) = await bell.deliveries(kind)
            assert (delivery["fate"], delivery["why"]) == ("sent", None)
            assert len(stub.taken) == count
            assert delivery["id"].hex[:8] in str(stub.taken[-1])
            assert "报案人" not in str(stub.taken[-1])
            await bell.later(seconds=15)
        # 王队 is rung next, and by the same ways; a callback of the webhook's stops all.
        (delivery,) = await bell.deliveries("webhook")
        body = msgspec.json.encode({"delivery_id": delivery["id"], "receipt": "opened"})
        headers = signed_headers([SECRETS["webhook"]["secret"]], "told", body)
        answer = await world.nobody.post(
            f"/api/gateways/{delivery['gateway_id']}/callbacks", content=body, headers=headers
        )
        assert answer.status_code == 200, answer.text
        assert await bell.state_of(case_id) == "heard"
        await bell.later(hours=1)
        assert {who for who, _ in await bell.rung(case_id)} == {"handler"}
        assert len(stub.taken) == len(ALL)


async def keep(bell: Bell, kind: str, rank: int) -> None:
    """Kept by the administrator over HTTP, with 老张 known there."""
    gateway_id, admin, handler = ids.new_id(), bell.world.as_("admin").client, bell.world.id_of("handler")
    body = {"kind": kind, "name": kind, "settings": SETTINGS[kind], "secrets": SECRETS[kind], "rank": rank}
    answer = await admin.put(f"/api/gateways/{gateway_id}", json=body)
    assert answer.status_code == 201, answer.text
    assert NEVER_TOLD not in (await admin.get("/api/gateways")).text
    staff_no = await bell.world.db.value("SELECT staff_no FROM people WHERE id = ?", handler)
    addresses = {"addresses": [{"staff_no": staff_no, "address": "zhang"}]}
    assert (await admin.put(f"/api/gateways/{gateway_id}/addresses", json=addresses)).status_code == 200
    await bell.world.db.write(lambda tx: tx.run("UPDATE people SET phone = '13800000001' WHERE id = ?", handler))


@pytest.mark.parametrize("kind", ALL)
async def test_trouble_is_tried_again_and_a_refusal_is_not(kind: str) -> None:
    urgent = a_message(urgency="urgent")
    async with makers() as stub, opened(kind, stub) as gateway:
        stub.says(503)
        assert (await gateway.ring(urgent, ZHANG)).outcome == "later"
        stub.says(429, Retry_After="7")
        slow = await gateway.ring(urgent, ZHANG)
        assert (slow.outcome, slow.why) == ("later", "answered_429")
        assert (await gateway.ring(urgent, ZHANG)).outcome == "sent"


@pytest.mark.parametrize("kind", sorted(set(ALL) - {"webhook"}))
async def test_a_portals_page_is_no_answer(kind: str) -> None:
    async with makers() as stub, opened(kind, stub) as gateway:
        stub.says(200)
        fate = await gateway.ring(a_message(urgency="urgent"), ZHANG)
        assert (fate.outcome, fate.why) == ("later", "no_answer_of_theirs")
        assert stub.taken == []


@pytest.mark.parametrize("kind", ALL)
async def test_nobody_there_is_a_fate(kind: str) -> None:
    async with makers() as stub:
        pass
    async with opened(kind, stub) as gateway:
        fate = await gateway.ring(a_message(urgency="urgent"), ZHANG)
    assert (fate.outcome, fate.why) == ("later", "unreachable")


@pytest.mark.parametrize("kind", ALL)
async def test_no_secret_reaches_the_log(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    urgent = a_message(urgency="urgent")
    fates = []
    async with makers() as stub, opened(kind, stub) as gateway:
        fates.append(await gateway.ring(urgent, ZHANG))
        stub.says(500)
        fates.append(await gateway.ring(urgent, ZHANG))
    async with opened(kind, stub) as gateway:
        fates.append(await gateway.ring(urgent, ZHANG))
    told = caplog.text + str(fates)
    for secret in (NEVER_TOLD, SECRETS["webhook"]["secret"], str(ZHANG.phone)):
        assert secret not in told


@pytest.mark.parametrize("kind", ["sms", "voice", "webhook"])
async def test_it_may_be_kept_for_what_is_urgent(kind: str) -> None:
    async with makers() as stub, opened(kind, stub, only_urgent=True) as gateway:
        fate = await gateway.ring(a_message(), ZHANG)
        assert (fate.outcome, fate.why, stub.asked) == ("needless", "not_urgent", [])


@pytest.mark.parametrize("kind", ALL)
async def test_no_address_of_our_own_network_is_called(kind: str) -> None:
    """Unless the installation says that it is one of its own."""
    knocks: list[object] = []

    async def knocked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        knocks.append(writer.get_extra_info("peername"))
        writer.close()

    listener = await asyncio.start_server(knocked, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    member = "url" if kind == "webhook" else "root"
    stub, urgent = Makers(), a_message(urgency="urgent")
    async with listener:
        for where, why in ((f"https://127.0.0.1:{port}", "unreachable"), (f"http://127.0.0.1:{port}", "not_https")):
            async with opened(kind, stub, None, frozenset(), **{member: where}) as gateway:
                assert (await gateway.ring(urgent, ZHANG)).why == why
        assert knocks == []
        async with opened(
            kind, stub, None, frozenset({"127.0.0.1"}), **{member: f"http://127.0.0.1:{port}"}
        ) as gateway:
            assert (await gateway.ring(urgent, ZHANG)).why == "unreachable"
        assert knocks


async def test_who_has_read_it_at_dingtalk_is_rung_no_further(morning: None, world: World) -> None:
    """They tell only who asks, so they are asked while it climbs."""
    await world.db.write(seed_calendars)
    async with makers() as stub, a_bell(world, stub.test_connect) as bell:
        await keep(bell, "dingtalk", 0)
        case_id = await bell.assign()
        await bell.work()
        await bell.later(seconds=60)
        assert await ask_who_has_read(world.db, bell.ringer.gateways) == 0
        (unread,) = await bell.deliveries("dingtalk")
        assert (unread["fate"], await bell.state_of(case_id)) == ("sent", "climbing")
        stub.readers.add("zhang")
        assert await ask_who_has_read(world.db, bell.ringer.gateways) == 1
        (read,) = await bell.deliveries("dingtalk")
        assert (read["fate"], await bell.state_of(case_id)) == ("opened", "heard")
        asked = len(stub.asked)
        assert await ask_who_has_read(world.db, bell.ringer.gateways) == 0
        assert len(stub.asked) == asked, "nobody is asked about what was heard"
        await bell.later(hours=1)
        assert {who for who, _ in await bell.rung(case_id)} == {"handler"}
