"""GET /api/unplaced_cases, POST /api/dispatch_rules/previews."""

from typing import Any

from moshao.kit import ids
from tests.api.dispatch.district import District


async def unplaced(district: District, who: str = "supervisor") -> dict[str, Any]:
    answer = await district.world.as_(who).get("/api/unplaced_cases")
    assert answer.status_code == 200, answer.text
    return {each["id"]: each for each in answer.json()["cases"]}


async def test_each_says_why_it_waits(district: District) -> None:
    held = await district.sent(flags=("unknown_class",))
    nowhere = await district.put(lon=None, lat=None)
    back = await district.put(handbacks=1)
    by_hand = await district.put()
    await district.sent()
    found = await unplaced(district)
    assert {case_id: each["why"] for case_id, each in found.items()} == {
        str(held["id"]): ["unknown_class"],
        str(nowhere["id"]): ["no_rule"],
        str(back["id"]): ["handed_back"],
        str(by_hand["id"]): ["sent_by_hand"],
    }
    assert found[str(held["id"])]["suggested_unit"] == "东关街道"
    assert found[str(nowhere["id"])]["suggested_unit"] is None
    assert await unplaced(district, "neighbour") == {}


async def test_nobody_on_duty_is_why_too(district: District) -> None:
    await district.nobody_on_duty()
    waits = await district.sent()
    (found,) = (await unplaced(district)).values()
    assert (found["id"], found["why"], found["unit_name"]) == (str(waits["id"]), ["nobody_on_duty"], "东关街道")
    await district.on_duty("d-1")
    assert await unplaced(district) == {}


async def previewed(district: District, who: str = "supervisor", **body: Any) -> dict[str, Any]:
    answer = await district.world.as_(who).client.post("/api/dispatch_rules/previews", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_rule_is_tried_on_the_cases_of_the_last_days(district: District) -> None:
    case = await district.sent()
    nowhere = await district.put(lon=None, lat=None)
    for row in (case, nowhere):
        await district.change(row["id"], filed_at=row["created_at"])
    drafted = {"priority": 5, "unit_id": district.unit("other_street"), "grids": ["*"], "classes": ["matter:"]}
    rule_id = str(ids.new_id())
    said = await previewed(district, rule_id=rule_id, rule=drafted)
    assert [said[name] for name in ("looked_at", "places", "moves", "newly", "more")] == [2, 2, 2, 1, False]
    assert {each["id"]: (each["before"], each["after"]) for each in said["cases"]} == {
        str(case["id"]): ("东关街道", "新华街道"),
        str(nowhere["id"]): (None, "新华街道"),
    }
    assert (await district.world.as_("admin").get("/api/dispatch_rules")).json()["rules"] == []
    assert (await previewed(district, "admin", rule_id=rule_id, rule=drafted))["cases"] == []
    await district.rule("other_street", priority=1)
    assert (await previewed(district, rule_id=rule_id, rule=drafted))["places"] == 0
    (in_force,) = (await district.world.as_("admin").get("/api/dispatch_rules")).json()["rules"]
    ended = await previewed(district, rule_id=in_force["id"])
    assert {each["after"] for each in ended["cases"]} == {"东关街道", None}
    assert (await previewed(district, "neighbour", rule_id=rule_id))["looked_at"] == 0


async def test_what_a_preview_names_must_be_there(district: District) -> None:
    desk = district.world.as_("supervisor").client
    for unit in ("district", "next_district"):
        rule = {"priority": 5, "unit_id": district.unit(unit), "grids": ["*"], "classes": ["*"]}
        body = {"rule_id": str(ids.new_id()), "rule": rule}
        assert (await desk.post("/api/dispatch_rules/previews", json=body)).status_code == 422
