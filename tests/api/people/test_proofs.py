"""POST /api/sessions with a proof: a bound phone renews its session by itself."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from moshao.kit import clock, ids
from tests.api.people.doing import (
    a_phone,
    by_password,
    by_proof,
    code_of,
    from_address,
    give_password,
    staff_no_of,
)
from tests.phone import Phone, new_key
from tests.world import BASE_URL, World


async def signed_in(world: World, who: str = "handler") -> Phone:
    phone = await a_phone(world, who)
    assert (await by_password(phone, await give_password(world, who))).status_code == 201
    return phone


async def test_a_proof_renews(world: World) -> None:
    phone = await signed_in(world)
    old = phone.client.cookies["moshao"]
    answer = await by_proof(phone)
    assert answer.status_code == 201
    assert answer.json()["person"]["id"] == str(phone.person_id)
    assert answer.json()["deliver_only"] is False
    assert phone.client.cookies["moshao"] != old
    assert (await phone.get("/api/me")).json()["device"]["id"] == str(phone.device_id)


async def test_who_renews_at_the_same_moment_takes_nothing_from_the_other(world: World) -> None:
    """Page and worker find the session over together; the second comes with the cookie that the first was given."""
    phone = await signed_in(world)
    assert (await by_proof(phone)).status_code == 201
    first = phone.client.cookies["moshao"]
    assert (await by_proof(phone)).status_code == 201
    second = phone.client.cookies["moshao"]
    assert first != second
    assert await heard(world, first) == 200
    with clock.moved(timedelta(minutes=2)):
        assert await heard(world, first) == 401
        assert await heard(world, second) == 200


async def test_signing_out_ends_what_was_replaced_a_moment_ago(world: World) -> None:
    phone = await signed_in(world)
    before = phone.client.cookies["moshao"]
    assert (await by_proof(phone)).status_code == 201
    assert (await phone.client.delete("/api/sessions/current")).status_code == 204
    assert await heard(world, before) == 401


async def heard(world: World, cookie: str) -> int:
    """What a request with this cookie is answered."""
    return (await world.nobody.get("/api/me", headers={"Cookie": f"moshao={cookie}"})).status_code


async def test_a_proof_counts_once(world: World) -> None:
    phone = await signed_in(world)
    proof = phone.proof(BASE_URL)
    answers = await asyncio.gather(*(by_proof(phone, proof) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401, 401]
    assert {code_of(answer) for answer in answers if answer.status_code == 401} == {"proof_used"}


async def test_a_phone_just_bound_is_asked_for_the_password(world: World) -> None:
    answer = await by_proof(await a_phone(world, "handler"))
    assert (answer.status_code, code_of(answer)) == (401, "password_needed")


@pytest.mark.parametrize("off_s", [-301, 301, -86_400])
async def test_a_proof_is_fresh(world: World, off_s: int) -> None:
    phone = await signed_in(world)
    answer = await by_proof(phone, iat=int(clock.now().timestamp()) + off_s)
    assert (answer.status_code, code_of(answer)) == (401, "proof_stale")


async def test_a_clock_a_little_wrong_does_no_harm(world: World) -> None:
    phone = await signed_in(world)
    for off_s in (-290, 290):
        assert (await by_proof(phone, iat=clock.now().timestamp() + off_s)).status_code == 201


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://elsewhere.example"},
        {"aud": None},
        {"aud": [BASE_URL]},
        {"sub": str(ids.new_id())},
        {"sub": "t-000"},
        {"jti": ""},
        {"jti": "j" * 200},
        {"jti": 7},
        {"iat": "now"},
        {"iat": True},
    ],
)
async def test_a_proof_for_anything_else_is_none(world: World, claims: dict[str, Any]) -> None:
    phone = await signed_in(world)
    answer = await by_proof(phone, **claims)
    assert (answer.status_code, code_of(answer)) == (401, "sign_in_failed")


async def test_a_phone_opens_nobody_elses_session(world: World) -> None:
    phone = await signed_in(world)
    answer = await by_proof(phone, sub=str(world.id_of("colleague")))
    assert (answer.status_code, code_of(answer)) == (401, "sign_in_failed")


async def test_another_key_proves_nothing(world: World) -> None:
    phone = await signed_in(world)
    phone.key = new_key()
    answer = await by_proof(phone)
    assert (answer.status_code, code_of(answer)) == (401, "sign_in_failed")
    unknown = Phone(phone.client, phone.person_id, key=phone.key, device_id=ids.new_id())
    assert code_of(await by_proof(unknown)) == "sign_in_failed"
    assert code_of(await by_proof(phone, "no.proof.atall")) == "sign_in_failed"


async def test_after_a_reset_of_the_password_the_key_is_not_enough(world: World) -> None:
    phone = await signed_in(world)
    reset = await world.as_("admin").client.put(
        f"/api/people/{phone.person_id}/password", json={"password": "neu und lang 2026"}
    )
    assert reset.status_code == 204
    assert code_of(await phone.get("/api/me")) == "session_over"
    assert code_of(await by_proof(phone)) == "password_needed"
    staff_no = await staff_no_of(world, "handler")
    assert (await by_password(phone, staff_no, "neu und lang 2026")).status_code == 201


async def test_who_left_renews_nothing(world: World) -> None:
    phone = await signed_in(world)
    await world.db.write(lambda tx: tx.run("UPDATE people SET active = ? WHERE id = ?", False, phone.person_id))
    assert code_of(await phone.get("/api/me")) == "session_over"
    assert code_of(await by_proof(phone)) == "sign_in_failed"


async def end(world: World, device_id: UUID | None, how: str) -> None:
    answer = await world.as_("admin").client.post(f"/api/devices/{device_id}/endings", json={"as": how})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("how", "code"), [("lost", "device_lost"), ("returned", "device_ended")])
async def test_an_ended_phone_is_cut_off(world: World, how: str, code: str) -> None:
    phone = await signed_in(world)
    staff_no = await staff_no_of(world, "handler")
    await end(world, phone.device_id, how)
    assert code_of(await phone.get("/api/me")) == code
    assert code_of(await phone.client.post("/api/devices/current/report", json={"unsent": 1})) == code
    assert code_of(await by_proof(phone)) == code
    assert code_of(await by_password(phone, staff_no)) == code


async def test_a_lost_phone_hears_it_even_when_its_session_is_over(world: World) -> None:
    phone = await signed_in(world)
    await end(world, phone.device_id, "lost")
    with clock.moved(timedelta(days=90)):
        assert code_of(await phone.get("/api/me")) == "device_lost"


async def test_a_replaced_phone_delivers_for_two_weeks(world: World) -> None:
    phone = await signed_in(world)
    await end(world, phone.device_id, "replaced")
    refused = await phone.get("/api/me")
    assert code_of(refused) == "device_replaced"
    until = datetime.fromisoformat(refused.json()["detail"])
    assert timedelta(days=13, hours=23) < until - clock.now() <= timedelta(days=14)
    with clock.moved(timedelta(days=13)):
        assert (await by_proof(phone)).status_code == 201
        report = await phone.client.post("/api/devices/current/report", json={"unsent": 3})
        assert report.status_code == 204
        assert code_of(await phone.get("/api/people")) == "device_replaced"
    with clock.moved(timedelta(days=14, minutes=1)):
        over = await by_proof(phone)
        assert (code_of(over), over.json()["detail"]) == ("device_ended", "replaced")
        assert code_of(await phone.client.post("/api/devices/current/report", json={"unsent": 3})) == "device_ended"


async def test_guessing_is_limited(world: World) -> None:
    phone = await signed_in(world)
    good = phone.key
    phone.key = new_key()
    answers = [await by_proof(phone) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    phone.key = good
    assert code_of(await by_proof(phone)) == "too_many_tries"
    async with from_address(world, "192.0.2.9") as elsewhere:
        phone.client = elsewhere
        assert (await by_proof(phone)).status_code == 201
