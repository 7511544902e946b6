"""Passwords and PINs: changed by their owner, reset by who helps him."""

import pytest

from moshao.people.passwords import check_password, check_pin
from tests.api.people.doing import PASSWORD, PIN, a_phone, by_password, by_proof, code_of, give_password, staff_no_of
from tests.world import World

NEW = "梧桐树下 88 级"


async def test_a_change_ends_all_other_sessions(world: World) -> None:
    staff_no = await give_password(world, "handler")
    here, there = await a_phone(world, "handler"), await a_phone(world, "handler")
    for phone in (here, there):
        assert (await by_password(phone, staff_no)).status_code == 201
    answer = await here.client.put("/api/me/password", json={"old": PASSWORD, "new": NEW})
    assert answer.status_code == 204
    assert (await here.get("/api/me")).status_code == 200
    assert (await by_proof(here)).status_code == 201
    assert code_of(await there.get("/api/me")) == "session_over"
    assert code_of(await by_proof(there)) == "password_needed"
    assert code_of(await by_password(there, staff_no)) == "sign_in_failed"
    assert (await by_password(there, staff_no, NEW)).status_code == 201


async def test_the_old_password_is_asked_and_its_guessing_limited(world: World) -> None:
    await give_password(world, "supervisor")
    client = world.as_("supervisor").client
    body = {"old": "falsch", "new": NEW}
    answers = [await client.put("/api/me/password", json=body) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert code_of(answers[0]) == "old_password_wrong"
    assert code_of(await client.put("/api/me/password", json={"old": PASSWORD, "new": NEW})) == "too_many_tries"


@pytest.mark.parametrize("weak", ["kurz", "12345678", "Password", "aaaaaaaa", "t-007", "abababab", "x" * 150])
async def test_weak_ones_are_refused(world: World, weak: str) -> None:
    await give_password(world, "supervisor")
    answer = await world.as_("supervisor").client.put("/api/me/password", json={"old": PASSWORD, "new": weak})
    assert (answer.status_code, code_of(answer)) == (422, "password_too_weak")


def test_good_ones_pass() -> None:
    for good in (NEW, PASSWORD, "correct horse battery", "Zq7#mm02"):
        check_password(good, "t-001")
    for pin in (PIN, "2580", "90817263"):
        check_pin(pin)


async def test_who_may_reset_whose(world: World) -> None:
    tries = [
        ("handler", "colleague", 403),
        ("handler", "handler", 403),
        ("inspector", "handler", 403),
        ("leader", "handler", 403),
        ("leader_of_crew", "operator", 404),
        ("leader_of_crew", "stranger", 404),
        ("leader_of_crew", "handler", 204),
        ("operator", "stranger", 404),
        ("operator", "supervisor", 404),
        ("operator", "leader_of_crew", 204),
        ("supervisor", "second_supervisor", 404),
        ("supervisor", "admin", 404),
        ("supervisor", "neighbour_handler", 404),
        ("supervisor", "operator", 204),
        ("admin", "neighbour", 404),
        ("admin", "supervisor", 204),
    ]
    for kind, body in (("pin", {"pin": PIN}), ("password", {"password": NEW})):
        for who, whose, status in tries:
            answer = await world.as_(who).client.put(f"/api/people/{world.id_of(whose)}/{kind}", json=body)
            assert answer.status_code == status, (who, whose, kind)


async def test_a_reset_says_nothing_of_the_password(world: World) -> None:
    await world.as_("admin").client.put(f"/api/people/{world.id_of('handler')}/password", json={"password": NEW})
    line = await world.db.one("SELECT * FROM journal_lines WHERE kind = 'password_changed'")
    assert line is not None
    assert line["person_id"] == world.id_of("admin")
    assert str(world.id_of("handler")) in line["facts"]
    assert NEW not in line["facts"]


async def test_a_pin(world: World) -> None:
    await give_password(world, "handler")
    client = world.as_("handler").client
    assert code_of(await client.put("/api/me/pin", json={"password": "falsch", "pin": PIN})) == "old_password_wrong"
    for weak in ("1234", "0000", "12", "123456789", "abcd", "１２３４"):
        answer = await client.put("/api/me/pin", json={"password": PASSWORD, "pin": weak})
        assert (answer.status_code, code_of(answer)) == (422, "pin_too_weak"), weak
    assert (await client.put("/api/me/pin", json={"password": PASSWORD, "pin": PIN})).status_code == 204
    assert await world.db.value("SELECT pin_hash FROM people WHERE staff_no = ?", await staff_no_of(world, "handler"))
