"""POST /api/sessions with a password, DELETE /api/sessions/current, GET /api/me."""

import statistics
import time
from datetime import timedelta

import pytest

from moshao.kit import clock
from tests.api.people.doing import PASSWORD, a_phone, by_password, by_proof, code_of, from_address, give_password
from tests.world import BASE_URL, World, a_world


async def test_a_password_opens_a_session(world: World) -> None:
    staff_no, browser = await give_password(world, "supervisor"), world.client()
    answer = await browser.post("/api/sessions", json={"staff_no": staff_no, "password": PASSWORD})
    assert answer.status_code == 201
    body = answer.json()
    assert body["person"]["id"] == str(world.id_of("supervisor"))
    assert (body["person"]["role"], body["device_id"], body["deliver_only"]) == ("supervisor", None, False)
    me = (await browser.get("/api/me")).json()
    assert me["person"] == body["person"]
    assert me["base_url"] == BASE_URL
    assert me["settings"]["acceptance"] == "explicit"


async def test_a_phone_that_was_replaced_long_ago_is_told_to_bind_again(world: World) -> None:
    staff_no, phone = await give_password(world, "handler"), await a_phone(world, "colleague")
    not_his = await by_password(phone, staff_no)
    assert (not_his.status_code, code_of(not_his)) == (401, "device_ended")


async def test_the_cookie_on_loopback(world: World) -> None:
    staff_no = await give_password(world, "supervisor")
    answer = await world.client().post("/api/sessions", json={"staff_no": staff_no, "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    token, *attributes = rest.split("; ")
    assert name == "moshao"
    assert len(token) >= 43
    assert {text.lower() for text in attributes} == {"httponly", "path=/", "samesite=lax", "max-age=43200"}
    assert not await world.db.one("SELECT id FROM sessions WHERE token_digest = ?", token)


async def test_the_cookie_behind_https(tmp_path: object) -> None:
    async with a_world(tmp_path, base_url="https://moshao.example") as world:  # type: ignore[arg-type]
        staff_no = await give_password(world, "supervisor")
        browser = world.client()
        browser.base_url = "https://moshao.example"
        body = {"staff_no": staff_no, "password": PASSWORD}
        answer = await browser.post("/api/sessions", json=body, headers={"Origin": "https://moshao.example"})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-moshao=")
        assert {"httponly", "path=/", "samesite=lax", "secure"} <= set(cookie.lower().split("; "))
        assert "domain" not in cookie.lower()
        assert (await browser.get("/api/me")).status_code == 200
        loopback = await world.client().post("/api/sessions", json=body)
        assert loopback.headers["set-cookie"].startswith("__Host-moshao=")


async def test_every_sign_in_has_its_own_token(world: World) -> None:
    staff_no, browser = await give_password(world, "supervisor"), world.client()
    body = {"staff_no": staff_no, "password": PASSWORD}
    await browser.post("/api/sessions", json=body)
    old = browser.cookies["moshao"]
    await browser.post("/api/sessions", json=body)
    assert browser.cookies["moshao"] != old
    stale = world.client(cookies={"moshao": old})
    answer = await stale.get("/api/me")
    assert (answer.status_code, code_of(answer)) == (401, "session_over")
    assert (await browser.get("/api/me")).status_code == 200


async def test_two_browsers_do_not_disturb_each_other(world: World) -> None:
    staff_no, one, two = await give_password(world, "supervisor"), world.client(), world.client()
    body = {"staff_no": staff_no, "password": PASSWORD}
    await one.post("/api/sessions", json=body)
    await two.post("/api/sessions", json=body)
    assert [(await browser.get("/api/me")).status_code for browser in (one, two)] == [200, 200]


async def test_wrong_password_unknown_person_and_who_left_look_alike(world: World) -> None:
    staff_no, left = await give_password(world, "supervisor"), await give_password(world, "leader")
    await world.db.write(lambda tx: tx.run("UPDATE people SET active = ? WHERE id = ?", False, world.id_of("leader")))
    tries = [
        {"staff_no": staff_no, "password": "falsch"},
        {"staff_no": "nobody-999", "password": PASSWORD},
        {"staff_no": left, "password": PASSWORD},
        {"staff_no": "t-012", "password": PASSWORD},
    ]
    answers = [await world.nobody.post("/api/sessions", json=body) for body in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert code_of(answers[0]) == "sign_in_failed"


async def test_an_unknown_person_costs_the_same_time(world: World) -> None:
    staff_no = await give_password(world, "supervisor")
    took: dict[str, list[float]] = {staff_no: [], "nobody-999": []}
    for turn in range(7):
        for number, times in took.items():
            async with from_address(world, f"192.0.2.{turn}") as browser:
                # Of the processor: what others do on the machine is no answer to the question.
                start = time.process_time()
                await browser.post("/api/sessions", json={"staff_no": number, "password": "falsch"})
                times.append(time.process_time() - start)
    known, unknown = (statistics.median(times) for times in took.values())
    assert 0.3 < known / unknown < 3


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"staff_no": "t-001"},
        {"password": "x"},
        {"staff_no": "t-001", "password": "x", "pin": "1234"},
        {"staff_no": "t-001", "pin": "1234"},
        {"device_id": "01a20772-978c-7003-bf12-aeda6251f746"},
        {"device_id": "01a20772-978c-7003-bf12-aeda6251f746", "proof": "a.b.c", "staff_no": "t-001"},
        {"device_id": "no-uuid", "proof": "a.b.c"},
        {"staff_no": ["t-001"], "password": "x"},
        {"staff_no": "t-001", "password": "x" * 1000},
    ],
)
async def test_nonsense(world: World, body: dict[str, object]) -> None:
    answer = await world.nobody.post("/api/sessions", json=body)
    assert (answer.status_code, code_of(answer)) == (422, "bad_field")


async def test_unknown_members_are_refused(world: World) -> None:
    answer = await world.nobody.post("/api/sessions", json={"staff_no": "a", "password": "b", "role": "admin"})
    assert (answer.status_code, code_of(answer)) == (400, "unknown_field")


async def test_signing_out(world: World) -> None:
    staff_no, phone = await give_password(world, "handler"), await a_phone(world, "handler")
    await by_password(phone, staff_no)
    token = phone.client.cookies["moshao"]
    answer = await phone.client.delete("/api/sessions/current")
    assert answer.status_code == 204
    assert "moshao" not in phone.client.cookies
    with_old_cookie = world.client(cookies={"moshao": token})
    assert code_of(await with_old_cookie.get("/api/me")) == "session_over"
    assert code_of(await with_old_cookie.delete("/api/sessions/current")) == "session_over"
    assert code_of(await by_proof(phone)) == "password_needed"
    assert (await by_password(phone, staff_no)).status_code == 201
    assert (await by_proof(phone)).status_code == 201


async def test_a_desk_session_ends_unused_and_goes_on_used(world: World) -> None:
    staff_no, used, unused = await give_password(world, "supervisor"), world.client(), world.client()
    body = {"staff_no": staff_no, "password": PASSWORD}
    for browser in (used, unused):
        await browser.post("/api/sessions", json=body)
    with clock.moved(timedelta(hours=11)):
        assert (await used.get("/api/me")).status_code == 200
    with clock.moved(timedelta(hours=13)):
        assert (await used.get("/api/me")).status_code == 200
        assert code_of(await unused.get("/api/me")) == "session_over"


async def test_a_phones_session_lasts_a_month_and_renews_itself(world: World) -> None:
    staff_no, phone = await give_password(world, "handler"), await a_phone(world, "handler")
    await by_password(phone, staff_no)
    with clock.moved(timedelta(days=29)):
        assert (await phone.get("/api/me")).status_code == 200
    with clock.moved(timedelta(days=31)):
        assert code_of(await phone.get("/api/me")) == "session_over"
        assert (await by_proof(phone)).status_code == 201
        assert (await phone.get("/api/me")).status_code == 200


async def test_nobody_without_a_cookie_gets_in(world: World) -> None:
    for cookies in ({}, {"moshao": ""}, {"moshao": "x" * 43}, {"__Host-moshao": "x"}):
        answer = await world.client(cookies=cookies).get("/api/me")
        assert (answer.status_code, code_of(answer)) == (401, "session_over")
