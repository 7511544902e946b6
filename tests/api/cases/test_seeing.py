"""Who sees a case, who only could once, who never."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from moshao.cases.visibility import may_see
from moshao.kit import clock
from tests.api.cases.doing import act
from tests.api.cases.making import Cases
from tests.api.cases.taking import actor_of

SEES = {
    "supervisor": "see",
    "leader": "see",
    "leader_of_crew": "see",
    "operator": "see",
    "handler": "see",
    "colleague": "never",
    "inspector": "never",
    "stranger": "never",
    "other_operator": "never",
    "admin": "never",
    "neighbour": "never",
    "neighbour_handler": "never",
}


async def sight(cases: Cases, who: str, case_id: UUID) -> str:
    actor = await actor_of(cases.world.db, cases.cast, who)
    async with cases.world.db.reading() as reader:
        return await may_see(reader, actor, case_id)


async def test_everybody_of_the_cast(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    assert {who: await sight(cases, who, case_id) for who in SEES} == SEES


async def test_who_had_it_could_once(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    await act(cases, "operator", "transfers", case_id, person_id=str(cases.world.id_of("colleague")))
    assert (await sight(cases, "handler", case_id), await sight(cases, "colleague", case_id)) == ("once", "see")
    await cases.change(case_id, state="dispatched", handler_id=None, unit_id=cases.cast.units["other_street"])
    assert (await sight(cases, "operator", case_id), await sight(cases, "other_operator", case_id)) == ("once", "see")


@pytest.mark.parametrize(("days", "expected"), [(6, "see"), (8, "once")])
async def test_who_worked_on_it_sees_it_seven_days_after_its_end(cases: Cases, days: int, expected: str) -> None:
    case_id = await cases.put("closed", ended_at=clock.now() - timedelta(days=days))
    assert await sight(cases, "handler", case_id) == expected
    assert await sight(cases, "operator", case_id) == "see"


@pytest.mark.parametrize("who", ["handler", "inspector"])
async def test_a_report_stays_its_reporters(cases: Cases, who: str) -> None:
    case_id = await cases.put("rejected", reporter_id=cases.world.id_of(who), ended_at=clock.now() - timedelta(days=90))
    assert await sight(cases, who, case_id) == "see"


async def test_a_report_stays_its_reporters_when_somebody_else_gets_it(cases: Cases) -> None:
    reporter: dict[str, Any] = {"reporter_id": cases.world.id_of("handler")}
    case_id = await cases.put("in_progress", **reporter)
    await act(cases, "operator", "transfers", case_id, person_id=str(cases.world.id_of("colleague")))
    assert await sight(cases, "handler", case_id) == "see"
    assert await act(cases, "handler", "closures", case_id, outcome="fixed", no_photo_reason="other") == (202, "")


async def test_an_inspector_sees_his_tasks(cases: Cases) -> None:
    case_id = await cases.put("checking")
    assert await sight(cases, "inspector", case_id) == "see"
    await act(cases, "inspector", "checks", case_id, verdict="pass", reason="好了")
    assert await sight(cases, "inspector", case_id) == "see"
