"""How often somebody may be wrong."""

import asyncio
from datetime import timedelta

from moshao.kit import clock
from tests.api.people.doing import PASSWORD, code_of, from_address, give_password
from tests.world import World


async def test_ten_wrong_passwords_close_the_door_for_this_address(world: World) -> None:
    staff_no = await give_password(world, "supervisor")
    wrong, right = ({"staff_no": staff_no, "password": password} for password in ("falsch", PASSWORD))
    answers = [await world.nobody.post("/api/sessions", json=wrong) for _ in range(10)]
    assert [answer.status_code for answer in answers] == [401] * 10
    shut = await world.nobody.post("/api/sessions", json=right)
    assert (shut.status_code, code_of(shut), shut.json()["retry"]) == (429, "too_many_tries", True)
    assert 890 <= int(shut.headers["retry-after"]) <= 900
    async with from_address(world, "192.0.2.1") as elsewhere:
        assert (await elsewhere.post("/api/sessions", json=right)).status_code == 201
    with clock.moved(timedelta(minutes=15, seconds=1)):
        assert (await world.nobody.post("/api/sessions", json=right)).status_code == 201


async def test_an_unknown_account_is_limited_alike(world: World) -> None:
    body = {"staff_no": "nobody-999", "password": "falsch"}
    answers = [await world.nobody.post("/api/sessions", json=body) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]


async def test_tries_sent_at_once_are_no_way_around(world: World) -> None:
    staff_no = await give_password(world, "supervisor")
    wrong = {"staff_no": staff_no, "password": "falsch"}
    answers = await asyncio.gather(*(world.nobody.post("/api/sessions", json=wrong) for _ in range(30)))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(401), statuses.count(429)) == (10, 20)


async def test_the_right_guess_among_many_at_once_comes_too_late(world: World) -> None:
    staff_no = await give_password(world, "supervisor")
    guesses = [f"guess {number}" for number in range(25)] + [PASSWORD]
    answers = await asyncio.gather(
        *(world.nobody.post("/api/sessions", json={"staff_no": staff_no, "password": guess}) for guess in guesses)
    )
    assert answers[-1].status_code == 429


async def test_success_never_counts(world: World) -> None:
    staff_no = await give_password(world, "supervisor")
    body = {"staff_no": staff_no, "password": PASSWORD}
    answers = await asyncio.gather(*(world.client().post("/api/sessions", json=body) for _ in range(25)))
    assert {answer.status_code for answer in answers} == {201}
    assert await world.db.value("SELECT count(*) FROM failed_tries") == 0


async def test_an_office_behind_one_address_has_a_hundred(world: World) -> None:
    staff_no = await give_password(world, "supervisor")
    for number in range(100):
        body = {"staff_no": f"guess-{number}", "password": "falsch"}
        assert (await world.nobody.post("/api/sessions", json=body)).status_code == 401
    shut = await world.nobody.post("/api/sessions", json={"staff_no": staff_no, "password": PASSWORD})
    assert (shut.status_code, code_of(shut)) == (429, "too_many_tries")
    async with from_address(world, "192.0.2.1") as elsewhere:
        answer = await elsewhere.post("/api/sessions", json={"staff_no": staff_no, "password": PASSWORD})
        assert answer.status_code == 201


async def test_one_house_has_one_ipv6_network(world: World) -> None:
    body = {"staff_no": "nobody-999", "password": "falsch"}
    statuses = []
    for host in range(11):
        async with from_address(world, f"2001:db8:1:2::{host}") as browser:
            statuses.append((await browser.post("/api/sessions", json=body)).status_code)
    assert statuses == [401] * 10 + [429]
    async with from_address(world, "2001:db8:1:3::1") as neighbour:
        assert (await neighbour.post("/api/sessions", json=body)).status_code == 401
