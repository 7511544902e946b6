"""PUT and DELETE of push subscriptions: whose they are, how many, what is no push service."""

import asyncio
from datetime import timedelta

import pytest

from moshao.alerts.keys import current_key, rotate
from moshao.alerts.subscribing import PER_PERSON_MOST
from moshao.kit import clock, ids
from moshao.people.making import make_session
from tests.api.alerts.browser import Browser
from tests.phone import Phone
from tests.world import World


async def put(phone: Phone, browser: Browser, subscription_id: object = None, **more: object) -> int:
    path = f"/api/push_subscriptions/{subscription_id or ids.new_id()}"
    return (await phone.client.put(path, json=browser.subscription(**more))).status_code


async def endpoints(world: World) -> set[str]:
    return {row["endpoint"] for row in await world.db.all("SELECT endpoint FROM push_subscriptions")}


async def test_the_key_is_made_once_and_told(world: World) -> None:
    phone = world.as_("handler")
    told = (await phone.client.get("/api/push_key")).json()["key"]
    assert told == (await current_key(world.db)).pair.public_key
    assert len(told) == 87
    assert (await world.nobody.get("/api/push_key")).status_code == 401


async def test_a_browser_subscribes_again_and_leaves(world: World) -> None:
    phone, browser, mine = world.as_("handler"), Browser(), ids.new_id()
    assert await put(phone, browser, mine) == 201
    assert await put(phone, browser, mine, language="en") == 200
    (row,) = await world.db.all("SELECT * FROM push_subscriptions")
    assert (row["id"], row["language"], row["person_id"]) == (mine, "en", world.id_of("handler"))
    for _ in range(2):
        assert (await phone.client.delete(f"/api/push_subscriptions/{mine}")).status_code == 204
    assert await endpoints(world) == set()


async def test_a_session_has_one_browser(world: World) -> None:
    phone, first, second = world.as_("handler"), Browser(), Browser()
    assert await put(phone, first) == 201
    assert await put(phone, second) == 201
    assert await endpoints(world) == {second.endpoint}


async def test_a_shared_browser_rings_who_signed_in_last(world: World) -> None:
    browser = Browser()
    assert await put(world.as_("handler"), browser) == 201
    assert await put(world.as_("colleague"), browser) == 201
    (row,) = await world.db.all("SELECT person_id FROM push_subscriptions")
    assert row["person_id"] == world.id_of("colleague")


async def test_nobody_takes_or_ends_what_is_not_his(world: World) -> None:
    browser, his = Browser(), ids.new_id()
    await put(world.as_("handler"), browser, his)
    stranger = world.as_("stranger")
    assert await put(stranger, Browser(), his) == 404
    assert (await stranger.client.delete(f"/api/push_subscriptions/{his}")).status_code == 204
    assert await endpoints(world) == {browser.endpoint}


async def test_the_eleventh_takes_the_place_of_the_oldest(world: World) -> None:
    person_id, browsers = world.id_of("supervisor"), [Browser() for _ in range(PER_PERSON_MOST + 1)]
    for number, browser in enumerate(browsers):
        with clock.moved(timedelta(seconds=number)):
            token = await world.db.write(lambda tx: make_session(tx, person_id))
            async with world.client(cookies={"moshao": token}) as client:
                await client.put(f"/api/push_subscriptions/{ids.new_id()}", json=browser.subscription())
    assert await endpoints(world) == {browser.endpoint for browser in browsers[1:]}


async def test_an_old_key_subscribes_no_more(world: World) -> None:
    phone = world.as_("handler")
    old = (await phone.client.get("/api/push_key")).json()["key"]
    assert await put(phone, Browser(), application_server_key=old) == 201
    new = (await world.db.write(lambda tx: rotate(tx, drop_old=False))).pair.public_key
    refused = await phone.client.put(
        f"/api/push_subscriptions/{ids.new_id()}", json=Browser().subscription(application_server_key=old)
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "push_key_old")
    assert await put(phone, Browser(), application_server_key=new) == 201


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://updates.push.services.mozilla.com/x",
        "https://updates.push.services.mozilla.com:8443/x",
        "https://updates.push.services.mozilla.com:/x",
        "https://me@updates.push.services.mozilla.com/x",
        "https://updates.push.services.mozilla.com@evil.example/x",
        "https://updates.push.services.mozilla.com\\@evil.example/x",
        "https://updates.push.services.mozilla.com.evil.example/x",
        "https://evil.example/updates.push.services.mozilla.com",
        "https://updates.push.services.mozilla.com./x",
        "https://jmt.google.com/x",
        "https://jmt17.google.com.evil.example/x",
        "https://xjmt17.google.com/x",
        "https://notify.windows.com/x",
        "https://evilnotify.windows.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://updates.push.services.mozilla.com/\n",
        "https://updates.push.services.mozilla.com/ü",
        "https://" + "a" * 2050,
        "//updates.push.services.mozilla.com/x",
        "",
    ],
)
async def test_what_is_no_push_service_is_refused(world: World, endpoint: str) -> None:
    body = Browser().subscription() | {"endpoint": endpoint}
    answer = await world.as_("handler").client.put(f"/api/push_subscriptions/{ids.new_id()}", json=body)
    assert answer.status_code == 422, answer.text
    assert await endpoints(world) == set()


@pytest.mark.parametrize(
    "host",
    [
        "fcm.googleapis.com",
        "jmt17.google.com",
        "updates.push.services.mozilla.com",
        "UPDATES.push.services.mozilla.com",
        "updates.push.services.mozilla.com:443",
        "web.push.apple.com",
        "wns2-db5p.notify.windows.com",
        "db5.a.notify.windows.com",
    ],
)
async def test_the_makers_services_are_taken(world: World, host: str) -> None:
    assert await put(world.as_("handler"), Browser(host)) == 201


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": "AAAA", "auth": Browser().auth},
        {"p256dh": Browser().p256dh, "auth": "AAAA"},
        {"p256dh": Browser().p256dh[:-4] + "AAAA", "auth": Browser().auth},
        {"p256dh": "<script>", "auth": Browser().auth},
        {"p256dh": Browser().p256dh},
        {"p256dh": Browser().p256dh, "auth": Browser().auth, "more": "x"},
    ],
)
async def test_keys_that_are_none_are_refused(world: World, keys: dict[str, str]) -> None:
    body = Browser().subscription() | {"keys": keys}
    answer = await world.as_("handler").client.put(f"/api/push_subscriptions/{ids.new_id()}", json=body)
    assert answer.status_code in (400, 422), answer.text
    assert await endpoints(world) == set()


async def test_asked_many_times_at_once_it_is_one(world: World) -> None:
    phone, browser, mine = world.as_("handler"), Browser(), ids.new_id()
    answered = await asyncio.gather(*(put(phone, browser, mine) for _ in range(12)))
    assert sorted(answered) == [200] * 11 + [201]
