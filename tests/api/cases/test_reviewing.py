"""The unit's review, the desk's review, the check: pass, back, four eyes, photos first."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from moshao.kit import clock, ids
from tests.api.cases.conftest import Opened
from tests.api.cases.doing import act
from tests.api.cases.making import Cases
from tests.api.cases.taking import actor_of, do

NO_PHOTO: dict[str, Any] = {"no_photo_reason": "camera_broken"}


async def review(cases: Cases, case_id: UUID, who: str = "supervisor", **members: Any) -> tuple[int, str]:
    actor = await actor_of(cases.world.db, cases.cast, who)
    return await do(cases.world.db, actor, "reviews", case_id, **members)


async def handed_in(cases: Cases, *photos: dict[str, str]) -> UUID:
    """A case handed in for real, so that its closure and photos are on record."""
    case_id = await cases.put("in_progress")
    members: dict[str, Any] = {"photos": list(photos)} if photos else NO_PHOTO
    assert await act(cases, "handler", "closures", case_id, outcome="fixed", **members) == (201, "")
    return case_id


async def test_the_units_pass_stops_the_clock(cases: Cases) -> None:
    case_id = await handed_in(cases)
    assert await act(cases, "operator", "unit_reviews", case_id, verdict="pass") == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.clock_state, case.on_time, case.turn_unit_id) == ("feedback", "stopped", True, None)


async def test_back_needs_a_reason_and_makes_a_round(cases: Cases) -> None:
    case_id = await handed_in(cases)
    assert await act(cases, "leader_of_crew", "unit_reviews", case_id, verdict="back") == (422, "bad_field")
    assert (await act(cases, "leader_of_crew", "unit_reviews", case_id, verdict="back", reason="没扫净"))[0] == 201
    case = await cases.now(case_id)
    assert (case.state, case.round, case.flags, case.handler_id) == (
        "in_progress", 2, " rework ", cases.world.id_of("handler"),
    )  # fmt: skip
    words = await cases.world.db.one("SELECT kind, round, words FROM case_words WHERE case_id = ?", case_id)
    assert words == {"kind": "reworked", "round": 2, "words": "没扫净"}


async def test_another_units_leader_sees_nothing(cases: Cases) -> None:
    case_id = await handed_in(cases)
    assert await act(cases, "other_operator", "unit_reviews", case_id, verdict="pass") == (404, "not_found")


async def test_nothing_passes_before_its_photos(cases: Cases) -> None:
    coming = [await cases.photo("handler", state="missing") for _ in range(2)]
    case_id = await handed_in(cases, *coming)
    answer = await cases.world.as_("leader_of_crew").act(case_id, "unit_reviews", verdict="pass")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "photos_missing")
    assert sorted(problem["photos_missing"]) == sorted(named["photo_id"] for named in coming)
    await cases.send("handler", coming[0], "before")
    await cases.send("handler", coming[1])
    assert await act(cases, "leader_of_crew", "unit_reviews", case_id, verdict="pass") == (201, "")
    assert (await cases.kinds(case_id))[-3:] == ["photo_arrived", "photo_arrived", "unit_passed"]


async def test_the_supervisor_may_close_without_them_and_says_why(cases: Cases) -> None:
    coming = [await cases.photo("handler", state="missing") for _ in range(2)]
    case_id = await handed_in(cases, *coming)
    await cases.change(case_id, state="feedback")
    assert await review(cases, case_id, verdict="close") == (409, "photos_missing")
    assert await review(cases, case_id, verdict="close", reason="手机坏了，现场已看过") == (201, "")
    assert (await cases.now(case_id)).state == "closed"


async def test_all_photos_refused_sends_it_back(cases: Cases) -> None:
    coming = [await cases.photo("handler", state="missing") for _ in range(2)]
    case_id = await handed_in(cases, *coming)
    await cases.send("handler", coming[0], state="refused")
    assert (await cases.now(case_id)).state == "handled"
    await cases.send("handler", coming[1], sha256="f" * 64)
    case = await cases.now(case_id)
    assert (case.state, case.round) == ("in_progress", 2)
    assert "rework" not in case.flags
    words = await cases.world.db.one("SELECT kind, code FROM case_words WHERE case_id = ?", case_id)
    assert words == {"kind": "reworked", "code": "no_usable_photo"}


async def test_somebody_elses_photo_under_the_same_id_is_not_it(cases: Cases) -> None:
    coming = [await cases.photo("handler", state="missing") for _ in range(2)]
    case_id = await handed_in(cases, *coming)
    await cases.send("stranger", coming[0])
    held = await cases.world.db.all("SELECT state FROM case_photos WHERE case_id = ?", case_id)
    assert [row["state"] for row in held] == ["missing", "missing"]


@pytest.mark.parametrize("above", [False, True])
async def test_who_closes_is_settled_by_the_upstream(cases: Cases, above: bool) -> None:
    case_id = await cases.put("feedback", closes_above=above)
    assert await review(cases, case_id, verdict="close") == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.ended_at is None) == (("reported_up", True) if above else ("closed", False))
    assert await cases.kinds(case_id) == ["reported_up" if above else "closed"]


async def test_nobody_reviews_his_own_closure(cases: Cases) -> None:
    case_id = await cases.put("feedback", handled_by=cases.world.id_of("supervisor"))
    assert await review(cases, case_id, verdict="close") == (403, "own_closure")
    assert await review(cases, case_id, "second_supervisor", verdict="close") == (201, "")


async def test_rework_by_the_desk_keeps_the_deadline_running(cases: Cases) -> None:
    case_id = await handed_in(cases)
    await act(cases, "leader_of_crew", "unit_reviews", case_id, verdict="pass")
    deadline = (await cases.now(case_id)).deadline
    assert await review(cases, case_id, verdict="rework") == (422, "bad_field")
    assert await review(cases, case_id, verdict="rework", reason="后照片看不清") == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.round, case.deadline, case.clock_state, case.on_time) == (
        "in_progress", 2, deadline, "running", None,
    )  # fmt: skip
    assert case.next_at is not None


async def test_the_setting_gives_rework_a_fresh_limit(cases_of: Opened) -> None:
    async with cases_of(rework_limit="fresh") as cases:
        case_id = await cases.put("feedback")
        with clock.moved(timedelta(hours=3)):
            assert await review(cases, case_id, verdict="rework", reason="没修好") == (201, "")
            deadline = (await cases.now(case_id)).deadline
            assert deadline is not None
            assert deadline > clock.now() + timedelta(minutes=119)


async def test_a_check_goes_to_the_named_inspector_and_back(cases: Cases) -> None:
    case_id = await cases.put("feedback", inspector_id=None)
    assert await review(cases, case_id, verdict="check") == (409, "nobody_to_check")
    handler, inspector = str(cases.world.id_of("handler")), str(cases.world.id_of("inspector"))
    assert await review(cases, case_id, verdict="check", person_id=handler) == (422, "bad_field")
    assert await review(cases, case_id, verdict="check", person_id=inspector) == (201, "")
    assert (await cases.now(case_id)).state == "checking"
    assert await act(cases, "inspector", "checks", case_id, verdict="pass") == (422, "bad_field")
    shown = [await cases.photo("inspector", "check")]
    assert await act(cases, "inspector", "checks", case_id, verdict="pass", photos=shown) == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.state_before) == ("feedback", None)
    assert await cases.kinds(case_id) == ["check_asked", "checked"]


async def test_a_check_without_a_photo_says_why(cases: Cases) -> None:
    case_id = await cases.put("checking")
    assert await act(cases, "inspector", "checks", case_id, verdict="unable") == (422, "bad_field")
    assert await act(cases, "inspector", "checks", case_id, verdict="unable", **NO_PHOTO) == (201, "")


async def test_a_failed_check_is_rework(cases: Cases) -> None:
    case_id = await cases.put("checking")
    assert await act(cases, "inspector", "checks", case_id, verdict="fail", reason="还在") == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.round) == ("in_progress", 2)
    assert await cases.kinds(case_id) == ["checked", "reworked"]


@pytest.mark.parametrize("state", ["handled", "feedback", "reported_up", "closed"])
async def test_a_check_asked_from_above_returns_whence_it_came(cases: Cases, state: str) -> None:
    case_id = await cases.put("checking", state_before=state, asked_above=True)
    assert await act(cases, "inspector", "checks", case_id, verdict="fail", reason="还在") == (201, "")
    assert (await cases.now(case_id)).state == state
    assert await cases.kinds(case_id) == ["checked"]


async def test_a_late_check_is_kept(cases: Cases) -> None:
    case_id = await cases.put("checking")
    await cases.change(case_id, state="closed")
    assert await act(cases, "inspector", "checks", case_id, verdict="pass", reason="好了") == (202, "")


async def test_a_verified_report_goes_back_to_the_desk(cases: Cases) -> None:
    case_id = await cases.put("verifying")
    shown = [await cases.photo("inspector", "verify")]
    assert await act(cases, "inspector", "verifications", case_id, verdict="pass", photos=shown) == (201, "")
    assert (await cases.now(case_id)).state == "reported"
    assert await cases.kinds(case_id) == ["verified"]


async def test_a_supervisor_may_believe_a_doubted_clock(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    phone = cases.world.as_("handler")
    body = phone.body(outcome="fixed", clock={"offset_s": -3600.0, "age_s": 60}, **NO_PHOTO)
    with clock.moved(timedelta(hours=3)):
        assert (await phone.act(case_id, "closures", act_id=ids.new_id(), raw=body)).status_code == 201
        await act(cases, "leader_of_crew", "unit_reviews", case_id, verdict="pass")
        assert (await cases.now(case_id)).on_time is False
        assert await review(cases, case_id, verdict="close", trust_clock=True) == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.on_time, case.flags) == ("closed", True, " ")
    assert (await cases.kinds(case_id))[-2:] == ["clock_trusted", "closed"]


async def test_a_refused_photo_of_others_sends_nothing_back(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    before = await cases.photo("handler", state="missing")
    assert await act(cases, "handler", "notes", case_id, photos=[before]) == (201, "")
    assert await act(cases, "handler", "closures", case_id, outcome="fixed", **NO_PHOTO) == (201, "")
    await cases.send("handler", before, state="refused")
    assert (await cases.now(case_id)).state == "handled"
