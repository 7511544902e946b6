"""POST /api/pairings."""

import asyncio
from datetime import timedelta

import pytest

from moshao.kit import clock
from moshao.people.making import FOR_EVER, make_pairing_code
from tests.api.people.doing import a_code, by_password, code_of, from_address, give_password, pairing, staff_no_of
from tests.phone import Phone, new_key, public_part
from tests.world import BASE_URL, World


async def test_a_code_binds_a_phone(world: World) -> None:
    staff_no, code, key = await give_password(world, "handler"), await a_code(world, "handler"), new_key()
    body = pairing(staff_no, code, key, device={"name": "老张的手机", "platform": "Android 10"})
    paired = await world.nobody.post("/api/pairings", json=body)
    assert paired.status_code == 201
    assert paired.json()["base_url"] == BASE_URL
    phone = Phone(world.client(), world.id_of("handler"), key=key, device_id=paired.json()["device_id"])
    assert (await by_password(phone, staff_no)).status_code == 201
    me = (await phone.get("/api/me")).json()
    assert me["device"] == {
        "id": phone.device_id, "name": "老张的手机", "state": "active", "post_id": None,
    }  # fmt: skip


async def test_the_same_code_and_key_again_is_the_same_phone(world: World) -> None:
    staff_no, code, key = await staff_no_of(world, "handler"), await a_code(world, "handler"), new_key()
    first = await world.nobody.post("/api/pairings", json=pairing(staff_no, code, key))
    with clock.moved(timedelta(hours=1)):
        again = await world.nobody.post("/api/pairings", json=pairing(staff_no, code, key))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert await world.db.value("SELECT count(*) FROM devices WHERE thumbprint = ?", key.thumbprint()) == 1


async def test_the_same_phone_with_a_new_code_stays_one_phone(world: World) -> None:
    staff_no, key = await staff_no_of(world, "handler"), new_key()
    first = await world.nobody.post("/api/pairings", json=pairing(staff_no, await a_code(world, "handler"), key))
    second = await world.nobody.post("/api/pairings", json=pairing(staff_no, await a_code(world, "handler"), key))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


async def test_another_key_cannot_use_a_used_code(world: World) -> None:
    staff_no, code = await staff_no_of(world, "handler"), await a_code(world, "handler")
    await world.nobody.post("/api/pairings", json=pairing(staff_no, code, new_key()))
    other = await world.nobody.post("/api/pairings", json=pairing(staff_no, code, new_key()))
    assert (other.status_code, code_of(other)) == (409, "code_used")


async def test_of_two_phones_at_once_one_gets_the_code(world: World) -> None:
    staff_no, code = await staff_no_of(world, "handler"), await a_code(world, "handler")
    answers = await asyncio.gather(
        *(world.nobody.post("/api/pairings", json=pairing(staff_no, code, new_key())) for _ in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]


async def test_a_code_is_read_as_people_write_it(world: World) -> None:
    staff_no = await staff_no_of(world, "handler")
    for spoil in (str.lower, lambda code: code.replace("-", " "), lambda code: f" {code.replace('0', 'o')} "):
        code = spoil(await a_code(world, "handler"))
        answer = await world.nobody.post("/api/pairings", json=pairing(staff_no, code, new_key()))
        assert answer.status_code == 201, code


async def test_nobody_learns_what_was_wrong(world: World) -> None:
    staff_no, code = await staff_no_of(world, "handler"), await a_code(world, "handler")
    gone = await a_code(world, "handler", minutes=-1)
    tries = [
        pairing("no-such-number", code, new_key()),
        pairing(staff_no, "AAAAA-AAAAA", new_key()),
        pairing(await staff_no_of(world, "colleague"), code, new_key()),
        pairing(staff_no, gone, new_key()),
    ]
    answers = [await world.nobody.post("/api/pairings", json=body) for body in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert code_of(answers[0]) == "pairing_refused"


async def test_a_code_ends_after_its_time(world: World) -> None:
    staff_no, code = await staff_no_of(world, "handler"), await a_code(world, "handler")
    sheet = await a_code(world, "handler", minutes=3 * 24 * 60)
    demo = await world.db.write(lambda tx: make_pairing_code(tx, world.id_of("handler"), expires_in=FOR_EVER))
    with clock.moved(timedelta(minutes=10, seconds=1)):
        assert (await world.nobody.post("/api/pairings", json=pairing(staff_no, code, new_key()))).status_code == 401
        assert (await world.nobody.post("/api/pairings", json=pairing(staff_no, sheet, new_key()))).status_code == 201
    with clock.moved(timedelta(days=1000)):
        assert (await world.nobody.post("/api/pairings", json=pairing(staff_no, demo, new_key()))).status_code == 201


async def test_who_left_binds_no_phone(world: World) -> None:
    staff_no, code = await staff_no_of(world, "handler"), await a_code(world, "handler")
    await world.db.write(lambda tx: tx.run("UPDATE people SET active = ? WHERE id = ?", False, world.id_of("handler")))
    answer = await world.nobody.post("/api/pairings", json=pairing(staff_no, code, new_key()))
    assert (answer.status_code, code_of(answer)) == (401, "pairing_refused")


async def test_one_phone_too_many_replaces_the_oldest(world: World) -> None:
    staff_no = await staff_no_of(world, "handler")
    made = [str(world.cast.people["handler"].device_id)]
    for _ in range(2):
        body = pairing(staff_no, await a_code(world, "handler"), new_key())
        made.append((await world.nobody.post("/api/pairings", json=body)).json()["device_id"])
    rows = await world.db.all("SELECT id, state FROM devices WHERE person_id = ?", world.id_of("handler"))
    assert {str(row["id"]): row["state"] for row in rows} == dict(
        zip(made, ("replaced", "active", "active"), strict=True)
    )


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"public_key": {"kty": "EC"}}, 422, "bad_field"),
        ({"public_key": {**public_part(new_key()), "d": "AAAA"}}, 422, "bad_field"),
        ({"code": ""}, 422, "bad_field"),
        ({"code": 12345}, 422, "bad_field"),
        ({"role": "admin"}, 400, "unknown_field"),
        ({"device": {"name": "x", "state": "active"}}, 400, "unknown_field"),
    ],
)
async def test_nonsense(world: World, change: dict[str, object], status: int, code: str) -> None:
    body = pairing(await staff_no_of(world, "handler"), await a_code(world, "handler"), new_key()) | change
    answer = await world.nobody.post("/api/pairings", json=body)
    assert (answer.status_code, code_of(answer)) == (status, code)


async def test_guessing_codes_is_limited(world: World) -> None:
    staff_no, code = await staff_no_of(world, "handler"), await a_code(world, "handler")
    for _ in range(10):
        wrong = await world.nobody.post("/api/pairings", json=pairing(staff_no, "BBBBB-BBBBB", new_key()))
        assert wrong.status_code == 401
    answer = await world.nobody.post("/api/pairings", json=pairing(staff_no, code, new_key()))
    assert (answer.status_code, code_of(answer)) == (429, "too_many_tries")
    async with from_address(world, "192.0.2.7") as elsewhere:
        assert (await elsewhere.post("/api/pairings", json=pairing(staff_no, code, new_key()))).status_code == 201


async def test_the_journal_names_the_phone(world: World) -> None:
    staff_no = await staff_no_of(world, "handler")
    body = pairing(staff_no, await a_code(world, "handler"), new_key(), device={"name": "老张的手机"})
    device_id = (await world.nobody.post("/api/pairings", json=body)).json()["device_id"]
    facts = await world.db.value(
        "SELECT facts FROM journal_lines WHERE kind = 'device_paired' ORDER BY seq DESC LIMIT 1"
    )
    assert device_id in facts
    assert "老张" not in facts
