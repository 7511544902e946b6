"""What these tests do again and again: give a password, make a code, pair, sign in."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from joserfc.jwk import ECKey

from moshao.people.making import make_device, make_pairing_code, set_hashes
from moshao.people.passwords import hashed
from tests.phone import Phone, new_key, public_part
from tests.world import BASE_URL, World

PASSWORD = "长街短巷 2026"
PIN = "4711"


async def staff_no_of(world: World, who: str) -> str:
    staff_no: str = await world.db.value("SELECT staff_no FROM people WHERE id = ?", world.id_of(who))
    return staff_no


async def give_password(world: World, who: str, password: str = PASSWORD) -> str:
    """His staff number, to sign in with."""
    made = await hashed(password)
    await world.db.write(lambda tx: set_hashes(tx, world.id_of(who), password_hash=made))
    return await staff_no_of(world, who)


async def a_code(world: World, who: str, *, minutes: float = 10, post_id: UUID | None = None) -> str:
    lasts = timedelta(minutes=minutes)
    return await world.db.write(lambda tx: make_pairing_code(tx, world.id_of(who), expires_in=lasts, post_id=post_id))


async def a_phone(world: World, who: str, *, post_id: UUID | None = None) -> Phone:
    """One more bound phone, nobody signed in on it."""
    key = new_key()
    device_id = await world.db.write(lambda tx: make_device(tx, world.id_of(who), public_part(key), post_id=post_id))
    return Phone(world.client(), world.id_of(who), key=key, device_id=device_id)


def pairing(staff_no: str, code: str, key: ECKey, **members: Any) -> dict[str, Any]:
    return {"staff_no": staff_no, "code": code, "public_key": public_part(key), **members}


async def by_password(phone: Phone, staff_no: str, password: str = PASSWORD) -> httpx.Response:
    body = {"staff_no": staff_no, "password": password, "device_id": str(phone.device_id)}
    return await phone.client.post("/api/sessions", json=body)


async def by_proof(phone: Phone, proof: str | None = None, **claims: Any) -> httpx.Response:
    token = proof or phone.proof(BASE_URL, **claims)
    return await phone.client.post("/api/sessions", json={"device_id": str(phone.device_id), "proof": token})


def from_address(world: World, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=world.app, raise_app_exceptions=False, client=(address, 50000))
    return httpx.AsyncClient(transport=transport, base_url=BASE_URL)


def code_of(answer: httpx.Response) -> str:
    """The refusal's code, of a well-formed problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"/problems/{problem['code']}"
    return str(problem["code"])
