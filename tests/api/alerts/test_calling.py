"""The red call list and 「已电话通知」."""

from typing import Any
from uuid import UUID

import httpx

from moshao.kit import ids
from tests.api.alerts.bell import Bell


async def unreached(bell: Bell) -> UUID:
    """A case of 老张's that nobody heard of."""
    case_id = await bell.assign()
    await bell.work()
    await bell.later(hours=1)
    assert await bell.state_of(case_id) == "unreached"
    return case_id


async def listed(bell: Bell, who: str = "leader_of_crew") -> list[dict[str, Any]]:
    answer = await bell.world.as_(who).get("/api/call_list")
    return list(answer.json()["unreached"])


async def called(
    bell: Bell, alert_id: Any, who: str = "leader_of_crew", call_id: Any = None, **body: Any
) -> httpx.Response:
    told = {"alert_id": str(alert_id), "person_id": str(bell.world.id_of("handler"))} | body
    return await bell.world.as_(who).client.put(f"/api/calls/{call_id or ids.new_id()}", json=told)


async def test_it_names_whom_to_call_first(bell: Bell) -> None:
    await bell.world.db.write(
        lambda tx: tx.run("UPDATE people SET phone = '13700000001' WHERE id = ?", bell.world.id_of("handler"))
    )
    case_id = await unreached(bell)
    (entry,) = await listed(bell)
    assert (entry["case_id"], entry["kind"], entry["urgency"]) == (str(case_id), "assigned", "normal")
    first = entry["people"][0]
    assert (first["name"], first["role"], first["phone"]) == ("老张", "handler", "13700000001")


async def test_a_call_takes_it_off_the_list_and_stands_in_the_case(bell: Bell) -> None:
    case_id = await unreached(bell)
    (entry,) = await listed(bell)
    call_id = ids.new_id()
    answer = await called(bell, entry["alert_id"], call_id=call_id)
    assert (answer.status_code, answer.json()["unreached"]) == (201, [])
    assert (await called(bell, entry["alert_id"], call_id=call_id)).status_code == 200
    assert await bell.state_of(case_id) == "called"
    shown = await bell.world.as_("leader_of_crew").case(case_id)
    (line,) = [line for line in shown["journal"] if line["kind"] == "called"]
    assert line["by"]["name"] == "王队"
    await bell.later(hours=1)
    assert await listed(bell) == []


async def test_it_ends_what_still_climbs(bell: Bell) -> None:
    case_id = await bell.assign()
    await bell.work()
    (alert,) = await bell.alerts()
    assert (await called(bell, alert["id"])).status_code == 201
    await bell.later(hours=1)
    assert await bell.rung(case_id) == [("handler", "first")]


async def test_a_stranger_finds_nothing_to_call(bell: Bell) -> None:
    await unreached(bell)
    (entry,) = await listed(bell, "supervisor")
    for who, status in (("other_operator", 404), ("neighbour", 404), ("handler", 403), ("inspector", 403)):
        assert (await called(bell, entry["alert_id"], who)).status_code == status, who


async def test_nonsense_is_refused(bell: Bell) -> None:
    await unreached(bell)
    (entry,) = await listed(bell)
    assert (await called(bell, ids.new_id())).status_code == 404
    assert (await called(bell, entry["alert_id"], person_id=str(ids.new_id()))).status_code == 422
    assert (await called(bell, entry["alert_id"], person_id=str(bell.world.id_of("neighbour")))).status_code == 422
    assert (await called(bell, entry["alert_id"], more=1)).status_code == 400


async def test_the_urgent_ones_stand_first(bell: Bell) -> None:
    normal, urgent = await bell.assign(), await bell.assign(urgency="urgent")
    await bell.work()
    await bell.later(hours=1)
    assert [entry["case_id"] for entry in await listed(bell)] == [str(urgent), str(normal)]
