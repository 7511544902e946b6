"""One card and one closure for several cases; each keeps its number, clock and line."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from moshao.hours.limits import Limit
from moshao.kit import clock
from tests.api.cases.doing import act
from tests.api.cases.legal import faults_around
from tests.api.cases.making import Cases
from tests.api.cases.test_above import EVENTS, tell

NO_PHOTO: dict[str, Any] = {"outcome": "fixed", "no_photo_reason": "camera_broken"}


async def test_a_member_goes_where_its_lead_goes_with_its_own_clock(cases: Cases) -> None:
    lead = await cases.put("assigned", limit=Limit(2, "urgent_hour"))
    member = await cases.put("dispatched", limit=Limit(1, "urgent_hour"))
    assert await act(cases, "operator", "merges", member, lead_case_id=str(lead)) == (201, "")
    joined = await cases.now(member)
    assert (joined.state, joined.handler_id, joined.flags) == ("assigned", cases.world.id_of("handler"), " merged ")
    assert await act(cases, "handler", "acceptances", member) == (404, "not_found")
    assert await act(cases, "leader_of_crew", "signings", member) == (409, "case_merged")
    with clock.moved(timedelta(minutes=90)):
        assert await act(cases, "handler", "closures", lead, **NO_PHOTO) == (201, "")
        assert await act(cases, "leader_of_crew", "unit_reviews", lead, verdict="pass") == (201, "")
    first, second = await cases.now(lead), await cases.now(member)
    assert (first.state, second.state) == ("feedback", "feedback")
    assert (first.on_time, second.on_time) == (True, False)
    assert first.closure_id == second.closure_id
    assert await cases.kinds(member) == ["merged", "accepted", "handled", "unit_passed"]


async def test_a_member_that_upstream_paused_goes_on_with_its_lead(cases: Cases) -> None:
    lead, member = await cases.put("in_progress"), await cases.put("dispatched")
    assert await act(cases, "supervisor", "merges", member, lead_case_id=str(lead)) == (201, "")
    assert (await tell(cases, member, EVENTS["shelving"])).state == "shelved"
    assert await act(cases, "handler", "closures", lead, **NO_PHOTO) == (201, "")
    await stand_as_they_must(cases, lead, member, "handled")
    assert (await cases.now(member)).clock_state == (await cases.now(lead)).clock_state


async def test_a_member_that_upstream_looks_at_goes_on_with_its_lead(cases: Cases) -> None:
    lead, member = await cases.put("in_progress"), await cases.put("dispatched")
    await act(cases, "supervisor", "merges", member, lead_case_id=str(lead))
    await act(cases, "handler", "closures", lead, **NO_PHOTO)
    await act(cases, "leader_of_crew", "unit_reviews", lead, verdict="pass")
    assert (await tell(cases, member, EVENTS["check_requested"])).state == "checking"
    assert await act(cases, "supervisor", "reviews", lead, verdict="rework", reason="没扫干净") == (201, "")
    await stand_as_they_must(cases, lead, member, "in_progress")


async def stand_as_they_must(cases: Cases, lead: UUID, member: UUID, state: str) -> None:
    async with cases.world.db.reading() as reader:
        for case in (await cases.now(lead), await cases.now(member)):
            assert case.state == state
            assert await faults_around(reader, case) == []


async def test_a_member_that_upstream_closed_stays_closed_whatever_is_asked_about_it(cases: Cases) -> None:
    lead, member = await cases.put("in_progress"), await cases.put("dispatched")
    assert await act(cases, "supervisor", "merges", member, lead_case_id=str(lead)) == (201, "")
    assert (await tell(cases, member, EVENTS["closed"])).state == "closed"
    assert (await tell(cases, member, EVENTS["check_requested"])).state == "checking"
    assert await act(cases, "handler", "closures", lead, **NO_PHOTO) == (201, "")
    checked = await cases.now(member)
    assert (checked.state, checked.state_before) == ("checking", "closed")
    async with cases.world.db.reading() as reader:
        assert await faults_around(reader, checked) == []


async def test_a_member_goes_on_by_itself(cases: Cases) -> None:
    lead, member = await cases.put("assigned"), await cases.put()
    assert await act(cases, "supervisor", "unmerges", member) == (409, "not_merged")
    await act(cases, "supervisor", "merges", member, lead_case_id=str(lead))
    assert await act(cases, "supervisor", "unmerges", member) == (201, "")
    assert await act(cases, "handler", "acceptances", member) == (201, "")
    assert (await cases.now(lead)).state == "assigned"


async def test_members_outlive_a_cancelled_lead(cases: Cases) -> None:
    lead, member = await cases.put("assigned"), await cases.put()
    await act(cases, "supervisor", "merges", member, lead_case_id=str(lead))
    assert await act(cases, "supervisor", "cancellations", lead, reason="误报") == (201, "")
    after = await cases.now(member)
    assert (after.state, after.lead_case_id, after.flags) == ("assigned", None, " ")


async def test_what_can_not_lead(cases: Cases) -> None:
    lead, member, third = await cases.put(), await cases.put(), await cases.put()
    for wrong in (member, await cases.put(district_id=cases.cast.other_district_id)):
        answer = await act(cases, "supervisor", "merges", member, lead_case_id=str(wrong))
        assert answer == (422, "bad_field")
    ended = await cases.put("closed")
    assert await act(cases, "supervisor", "merges", member, lead_case_id=str(ended)) == (409, "case_closed")
    assert await act(cases, "supervisor", "merges", member, lead_case_id=str(lead)) == (201, "")
    assert await act(cases, "supervisor", "merges", third, lead_case_id=str(member)) == (409, "case_dispatched")
    assert await act(cases, "supervisor", "merges", lead, lead_case_id=str(third)) == (409, "has_members")


async def test_what_is_done_is_not_put_under_what_is_not(cases: Cases) -> None:
    lead, done = await cases.put(), await cases.put("in_progress")
    await act(cases, "handler", "closures", done, **NO_PHOTO)
    await act(cases, "operator", "unit_reviews", done, verdict="pass")
    assert await act(cases, "supervisor", "merges", done, lead_case_id=str(lead)) == (409, "case_feedback")
    assert await act(cases, "supervisor", "merges", lead, lead_case_id=str(done)) == (201, "")
    assert (await cases.now(lead)).clock_stopped_at == (await cases.now(done)).clock_stopped_at
