"""What a judge is shown of a case: who did what where, what is doubtful and why, and only his own cases."""

import itertools
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from moshao.kit import clock
from tests.api.cases.making import Cases
from tests.api.evidence.pictures import jpeg
from tests.api.review.desks import Desk
from tests.world import World

SEEDS = itertools.count(100)


async def closed_with(world: World, cases: Cases, photo: bytes, **said: Any) -> UUID:
    """A case that 老张 closed with this photo and the unit let pass."""
    case_id = await cases.put("in_progress", accepted_at=clock.now() - timedelta(minutes=1))
    phone = world.as_("handler")
    before = await phone.upload(jpeg(next(SEEDS)), usage="before")
    after = await phone.upload(photo)
    answer = await phone.act(case_id, "closures", outcome="fixed", photos=[before, after], **said)
    assert answer.status_code == 201, answer.text
    assert (await world.as_("operator").act(case_id, "unit_reviews", verdict="pass")).status_code == 201
    return case_id


async def looked_at(world: World, case_id: UUID, who: str = "supervisor") -> dict[str, Any]:
    answer = await world.as_(who).get(f"/api/review_cases/{case_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_who_did_what_where(world: World, cases: Cases) -> None:
    case_id = await closed_with(world, cases, jpeg(), note="已清理")
    shown = await looked_at(world, case_id)
    (look,) = shown["looks"]
    assert (look["act"], look["by"]["name"], look["outcome"], look["note"]) == ("closures", "老张", "fixed", "已清理")
    assert (look["place"]["accuracy_m"], look["place"]["distance_m"], look["clock_doubt"]) == (8.0, 0, False)
    assert {photo["id"] for photo in shown["photos"]} == {photo["id"] for photo in shown["case"]["photos"]}
    assert shown["case"]["state"] == "feedback"
    (given,) = (await Desk(world, "supervisor").ask(want=1))["given"]
    assert given == shown


async def test_a_reused_photo_names_where_it_came_from(world: World, cases: Cases) -> None:
    photo = jpeg()
    first = await closed_with(world, cases, photo)
    second = await closed_with(world, cases, photo)
    shown = await looked_at(world, second)
    assert [photo["marks"] for photo in shown["case"]["photos"] if photo["usage"] == "after"] == [["reused"]]
    (earlier,) = [found for photo in shown["photos"] for found in photo["earlier"]]
    assert earlier["case_id"] == str(first)
    assert [found for photo in (await looked_at(world, first))["photos"] for found in photo["earlier"]] == []


async def test_plain_ones_alone_where_they_are_asked_for(world: World, cases: Cases) -> None:
    photo = jpeg()
    plain = await closed_with(world, cases, photo)
    await closed_with(world, cases, photo)
    without = await cases.put("in_progress")
    phone = world.as_("handler")
    assert (await phone.act(without, "closures", outcome="fixed", no_photo_reason="camera_broken")).status_code == 201
    await world.as_("operator").act(without, "unit_reviews", verdict="pass")
    desk = Desk(world, "supervisor")
    assert await desk.want(10, plain=True) == [plain]
    assert desk.waiting == 3


@pytest.mark.parametrize("who", ["other_operator", "neighbour"])
async def test_a_stranger_is_shown_nothing(world: World, cases: Cases, who: str) -> None:
    case_id = await cases.put("feedback")
    assert (await world.as_(who).get(f"/api/review_cases/{case_id}")).status_code == 404


async def test_whom_a_check_would_go_to(world: World, cases: Cases) -> None:
    case_id = await cases.put("feedback")
    assert (await looked_at(world, case_id))["inspector"] is None
    assert (await looked_at(world, case_id, "operator"))["inspector"] is None
