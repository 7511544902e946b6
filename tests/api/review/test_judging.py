"""A supervisor judges marks: what is mostly wrong falls silent, and can be woken."""

from typing import Any
from uuid import UUID

import httpx

from moshao.kit import clock, ids
from moshao.kit.db import Tx
from moshao.review.judging import ENOUGH
from tests.api.cases.making import Cases
from tests.api.evidence.pictures import jpeg
from tests.api.review.test_looking import closed_with, looked_at
from tests.world import World


async def reused(world: World, cases: Cases, photo: bytes) -> tuple[UUID, str]:
    """A case whose after photo was used before, and this photo."""
    case_id = await closed_with(world, cases, photo)
    shown = await looked_at(world, case_id)
    return case_id, next(each["id"] for each in shown["case"]["photos"] if each["usage"] == "after")


async def judged(
    world: World, case_id: UUID, photo_id: str, is_right: bool | None, mark: str = "reused", who: str = "supervisor"
) -> httpx.Response:
    path = f"/api/cases/{case_id}/photos/{photo_id}/marks/{mark}"
    return await world.as_(who).client.put(path, json={"is_right": is_right})


async def table(world: World) -> dict[str, Any]:
    answer = await world.as_("supervisor").get("/api/marks")
    assert answer.status_code == 200, answer.text
    return {each["mark"]: each for each in answer.json()["marks"]}


async def lines(world: World, kind: str) -> int:
    count: int = await world.db.value("SELECT count(*) FROM journal_lines WHERE kind = ?", kind)
    return count


async def wrong_so_often(world: World, count: int) -> None:
    """Judgements of other cases, as if given before."""

    async def work(tx: Tx) -> None:
        for _ in range(count):
            await tx.insert(
                "mark_judgements",
                {
                    "id": ids.new_id(), "district_id": world.cast.district_id, "case_id": ids.new_id(),
                    "photo_id": ids.new_id(), "mark": "reused", "is_right": False,
                    "person_id": world.id_of("supervisor"), "at": clock.now(),
                },
            )  # fmt: skip

    await world.db.write(work)


async def test_judged_again_and_taken_back(world: World, cases: Cases) -> None:
    photo = jpeg()
    await closed_with(world, cases, photo)
    case_id, photo_id = await reused(world, cases, photo)
    for is_right in (True, True, False):
        assert (await judged(world, case_id, photo_id, is_right)).status_code == 204
    found = (await table(world))["reused"]
    assert (found["judged"], found["right"], found["quiet_since"]) == (1, 0, None)
    assert await lines(world, "mark_judged") == 2
    assert (await judged(world, case_id, photo_id, None)).status_code == 204
    assert (await table(world))["reused"]["judged"] == 0


async def test_what_no_mark_is_on_is_not_judged(world: World, cases: Cases) -> None:
    case_id, photo_id = await reused(world, cases, jpeg())
    assert (await judged(world, case_id, photo_id, True)).status_code == 404
    assert (await judged(world, case_id, photo_id, True, mark="blind")).status_code == 404
    assert (await judged(world, case_id, photo_id, True, who="operator")).status_code == 403
    assert await lines(world, "mark_judged") == 0


async def test_mostly_wrong_it_falls_silent_until_it_is_woken(world: World, cases: Cases) -> None:
    photo = jpeg()
    await closed_with(world, cases, photo)
    case_id, photo_id = await reused(world, cases, photo)
    await wrong_so_often(world, ENOUGH - 1)
    assert (await table(world))["reused"]["quiet_since"] is None
    await judged(world, case_id, photo_id, False)
    found = (await table(world))["reused"]
    assert (found["judged"], found["right"], found["quiet_since"] is None) == (ENOUGH, 0, False)
    assert await lines(world, "mark_quieted") == 1
    # Later photos carry it unseen; what was shown before stays shown.
    assert await marks_of(world, await closed_with(world, cases, photo)) == []
    assert await marks_of(world, case_id) == ["reused"]
    kept = await world.db.value("SELECT count(*) FROM photo_uses WHERE quiet_marks LIKE '%reused%'")
    assert kept == 1
    for _ in range(2):
        assert (await world.as_("supervisor").client.delete("/api/marks/reused/quiet")).status_code == 204
    found = (await table(world))["reused"]
    assert (found["judged"], found["quiet_since"]) == (0, None)
    assert await lines(world, "mark_woken") == 1
    assert await marks_of(world, await closed_with(world, cases, photo)) == ["reused"]


async def marks_of(world: World, case_id: UUID) -> list[str]:
    shown = await looked_at(world, case_id)
    return [mark for each in shown["case"]["photos"] if each["usage"] == "after" for mark in each["marks"]]
