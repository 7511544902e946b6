"""From the platform above to its end, in the steps that people do."""

from tests.phone import PLACE
from tests.stories.day import Day

GARBAGE = {"kind": "matter", "major": "06", "minor": "010"}


async def test_a_case_is_closed_sent_back_and_closed_again(day: Day) -> None:
    case_id = await day.dispatched(unit_code="411302001", title="暴露垃圾")
    assert await day.stands(case_id) == "dispatched"
    assert [who for who in ("leader_of_crew", "operator", "handler", "stranger") if await day.sees(who, case_id)] == [
        "leader_of_crew",
        "operator",
    ]

    await day.act("leader_of_crew", case_id, "signings")
    await day.act("leader_of_crew", case_id, "assignments", person_id=day.id_of("handler"))
    assert await day.stands(case_id) == "assigned"
    assert await day.sees("handler", case_id)
    assert not await day.sees("colleague", case_id)

    await day.act("handler", case_id, "acceptances")
    clock = (await day.case("handler", case_id))["clock"]
    assert (clock["state"], clock["limit"]["value"], clock["limit"]["unit"]) == ("running", 2, "urgent_hour")

    photos = await day.photos("handler", "before", "after")
    receipt = await day.act("handler", case_id, "closures", outcome="fixed", photos=photos, note="已清理")
    assert receipt["photos"] == {photo["photo_id"]: photo["sha256"] for photo in photos}
    assert await day.stands(case_id) == "handled"
    await day.act("leader_of_crew", case_id, "unit_reviews", verdict="pass")
    case = await day.case("supervisor", case_id)
    assert (case["state"], case["on_time"], case["clock"]["state"]) == ("feedback", True, "stopped")

    await day.act("supervisor", case_id, "reviews", verdict="rework", reason="路口还有一堆没清")
    case = await day.case("handler", case_id)
    assert (case["state"], case["round"], case["clock"]["state"]) == ("in_progress", 2, "running")
    reason = case["reasons"][0]
    assert (reason["words"], reason["by"]["name"]) == ("路口还有一堆没清", "周督查")
    assert {photo["round"] for photo in case["photos"]} == {1}

    again = await day.photos("handler", "after")
    await day.act("handler", case_id, "closures", outcome="fixed", photos=again)
    await day.act("operator", case_id, "unit_reviews", verdict="pass")
    await day.act("supervisor", case_id, "reviews", verdict="close")
    case = await day.case("handler", case_id)
    assert (case["state"], case["round"], case["on_time"]) == ("closed", 2, True)
    assert {photo["id"]: photo["round"] for photo in case["photos"]} == {
        **{photo["photo_id"]: 1 for photo in photos},
        **{photo["photo_id"]: 2 for photo in again},
    }
    assert await day.history(case_id) == [
        "received", "dispatched", "signed", "assigned", "accepted", "handled", "unit_passed",
        "reworked", "handled", "unit_passed", "closed",
    ]  # fmt: skip
    assert await day.refused("handler", case_id, "handbacks", reason="not_mine") == (409, "case_closed")


async def test_a_report_becomes_a_case_after_somebody_looked(day: Day) -> None:
    photos = await day.photos("inspector", "report")
    case_id = await day.makes("inspector", "reports", **GARBAGE, photos=photos, description="菜市口垃圾外溢")
    assert await day.stands(case_id) == "reported"
    assert await day.sees("inspector", case_id)

    await day.act("supervisor", case_id, "filings", verdict="verify", person_id=day.id_of("inspector"))
    assert await day.stands(case_id) == "verifying"
    looked = await day.photos("inspector", "verify")
    await day.act("inspector", case_id, "verifications", verdict="pass", photos=looked)
    assert await day.stands(case_id) == "reported"

    await day.act("supervisor", case_id, "filings", verdict="accept", unit_id=day.unit("street"))
    case = await day.case("leader_of_crew", case_id)
    assert (case["state"], case["unit"]["name"], case["location"]) == ("dispatched", "东关街道", PLACE["location"])
    await day.act("leader_of_crew", case_id, "assignments", person_id=day.id_of("handler"))
    # The inspector's photo shows it as it was, so one after is enough.
    await day.act("handler", case_id, "closures", outcome="fixed", photos=await day.photos("handler", "after"))
    await day.act("leader_of_crew", case_id, "unit_reviews", verdict="pass")

    await day.act("supervisor", case_id, "reviews", verdict="check", person_id=day.id_of("inspector"))
    assert await day.stands(case_id) == "checking"
    failed = await day.photos("inspector", "check")
    await day.act("inspector", case_id, "checks", verdict="fail", photos=failed, reason="又堆上了")
    case = await day.case("handler", case_id)
    assert (case["state"], case["round"], case["reasons"][0]["words"]) == ("in_progress", 2, "又堆上了")
    assert case["reasons"][0]["photos"] == [failed[0]["photo_id"]]

    await day.act("handler", case_id, "closures", outcome="fixed", photos=await day.photos("handler", "after"))
    await day.act("leader_of_crew", case_id, "unit_reviews", verdict="pass")
    await day.act("supervisor", case_id, "reviews", verdict="check", person_id=day.id_of("inspector"))
    await day.act("inspector", case_id, "checks", verdict="pass", photos=await day.photos("inspector", "check"))
    await day.act("supervisor", case_id, "reviews", verdict="close")
    assert await day.stands(case_id) == "closed"


async def test_a_report_that_is_none_is_refused_with_a_reason(day: Day) -> None:
    photos = await day.photos("handler", "report")
    case_id = await day.makes("handler", "reports", **GARBAGE, photos=photos)
    await day.act("supervisor", case_id, "filings", verdict="reject", reason="属正常作业")
    case = await day.case("handler", case_id)
    assert (case["state"], case["reasons"][0]["words"]) == ("rejected", "属正常作业")


async def test_what_is_fixed_on_the_spot_is_one_act(day: Day) -> None:
    photos = await day.photos("inspector", "before", "after")
    small_ads = {"kind": "matter", "major": "07", "minor": "001"}
    case_id = await day.makes("inspector", "reports", **small_ads, photos=photos, self_handled=True)
    assert await day.stands(case_id) == "closed"
    assert await day.history(case_id) == ["self_handled"]


async def test_too_late_is_kept_and_shown(day: Day) -> None:
    """The case was given to another while 老张 had no network: what he did is kept with its photo, not dropped."""
    case_id = await day.dispatched(unit_code="411302001")
    await day.act("leader_of_crew", case_id, "assignments", person_id=day.id_of("handler"))
    await day.act("leader_of_crew", case_id, "transfers", person_id=day.id_of("colleague"))
    photos = await day.photos("handler", "before", "after")
    answer = await day.world.as_("handler").act(case_id, "closures", outcome="fixed", photos=photos)
    assert (answer.status_code, answer.json()["verdict"]) == (202, "kept")
    case = await day.case("supervisor", case_id)
    assert (case["state"], case["handler"]["name"]) == ("assigned", "老刘")
    assert {photo["id"] for photo in case["photos"]} == {photo["photo_id"] for photo in photos}
    assert (await day.history(case_id))[-1] == "kept"
