"""A case comes from above: never refused for its content, and first seen where it belongs."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from moshao.kit import clock
from tests.api.upstream.conftest import Opened
from tests.api.upstream.places import GRID, OTHER_GRID, OTHER_STREET, OUTSIDE, STREET
from tests.api.upstream.platform import Platform


async def test_the_least_is_accepted_and_waits_for_a_person(city: Platform) -> None:
    (result,) = await city.send(city.event("dispatched", {"external_case_id": "X1", "version": 1}))
    assert result["status"] == "accepted"
    assert result["warnings"] == ["no_place", "unknown_class"]
    case = await city.row(result["case_id"])
    assert case["state"] == "received"
    assert case["flags"].split() == ["no_place", "unknown_class"]
    assert case["limit_provisional"]
    assert case["case_no"]


async def test_first_seen_assigned(city: Platform) -> None:
    case = await city.dispatched()
    assert (case["state"], case["handler_id"]) == ("assigned", city.world.id_of("handler"))
    assert case["unit_id"] == city.world.cast.units["street"]
    assert case["grid_code"] == GRID
    assert await city.kinds(case) == ["received", "dispatched", "signed", "assigned"]
    seen = await city.world.as_("handler").get("/api/changes?after=0")
    assert [each["state"] for each in seen.json()["cases"]] == ["assigned"]


@pytest.mark.parametrize("held", ["no_place", "outside_district", "unknown_class"])
async def test_held_until_a_person_places_it(city: Platform, held: str) -> None:
    faults: dict[str, dict[str, Any]] = {
        "no_place": {"location": None},
        "outside_district": {"location": {"type": "Point", "coordinates": OUTSIDE}},
        "unknown_class": {"minor": "999"},
    }
    wrong = faults[held]
    (result,) = await city.send(city.new_case(unit_code="411302001", **wrong))
    assert result["warnings"] == [held]
    case = await city.row(result["case_id"])
    assert (case["state"], case["unit_id"]) == ("received", None)
    answer = await city.world.as_("supervisor").act(
        case["id"], "dispatches", unit_id=str(city.world.cast.units["street"])
    )
    assert answer.status_code == 201, answer.text
    assert (await city.row(case["id"]))["state"] == "dispatched"


async def test_unknown_unit_falls_to_the_rule_below(city: Platform) -> None:
    (result,) = await city.send(city.new_case(unit_code="nobody"))
    assert result["warnings"] == ["unknown_unit"]
    case = await city.row(result["case_id"])
    assert case["unit_id"] == city.world.cast.units["street"]
    assert case["flags"].split() == ["unknown_unit"]


@pytest.mark.parametrize("code", ["411302", "411302002"])
async def test_named_unit(city: Platform, code: str) -> None:
    """The district's own centre is no unit that fixes anything."""
    case = await city.dispatched(unit_code=code)
    known = code != "411302"
    assert case["unit_id"] == city.world.cast.units["other_street" if known else "street"]
    assert ("unknown_unit" in case["flags"]) is not known


async def test_nearest_street_where_nothing_else_tells(city: Platform) -> None:
    near_the_edge = {"type": "Point", "coordinates": [112.565, 33.045]}
    case = await city.dispatched(location=near_the_edge)
    assert case["unit_id"] == city.world.cast.units["other_street"]
    assert case["grid_code"] is None


async def test_grid_as_named_if_it_is_known(city: Platform) -> None:
    named = await city.dispatched(grid_code=OTHER_GRID)
    unknown = await city.dispatched(grid_code="123456789012345")
    assert (named["grid_code"], unknown["grid_code"]) == (OTHER_GRID, GRID)


async def test_a_bad_photo_holds_nothing(city: Platform) -> None:
    (result,) = await city.send(city.new_case(photos=[{"url": "https://elsewhere.example/1.jpg"}, 7]))
    assert result["warnings"] == ["bad_photo"]
    case = await city.row(result["case_id"])
    assert (case["state"], case["flags"].split()) == ("assigned", ["bad_photo"])


async def test_odd_members_are_named_and_kept_as_they_came(city: Platform) -> None:
    event = city.new_case(deadline="明天", urgency="very", secret_member={"a": 1})
    (result,) = await city.send(event)
    assert result["warnings"] == []
    assert result["detail"] == "没有用上：urgency、deadline"
    verbatim = (await city.row(result["case_id"]))["verbatim"]
    assert json.loads(verbatim) == event


async def test_a_place_in_another_datum(city: Platform) -> None:
    shifted = {"type": "Point", "coordinates": [112.54721, 32.99638]}
    case = await city.dispatched(location=shifted, datum="gcj02")
    assert case["lon"] == pytest.approx(STREET[0], abs=2e-4)
    assert case["lat"] == pytest.approx(STREET[1], abs=2e-4)


async def test_datum_of_the_upstream(city_of: Opened) -> None:
    async with city_of(datum="gcj02") as city:
        case = await city.dispatched(location={"type": "Point", "coordinates": [112.54721, 32.99638]})
        assert case["lon"] == pytest.approx(STREET[0], abs=2e-4)
        plain = await city.dispatched(datum="wgs84")
        assert plain["lon"] == STREET[0]


async def test_deadline_beats_limit_beats_catalogue_beats_default(city: Platform) -> None:
    at = clock.now().replace(microsecond=0) - timedelta(minutes=10)
    named: dict[str, Any] = {"dispatched_at": at.isoformat()}
    by_deadline = await city.dispatched(**named, deadline=(at + timedelta(hours=7)).isoformat())
    assert by_deadline["deadline"] == at + timedelta(hours=7)
    by_limit = await city.dispatched(**named)
    assert by_limit["deadline"] == at + timedelta(hours=2)
    by_class = await city.dispatched(**named, limit=None)
    assert not by_class["limit_provisional"]
    assert by_class["deadline"] > at
    by_default = await city.dispatched(**named, limit=None, minor="999")
    assert (by_default["limit_provisional"], by_default["limit_value"]) == (True, 1)
    assert by_default["limit_unit"] == "work_day"


async def test_the_clock_never_starts_in_the_future(city: Platform) -> None:
    ahead = clock.now() + timedelta(days=3)
    case = await city.dispatched(dispatched_at=ahead.isoformat())
    assert case["clock_started_at"] <= clock.now()


async def test_an_evening_limit_runs_through_the_night(city: Platform) -> None:
    case = await city.dispatched(dispatched_at="2026-11-20T22:36:00+08:00")
    assert case["deadline"] == datetime.fromisoformat("2026-11-21T00:36:00+08:00")


async def test_a_number_that_is_taken_gives_way_to_our_own(city: Platform) -> None:
    first = await city.dispatched(case_no="宛城 1")
    second = await city.dispatched(case_no="宛城 1")
    assert first["case_no"] == "宛城 1"
    assert second["case_no"] not in ("", "宛城 1")


async def test_everything_upstream_said_is_there(city: Platform) -> None:
    case = await city.dispatched(
        condition="条件 1", description="路口", address="新华路", component_code="41130201011234567",
        source={"code": "12", "name": "12345 热线", "no": "H-9"}, reporter={"name": "王某", "phone": "13800000000"},
        urgency="urgent", contact_required=True, allow={"handback": False, "extension": False},
        reported_at="2026-11-23T07:00:00+08:00", reply_due_at="2026-11-24T07:00:00+08:00",
    )  # fmt: skip
    assert (case["source_no"], case["reporter_phone"], case["component_code"]) == (
        "H-9", "13800000000", "41130201011234567",
    )  # fmt: skip
    assert (case["allow_handback"], case["allow_extension"], case["contact_required"]) == (False, False, True)
    assert "urgent" in case["flags"].split()


async def test_other_street_gets_its_own(city: Platform) -> None:
    case = await city.dispatched(location={"type": "Point", "coordinates": OTHER_STREET})
    assert case["unit_id"] == city.world.cast.units["other_street"]
    assert case["handler_id"] == city.world.id_of("stranger")


async def test_without_automatic_dispatch_it_waits(city_of: Opened) -> None:
    async with city_of(district={"auto_dispatch": False}) as city:
        case = await city.dispatched()
        assert (case["state"], case["clock_state"]) == ("received", "running")
        named = await city.dispatched(unit_code="411302001")
        assert named["state"] == "assigned"


async def test_without_automatic_assignment_the_unit_has_it(city_of: Opened) -> None:
    async with city_of(district={"auto_assign": False}) as city:
        case = await city.dispatched()
        assert (case["state"], case["handler_id"]) == ("dispatched", None)


async def test_where_nobody_accepts_it_is_in_progress_at_once(city_of: Opened) -> None:
    async with city_of(district={"acceptance": "off"}) as city:
        assert (await city.dispatched())["state"] == "in_progress"


async def test_authority_is_fixed_with_the_case(city_of: Opened) -> None:
    async with city_of(closing_authority="upstream", decisions="there") as city:
        case = await city.dispatched()
        assert (case["closes_above"], case["decides_above"]) == (True, True)
