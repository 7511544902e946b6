"""A unit is put under another one: its open cases stand in the lists of the units above it, and of no other."""

from typing import Any
from uuid import UUID

import pytest

from moshao.cases import unit_moving
from moshao.cases.unit_moving import follow_moved_units
from moshao.kit.db import Tx
from moshao.people.making import make_unit
from tests.api.cases.making import Cases
from tests.api.cases.test_giving import listed


async def a_team(cases: Cases) -> UUID:
    async def work(tx: Tx) -> UUID:
        above = cases.cast.units["street"]
        return await make_unit(tx, cases.cast.district_id, code="team", name="一中队", kind="team", parent_id=above)

    return await cases.world.db.write(work)


async def put_under(cases: Cases, team_id: UUID, unit: str) -> None:
    body = {"name": "一中队", "code": "team", "kind": "team", "parent_id": str(cases.cast.units[unit])}
    answer = await cases.world.as_("admin").client.put(f"/api/units/{team_id}", json=body)
    assert answer.status_code == 200, answer.text


async def read(cases: Cases, who: str, after: Any = 0) -> dict[str, Any]:
    page: dict[str, Any] = (await cases.world.as_(who).get(f"/api/changes?after={after}")).json()
    return page


async def test_its_open_cases_follow(cases: Cases) -> None:
    team_id = await a_team(cases)
    case_id, other = await cases.put("in_progress", unit_id=team_id), await cases.put()
    ended = await cases.put("closed", unit_id=team_id)
    before = {who: (await read(cases, who))["seq"] for who in ("operator", "other_operator")}
    await put_under(cases, team_id, "other_street")
    assert await follow_moved_units(cases.world.db) == 1
    assert await follow_moved_units(cases.world.db) == 0
    assert await listed(cases, case_id) == {"handler", "?", "other_street", "district"}
    assert "street" in await listed(cases, other)
    assert "street" in await listed(cases, ended)
    for who, seen in (("operator", False), ("other_operator", True)):
        assert (await cases.world.as_(who).get(f"/api/cases/{case_id}")).is_success == seen
        assert (await read(cases, who, before[who]))["reset"] is True
        assert (str(case_id) in {case["id"] for case in (await read(cases, who))["cases"]}) == seen


async def test_there_and_back_and_more_than_fit_at_once(cases: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_moving, "AT_ONCE", 2)
    team_id = await a_team(cases)
    case_ids = [await cases.put(unit_id=team_id) for _ in range(5)]
    for unit in ("other_street", "street"):
        await put_under(cases, team_id, unit)
        await follow_moved_units(cases.world.db)
        for case_id in case_ids:
            assert await listed(cases, case_id) == {"?", unit, "district"}
