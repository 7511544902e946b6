"""Signing, assigning, accepting, handing back: who has the case, and in whose list it stands."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from moshao.cases.giving import give_to_unit
from moshao.cases.moving import Step
from moshao.kit import clock
from moshao.kit.db import Tx
from moshao.people.making import make_person, make_unit
from tests.api.cases.conftest import Opened
from tests.api.cases.doing import act
from tests.api.cases.making import Cases


async def listed(cases: Cases, case_id: UUID) -> set[str]:
    """Who has the case in his list now, by the names of the cast."""
    names = {person.person_id: key for key, person in cases.cast.people.items()}
    names |= {unit_id: key for key, unit_id in cases.cast.units.items()} | {cases.cast.crew_id: "crew"}
    rows = await cases.world.db.all("SELECT scope_id, current FROM case_scopes WHERE case_id = ?", case_id)
    return {names.get(row["scope_id"], "?") for row in rows if row["current"]}


async def test_a_case_is_signed_for_once(cases: Cases) -> None:
    case_id = await cases.put()
    assert await act(cases, "operator", "signings", case_id) == (201, "")
    assert await act(cases, "leader_of_crew", "signings", case_id) == (409, "already_signed")


async def test_assigning_signs_too(cases: Cases) -> None:
    case_id = await cases.put()
    handler = cases.world.id_of("handler")
    assert await act(cases, "leader_of_crew", "assignments", case_id, person_id=str(handler)) == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.handler_id, case.signed_at is None) == ("assigned", handler, False)
    assert await cases.kinds(case_id) == ["signed", "assigned"]
    assert await listed(cases, case_id) == {"handler", "street", "district"}


async def test_a_transfer_takes_it_from_the_first(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    colleague = cases.world.id_of("colleague")
    assert await act(cases, "leader_of_crew", "transfers", case_id, person_id=str(colleague)) == (201, "")
    assert await listed(cases, case_id) == {"colleague", "street", "district"}
    assert (await cases.now(case_id)).state == "assigned"


async def test_the_first_of_a_crew_is_responsible(cases: Cases) -> None:
    case_id = await cases.put()
    assert await act(cases, "leader_of_crew", "assignments", case_id, crew_id=str(cases.cast.crew_id)) == (201, "")
    assert await listed(cases, case_id) == {"crew", "street", "district"}
    assert await act(cases, "colleague", "acceptances", case_id) == (201, "")
    assert (await cases.now(case_id)).handler_id == cases.world.id_of("colleague")
    assert await act(cases, "handler", "acceptances", case_id) == (409, "case_in_progress")


async def test_helpers_have_it_too(cases: Cases) -> None:
    case_id = await cases.put()
    members = {"person_id": str(cases.world.id_of("handler")), "helpers": [str(cases.world.id_of("colleague"))]}
    assert await act(cases, "operator", "assignments", case_id, **members) == (201, "")
    assert await listed(cases, case_id) == {"handler", "colleague", "street", "district"}


@pytest.mark.parametrize("who", ["stranger", "inspector", "supervisor", "neighbour_handler"])
async def test_only_the_units_people_are_given_work(cases: Cases, who: str) -> None:
    answer = await act(cases, "operator", "assignments", await cases.put(), person_id=str(cases.world.id_of(who)))
    assert answer == (422, "bad_field")


async def test_one_person_or_one_crew(cases: Cases) -> None:
    case_id, handler = await cases.put(), str(cases.world.id_of("handler"))
    both = {"person_id": handler, "crew_id": str(cases.cast.crew_id)}
    assert await act(cases, "operator", "assignments", case_id, **both) == (422, "bad_field")
    assert await act(cases, "operator", "assignments", case_id) == (422, "bad_field")


async def test_where_nobody_accepts_the_work_begins_at_once(cases_of: Opened) -> None:
    async with cases_of(acceptance="off") as cases:
        case_id, handler = await cases.put(), str(cases.world.id_of("handler"))
        assert await act(cases, "operator", "assignments", case_id, person_id=handler) == (201, "")
        assert (await cases.now(case_id)).state == "in_progress"
        assert await cases.kinds(case_id) == ["signed", "assigned", "accepted"]


async def test_the_unit_takes_it_back(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    assert await act(cases, "leader_of_crew", "revocations", case_id) == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.handler_id, case.accepted_at) == ("dispatched", None, None)
    assert await listed(cases, case_id) == {"street", "district"}


async def test_who_handed_in_keeps_it_whoever_has_it_next(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    closure = {"outcome": "fixed", "no_photo_reason": "camera_broken"}
    await act(cases, "handler", "closures", case_id, **closure)
    await act(cases, "leader_of_crew", "unit_reviews", case_id, verdict="back", reason="没扫净")
    await act(cases, "leader_of_crew", "transfers", case_id, person_id=str(cases.world.id_of("colleague")))
    assert await listed(cases, case_id) == {"handler", "colleague", "street", "district"}
    assert await act(cases, "handler", "closures", case_id, **closure) == (202, "")


async def test_the_handler_hands_back_to_his_leader(cases: Cases) -> None:
    case_id = await cases.put("assigned")
    assert await act(cases, "handler", "handbacks", case_id, reason="not_our_area", words="在河对岸") == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.unit_id, case.handler_id, case.handbacks) == (
        "dispatched", cases.cast.units["street"], None, 1,
    )  # fmt: skip
    words = await cases.world.db.one("SELECT code, words FROM case_words WHERE case_id = ?", case_id)
    assert words == {"code": "not_our_area", "words": "在河对岸"}


async def test_the_unit_hands_back_to_the_desk(cases: Cases) -> None:
    case_id = await cases.put()
    other = str(cases.cast.units["other_street"])
    answer = await act(cases, "operator", "handbacks", case_id, reason="not_our_unit", proposed_unit_id=other)
    assert answer == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.unit_id) == ("received", None)
    assert await listed(cases, case_id) == set()


async def test_a_team_hands_back_to_the_unit_above(cases: Cases) -> None:
    async def team(tx: Tx) -> UUID:
        made = await make_unit(
            tx, cases.cast.district_id, code="team", name="一中队", kind="team", parent_id=cases.cast.units["street"]
        )
        await make_person(tx, made, staff_no="t-100", name="队内操作员", role="unit_operator")
        return made

    team_id = await cases.world.db.write(team)
    case_id = await cases.put(unit_id=team_id)
    deadline = (await cases.now(case_id)).deadline
    assert await act(cases, "operator", "handbacks", case_id, reason="not_our_unit") == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.unit_id, case.deadline) == ("dispatched", cases.cast.units["street"], deadline)


async def test_no_handback_out_of_time_after_a_ruling_or_after_handing_in(cases: Cases) -> None:
    refused: dict[str, dict[str, Any]] = {
        "handback_ruled_out": {"ruled": True},
        "handback_not_allowed": {"allow_handback": False},
        "handback_after_handing_in": {"closure_id": cases.world.id_of("handler")},
        "handback_too_late": {"handback_deadline": clock.now() - timedelta(minutes=1)},
    }
    for code, columns in refused.items():
        case_id = await cases.put("assigned", **columns)
        assert await act(cases, "handler", "handbacks", case_id, reason="other") == (409, code)


async def test_another_unit_gets_a_fresh_limit_and_the_first_loses_it(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    with clock.moved(timedelta(hours=1)):
        case = await cases.now(case_id)
        await cases.world.db.write(
            lambda tx: give_to_unit(
                tx, case, cases.cast.units["other_street"], at=clock.now(), step=Step(kind="dispatched")
            )
        )
        after = await cases.now(case_id)
        assert after.deadline is not None
        assert after.deadline - clock.now() > timedelta(minutes=119)
    assert (after.state, after.handler_id) == ("dispatched", None)
    assert await listed(cases, case_id) == {"other_street", "district"}
    assert await act(cases, "leader_of_crew", "signings", case_id) == (409, "case_dispatched")
