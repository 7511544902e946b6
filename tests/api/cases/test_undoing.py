"""A supervisor takes back what he did, within ten minutes, where nobody touched the case since."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from moshao.kit import clock, ids
from tests.api.cases.doing import act, request_of
from tests.api.cases.making import Cases

HOUR = timedelta(hours=1)


async def did(cases: Cases, word: str, case_id: UUID, **members: Any) -> str:
    act_id = ids.new_id()
    answer = await cases.world.as_("supervisor").act(case_id, word, act_id=act_id, **members)
    assert answer.status_code == 201, answer.text
    return str(act_id)


async def test_a_cancellation_is_taken_back(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    before = await cases.now(case_id)
    undoes = await did(cases, "cancellations", case_id, reason="点错了")
    assert await act(cases, "supervisor", "undoings", case_id, undoes=undoes) == (201, "")
    after = await cases.now(case_id)
    assert (after.state, after.deadline, after.next_at, after.clock_state, after.ended_at) == (
        before.state, before.deadline, before.next_at, before.clock_state, None,
    )  # fmt: skip
    assert await cases.kinds(case_id) == ["cancelled", "undone"]
    again = await act(cases, "supervisor", "undoings", case_id, undoes=undoes)
    assert again == (409, "touched_since")


async def test_an_extension_and_a_pause_are_taken_back(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    before = await cases.now(case_id)
    undoes = await did(cases, "extensions", case_id, reason="暴雨")
    assert await act(cases, "supervisor", "undoings", case_id, undoes=undoes) == (201, "")
    until = (clock.now() + HOUR).isoformat()
    undoes = await did(cases, "shelvings", case_id, reason="等采购", until=until)
    assert await act(cases, "supervisor", "undoings", case_id, undoes=undoes) == (201, "")
    after = await cases.now(case_id)
    assert (after.state, after.deadline, after.extensions, after.shelvings, after.flags) == (
        "in_progress", before.deadline, 0, 0, " ",
    )  # fmt: skip
    assert (await request_of(cases, case_id))["state"] == "undone"


async def test_a_decision_waits_again(cases: Cases) -> None:
    case_id = await cases.put("assigned")
    await act(cases, "leader_of_crew", "extensions", case_id, reason="人手不够")
    request_id = str((await request_of(cases, case_id))["id"])
    undoes = await did(cases, "extension_decisions", case_id, request_id=request_id, verdict="refuse", reason="不行")
    assert await act(cases, "supervisor", "undoings", case_id, undoes=undoes) == (201, "")
    assert (await request_of(cases, case_id))["state"] == "forwarded"


async def test_not_after_ten_minutes(cases: Cases) -> None:
    case_id = await cases.put()
    undoes = await did(cases, "urgings", case_id, opinion="快")
    with clock.moved(timedelta(minutes=11)):
        assert await act(cases, "supervisor", "undoings", case_id, undoes=undoes) == (409, "undo_too_late")


async def test_not_what_was_touched_since(cases: Cases) -> None:
    case_id = await cases.put()
    undoes = await did(cases, "urgings", case_id, opinion="快")
    await act(cases, "operator", "signings", case_id)
    assert await act(cases, "supervisor", "undoings", case_id, undoes=undoes) == (409, "touched_since")


async def test_not_somebody_elses_and_not_words(cases: Cases) -> None:
    case_id = await cases.put()
    undoes = await did(cases, "urgings", case_id, opinion="快")
    assert await act(cases, "second_supervisor", "undoings", case_id, undoes=undoes) == (422, "bad_field")
    noted = await did(cases, "notes", case_id, note="记一笔")
    assert await act(cases, "supervisor", "undoings", case_id, undoes=noted) == (409, "not_undoable")
