"""Where the platform above decides and closes itself."""

from pathlib import Path

from tests.stories.day import a_day


async def test_a_passed_case_waits_for_the_platform_above(tmp_path: Path) -> None:
    async with a_day(tmp_path, closing_authority="upstream") as day:
        case_id = await day.dispatched(unit_code="411302001")
        case = await day.case("supervisor", case_id)
        # By rule: of the two on duty, the one with the smaller number.
        assert (case["state"], case["handler"]["name"]) == ("assigned", "老张")
        await day.act("handler", case_id, "acceptances")
        await day.act(
            "handler", case_id, "closures", outcome="fixed", photos=await day.photos("handler", "before", "after")
        )
        await day.act("leader_of_crew", case_id, "unit_reviews", verdict="pass")
        await day.act("supervisor", case_id, "reviews", verdict="close")
        assert await day.stands(case_id) == "reported_up"
        assert await day.refused("supervisor", case_id, "reviews", verdict="close") == (409, "case_reported_up")

        await day.told("rework_ordered", case_id, reason="照片看不清门牌")
        case = await day.case("handler", case_id)
        assert (case["state"], case["round"], case["reasons"][0]["words"]) == ("in_progress", 2, "照片看不清门牌")

        await day.act("handler", case_id, "closures", outcome="fixed", photos=await day.photos("handler", "after"))
        await day.act("leader_of_crew", case_id, "unit_reviews", verdict="pass")
        await day.act("supervisor", case_id, "reviews", verdict="close")
        await day.told("closed", case_id, version=3, result="合格")
        assert await day.stands(case_id) == "closed"
        assert (await day.history(case_id))[-2:] == ["reported_up", "closed"]


async def test_the_word_from_above_beats_ours(tmp_path: Path) -> None:
    async with a_day(tmp_path) as day:
        case_id = await day.dispatched(unit_code="411302001")
        await day.told("cancelled", case_id, opinion="重复立案")
        case = await day.case("handler", case_id)
        assert (case["state"], case["reasons"][0]["words"]) == ("cancelled", "重复立案")
        photos = await day.photos("handler", "before", "after")
        answer = await day.world.as_("handler").act(case_id, "closures", outcome="fixed", photos=photos)
        assert (answer.status_code, answer.json()["verdict"]) == (202, "kept")
        assert await day.stands(case_id) == "cancelled"
