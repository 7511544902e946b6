"""PUT …/dispatches, /rulings, /reopenings: by hand to a unit, on to another, the last word, once more."""

from datetime import timedelta

import pytest

from moshao.kit import clock
from tests.api.dispatch.conftest import Opened
from tests.api.dispatch.district import District


async def test_from_received_to_a_unit(district: District) -> None:
    case = await district.put(flags=("no_place",), lon=None, lat=None)
    answer = await district.act("supervisor", case, "dispatches", unit_id=district.unit("other_street"))
    assert answer.status_code == 201, answer.text
    now = await district.row(case["id"])
    assert (now["state"], now["unit_id"]) == ("dispatched", district.cast.units["other_street"])
    seen = await district.world.as_("other_operator").get("/api/changes?after=0")
    assert [each["id"] for each in seen.json()["cases"]] == [str(case["id"])]


async def test_recall_needs_a_reason_and_starts_anew(district: District) -> None:
    case = await district.sent()
    nothing_said = await district.act("supervisor", case, "dispatches", unit_id=district.unit("other_street"))
    assert nothing_said.status_code == 422
    with clock.moved(timedelta(minutes=30)):
        answer = await district.act(
            "supervisor", case, "dispatches", unit_id=district.unit("other_street"), reason="派错单位"
        )
    assert answer.status_code == 201, answer.text
    now = await district.row(case["id"])
    assert (now["state"], now["handler_id"]) == ("dispatched", None)
    assert now["deadline"] > case["deadline"]
    gone = await district.world.as_("handler").get("/api/changes?after=0")
    assert gone.json()["cases"] == []


@pytest.mark.parametrize("unit", ["district", "street", "next_district"])
async def test_units_that_cannot_get_it(district: District, unit: str) -> None:
    case = await district.sent()
    answer = await district.act("supervisor", case, "dispatches", unit_id=district.unit(unit), reason="x")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "unit_id")


async def test_who_runs_a_unit_gives_to_those_below_alone(district: District) -> None:
    from_above = await district.sent()
    answer = await district.act("operator", from_above, "dispatches", unit_id=district.unit("other_street"))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not_below")
    below = await district.unit_below("street")
    answer = await district.act("operator", from_above, "dispatches", unit_id=str(below))
    assert answer.status_code == 201, answer.text
    now = await district.row(from_above["id"])
    assert (now["state"], now["unit_id"]) == ("dispatched", below)
    assert now["deadline"] == from_above["deadline"]


async def test_strangers_and_other_roles(district: District) -> None:
    case = await district.sent()
    for who, status in (("stranger", 404), ("neighbour", 404), ("other_operator", 404), ("handler", 403)):
        answer = await district.act(who, case, "dispatches", unit_id=district.unit("other_street"), reason="x")
        assert answer.status_code == status, who


async def test_too_late(district: District) -> None:
    case = await district.put("closed", unit_id=district.cast.units["street"], ended_at=clock.now())
    answer = await district.act("supervisor", case, "dispatches", unit_id=district.unit("street"), reason="x")
    assert (answer.status_code, answer.json()["code"]) == (409, "case_closed")


async def test_a_ruling_after_two_handbacks_is_the_last_word(district: District) -> None:
    case = await district.sent()
    early = await district.act("supervisor", case, "rulings", unit_id=district.unit("other_street"), reason="x")
    assert (early.status_code, early.json()["code"]) == (409, "ruling_too_early")
    assert (await district.act("handler", case, "handbacks", reason="not_our_area")).status_code == 201
    assert (await district.act("operator", case, "handbacks", reason="not_our_unit")).status_code == 201
    assert (await district.row(case["id"]))["state"] == "received"
    ruled = await district.act("supervisor", case, "rulings", unit_id=district.unit("street"))
    assert ruled.status_code == 201, ruled.text
    now = await district.row(case["id"])
    assert (now["state"], now["ruled"]) == ("dispatched", True)
    again = await district.act("operator", case, "handbacks", reason="not_our_unit")
    assert (again.status_code, again.json()["code"]) == (409, "handback_ruled_out")


async def test_a_dispatch_is_taken_back(district: District) -> None:
    case = await district.put()
    done = await district.act("supervisor", case, "dispatches", unit_id=district.unit("street"))
    undone = await district.act("supervisor", case, "undoings", undoes=done.json()["receipt"]["act_id"])
    assert undone.status_code == 201, undone.text
    now = await district.row(case["id"])
    assert (now["state"], now["unit_id"]) == ("received", None)


async def test_reopened_to_the_unit_that_had_it(district: District) -> None:
    case = await district.sent()
    ended = {"state": "closed", "ended_at": clock.now(), "clock_state": "stopped"}
    await district.change(case["id"], **ended)
    assert (await district.act("supervisor", case, "reopenings")).status_code == 422
    answer = await district.act("supervisor", case, "reopenings", reason="又堆满了")
    assert answer.status_code == 201, answer.text
    now = await district.row(case["id"])
    assert (now["state"], now["round"], now["unit_id"]) == ("dispatched", 2, case["unit_id"])
    again = await district.act("supervisor", case, "reopenings", reason="x")
    assert (again.status_code, again.json()["code"]) == (409, "case_dispatched")


async def test_the_rule_names_the_inspector_of_a_check(district: District) -> None:
    case = await district.sent()
    await district.change(case["id"], state="feedback", handled_by=district.world.id_of("handler"))
    nobody = await district.act("supervisor", case, "reviews", verdict="check")
    assert (nobody.status_code, nobody.json()["code"]) == (409, "nobody_to_check")
    first = await district.on_duty("i-2", unit="district", role="inspector")
    second = await district.on_duty("i-1", unit="district", role="inspector")
    assert (await district.act("supervisor", case, "reviews", verdict="check")).status_code == 201
    assert (await district.row(case["id"]))["inspector_id"] == second
    other = await district.sent()
    await district.change(other["id"], state="feedback", handled_by=district.world.id_of("handler"))
    assert (await district.act("supervisor", other, "reviews", verdict="check")).status_code == 201
    assert (await district.row(other["id"]))["inspector_id"] == first


async def test_by_hand_nobody_is_assigned(district_of: Opened) -> None:
    """Rules and roster act when a case is filed; what a person dispatches is the unit's to assign."""
    async with district_of(auto_dispatch=False) as district:
        case = await district.sent()
        await district.act("supervisor", case, "dispatches", unit_id=district.unit("street"))
        assert (await district.row(case["id"]))["state"] == "dispatched"
