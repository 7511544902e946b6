"""GET and PUT /api/people, /api/contacts."""

import asyncio
from typing import Any

import pytest

from moshao.kit import ids
from tests.api.people.doing import code_of
from tests.world import World


def person(world: World, unit: str = "street", **change: Any) -> dict[str, Any]:
    return {
        "unit_id": str(world.cast.units[unit]),
        "staff_no": "n-001",
        "name": "新来的",
        "role": "handler",
        "phone": "13800000000",
    } | change


async def put(world: World, who: str, person_id: Any, body: dict[str, Any]) -> Any:
    return await world.as_(who).client.put(f"/api/people/{person_id}", json=body)


async def test_put_again_and_get(world: World) -> None:
    made = ids.new_id()
    first, again = await put(world, "operator", made, person(world)), await put(world, "operator", made, person(world))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == (await world.as_("admin").get(f"/api/people/{made}")).json()
    lines = await world.db.all("SELECT * FROM journal_lines WHERE facts LIKE ?", f"%{made}%")
    assert [(line["kind"], line["person_id"]) for line in lines] == [("person_changed", world.id_of("operator"))]
    for secret in ("新来的", "13800000000", "n-001"):
        assert secret not in lines[0]["facts"]


async def test_a_change_of_role_or_unit_raises_the_roster(world: World) -> None:
    made = ids.new_id()
    await put(world, "admin", made, person(world))
    for change, roster in (
        ({"name": "改名"}, 0),
        ({"name": "改名", "role": "inspector"}, 1),
        ({"name": "改名", "role": "inspector", "unit_id": str(world.cast.units["other_street"])}, 2),
        ({"name": "改名", "role": "inspector", "unit_id": str(world.cast.units["other_street"])}, 2),
    ):
        assert (await put(world, "admin", made, person(world, **change))).status_code == 200
        assert await world.db.value("SELECT roster FROM people WHERE id = ?", made) == roster


async def test_a_staff_number_is_nobody_elses_in_the_installation(world: World) -> None:
    for number in ("t-000", "t-012"):
        answer = await put(world, "operator", ids.new_id(), person(world, staff_no=number))
        assert (answer.status_code, code_of(answer)) == (409, "staff_no_taken")


@pytest.mark.parametrize(
    ("who", "change", "status", "code"),
    [
        ("operator", {"unit": "other_street"}, 422, "bad_field"),
        ("operator", {"unit": "district"}, 422, "bad_field"),
        ("operator", {"unit": "next_district"}, 422, "bad_field"),
        ("operator", {"role": "supervisor"}, 403, "not_your_role"),
        ("operator", {"role": "admin"}, 403, "not_your_role"),
        ("operator", {"role": "crew_leader"}, 201, ""),
        ("admin", {"unit": "district", "role": "admin"}, 201, ""),
        ("admin", {"unit": "next_district"}, 422, "bad_field"),
        ("leader_of_crew", {}, 403, "not_your_role"),
        ("supervisor", {}, 403, "not_your_role"),
        ("leader", {}, 403, "not_your_role"),
        ("handler", {}, 403, "not_your_role"),
        ("inspector", {}, 403, "not_your_role"),
    ],
)
async def test_who_puts_whom_where(world: World, who: str, change: dict[str, str], status: int, code: str) -> None:
    answer = await put(world, who, ids.new_id(), person(world, **change))
    assert answer.status_code == status
    if code:
        assert code_of(answer) == code


async def test_nobody_takes_over_anothers_person(world: World) -> None:
    for whose in ("stranger", "supervisor", "admin", "neighbour"):
        answer = await put(world, "operator", world.id_of(whose), person(world))
        assert (answer.status_code, code_of(answer)) == (404, "not_found")
    assert (await put(world, "admin", world.id_of("neighbour"), person(world))).status_code == 404


async def test_one_admin_stays(world: World) -> None:
    body = person(world, "district", staff_no="t-010", role="admin")
    for change in ({"active": False}, {"role": "supervisor"}):
        answer = await put(world, "admin", world.id_of("admin"), body | change)
        assert (answer.status_code, code_of(answer)) == (409, "last_admin")
    second = person(world, "district", staff_no="t-100", role="admin")
    await put(world, "admin", ids.new_id(), second)
    assert (await put(world, "admin", world.id_of("admin"), body | {"role": "supervisor"})).status_code == 200


async def names(world: World, who: str, query: str = "") -> set[str]:
    answer = await world.as_(who).get(f"/api/people{query}")
    assert answer.status_code == 200, answer.text
    return {item["name"] for item in answer.json()["items"]}


async def test_each_reads_what_he_needs(world: World) -> None:
    street = {"老张", "老刘", "王队", "小陈"}
    for who in ("handler", "leader_of_crew", "operator"):
        assert await names(world, who) == street
    assert await names(world, "inspector") == {"小李", "周督查", "吴督查", "郑区长", "管理员"}
    district = street | {"小李", "周督查", "吴督查", "郑区长", "管理员", "外人", "他所小孙"}
    for who in ("supervisor", "leader", "admin"):
        assert await names(world, who) == district
    assert await names(world, "neighbour") == {"邻区督查", "邻区老马", "邻区管理员"}
    for who, whose in (("handler", "stranger"), ("operator", "stranger"), ("admin", "neighbour")):
        assert code_of(await world.as_(who).get(f"/api/people/{world.id_of(whose)}")) == "not_found"


async def test_staff_numbers_are_for_who_keeps_the_roster(world: World) -> None:
    for who, shown in (("handler", False), ("inspector", False), ("leader_of_crew", True), ("supervisor", True)):
        items = (await world.as_(who).get("/api/people")).json()["items"]
        assert all((item["staff_no"] is not None) == shown for item in items), who


async def test_finding(world: World) -> None:
    assert await names(world, "admin", "?q=老") == {"老张", "老刘"}
    assert await names(world, "admin", "?q=t-00") >= {"老张"}
    assert await names(world, "handler", "?q=t-00") == set()
    assert await names(world, "admin", "?q=%25") == set()
    assert await names(world, "admin", "?role=supervisor") == {"周督查", "吴督查"}
    assert await names(world, "admin", f"?unit_id={world.cast.units['other_street']}") == {"外人", "他所小孙"}
    assert await names(world, "operator", f"?unit_id={world.cast.units['other_street']}") == set()
    assert (await world.as_("admin").get("/api/people?role=king")).status_code == 422


async def test_whom_to_call(world: World) -> None:
    async def called(who: str) -> list[str]:
        return [item["name"] for item in (await world.as_(who).get("/api/contacts")).json()["items"]]

    assert await called("handler") == ["王队", "小陈", "周督查", "吴督查"]
    assert await called("stranger") == ["他所小孙", "周督查", "吴督查"]
    assert await called("neighbour_handler") == ["邻区督查"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"role": "king"}, 422),
        ({"staff_no": ""}, 422),
        ({"staff_no": "a b"}, 422),
        ({"name": "x" * 61}, 422),
        ({"phone": "call me"}, 422),
        ({"unit_id": "no-uuid"}, 422),
        ({"password_hash": "x"}, 400),
        ({"roster": 7}, 400),
        ({"district_id": "x"}, 400),
    ],
)
async def test_nonsense(world: World, change: dict[str, Any], status: int) -> None:
    assert (await put(world, "admin", ids.new_id(), person(world) | change)).status_code == status


async def test_the_same_put_many_times_at_once(world: World) -> None:
    made, body = ids.new_id(), person(world)
    answers = await asyncio.gather(*(put(world, "admin", made, body) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 200, 201]
    assert len({answer.content for answer in answers}) == 1
    lines = await world.db.value("SELECT count(*) FROM journal_lines WHERE facts LIKE ?", f"%{made}%")
    assert lines == 1


async def test_nobody_works_at_an_owner_without_accounts(world: World) -> None:
    unit_id = ids.new_id()
    owner = {"name": "供电公司", "code": "power", "kind": "owner"}
    await world.as_("admin").client.put(f"/api/units/{unit_id}", json=owner)
    answer = await put(world, "admin", ids.new_id(), person(world, unit_id=str(unit_id)))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "owner_unit")
