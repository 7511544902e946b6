"""Handing in from the place: photos, place, chips, for whom, and what it does to the clock."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from moshao.hours.limits import Limit
from moshao.kit import clock, ids
from tests.api.cases.conftest import Opened
from tests.api.cases.making import Cases
from tests.phone import PLACE

FAR = {**PLACE, "location": {"type": "Point", "coordinates": [112.5514, 32.9986]}}
NO_PHOTO: dict[str, Any] = {"no_photo_reason": "camera_broken"}


async def close(cases: Cases, case_id: Any, who: str = "handler", **members: Any) -> dict[str, Any]:
    answer = await cases.world.as_(who).act(case_id, "closures", **{"outcome": "fixed", **members})
    return {"status": answer.status_code, **answer.json()}


async def test_two_photos_and_a_place_hand_it_in(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    before, after = await cases.photo("handler", "before"), await cases.photo("handler")
    done = await close(cases, case_id, photos=[before, after])
    assert done["status"] == 201
    assert done["receipt"]["photos"] == {named["photo_id"]: named["sha256"] for named in (before, after)}
    assert done["receipt"]["photos_missing"] == []
    case = await cases.now(case_id)
    assert (case.state, case.outcome, case.clock_state) == ("handled", "fixed", "running")
    assert case.handled_by == case.handler_id == cases.world.id_of("handler")
    assert await cases.kinds(case_id) == ["handled"]


async def test_closing_implies_accepting(cases: Cases) -> None:
    case_id = await cases.put("assigned")
    await close(cases, case_id, **NO_PHOTO)
    assert await cases.kinds(case_id) == ["accepted", "handled"]
    assert (await cases.now(case_id)).accepted_at is not None


async def test_a_case_without_a_before_photo_asks_for_one(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    refused = await close(cases, case_id, photos=[await cases.photo("handler")])
    assert (refused["status"], refused["code"]) == (422, "too_few_photos")
    inspector_saw = await cases.photo("handler", "before")
    assert (await cases.world.as_("handler").act(case_id, "notes", photos=[inspector_saw])).status_code == 201
    assert (await close(cases, case_id, photos=[await cases.photo("handler")]))["status"] == 201


async def test_photos_on_their_way_count_where_they_are_needed(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    missing = [await cases.photo("handler", state="missing") for _ in range(2)]
    done = await close(cases, case_id, photos=missing)
    assert done["status"] == 201
    assert sorted(done["receipt"]["photos_missing"]) == sorted(named["photo_id"] for named in missing)


async def test_a_refused_photo_and_a_strangers_photo_do_not_count(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    before, refused = await cases.photo("handler", "before"), await cases.photo("handler", state="refused")
    answer = await close(cases, case_id, photos=[before, refused])
    assert answer["code"] == "too_few_photos"
    strangers = await cases.photo("stranger")
    done = await close(cases, case_id, photos=[before, strangers])
    assert done["receipt"]["photos_missing"] == [strangers["photo_id"]]


async def test_other_bytes_are_not_that_photo(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    photo = await cases.photo("handler") | {"sha256": "0" * 64}
    done = await close(cases, case_id, photos=[photo], **NO_PHOTO)
    assert done["receipt"]["photos_refused"] == {photo["photo_id"]: "bytes_differ"}
    assert done["receipt"]["photos"] == {}


async def test_a_photo_named_twice_is_refused(cases: Cases) -> None:
    photo = await cases.photo("handler")
    answer = await close(cases, await cases.put("in_progress"), photos=[photo, photo])
    assert (answer["status"], answer["errors"][0]["code"]) == (422, "named_twice")


async def test_outside_the_fence_a_chip_is_needed(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    refused = await close(cases, case_id, place=FAR, **NO_PHOTO)
    assert (refused["status"], refused["code"]) == (422, "off_site_reason_missing")
    assert (await close(cases, case_id, place=FAR, off_site_reason="weak_signal", **NO_PHOTO))["status"] == 201
    assert (await cases.facts(case_id))[-1]["facts"].find('"off_site":true') > 0


async def test_a_vague_fix_is_not_outside(cases: Cases) -> None:
    vague = {**FAR, "accuracy_m": 900.0}
    assert (await close(cases, await cases.put("in_progress"), place=vague, **NO_PHOTO))["status"] == 201


async def test_a_place_in_another_datum_is_put_right(cases: Cases) -> None:
    gaode = {**PLACE, "location": {"type": "Point", "coordinates": [112.54728, 32.99674]}, "datum": "gcj02"}
    assert (await close(cases, await cases.put("in_progress"), place=gaode, **NO_PHOTO))["status"] == 201
    wgs84 = {**gaode, "datum": "wgs84"}
    assert (await close(cases, await cases.put("in_progress"), place=wgs84, **NO_PHOTO))["status"] == 422


async def test_no_place_needs_a_chip(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    assert (await close(cases, case_id, place=None, **NO_PHOTO))["code"] == "place_missing"
    assert (await close(cases, case_id, place=None, no_place_reason="indoors", **NO_PHOTO))["status"] == 201


async def test_numbers_that_are_no_place_are_refused(cases: Cases) -> None:
    nowhere = {**PLACE, "location": {"type": "Point", "coordinates": [200, 95]}}
    answer = await close(cases, await cases.put("in_progress"), place=nowhere, **NO_PHOTO)
    assert (answer["status"], answer["errors"][0]["field"]) == (422, "place.location")


async def test_the_leader_closes_for_a_mate_and_his_units_review_is_skipped(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    alone = await close(cases, case_id, "leader_of_crew", **NO_PHOTO)
    assert alone["errors"][0]["field"] == "on_behalf_of"
    handler = cases.world.id_of("handler")
    assert (await close(cases, case_id, "leader_of_crew", on_behalf_of=str(handler), **NO_PHOTO))["status"] == 201
    case = await cases.now(case_id)
    assert (case.state, case.handler_id, case.clock_state) == ("feedback", handler, "stopped")
    assert case.handled_by == cases.world.id_of("leader_of_crew")
    assert await cases.kinds(case_id) == ["handled", "unit_passed"]
    kept = await cases.world.db.one("SELECT on_behalf_of FROM acts WHERE case_id = ?", case_id)
    assert kept == {"on_behalf_of": handler}


async def test_nobody_of_another_unit_is_closed_for(cases: Cases) -> None:
    stranger = str(cases.world.id_of("stranger"))
    answer = await close(cases, await cases.put("in_progress"), on_behalf_of=stranger, **NO_PHOTO)
    assert (answer["status"], answer["errors"][0]["code"]) == (422, "not_of_unit")


async def test_a_helper_may_close(cases: Cases) -> None:
    helpers = f'["{cases.world.id_of("colleague")}"]'
    case_id = await cases.put("in_progress", helpers=helpers)
    assert (await close(cases, case_id, "colleague", **NO_PHOTO))["status"] == 201
    assert (await cases.now(case_id)).handler_id == cases.world.id_of("handler")


async def test_of_a_crew_whoever_closes_is_responsible(cases: Cases) -> None:
    case_id = await cases.put("assigned", handler_id=None, crew_id=cases.cast.crew_id)
    assert (await close(cases, case_id, "colleague", **NO_PHOTO))["status"] == 201
    assert (await cases.now(case_id)).handler_id == cases.world.id_of("colleague")


async def test_what_is_made_safe_goes_on_with_the_normal_limit(cases: Cases) -> None:
    case_id = await cases.put("in_progress", limit=Limit(1, "urgent_hour"))
    assert (await close(cases, case_id, outcome="interim", **NO_PHOTO))["status"] == 201
    case = await cases.now(case_id)
    assert (case.state, case.flags, case.limit_unit) == ("in_progress", " interim ", "work_hour")
    assert case.closure_id is None
    deadline = case.deadline
    assert (await close(cases, case_id, outcome="interim", **NO_PHOTO))["status"] == 201
    assert (await cases.now(case_id)).deadline == deadline
    assert await cases.kinds(case_id) == ["made_safe", "made_safe"]
    assert (await close(cases, case_id, **NO_PHOTO))["status"] == 201


async def test_without_unit_review_handing_in_stops_the_clock(cases_of: Opened) -> None:
    async with cases_of(unit_review="off") as cases:
        case_id = await cases.put("in_progress")
        await close(cases, case_id, **NO_PHOTO)
        case = await cases.now(case_id)
        assert (case.state, case.clock_state, case.on_time) == ("feedback", "stopped", True)
        assert case.clock_stopped_at == case.handled_at


async def test_the_setting_stops_the_clock_at_handing_in(cases_of: Opened) -> None:
    async with cases_of(clock_stops="handing_in") as cases:
        case_id = await cases.put("in_progress")
        await close(cases, case_id, **NO_PHOTO)
        assert ((await cases.now(case_id)).state, (await cases.now(case_id)).clock_state) == ("handled", "stopped")


@pytest.fixture
async def marked_only(cases_of: Opened) -> AsyncIterator[Cases]:
    async with cases_of(unit_review="marked_only") as cases:
        yield cases


async def test_an_unmarked_closure_passes_by_itself(marked_only: Cases) -> None:
    case_id = await marked_only.put("in_progress")
    photos = [await marked_only.photo("handler", usage) for usage in ("before", "after")]
    await close(marked_only, case_id, photos=photos)
    case = await marked_only.now(case_id)
    assert (case.state, case.clock_stopped_at) == ("feedback", case.handled_at)
    assert (await marked_only.facts(case_id))[-1]["facts"] == '{"auto":true}'


async def test_a_marked_closure_waits_for_the_leader(marked_only: Cases) -> None:
    for members in (NO_PHOTO, {**NO_PHOTO, "place": FAR, "off_site_reason": "other"}):
        case_id = await marked_only.put("in_progress")
        await close(marked_only, case_id, **members)
        assert (await marked_only.now(case_id)).state == "handled"


async def test_an_unmarked_closure_passes_when_its_last_photo_is_there(marked_only: Cases) -> None:
    case_id = await marked_only.put("in_progress")
    here, coming = await marked_only.photo("handler", "before"), await marked_only.photo("handler", state="missing")
    await close(marked_only, case_id, photos=[here, coming])
    assert (await marked_only.now(case_id)).state == "handled"
    with clock.moved(timedelta(hours=3)):
        await marked_only.send("handler", coming)
    case = await marked_only.now(case_id)
    assert (case.state, case.on_time, case.clock_stopped_at) == ("feedback", True, case.handled_at)


async def test_a_closure_done_in_time_and_heard_late_is_on_time(cases: Cases) -> None:
    case_id = await cases.put("in_progress", limit=Limit(1, "urgent_hour"))
    phone = cases.world.as_("handler")
    body, act_id = phone.body(outcome="fixed", **NO_PHOTO), ids.new_id()
    with clock.moved(timedelta(hours=5)):
        assert (await phone.act(case_id, "closures", act_id=act_id, raw=body)).status_code == 201
        leader = cases.world.as_("leader_of_crew")
        assert (await leader.act(case_id, "unit_reviews", verdict="pass")).status_code == 201
    case = await cases.now(case_id)
    assert (case.state, case.on_time) == ("feedback", True)


async def test_the_leaders_own_delay_counts(cases: Cases) -> None:
    case_id = await cases.put("in_progress", limit=Limit(1, "urgent_hour"))
    await close(cases, case_id, **NO_PHOTO)
    with clock.moved(timedelta(hours=2)):
        leader = cases.world.as_("leader_of_crew")
        assert (await leader.act(case_id, "unit_reviews", verdict="pass")).status_code == 201
    case = await cases.now(case_id)
    assert (case.on_time, case.flags) == (False, " overdue ")


async def test_a_jumping_clock_is_doubted_and_counts_by_arrival(cases: Cases) -> None:
    case_id = await cases.put("in_progress", limit=Limit(1, "urgent_hour"))
    phone = cases.world.as_("handler")
    body = phone.body(outcome="fixed", clock={"offset_s": -3600.0, "age_s": 60}, **NO_PHOTO)
    with clock.moved(timedelta(hours=2)):
        assert (await phone.act(case_id, "closures", raw=body)).status_code == 201
        case = await cases.now(case_id)
        assert "clock_doubt" in case.flags
        assert case.handled_at == case.handled_heard_at
        leader = cases.world.as_("leader_of_crew")
        await leader.act(case_id, "unit_reviews", verdict="pass")
    assert (await cases.now(case_id)).on_time is False


async def test_a_place_of_the_phone_is_never_older_than_the_case(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    phone = cases.world.as_("handler")
    done_at = (clock.now() - timedelta(days=1)).isoformat()
    assert (await phone.act(case_id, "closures", outcome="fixed", done_at=done_at, **NO_PHOTO)).status_code == 201
    case = await cases.now(case_id)
    assert case.handled_at is not None
    assert case.handled_at >= case.created_at
