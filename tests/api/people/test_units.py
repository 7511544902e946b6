"""GET and PUT /api/units."""

from typing import Any
from uuid import UUID

import pytest

from moshao.kit import ids
from moshao.people.making import make_person
from tests.api.people.doing import code_of
from tests.world import World


def unit(code: str, parent_id: Any, **change: Any) -> dict[str, Any]:
    parent = str(parent_id) if parent_id else None
    return {"name": f"单位 {code}", "code": code, "kind": "community", "parent_id": parent} | change


async def put(world: World, who: str, unit_id: UUID, body: dict[str, Any]) -> Any:
    return await world.as_(who).client.put(f"/api/units/{unit_id}", json=body)


async def test_put_again_and_get(world: World) -> None:
    made, body = (
        ids.new_id(),
        unit("c1", world.cast.units["street"], phone="0377-6300 0000", street_code="411302001000"),
    )
    first, again = await put(world, "admin", made, body), await put(world, "admin", made, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["path"] == [str(world.cast.units[key]) for key in ("district", "street")] + [str(made)]
    assert (await world.as_("handler").get(f"/api/units/{made}")).json() == first.json()
    assert await world.db.value("SELECT count(*) FROM journal_lines WHERE facts LIKE ?", f"%{made}%") == 1
    changed = await put(world, "admin", made, body | {"active": False})
    assert (changed.status_code, changed.json()["active"]) == (200, False)


async def test_everybody_sees_the_units_of_his_district(world: World) -> None:
    for who in ("handler", "operator", "admin"):
        items = (await world.as_(who).get("/api/units")).json()["items"]
        assert {item["id"] for item in items} == {
            str(world.cast.units[key]) for key in ("district", "street", "other_street")
        }
    foreign = await world.as_("admin").get(f"/api/units/{world.cast.units['next_district']}")
    absent = await world.as_("admin").get(f"/api/units/{ids.new_id()}")
    assert (foreign.status_code, foreign.content) == (404, absent.content)


async def test_an_operator_keeps_what_lies_below_him(world: World) -> None:
    street, other, top = (world.cast.units[key] for key in ("street", "other_street", "district"))
    assert (await put(world, "operator", ids.new_id(), unit("c1", street))).status_code == 201
    for parent in (other, top, world.cast.units["next_district"], ids.new_id()):
        answer = await put(world, "operator", ids.new_id(), unit("c2", parent))
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "parent_id")
    assert (await put(world, "operator", ids.new_id(), unit("c2", None))).status_code == 422
    for whose in (street, other, top):
        assert code_of(await put(world, "operator", whose, unit("c3", street))) == "not_found"


@pytest.mark.parametrize("who", ["handler", "inspector", "leader_of_crew", "leader", "supervisor"])
async def test_others_keep_no_units(world: World, who: str) -> None:
    answer = await put(world, who, ids.new_id(), unit("c1", world.cast.units["street"]))
    assert (answer.status_code, code_of(answer)) == (403, "not_your_role")


async def test_another_districts_unit_is_absent(world: World) -> None:
    answer = await put(world, "admin", world.cast.units["next_district"], unit("c1", None))
    assert (answer.status_code, code_of(answer)) == (404, "not_found")


async def test_no_circles(world: World) -> None:
    street, below = world.cast.units["street"], ids.new_id()
    await put(world, "admin", below, unit("c1", street))
    for parent in (street, below):
        answer = await put(world, "admin", street, unit("411302001", parent))
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "cycle")


async def test_five_levels_and_no_more(world: World) -> None:
    parent = world.cast.units["street"]
    for level in (3, 4, 5):
        made = ids.new_id()
        assert (await put(world, "admin", made, unit(f"l{level}", parent))).status_code == 201
        parent = made
    answer = await put(world, "admin", ids.new_id(), unit("l6", parent))
    assert answer.json()["errors"][0]["code"] == "too_deep"
    moved = await put(world, "admin", world.cast.units["street"], unit("s", world.cast.units["other_street"]))
    assert moved.json()["errors"][0]["code"] == "too_deep"


async def test_a_unit_moves_with_everything_below(world: World) -> None:
    street, other, below = world.cast.units["street"], world.cast.units["other_street"], ids.new_id()
    await put(world, "admin", below, unit("c1", street))
    somebody = await world.db.write(lambda tx: make_person(tx, below, staff_no="c1-1", name="社区小吴", role="handler"))
    assert (await world.as_("operator").get(f"/api/people/{somebody}")).status_code == 200
    roster = await world.db.value("SELECT roster FROM people WHERE id = ?", somebody)
    assert (await put(world, "admin", street, unit("411302001", other))).status_code == 200
    path = (await world.as_("admin").get(f"/api/units/{below}")).json()["path"]
    assert path == [str(world.cast.units["district"]), str(other), str(street), str(below)]
    assert await world.db.value("SELECT depth FROM units WHERE id = ?", below) == 4
    assert await world.db.value("SELECT roster FROM people WHERE id = ?", somebody) == roster + 1
    assert (await world.as_("other_operator").get(f"/api/people/{somebody}")).status_code == 200


async def test_a_code_names_one_unit_of_a_district(world: World) -> None:
    taken = await put(world, "admin", ids.new_id(), unit("411302001", None))
    assert (taken.status_code, code_of(taken)) == (409, "unit_code_taken")
    assert (await put(world, "admin", ids.new_id(), unit("411303", None))).status_code == 201


@pytest.mark.parametrize(
    ("change", "status"),
    [({"kind": "kingdom"}, 422), ({"name": ""}, 422), ({"code": "a b"}, 422), ({"depth": 1}, 400), ({"name": 7}, 422)],
)
async def test_nonsense(world: World, change: dict[str, Any], status: int) -> None:
    answer = await put(world, "admin", ids.new_id(), unit("c1", world.cast.units["street"]) | change)
    assert answer.status_code == status


async def test_pages(world: World) -> None:
    seen: list[str] = []
    after = ""
    while True:
        page = (await world.as_("admin").get(f"/api/units?limit=2{after}")).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == sorted(seen)
    assert len(seen) == 3
    for limit in (0, 501, -1):
        assert (await world.as_("admin").get(f"/api/units?limit={limit}")).status_code == 422
