"""A draft: works, stranger, again, another one of the period, too early, other words, thrown away."""

from datetime import timedelta
from typing import Any

import pytest

from moshao.kit import clock, ids
from tests.api.bulletins.reading import headings_of_docx, words_of_docx, words_of_pdf
from tests.api.bulletins.test_week import file_of, made
from tests.api.bulletins.week import ZONE, last_week, photograph
from tests.api.cases.making import Cases
from tests.api.evidence.pictures import jpeg
from tests.world import World


async def put(world: World, bulletin_id: Any, what: str, body: dict[str, Any], who: str = "supervisor") -> Any:
    return await world.as_(who).client.put(f"/api/bulletins/{bulletin_id}{what}", json=body)


async def test_the_same_again_is_the_same_and_a_period_has_one(cases: Cases) -> None:
    world, (monday, sunday) = cases.world, last_week()
    bulletin = await made(world)
    assert (bulletin["from"], bulletin["to"], bulletin["number"]) == (str(monday), str(sunday), "草稿")
    assert bulletin["document"]["title"] == "宛城区数字化城市管理周通报"
    # Any day of the week names it.
    again = await put(world, bulletin["id"], "", {"period": "week", "from": str(sunday)})
    assert (again.status_code, again.json()["revision"]) == (200, 1)
    other = await put(world, ids.new_id(), "", {"period": "week", "from": str(monday)})
    assert (other.status_code, other.json()["code"]) == (409, "period_has_bulletin")
    assert other.json()["bulletin_id"] == bulletin["id"]
    differs = await put(world, bulletin["id"], "", {"period": "month", "from": str(monday)})
    assert (differs.status_code, differs.json()["code"]) == (409, "period_has_bulletin")
    ahead = clock.now().astimezone(ZONE).date() + timedelta(days=8)
    early = await put(world, ids.new_id(), "", {"period": "week", "from": str(ahead)})
    assert (early.status_code, early.json()["code"]) == (422, "period_not_begun")
    listed = (await world.as_("supervisor").get("/api/bulletins?period=week")).json()["items"]
    assert [one["id"] for one in listed] == [bulletin["id"]]
    assert (await world.as_("supervisor").get("/api/bulletins?period=day")).json()["items"] == []


@pytest.mark.parametrize("kind", ["day", "week", "month", "quarter"])
async def test_every_kind_is_written_where_nothing_happened(cases: Cases, kind: str) -> None:
    bulletin = await made(cases.world, kind)
    assert "没有超期未结的案件" in bulletin["document"]["parts"][2]["words"]
    assert headings_of_docx(await file_of(cases.world, bulletin, "docx"))[0] == "一、总体情况"
    assert bulletin["document"]["title"] in words_of_pdf(await file_of(cases.world, bulletin, "pdf"))
    assert (await file_of(cases.world, bulletin, "xlsx")).startswith(b"PK")


async def test_words_are_a_persons_until_he_takes_them_back(cases: Cases) -> None:
    world, bulletin = cases.world, await made(cases.world)
    said = {"overview": "一切正常。\n\u0001第二段", "demands": "=1+1"}
    told = await put(world, bulletin["id"], "/words", {"revision": 1, "words": said})
    assert (told.status_code, told.json()["revision"]) == (200, 2)
    overview = told.json()["document"]["parts"][0]
    assert (overview["words"], overview["edited"]) == ("一切正常。\n第二段", True)
    assert "一切正常。\n第二段" in words_of_docx(await file_of(world, bulletin, "docx"))
    assert "第二段" in words_of_pdf(await file_of(world, bulletin, "pdf"))
    assert (await file_of(world, bulletin, "xlsx")).startswith(b"PK")
    late = await put(
        world, bulletin["id"], "/words", {"revision": 1, "words": {"overview": "我也写"}}, "second_supervisor"
    )
    assert (late.status_code, late.json()["code"]) == (409, "bulletin_changed")
    counted = await world.as_("supervisor").client.post(f"/api/bulletins/{bulletin['id']}/recounts")
    assert counted.json()["document"]["parts"][0]["words"] == "一切正常。\n第二段"
    back = await put(world, bulletin["id"], "/words", {"revision": 3, "words": {"overview": None}})
    assert back.json()["document"]["parts"][0] == bulletin["document"]["parts"][0]
    assert back.json()["document"]["parts"][-1]["words"] == "=1+1"


async def test_typical_cases_are_proposed_and_chosen(cases: Cases) -> None:
    world = cases.world
    scenes = [("暴露垃圾", "010", jpeg(1), jpeg(2)), ("道路破损", "013", jpeg(3), jpeg(4))]
    first, second = await photograph(cases, scenes)
    bulletin = await made(world)
    assert {one["case_id"] for one in bulletin["document"]["typical"]} == {str(first), str(second)}
    offered = (await world.as_("supervisor").get(f"/api/bulletins/{bulletin['id']}/candidates")).json()["items"]
    one = next(one for one in offered if one["case_id"] == str(second))
    assert (one["unit"], one["on_time"], one["marked"]) == ("东关街道", True, False)
    assert one["words"].endswith("用时 3.0 小时。")
    chosen = {
        "case_id": one["case_id"], "before_photo_id": one["before"][0]["photo_id"],
        "after_photo_id": one["after"][0]["photo_id"], "words": "一天之内修好。",
    }  # fmt: skip
    told = await put(world, bulletin["id"], "/words", {"revision": 1, "typical": [chosen]})
    assert [case["words"] for case in told.json()["document"]["typical"]] == ["一天之内修好。"]
    docx = await file_of(world, bulletin, "docx")
    assert "1. 一天之内修好。" in words_of_docx(docx)
    assert docx.count(b"word/media/") == 2 * 2, "each photo once in the archive and once in its list"
    assert "一天之内修好。" in words_of_pdf(await file_of(world, bulletin, "pdf"))
    for wrong in (chosen | {"after_photo_id": str(ids.new_id())}, chosen | {"case_id": str(ids.new_id())}):
        refused = await put(world, bulletin["id"], "/words", {"revision": 2, "typical": [wrong]})
        assert (refused.status_code, refused.json()["code"]) == (422, "bad_field")
    twice = await put(world, bulletin["id"], "/words", {"revision": 2, "typical": [chosen, chosen]})
    assert twice.status_code == 422


async def test_a_photo_that_is_gone_leaves_its_place_empty(cases: Cases) -> None:
    world = cases.world
    await photograph(cases, [("暴露垃圾", "010", jpeg(1), jpeg(2))])
    bulletin = await made(world)
    sha256 = bulletin["document"]["typical"][0]["after"]["sha256"]
    renamed = "UPDATE bulletins SET typical = replace(typical, ?, ?)"
    await world.db.write(lambda tx: tx.run(renamed, sha256, "0" * 64))
    assert "（照片暂缺）" in words_of_pdf(await file_of(world, bulletin, "pdf"))
    assert (await file_of(world, bulletin, "docx")).count(b"word/media/") == 2


async def test_a_dropped_draft_is_gone_and_may_be_made_again(cases: Cases) -> None:
    world, bulletin = cases.world, await made(cases.world)
    dropped = await world.as_("supervisor").client.delete(f"/api/bulletins/{bulletin['id']}")
    assert dropped.status_code == 204
    for asked in ("", "?format=pdf"):
        assert (await world.as_("supervisor").get(f"/api/bulletins/{bulletin['id']}{asked}")).status_code == 404
    assert (await world.as_("supervisor").get("/api/bulletins")).json()["items"] == []
    assert (await made(world))["revision"] == 1


async def test_nobody_reads_what_is_not_his(cases: Cases) -> None:
    world, bulletin = cases.world, await made(cases.world)
    for who, status in (
        ("leader", 404), ("neighbour", 404), ("operator", 403), ("handler", 403), ("inspector", 403), ("admin", 403),
    ):  # fmt: skip
        for asked in ("", "?format=docx", "?format=pdf", "?format=xlsx"):
            answer = await world.as_(who).get(f"/api/bulletins/{bulletin['id']}{asked}")
            assert answer.status_code == status, (who, asked)
    assert (await world.as_("leader").get("/api/bulletins")).json()["items"] == []
    assert (await world.as_("neighbour").get("/api/bulletins")).json()["items"] == []
    taken = await put(world, bulletin["id"], "", {"period": "week", "from": bulletin["from"]}, "neighbour")
    assert taken.status_code == 404
