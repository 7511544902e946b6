"""/api/dispatch_rules and /api/known_cases."""

from typing import Any

from moshao.kit import ids
from tests.api.dispatch.district import District
from tests.api.upstream.places import STREET


def rule(district: District, **members: Any) -> dict[str, Any]:
    return {"priority": 10, "unit_id": district.unit("street"), "grids": ["*"], "classes": ["matter:06"]} | members


async def test_kept_listed_and_dropped(district: District) -> None:
    desk, rule_id = district.world.as_("supervisor").client, ids.new_id()
    put = await desk.put(f"/api/dispatch_rules/{rule_id}", json=rule(district))
    assert put.status_code == 200, put.text
    changed = await desk.put(f"/api/dispatch_rules/{rule_id}", json=rule(district, priority=5, until_minute=600))
    assert changed.json()["priority"] == 5
    listed = await district.world.as_("admin").get("/api/dispatch_rules")
    assert [(each["id"], each["until_minute"]) for each in listed.json()["rules"]] == [(str(rule_id), 600)]
    assert (await desk.delete(f"/api/dispatch_rules/{rule_id}")).status_code == 204
    assert (await desk.delete(f"/api/dispatch_rules/{rule_id}")).status_code == 404


async def test_who_may(district: District) -> None:
    path = f"/api/dispatch_rules/{ids.new_id()}"
    for who in ("operator", "leader"):
        assert (await district.world.as_(who).client.put(path, json=rule(district))).status_code == 403
        assert (await district.world.as_(who).get("/api/dispatch_rules")).status_code == 200
    for who in ("handler", "inspector", "leader_of_crew"):
        assert (await district.world.as_(who).get("/api/dispatch_rules")).status_code == 403
    assert (await district.world.nobody.get("/api/dispatch_rules")).status_code == 401


async def test_another_districts_rule_is_no_rule(district: District) -> None:
    rule_id = await district.rule("street")
    desk = district.world.as_("neighbour").client
    assert (await desk.get("/api/dispatch_rules")).json() == {"rules": []}
    assert (await desk.delete(f"/api/dispatch_rules/{rule_id}")).status_code == 404
    theirs = rule(district, unit_id=district.unit("next_district"))
    assert (await desk.put(f"/api/dispatch_rules/{rule_id}", json=theirs)).status_code in (404, 422)


async def test_nonsense(district: District) -> None:
    desk = district.world.as_("admin").client
    wrong: tuple[dict[str, Any], ...] = (
        {"unit_id": district.unit("district")}, {"unit_id": district.unit("next_district")}, {"priority": -1},
        {"grids": []}, {"grids": ["垃圾"]}, {"classes": ["event:01"]}, {"until_minute": 2000},
    )  # fmt: skip
    for members in wrong:
        answer = await desk.put(f"/api/dispatch_rules/{ids.new_id()}", json=rule(district, **members))
        assert answer.status_code == 422, members
    assert (await desk.put(f"/api/dispatch_rules/{ids.new_id()}", json=rule(district, x=1))).status_code == 400


async def test_known_cases_nearby(district: District) -> None:
    near = await district.sent(lon=STREET[0] + 0.0002)
    await district.sent(lon=STREET[0] + 0.002)
    await district.put("closed", ended_at=near["created_at"])
    other = await district.sent(kind="component", major="01", minor="001")
    where = f"/api/known_cases?lon={STREET[0]}&lat={STREET[1]}"
    all_kinds = await district.world.as_("inspector").get(where)
    assert [each["id"] for each in all_kinds.json()["cases"]] == [str(other["id"]), str(near["id"])]
    assert set(all_kinds.json()["cases"][1]) == {"id", "kind", "major", "minor", "location", "state", "distance_m"}
    assert all_kinds.json()["cases"][1]["distance_m"] == 19
    same = await district.world.as_("inspector").get(where + "&kind=matter&major=06&minor=010")
    assert [each["id"] for each in same.json()["cases"]] == [str(near["id"])]
    assert (await district.world.as_("neighbour").get(where)).json() == {"cases": []}
    assert (await district.world.as_("admin").get(where)).status_code == 403
    assert (await district.world.as_("inspector").get("/api/known_cases?lon=200&lat=95")).status_code == 422
