"""A post's phone: several persons by PIN, one at a time; another's items go in his name and nothing is read."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from moshao.hours.seeding import seed_calendars
from moshao.kit import clock, ids
from moshao.kit.db import Tx
from moshao.people.making import make_absence, make_duty, make_post, make_shift, set_hashes
from moshao.people.passwords import hashed
from tests.api.cases.making import Cases
from tests.api.people.doing import (
    PIN,
    a_code,
    a_phone,
    by_password,
    by_proof,
    code_of,
    give_password,
    pairing,
    staff_no_of,
)
from tests.phone import Phone, new_key
from tests.world import BASE_URL, World


@pytest.fixture
async def phone(world: World) -> Phone:
    """The phone of a post where 老张 and 老刘 serve; both have the PIN."""
    pin_hash = await hashed(PIN)

    async def work(tx: Tx) -> UUID:
        unit_id = world.cast.units["street"]
        post_id = await make_post(tx, unit_id, name="东关环卫岗", shared=True)
        shift_id = await make_shift(tx, world.cast.district_id, name="白班")
        for who in ("handler", "colleague"):
            await make_duty(tx, unit_id, world.id_of(who), shift_id, post_id=post_id)
        for who in ("handler", "colleague", "stranger"):
            await set_hashes(tx, world.id_of(who), pin_hash=pin_hash)
        return post_id

    return await a_phone(world, "leader_of_crew", post_id=await world.db.write(work))


async def by_pin(world: World, phone: Phone, who: str, pin: str = PIN) -> httpx.Response:
    body = {"device_id": str(phone.device_id), "staff_no": await staff_no_of(world, who), "pin": pin}
    answer = await phone.client.post("/api/sessions", json=body)
    if answer.status_code == 201:
        phone.person_id = world.id_of(who)
    return answer


async def who_is_in(phone: Phone) -> dict[str, Any]:
    me: dict[str, Any] = (await phone.get("/api/me")).json()
    return me


async def test_each_by_his_pin(world: World, phone: Phone) -> None:
    assert (await by_pin(world, phone, "handler")).status_code == 201
    first = phone.client.cookies["moshao"]
    assert (await who_is_in(phone))["person"]["name"] == "老张"
    assert (await by_pin(world, phone, "colleague")).status_code == 201
    assert (await who_is_in(phone))["person"]["name"] == "老刘"
    assert code_of(await world.client(cookies={"moshao": first}).get("/api/me")) == "session_over"


async def test_only_who_serves_there(world: World, phone: Phone) -> None:
    stranger = await by_pin(world, phone, "stranger")
    wrong = await by_pin(world, phone, "handler", "9999")
    nobody = await phone.client.post(
        "/api/sessions", json={"device_id": str(phone.device_id), "staff_no": "x", "pin": PIN}
    )
    assert {answer.status_code for answer in (stranger, wrong, nobody)} == {401}
    assert stranger.content == wrong.content == nobody.content
    assert code_of(await by_password(phone, await give_password(world, "stranger"))) == "device_ended"


async def test_a_stand_in_serves_while_he_stands_in(world: World, phone: Phone) -> None:
    now = clock.now()
    await world.db.write(
        lambda tx: make_absence(
            tx, world.id_of("handler"), now, now + timedelta(hours=8), stand_in_id=world.id_of("stranger")
        )
    )
    assert (await by_pin(world, phone, "stranger")).status_code == 201
    with clock.moved(timedelta(hours=9)):
        assert code_of(await by_pin(world, phone, "stranger")) == "sign_in_failed"


async def test_a_pin_is_for_a_posts_phone_only(world: World) -> None:
    own = await a_phone(world, "handler")
    pin_hash = await hashed(PIN)
    await world.db.write(lambda tx: set_hashes(tx, world.id_of("handler"), pin_hash=pin_hash))
    assert code_of(await by_pin(world, own, "handler")) == "sign_in_failed"


async def test_guessing_pins_is_limited(world: World, phone: Phone) -> None:
    answers = [await by_pin(world, phone, "handler", f"{number:04}") for number in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert (await by_pin(world, phone, "handler")).status_code == 429


async def test_anothers_items_go_in_his_name_and_nothing_is_read(world: World, phone: Phone) -> None:
    await by_pin(world, phone, "colleague")
    await by_pin(world, phone, "handler")
    mine = phone.client.cookies["moshao"]
    answer = await by_proof(phone, sub=str(world.id_of("colleague")))
    assert answer.status_code == 201
    assert (answer.json()["deliver_only"], answer.json()["person"]["name"]) == (True, "老刘")
    for path in ("/api/me", "/api/people", "/api/devices", "/api/duties"):
        refused = await phone.get(path)
        assert (refused.status_code, code_of(refused)) == (403, "deliver_only"), path
    assert code_of(await phone.client.put("/api/me/pin", json={"password": "x", "pin": "2468"})) == "deliver_only"
    assert (await phone.client.post("/api/devices/current/report", json={"unsent": 0})).status_code == 204
    assert (await world.client(cookies={"moshao": mine}).get("/api/me")).status_code == 200
    assert (await by_proof(phone, sub=str(world.id_of("handler")))).json()["deliver_only"] is False
    assert (await who_is_in(phone))["person"]["name"] == "老张"


async def test_a_proof_for_another_never_reads_though_his_session_runs(world: World, phone: Phone) -> None:
    """老刘's cookie went astray (the browser lost it, he did not sign out); then 老张 signed in."""
    await by_pin(world, phone, "colleague")
    astray = phone.client.cookies["moshao"]
    phone.client.cookies.clear()
    await by_pin(world, phone, "handler")
    assert code_of(await world.client(cookies={"moshao": astray}).get("/api/me")) == "session_over"
    for _ in range(2):
        answer = await by_proof(phone, sub=str(world.id_of("colleague")))
        assert (answer.status_code, answer.json()["deliver_only"]) == (201, True)
        assert code_of(await phone.get("/api/changes?after=0")) == "deliver_only"
        assert (await by_proof(phone, sub=str(world.id_of("handler")))).json()["deliver_only"] is False


async def test_delivering_for_another_hands_the_phone_to_nobody(world: World, phone: Phone) -> None:
    """Whoever is signed in stays so through another's delivery; only a PIN puts somebody else in."""
    await by_pin(world, phone, "colleague")
    await by_pin(world, phone, "handler")
    mine = phone.client.cookies["moshao"]
    await by_proof(phone, sub=str(world.id_of("colleague")))
    assert (await world.client(cookies={"moshao": mine}).get("/api/me")).status_code == 200
    await by_pin(world, phone, "colleague")
    assert code_of(await world.client(cookies={"moshao": mine}).get("/api/me")) == "session_over"
    assert (await by_proof(phone, sub=str(world.id_of("handler")))).json()["deliver_only"] is True
    assert (await by_proof(phone, sub=str(world.id_of("colleague")))).json()["deliver_only"] is False


async def test_the_phone_does_not_speak_for_who_never_used_it(world: World, phone: Phone) -> None:
    await by_pin(world, phone, "handler")
    for who in ("colleague", "stranger", "supervisor", "neighbour"):
        assert code_of(await by_proof(phone, sub=str(world.id_of(who)))) == "sign_in_failed"


async def test_after_sign_out_the_key_only_delivers(world: World, phone: Phone) -> None:
    await by_pin(world, phone, "handler")
    await phone.client.delete("/api/sessions/current")
    assert (await by_proof(phone)).json()["deliver_only"] is True
    assert (await phone.client.delete("/api/sessions/current")).status_code == 204


async def test_a_proof_makes_no_shift_longer(world: World, phone: Phone) -> None:
    until = (await by_pin(world, phone, "handler")).json()["expires_at"]
    with clock.moved(timedelta(hours=15)):
        again = (await by_proof(phone)).json()
        assert (again["deliver_only"], again["expires_at"]) == (False, until)
    with clock.moved(timedelta(hours=17)):
        assert (await by_proof(phone)).json()["deliver_only"] is True


async def test_a_lost_phone_is_lost_for_all(world: World, phone: Phone) -> None:
    await by_pin(world, phone, "handler")
    answer = await world.as_("leader_of_crew").client.post(
        f"/api/devices/{phone.device_id}/endings", json={"as": "lost"}
    )
    assert answer.status_code == 200
    assert code_of(await phone.get("/api/me")) == "device_lost"
    assert code_of(await by_pin(world, phone, "handler")) == "device_lost"
    assert code_of(await by_proof(phone)) == "device_lost"


async def test_the_phone_knows_whom_it_serves(world: World, phone: Phone) -> None:
    await by_pin(world, phone, "handler")
    told = (await phone.get("/api/devices/current/people")).json()
    assert told["post"]["name"] == "东关环卫岗"
    assert [(one["name"], one["has_pin"]) for one in told["items"]] == [("老张", True), ("老刘", True)]
    now = clock.now()
    away = (now - timedelta(hours=1), now + timedelta(hours=8))
    await world.db.write(
        lambda tx: make_absence(tx, world.id_of("colleague"), *away, stand_in_id=world.id_of("leader_of_crew"))
    )
    told = (await phone.get("/api/devices/current/people")).json()
    assert [(one["name"], one["has_pin"]) for one in told["items"]] == [("老张", True), ("老刘", True), ("王队", False)]


async def test_ones_own_phone_serves_nobody_else(world: World) -> None:
    assert code_of(await world.as_("handler").get("/api/devices/current/people")) == "no_posts_phone"
    assert code_of(await world.as_("supervisor").get("/api/devices/current/people")) == "no_device"


async def test_a_code_for_a_post_says_so_at_pairing(world: World, phone: Phone) -> None:
    post_id = await world.db.value("SELECT post_id FROM devices WHERE id = ?", phone.device_id)
    code = await a_code(world, "handler", post_id=post_id)
    paired = await world.nobody.post(
        "/api/pairings", json=pairing(await staff_no_of(world, "handler"), code, new_key())
    )
    assert paired.json()["post"]["post"] == {"id": str(post_id), "name": "东关环卫岗"}
    assert [one["name"] for one in paired.json()["post"]["items"]] == ["老张", "老刘"]
    own = await a_code(world, "handler")
    paired = await world.nobody.post("/api/pairings", json=pairing(await staff_no_of(world, "handler"), own, new_key()))
    assert paired.json()["post"] is None


async def delivery(phone: Phone, person_id: UUID) -> dict[str, str]:
    """Headers that send for this person, beside whatever cookie the browser has."""
    proof = phone.proof(BASE_URL, sub=str(person_id))
    body = {"device_id": str(phone.device_id), "proof": proof, "deliver": True}
    answer = await phone.client.post("/api/sessions", json=body)
    assert answer.status_code == 201, answer.text
    assert "set-cookie" not in answer.headers
    assert answer.json()["deliver_only"] is True
    return {"Authorization": f"Bearer {answer.json()['token']}"}


async def test_a_delivery_goes_beside_the_cookie(world: World, phone: Phone) -> None:
    await by_pin(world, phone, "colleague")
    await by_pin(world, phone, "handler")
    await world.db.write(seed_calendars)
    case_id = await Cases(world).put("assigned", handler_id=world.id_of("colleague"))
    for_him = await delivery(phone, world.id_of("colleague"))
    body = phone.body()
    act_id = ids.new_id()
    signature = phone.sign("acceptances", act_id, case_id, body)
    answer = await phone.client.put(
        f"/api/cases/{case_id}/acceptances/{act_id}",
        json=body,
        headers={**for_him, "Act-Signature": signature, "Device-Time": body["done_at"]},
    )
    assert answer.status_code == 201, answer.text
    assert await world.db.value("SELECT person_id FROM acts WHERE id = ?", act_id) == world.id_of("colleague")
    assert code_of(await phone.get("/api/me", headers=for_him)) == "deliver_only"
    assert code_of(await phone.get(f"/api/cases/{case_id}", headers=for_him)) == "deliver_only"
    assert (await who_is_in(phone))["person"]["name"] == "老张"


async def test_nobody_need_be_signed_in_for_a_delivery(world: World, phone: Phone) -> None:
    await by_pin(world, phone, "handler")
    await phone.client.delete("/api/sessions/current")
    for_him = await delivery(phone, world.id_of("handler"))
    report = await phone.client.post("/api/devices/current/report", json={"unsent": 1}, headers=for_him)
    assert report.status_code == 204
    assert code_of(await phone.get("/api/me")) == "session_over"


async def test_a_token_reads_nothing_even_of_a_session_that_may(world: World, phone: Phone) -> None:
    await by_pin(world, phone, "handler")
    token = phone.client.cookies["moshao"]
    for said in (f"Bearer {token}", "Bearer ", "bearer nonsense"):
        assert code_of(await phone.get("/api/me", headers={"Authorization": said})) == "session_over"


async def test_ones_own_phone_delivers_until_he_signs_out(world: World) -> None:
    staff_no, own = await give_password(world, "handler"), await a_phone(world, "handler")
    await by_password(own, staff_no)
    for_him = await delivery(own, own.person_id)
    assert (
        await own.client.post("/api/devices/current/report", json={"unsent": 1}, headers=for_him)
    ).status_code == 204
    await own.client.delete("/api/sessions/current")
    body = {"device_id": str(own.device_id), "proof": own.proof(BASE_URL), "deliver": True}
    assert code_of(await own.client.post("/api/sessions", json=body)) == "password_needed"
