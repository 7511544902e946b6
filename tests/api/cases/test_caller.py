"""联系来电人: where upstream asks for it, nothing passes or closes before somebody has called."""

from typing import Any
from uuid import UUID

import pytest

from tests.api.cases.conftest import Opened
from tests.api.cases.doing import act
from tests.api.cases.making import Cases
from tests.api.cases.test_reviewing import NO_PHOTO, review


async def handed_in(cases: Cases, **columns: Any) -> UUID:
    """Handing in itself asks for no call: it is done on the street, network or not."""
    case_id = await cases.put("in_progress", contact_required=True, **columns)
    assert await act(cases, "handler", "closures", case_id, outcome="fixed", **NO_PHOTO) == (201, "")
    return case_id


@pytest.mark.parametrize("result", ["talked", "tried", "refused"])
async def test_the_unit_passes_once_somebody_has_called(cases: Cases, result: str) -> None:
    case_id = await handed_in(cases)
    assert await act(cases, "leader_of_crew", "unit_reviews", case_id, verdict="pass") == (409, "contact_missing")
    assert await act(cases, "handler", "contacts", case_id, result=result) == (201, "")
    assert await act(cases, "leader_of_crew", "unit_reviews", case_id, verdict="pass") == (201, "")
    assert await review(cases, case_id, verdict="close") == (201, "")


async def test_the_unit_sends_back_whoever_was_not_called(cases: Cases) -> None:
    case_id = await handed_in(cases)
    assert (await act(cases, "operator", "unit_reviews", case_id, verdict="back", reason="先回访"))[0] == 201


async def test_the_desk_closes_without_a_call_and_says_why(cases: Cases) -> None:
    case_id = await handed_in(cases)
    await cases.change(case_id, state="feedback", turn_unit_id=None)
    answer = await cases.world.as_("supervisor").act(case_id, "reviews", verdict="close")
    assert (answer.status_code, answer.json()["code"], answer.json()["retry"]) == (409, "contact_missing", False)
    assert (await cases.now(case_id)).case_no in answer.json()["detail"]
    assert await review(cases, case_id, verdict="close", reason="来电人没有留电话") == (201, "")


async def test_a_lead_waits_for_the_callers_of_its_members(cases: Cases) -> None:
    lead, member = await cases.put("in_progress"), await cases.put(contact_required=True)
    await act(cases, "supervisor", "merges", member, lead_case_id=str(lead))
    await act(cases, "handler", "closures", lead, outcome="fixed", **NO_PHOTO)
    assert await act(cases, "operator", "unit_reviews", lead, verdict="pass") == (409, "contact_missing")
    assert await act(cases, "operator", "contacts", member, result="talked") == (201, "")
    assert await act(cases, "operator", "unit_reviews", lead, verdict="pass") == (201, "")


@pytest.mark.parametrize(("called", "state"), [(False, "handled"), (True, "feedback")])
async def test_nothing_passes_by_itself_uncalled(cases_of: Opened, called: bool, state: str) -> None:
    async with cases_of(unit_review="marked_only") as cases:
        case_id = await cases.put("in_progress", contact_required=True)
        if called:
            assert await act(cases, "handler", "contacts", case_id, result="talked") == (201, "")
        photos = [await cases.photo("handler", "before"), await cases.photo("handler")]
        assert await act(cases, "handler", "closures", case_id, outcome="fixed", photos=photos) == (201, "")
        assert (await cases.now(case_id)).state == state
