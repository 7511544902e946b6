"""GET /api/cases/{id}: a case whole, for who may see it; to others it is not there."""

from typing import Any
from uuid import UUID

import pytest

from moshao.kit import clock, ids
from moshao.kit.db import Tx
from tests.api.sync.making import Board
from tests.world import World

PROMISED = {
    "id", "case_no", "external_case_id", "source", "state", "round", "flags", "code_set", "kind", "major", "minor",
    "description", "address", "location", "grid_code", "deadline", "clock", "closing_condition", "photo_rule", "unit",
    "handler", "helpers", "merged", "photos", "requests", "reasons", "journal",
}  # fmt: skip


async def test_who_may_not_see_it_is_told_what_he_is_told_of_nothing(world: World, board: Board) -> None:
    case = await board.put()
    await board.assign(case.id, "handler")
    for who in ("handler", "leader_of_crew", "operator", "supervisor", "leader"):
        assert (await world.as_(who).get(f"/api/cases/{case.id}")).status_code == 200
    absent = (await world.as_("stranger").get(f"/api/cases/{ids.new_id()}")).json()
    for who in ("colleague", "stranger", "other_operator", "inspector", "admin", "neighbour"):
        answer = await world.as_(who).get(f"/api/cases/{case.id}")
        assert (answer.status_code, answer.json()) == (404, absent)
    assert (await world.nobody.get(f"/api/cases/{case.id}")).status_code == 401


async def test_a_former_handler_sees_it_no_more(world: World, board: Board) -> None:
    case = await board.put()
    await board.assign(case.id, "handler")
    await board.assign(case.id, "colleague")
    assert (await world.as_("handler").get(f"/api/cases/{case.id}")).status_code == 404


@pytest.mark.parametrize("case_id", ["x", "0", "01a20781-7064-7000-9ef3", "%00", "'--"])
async def test_nonsense_is_not_there(world: World, case_id: str) -> None:
    answer = await world.as_("supervisor").get(f"/api/cases/{case_id}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_the_journal_is_whole_here_and_its_end_in_changes(world: World, board: Board) -> None:
    case = await board.put()
    for _ in range(40):
        await board.change(case.id)
    whole = await world.as_("supervisor").case(case.id)
    assert len(whole["journal"]) == 41
    assert whole["journal"][0]["kind"] == "dispatched"
    page = (await world.as_("supervisor").get("/api/changes?after=0")).json()
    assert page["cases"][0]["journal"] == whole["journal"][-30:]
    assert {"seq", "kind", "at", "done_at", "by", "round", "note"} <= set(whole["journal"][0])


async def test_it_has_every_member_of_the_contract(world: World, board: Board) -> None:
    case = await board.put(
        external_case_id="CG-1", source_code="02", source_name="公众举报", reporter_name="张三丰",
        reporter_phone="13812341234", handler_id=world.id_of("handler"), flags=" overdue urged ", state="in_progress",
        helpers=f'["{world.id_of("colleague")}"]',
    )  # fmt: skip
    shown = await world.as_("supervisor").case(case.id)
    assert set(shown) >= PROMISED
    assert set(shown["clock"]) >= {"state", "limit", "started_at", "remaining_s", "warn_at", "why"}
    assert shown["flags"] == ["overdue", "urged"]
    assert shown["handler"] == {"id": str(world.id_of("handler")), "name": "老张"}
    assert shown["helpers"] == [{"id": str(world.id_of("colleague")), "name": "老刘"}]
    assert shown["unit"]["name"] == "东关街道"
    assert shown["source"] == {"code": "02", "name": "公众举报", "no": None}
    assert shown["minor_name"] == "暴露垃圾"
    assert shown["reporter"] == {"name": "张**", "phone": "138****1234"}
    assert "13812341234" not in str(shown)


async def test_the_clock_says_what_is_left_and_why(world: World, board: Board) -> None:
    running = await board.put()
    shown = (await world.as_("supervisor").case(running.id))["clock"]
    assert shown["state"] == "running"
    assert 7190 <= shown["remaining_s"] <= 7200
    assert shown["limit"] == {"value": 2, "unit": "urgent_hour", "provisional": False}
    assert shown["why"] == "2 紧急工作时, 夜间照计"
    assert (shown["why_code"], shown["work_time"]) == ("urgent_hour", None)
    await board.change(running.id, "handled", clock_state="stopped", clock_stopped_at=clock.now(), deadline=clock.now())
    assert (await world.as_("supervisor").case(running.id))["clock"]["remaining_s"] == 0
    worked = await board.put(limit_value=1, limit_unit="work_day")
    shown = await world.as_("supervisor").case(worked.id)
    assert shown["clock"]["why_code"] == "work_day"
    assert shown["clock"]["work_time"] == {
        "hours_per_day": 12.0, "periods": ["07:30-19:30"], "holidays_excluded": False,
    }  # fmt: skip
    condition = shown["closing_condition_is"]
    assert (condition["code"], condition["class_zh"]) == ("class_gone", "暴露垃圾")
    assert condition["class_en"].isascii()
    above = await board.put(limit_value=None, limit_unit=None)
    assert (await world.as_("supervisor").case(above.id))["clock"]["why_code"] == "from_above"
    none = await board.put(deadline=None, limit_value=None, limit_unit=None, clock_started_at=None)
    shown = (await world.as_("supervisor").case(none.id))["clock"]
    assert (shown["limit"], shown["remaining_s"], shown["why"], shown["warn_at"]) == (None, None, None, [])


async def test_what_was_written_stands_at_its_line_and_returns_on_top(world: World, board: Board) -> None:
    case = await board.put(handler_id=world.id_of("handler"))
    photo = await say(world, board, case.id, "reworked", "还有一袋没清走", round=1)
    await say(world, board, case.id, "handed_back", None, code="not_ours", round=2)
    await say(world, board, case.id, "urged", "请加快", round=2)
    await say(world, board, case.id, "urged", "再请加快", round=2, said_by="市平台")
    shown = await world.as_("handler").case(case.id)
    assert [(reason["kind"], reason["words"], reason["code"]) for reason in shown["reasons"]] == [
        ("handed_back", None, "not_ours"),
        ("reworked", "还有一袋没清走", None),
    ]
    assert shown["reasons"][1]["photos"] == [photo]
    assert shown["reasons"][1]["by"]["name"] == "周督查"
    lines = {(line["kind"], line["note"]): line for line in shown["journal"]}
    assert lines["reworked", "还有一袋没清走"]["by"]["name"] == "周督查"
    assert lines["urged", "再请加快"]["by"] == {"id": None, "name": "市平台"}
    assert ("urged", "请加快") in lines
    assert lines["handed_back", None]["code"] == "not_ours"


async def test_marks_are_for_who_reviews(world: World, board: Board) -> None:
    case = await board.put(handler_id=world.id_of("handler"))
    photo_id = ids.new_id()

    async def work(tx: Tx) -> None:
        await add_photo(tx, case.id, photo_id, None)
        await tx.insert(
            "photo_uses",
            {
                "id": ids.new_id(), "photo_id": photo_id, "case_id": case.id, "round": 1, "facts": "{}",
                "marks": '["dark"]', "added_at": clock.now(),
            },
        )  # fmt: skip

    await world.db.write(work)
    for who, marks in (("handler", []), ("leader_of_crew", ["dark"]), ("operator", ["dark"]), ("supervisor", ["dark"])):
        (photo,) = (await world.as_(who).case(case.id))["photos"]
        assert (photo["id"], photo["missing"], photo["marks"]) == (str(photo_id), False, marks)


async def test_merged_cases_stand_in_their_lead(world: World, board: Board) -> None:
    lead = await board.put()
    other = await board.put(lead_case_id=lead.id, case_no="并案-1")
    shown = await world.as_("supervisor").case(lead.id)
    assert [(merged["id"], merged["case_no"]) for merged in shown["merged"]] == [(str(other.id), "并案-1")]
    assert (await world.as_("supervisor").case(other.id))["lead_case_id"] == str(lead.id)


async def test_requests_are_shown_with_who_asked(world: World, board: Board) -> None:
    case = await board.put()
    request_id = ids.new_id()
    row = {
        "id": request_id, "district_id": world.cast.district_id, "case_id": case.id, "kind": "extension",
        "state": "open", "person_id": world.id_of("handler"), "reason": "材料未到", "asked_at": clock.now(),
    }  # fmt: skip
    await world.db.write(lambda tx: tx.insert("case_requests", row))
    (shown,) = (await world.as_("supervisor").case(case.id))["requests"]
    assert (shown["id"], shown["kind"], shown["state"], shown["reason"]) == (
        str(request_id), "extension", "open", "材料未到"
    )  # fmt: skip
    assert shown["by"]["name"] == "老张"


async def add_photo(tx: Tx, case_id: UUID, photo_id: UUID, act_id: UUID | None) -> None:
    row = {
        "id": ids.new_id(), "case_id": case_id, "photo_id": photo_id, "act_id": act_id, "sha256": "0" * 64,
        "usage": "check", "round": 1, "state": "held", "added_at": clock.now(),
    }  # fmt: skip
    await tx.insert("case_photos", row)


async def say(
    world: World, board: Board, case_id: UUID, kind: str, words: str | None, *, round: int, **columns: Any
) -> str:
    """A line with words, by the supervisor unless upstream said them; the id of its photo."""
    act_id = None if "said_by" in columns else ids.new_id()
    photo_id = ids.new_id()

    async def work(tx: Tx) -> None:
        from_above = act_id is None
        row = {
            "id": ids.new_id(), "case_id": case_id, "act_id": act_id, "kind": kind, "round": round, "words": words,
            "person_id": None if from_above else world.id_of("supervisor"), "at": clock.now(), **columns,
        }  # fmt: skip
        await tx.insert("case_words", row)
        if act_id is not None:
            await add_photo(tx, case_id, photo_id, act_id)

    await board.act(
        case_id, kind, act_id=act_id, person_id=None if act_id is None else world.id_of("supervisor"), round=round
    )
    await world.db.write(work)
    return str(photo_id)
