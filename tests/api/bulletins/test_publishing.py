"""Published: numbered without a gap, once, for good; what is otherwise later stands in the next as 更正."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

from moshao.kit import clock
from tests.api.bulletins.reading import headings_of_docx, tables_of_docx
from tests.api.bulletins.recount import midnight
from tests.api.bulletins.test_drafting import put
from tests.api.bulletins.test_week import file_of, made
from tests.api.bulletins.week import DAY, ZONE, last_week, simulate
from tests.api.cases.making import Cases
from tests.world import World

KINDS = ("docx", "pdf", "xlsx")


async def publish(world: World, bulletin: dict[str, Any], who: str = "supervisor") -> Any:
    return await put(world, bulletin["id"], "/publication", {"revision": bulletin["revision"]}, who)


async def test_it_is_numbered_and_changes_no_more(cases: Cases) -> None:
    await simulate(cases, 20)
    world, bulletin = cases.world, await made(cases.world)
    assert bulletin["can_publish"]
    year = last_week()[1].year
    told = await publish(world, bulletin)
    assert (told.status_code, told.json()["number"]) == (200, f"{year}年第1期")
    assert sorted(told.json()["files"]) == sorted(KINDS)
    assert (await publish(world, bulletin)).json() == told.json()
    files = {kind: await file_of(world, bulletin, kind, "leader") for kind in KINDS}
    # Something that would have counted.
    await cases.put("closed", deadline=midnight(bulletin["to"]), on_time=True)
    for what, body in (("/words", {"revision": 2, "words": {"overview": "改"}}), ("/publication", {"revision": 2})):
        refused = await put(world, bulletin["id"], what, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "bulletin_published")
    for method, what in (("POST", "/recounts"), ("DELETE", "")):
        refused = await world.as_("supervisor").client.request(method, f"/api/bulletins/{bulletin['id']}{what}")
        assert (refused.status_code, refused.json()["code"]) == (409, "bulletin_published")
    assert {kind: await file_of(world, bulletin, kind) for kind in KINDS} == files
    assert (await world.as_("leader").get(f"/api/bulletins/{bulletin['id']}")).json() == told.json()


async def test_a_published_file_whose_bytes_are_gone_is_said_to_be(cases: Cases) -> None:
    await simulate(cases, 5)
    world, bulletin = cases.world, await made(cases.world)
    told = await publish(world, bulletin)
    sha256 = told.json()["files"]["pdf"]
    store = Path(world.settings.blobs_url.removeprefix("file://"))
    (store / "bulletins" / sha256[:2] / sha256).unlink()
    lost = await world.as_("leader").get(f"/api/bulletins/{bulletin['id']}?format=pdf")
    assert (lost.status_code, lost.json()["code"]) == (503, "storage_failed")
    assert (await file_of(world, bulletin, "docx", "leader")).startswith(b"PK")


async def test_what_changed_since_is_corrected_in_the_next_and_only_once(cases: Cases) -> None:
    world, (monday, _) = cases.world, last_week()
    await simulate(cases, 20)
    weeks = [str(monday - 14 * DAY), str(monday - 7 * DAY), str(monday)]
    late = await cases.put("in_progress", deadline=midnight(weeks[1]) + DAY)
    first = await made(world, day=weeks[1])
    assert (await publish(world, first)).status_code == 200
    await cases.change(late, state="closed", on_time=False, clock_state="stopped")
    second = await made(world, day=weeks[2])
    corrected = [
        (line["bulletin"], line["unit"], line["figure"], line["now"] - line["published"])
        for line in second["contents"]["corrections"]
    ]
    called = f"{date.fromisoformat(first['to']).year}年第1期"
    assert corrected == [(called, "合计", "closed", 1), (called, "东关街道", "closed", 1)]
    docx = await file_of(world, second, "docx")
    assert headings_of_docx(docx)[-1] == "十、更正"
    closed = {line["unit_id"]: line["counts"]["closed"] for line in first["contents"]["stated"]}[None]
    assert tables_of_docx(docx)["更正"][1] == [called, "合计", "结案数", str(closed), str(closed + 1)]
    assert (await publish(world, second)).status_code == 200
    # The daily ranking of some day of it is another kind; the next week has nothing to correct any more.
    day = await made(world, "day", weeks[2])
    assert day["contents"]["corrections"] == []
    recounted = await made(world, "week", str(monday + 7 * DAY))
    assert recounted["contents"]["corrections"] == []


async def test_two_who_publish_at_once_get_two_numbers(cases: Cases) -> None:
    world, (monday, _) = cases.world, last_week()
    drafts = [await made(world, day=str(monday - 7 * DAY * number)) for number in (2, 1, 0)]
    who = ("supervisor", "second_supervisor", "supervisor")
    told = await asyncio.gather(*(publish(world, one, by) for one, by in zip(drafts, who, strict=True)))
    assert [one.status_code for one in told] == [200] * 3
    numbers = await world.db.all("SELECT year, number FROM bulletins ORDER BY year, number")
    years = [row["year"] for row in numbers]
    assert [row["number"] for row in numbers] == [years[:at].count(year) + 1 for at, year in enumerate(years)]
    twice = await asyncio.gather(publish(world, drafts[0]), publish(world, drafts[0], "second_supervisor"))
    assert [one.json()["number"] for one in twice] == [told[0].json()["number"]] * 2


async def test_a_period_that_goes_on_cannot_be_published(cases: Cases) -> None:
    world = cases.world
    bulletin = await made(world, "quarter", str(clock.now().astimezone(ZONE).date()))
    assert not bulletin["can_publish"]
    refused = await publish(world, bulletin)
    assert (refused.status_code, refused.json()["code"]) == (409, "counted_too_early")


async def test_nobody_publishes_what_he_has_not_seen(cases: Cases) -> None:
    world, bulletin = cases.world, await made(cases.world)
    await put(world, bulletin["id"], "/words", {"revision": 1, "words": {"overview": "新"}}, "second_supervisor")
    refused = await publish(world, bulletin)
    assert (refused.status_code, refused.json()["code"]) == (409, "bulletin_changed")
    assert (await publish(world, bulletin, "leader")).status_code == 403
    assert (await publish(world, bulletin, "neighbour")).status_code == 404
