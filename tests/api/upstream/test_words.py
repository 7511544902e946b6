"""What upstream says about a case beats what we had: each type of event."""

from datetime import timedelta
from typing import Any

import pytest

from moshao.kit import clock, ids
from moshao.kit.db import Row
from tests.api.upstream.conftest import Opened
from tests.api.upstream.places import OTHER_STREET, OUTSIDE
from tests.api.upstream.platform import Platform


async def closure(city: Platform, case: Row) -> None:
    """老张 hands in."""
    answer = await city.world.as_("handler").act(
        case["id"], "closures", outcome="fixed", no_photo_reason="camera_broken"
    )
    assert answer.status_code == 201, answer.text


async def to_the_desk(city: Platform) -> Row:
    """A case that its unit has passed."""
    case = await city.dispatched()
    await closure(city, case)
    passed = await city.world.as_("leader_of_crew").act(case["id"], "unit_reviews", verdict="pass")
    assert passed.status_code == 201, passed.text
    return await city.row(case["id"])


async def words(city: Platform, case: Row, kind: str) -> list[Row]:
    return await city.world.db.all(
        "SELECT words, said_by FROM case_words WHERE case_id = ? AND kind = ?", case["id"], kind
    )


async def test_urged_and_supervised_with_words_and_name(city: Platform) -> None:
    case = await city.dispatched()
    reply_by = clock.now() + timedelta(hours=3)
    assert (await city.told("urged", case, opinion="请抓紧", by="市平台 刘某"))["status"] == "accepted"
    supervised = await city.told(
        "supervised", case, 3, opinion="限期回复", reply_by=reply_by.isoformat(), by={"name": "刘", "unit": "市平台"}
    )
    assert supervised["status"] == "accepted"
    now = await city.row(case["id"])
    assert {"urged", "supervised"} <= set(now["flags"].split())
    assert await words(city, case, "urged") == [{"words": "请抓紧", "said_by": "市平台 刘某"}]
    assert await words(city, case, "supervised") == [{"words": "限期回复", "said_by": "市平台 刘"}]
    waiting = await city.world.db.one("SELECT state, reply_by FROM case_requests WHERE case_id = ?", case["id"])
    assert waiting == {"state": "open", "reply_by": reply_by}
    replied = await city.world.as_("operator").act(case["id"], "supervision_replies", opinion="已安排")
    assert replied.status_code == 201


async def test_cancelled_wins_and_our_late_closure_is_kept(city: Platform) -> None:
    case = await city.dispatched()
    phone = city.world.as_("handler")
    late = phone.body(outcome="fixed", no_photo_reason="camera_broken")
    await city.told("cancelled", case, reason="重复派遣")
    assert (await city.row(case["id"]))["state"] == "cancelled"
    answer = await phone.act(case["id"], "closures", raw=late)
    assert (answer.status_code, answer.json()["verdict"]) == (202, "kept")
    assert (await city.told("cancelled", case, 3))["status"] == "accepted"
    assert (await city.kinds(case)).count("cancelled") == 1


async def test_a_case_taken_out_and_dispatched_again_begins_anew(city: Platform) -> None:
    case = await city.dispatched(external_case_id="X1")
    await city.told("cancelled", case)
    (result,) = await city.send(city.new_case("X1", version=3))
    assert (result["status"], result["case_id"]) == ("accepted", str(case["id"]))
    again = await city.row(case["id"])
    assert (again["state"], again["round"], again["ended_at"]) == ("dispatched", 2, None)


@pytest.mark.parametrize("forced", [True, None])
async def test_closed_from_any_state(city: Platform, forced: bool | None) -> None:
    case = await city.dispatched()
    await city.told("closed", case, result="已结", forced=forced)
    now = await city.row(case["id"])
    assert (now["state"], now["clock_state"]) == ("closed", "stopped")
    assert now["ended_at"] is not None


async def test_reopened_and_reworked(city: Platform) -> None:
    case = await to_the_desk(city)
    await city.told("closed", case)
    await city.told("reopened", case, 3, opinion="又脏了")
    again = await city.row(case["id"])
    assert (again["state"], again["round"], again["unit_id"]) == ("dispatched", 2, case["unit_id"])


async def test_rework_ordered_brings_reason_photos_and_deadline(city: Platform) -> None:
    case = await to_the_desk(city)
    deadline = (clock.now() + timedelta(hours=9)).replace(microsecond=0)
    result = await city.told(
        "rework_ordered", case, reason="没有清完", deadline=deadline.isoformat(),
        photos=[{"url": "https://elsewhere.example/1.jpg", "usage": "check"}],
    )  # fmt: skip
    assert result["status"] == "accepted"
    now = await city.row(case["id"])
    assert (now["state"], now["round"], now["deadline"]) == ("in_progress", 2, deadline)
    assert now["handler_id"] == city.world.id_of("handler")
    photo = await city.world.db.one("SELECT usage, round, state, code FROM case_photos WHERE case_id = ?", case["id"])
    assert photo == {"usage": "check", "round": 2, "state": "refused", "code": "host_not_allowed"}


async def test_both_closing_authorities(city_of: Opened) -> None:
    async with city_of(closing_authority="upstream") as city:
        case = await to_the_desk(city)
        closed = await city.world.as_("supervisor").act(case["id"], "reviews", verdict="close", reason="照片已看")
        assert closed.status_code == 201, closed.text
        assert (await city.row(case["id"]))["state"] == "reported_up"
        await city.told("rework_ordered", case, reason="不合格")
        assert (await city.row(case["id"]))["state"] == "in_progress"
        await city.told("closed", case, 3)
        assert (await city.row(case["id"]))["state"] == "closed"


async def test_here_our_supervisor_closes(city: Platform) -> None:
    case = await to_the_desk(city)
    closed = await city.world.as_("supervisor").act(case["id"], "reviews", verdict="close", reason="照片已看")
    assert closed.status_code == 201, closed.text
    assert (await city.row(case["id"]))["state"] == "closed"


async def test_amended_takes_over_what_it_names_and_leaves_the_rest(city: Platform) -> None:
    case = await city.dispatched(
        address="新华路", description="旧", deadline=(clock.now() + timedelta(hours=1)).isoformat()
    )
    later = (clock.now() + timedelta(hours=5)).replace(microsecond=0)
    await city.told("amended", case, description="新", deadline=later.isoformat(), urgency="urgent", minor="001")
    now = await city.row(case["id"])
    assert (now["description"], now["address"], now["deadline"]) == ("新", "新华路", later)
    assert (now["state"], now["handler_id"], now["minor"]) == ("assigned", case["handler_id"], "001")
    assert "urgent" in now["flags"].split()
    assert (now["lon"], now["kind"]) == (case["lon"], "matter")


async def test_a_held_case_goes_on_once_upstream_says_where(city: Platform) -> None:
    case = await city.dispatched(location=None, minor="999")
    assert case["state"] == "received"
    still = await city.told("amended", case, location={"type": "Point", "coordinates": list(OUTSIDE)})
    assert still["warnings"] == ["outside_district"]
    assert (await city.row(case["id"]))["flags"].split() == ["outside_district", "unknown_class"]
    await city.told("amended", case, 3, location={"type": "Point", "coordinates": list(OTHER_STREET)})
    await city.told("amended", case, 4, minor="010")
    now = await city.row(case["id"])
    assert (now["state"], now["flags"].strip()) == ("assigned", "")
    assert now["unit_id"] == city.world.cast.units["other_street"]


async def test_upstream_gives_the_case_to_another_unit(city: Platform) -> None:
    case = await city.dispatched(unit_code="411302001")
    same = await city.told("amended", case, unit_code="411302001", title="x")
    assert same["status"] == "accepted"
    assert (await city.row(case["id"]))["state"] == "assigned"
    await city.told("amended", case, 3, unit_code="411302002")
    now = await city.row(case["id"])
    assert (now["state"], now["unit_id"], now["handler_id"]) == (
        "dispatched", city.world.cast.units["other_street"], None,
    )  # fmt: skip


async def test_every_word_is_kept_as_it_came(city: Platform) -> None:
    case = await city.dispatched()
    await city.told("urged", case, opinion="快", extra={"x": [1]})
    row = await city.world.db.one("SELECT verbatim FROM intake_events WHERE type = ?", "urged")
    assert row is not None
    assert '"extra": {"x": [1]}' in row["verbatim"]


async def test_merged_under_a_lead(city: Platform) -> None:
    lead, case = await city.dispatched(external_case_id="LEAD"), await city.dispatched()
    assert (await city.told("merged", case, lead_external_case_id="NONE"))["code"] == "unknown_lead"
    assert (await city.told("merged", case, lead_external_case_id="LEAD"))["status"] == "accepted"
    assert (await city.row(case["id"]))["lead_case_id"] == lead["id"]
    await closure(city, lead)
    assert (await city.row(case["id"]))["state"] == "handled"


async def _asked(city: Platform, case: Row, act: str, **members: Any) -> str:
    request_id = ids.new_id()
    answer = await city.world.as_("leader_of_crew").act(case["id"], act, act_id=request_id, reason="下雨", **members)
    assert answer.status_code == 201, answer.text
    return str(request_id)


async def test_extension_decided_there(city_of: Opened) -> None:
    async with city_of(decisions="there") as city:
        case = await city.dispatched()
        request_id = await _asked(city, case, "extensions")
        ours = await city.world.as_("supervisor").act(
            case["id"], "extension_decisions", request_id=request_id, verdict="grant"
        )
        assert (ours.status_code, ours.json()["code"]) == (409, "upstream_decides")
        assert (await city.told("extension_decided", case, request_id=request_id))["code"] == "bad_verdict"
        await city.told("extension_decided", case, request_id=request_id, verdict="refuse", opinion="不同意")
        refused = await city.row(case["id"])
        assert (refused["deadline"], refused["extensions"]) == (case["deadline"], 0)
        until = (clock.now() + timedelta(days=1)).replace(microsecond=0)
        again = await _asked(city, case, "extensions")
        await city.told(
            "extension_decided", case, 3, request_id=again, verdict="grant", until=until.isoformat()
        )  # fmt: skip
        assert (await city.row(case["id"]))["deadline"] == until


async def test_shelving_decided_there(city_of: Opened) -> None:
    async with city_of(decisions="there") as city:
        case = await city.dispatched()
        until = (clock.now() + timedelta(days=3)).replace(microsecond=0)
        request_id = await _asked(city, case, "shelvings", until=until.isoformat())
        await city.told("shelving_decided", case, request_id=request_id, verdict="grant")
        now = await city.row(case["id"])
        assert (now["state"], now["shelved_until"]) == ("shelved", until)


@pytest.mark.parametrize(("verdict", "state"), [("grant", "cancelled"), ("refuse", "dispatched")])
async def test_handback_decided(city: Platform, verdict: str, state: str) -> None:
    case = await city.dispatched()
    revoked = await city.world.as_("leader_of_crew").act(case["id"], "revocations")
    assert revoked.status_code == 201, revoked.text
    asked = await city.world.as_("supervisor").act(case["id"], "upstream_handbacks", reason="not_our_area")
    assert asked.status_code == 201, asked.text
    assert (await city.row(case["id"]))["state"] == "returning"
    await city.told("handback_decided", case, verdict=verdict)
    assert (await city.row(case["id"]))["state"] == state


async def test_return_visited(city: Platform) -> None:
    case = await city.dispatched()
    await city.told("return_visited", case, satisfied=False, words="还是脏")
    assert (await words(city, case, "return_visited"))[0]["words"] == "还是脏"


async def test_verify_requested_for_something_new(city: Platform) -> None:
    asked = city.event("verify_requested", city.new_case("X1")["data"])
    (result,) = await city.send(asked)
    assert (result["status"], result["warnings"]) == ("accepted", [])
    case = await city.row(result["case_id"])
    assert (case["state"], case["asked_above"]) == ("verifying", True)
    (result,) = await city.send(city.new_case("X1", version=2))
    filed = await city.row(case["id"])
    assert (result["case_id"], filed["state"]) == (str(case["id"]), "assigned")
    assert filed["clock_state"] == "running"


async def test_check_requested_and_back_whence_it_came(city: Platform) -> None:
    case = await to_the_desk(city)
    await city.told("check_requested", case, opinion="去看看")
    assert (await city.row(case["id"]))["state"] == "checking"


async def test_nothing_is_said_about_a_case_nobody_knows(city: Platform) -> None:
    for kind in ("amended", "urged", "cancelled", "closed", "report_rejected", "check_requested"):
        (result,) = await city.send(city.event(kind, {"external_case_id": "NONE", "version": 1}))
        assert (result["status"], result["code"]) == ("refused", "unknown_case"), kind


async def test_upstreams_time_is_bounded(city: Platform) -> None:
    early, late = await city.dispatched(), await city.dispatched()
    await city.told("closed", early, at="2001-01-01T00:00:00Z")
    await city.told("closed", late, at="2150-01-01T00:00:00Z")
    assert (await city.row(early["id"]))["ended_at"] == early["created_at"]
    assert (await city.row(late["id"]))["ended_at"] <= clock.now()


async def test_what_a_unit_handed_back_waits_for_a_person(city: Platform) -> None:
    case = await city.dispatched()
    assert (await city.world.as_("handler").act(case["id"], "handbacks", reason="not_our_area")).status_code == 201
    assert (await city.world.as_("operator").act(case["id"], "handbacks", reason="not_our_unit")).status_code == 201
    await city.told("amended", case, title="x")
    assert (await city.row(case["id"]))["state"] == "received"
    await city.told("amended", case, 3, unit_code="411302002")
    now = await city.row(case["id"])
    assert (now["state"], now["unit_id"]) == ("assigned", city.world.cast.units["other_street"])


async def test_an_id_that_is_another_cases(city: Platform) -> None:
    """Upstream takes a report of ours under an id that it has used before."""
    taken = await city.dispatched(external_case_id="X1")
    photo = {"photo_id": str(ids.new_id()), "sha256": "a" * 64}
    reported = await city.world.as_("inspector").make("reports", photos=[photo], kind="matter", major="06", minor="010")
    case_id = reported.json()["case_id"]
    good = city.new_case()
    results = await city.send(
        city.event("report_accepted", {"case_id": case_id, "external_case_id": "X1", "version": 1}), good
    )
    assert [(result["status"], result["code"]) for result in results] == [
        ("refused", "event_failed"), ("accepted", None),
    ]  # fmt: skip
    assert (await city.row(case_id))["state"] == "reported"
    assert (await city.row(taken["id"]))["state"] == "assigned"
