"""Codes as a camera sees them, and sheets of them: for whom, how long, what a slip says."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import msgspec

from moshao.kit import clock
from moshao.kit.db import Tx
from moshao.kit.qr import Qr
from moshao.people.making import make_person, make_post
from tests.api.people.doing import code_of, give_password, pairing, staff_no_of
from tests.pages import codes_on, drawn, drawn_pages, text_of
from tests.phone import new_key
from tests.world import BASE_URL, World


async def printed(world: World, who: str, people: list[Any], **members: Any) -> httpx.Response:
    body = {"people": [str(one) for one in people], **members}
    return await world.as_(who).client.post("/api/pairing_sheets", json=body)


async def pair(world: World, link: str) -> httpx.Response:
    """As the phone does that opened this link."""
    assert link.startswith(f"{BASE_URL}/#/pair?")
    given = {name: values[0] for name, values in parse_qs(urlsplit(link).fragment.split("?")[1]).items()}
    return await world.nobody.post("/api/pairings", json=pairing(given["staff_no"], given["code"], new_key()))


async def test_a_camera_reads_the_code_and_the_phone_pairs(world: World) -> None:
    answer = await world.as_("leader_of_crew").client.post(
        f"/api/people/{world.id_of('handler')}/pairing_codes", json={}
    )
    told = answer.json()
    assert codes_on(drawn(msgspec.convert(told["qr"], Qr))) == [told["link"]]
    assert (await pair(world, told["link"])).status_code == 201


async def test_a_posts_code_names_the_post(world: World) -> None:
    post_id = await world.db.write(lambda tx: make_post(tx, world.cast.units["street"], name="东关岗", shared=True))
    answer = await world.as_("leader_of_crew").client.post(
        f"/api/people/{world.id_of('handler')}/pairing_codes", json={"post_id": str(post_id)}
    )
    (link,) = codes_on(drawn(msgspec.convert(answer.json()["qr"], Qr)))
    assert parse_qs(urlsplit(link).fragment.split("?")[1])["post"] == ["东关岗"]
    assert (await pair(world, link)).json()["post"]["post"]["name"] == "东关岗"


async def test_every_slip_pairs_its_person(world: World) -> None:
    for who in ("handler", "colleague"):
        await give_password(world, who)
    answer = await printed(world, "leader_of_crew", [world.id_of("handler"), world.id_of("colleague")])
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/pdf")
    (page,) = drawn_pages(answer.content)
    links = codes_on(page)
    assert len(links) == 2
    for link in links:
        assert (await pair(world, link)).status_code == 201
    text = text_of(answer.content)
    for word in ("老张", "老刘", "东关街道", "用您原来的密码", await staff_no_of(world, "handler")):
        assert word in text


async def test_who_has_no_password_finds_his_first_one_printed(world: World) -> None:
    answer = await printed(world, "leader_of_crew", [world.id_of("handler")])
    lines = text_of(answer.content).split()
    password = lines[lines.index("初始密码") + 1]
    body = {"staff_no": await staff_no_of(world, "handler"), "password": password}
    assert (await world.nobody.post("/api/sessions", json=body)).status_code == 201
    again = await printed(world, "leader_of_crew", [world.id_of("handler")])
    assert "用您原来的密码" in text_of(again.content)


async def test_a_sheet_in_english_of_two_pages(world: World) -> None:
    unit_id = world.cast.units["street"]

    async def work(tx: Tx) -> list[UUID]:
        numbers = [f"n-{number}" for number in range(9)]
        return [await make_person(tx, unit_id, staff_no=number, name="老吴", role="handler") for number in numbers]

    people = await world.db.write(work)
    answer = await printed(world, "operator", people, language="en")
    pages = drawn_pages(answer.content)
    assert [len(codes_on(page)) for page in pages] == [8, 1]
    assert "Page 2 / 2" in text_of(answer.content)


async def test_a_printed_code_is_good_for_its_days(world: World) -> None:
    answer = await printed(world, "leader_of_crew", [world.id_of("handler"), world.id_of("colleague")], valid_days=3)
    first, second = codes_on(drawn_pages(answer.content)[0])
    with clock.moved(timedelta(days=2, hours=23)):
        assert (await pair(world, first)).status_code == 201
    with clock.moved(timedelta(days=3, minutes=1)):
        assert code_of(await pair(world, second)) == "pairing_refused"


async def test_for_ones_own_people_alone(world: World) -> None:
    for who, whose in (
        ("leader_of_crew", "stranger"),
        ("leader_of_crew", "operator"),
        ("operator", "neighbour_handler"),
    ):
        answer = await printed(world, who, [world.id_of("handler"), world.id_of(whose)])
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown")
    assert await world.db.value("SELECT count(*) FROM pairings") == 0
    assert (await printed(world, "handler", [world.id_of("handler")])).status_code == 403


async def test_a_nonsense_sheet(world: World) -> None:
    me = [world.id_of("handler")]
    assert (await printed(world, "operator", [])).status_code == 422
    assert (await printed(world, "operator", me, valid_days=31)).status_code == 422
    assert (await printed(world, "operator", me, language="fr")).status_code == 422
    assert (await printed(world, "operator", me, colour="red")).status_code == 400
