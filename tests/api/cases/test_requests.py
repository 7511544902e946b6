"""More time, a pause, a return, an appeal: who asks, who passes it on, who decides."""

from datetime import timedelta
from uuid import UUID

import pytest

from moshao.cases.case import lock_case
from moshao.cases.ticking import tick
from moshao.kit import clock, ids
from moshao.kit.db import Tx
from tests.api.cases.doing import act, request_of
from tests.api.cases.making import Cases

HOUR = timedelta(hours=1)


async def decide(cases: Cases, who: str, word: str, case_id: UUID, verdict: str) -> tuple[int, str]:
    request_id = str((await request_of(cases, case_id))["id"])
    return await act(cases, who, word, case_id, request_id=request_id, verdict=verdict)


async def test_more_time_is_asked_for_passed_on_and_granted(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    before = (await cases.now(case_id)).deadline
    assert await act(cases, "handler", "extensions", case_id, reason="要调吊车") == (201, "")
    assert (await request_of(cases, case_id))["state"] == "open"
    assert await decide(cases, "leader_of_crew", "extension_decisions", case_id, "grant") == (403, "not_your_act")
    assert await decide(cases, "leader_of_crew", "extension_decisions", case_id, "forward") == (201, "")
    assert await decide(cases, "operator", "extension_decisions", case_id, "forward") == (409, "request_decided")
    assert await decide(cases, "supervisor", "extension_decisions", case_id, "forward") == (403, "not_your_act")
    assert await decide(cases, "supervisor", "extension_decisions", case_id, "grant") == (201, "")
    case = await cases.now(case_id)
    assert before is not None
    assert (case.deadline, case.extensions, case.flags) == (before + 2 * HOUR, 1, " extended ")
    assert await decide(cases, "supervisor", "extension_decisions", case_id, "refuse") == (409, "request_decided")
    assert await cases.kinds(case_id) == ["extension_requested", "extension_forwarded", "extension_decided"]


async def test_a_leaders_request_needs_no_passing_on(cases: Cases) -> None:
    case_id = await cases.put("assigned")
    assert await act(cases, "leader_of_crew", "extensions", case_id, reason="人手不够") == (201, "")
    assert (await request_of(cases, case_id))["state"] == "forwarded"
    assert await act(cases, "handler", "extensions", case_id, reason="我也要") == (409, "already_asked")


async def test_a_refusal_does_not_count(cases: Cases) -> None:
    case_id = await cases.put("assigned")
    for verdict in ("refuse", "grant", "refuse", "grant"):
        assert await act(cases, "leader_of_crew", "extensions", case_id, reason="人手不够") == (201, "")
        assert await decide(cases, "supervisor", "extension_decisions", case_id, verdict) == (201, "")
    assert (await cases.now(case_id)).extensions == 2
    assert await act(cases, "leader_of_crew", "extensions", case_id, reason="再要") == (409, "extensions_used_up")


async def test_a_supervisors_extension_counts_at_once(cases: Cases) -> None:
    case_id = await cases.put("assigned")
    until = clock.now() + 30 * HOUR
    early = (clock.now() + HOUR / 2).isoformat()
    assert await act(cases, "supervisor", "extensions", case_id, reason="暴雨", until=early) == (422, "bad_field")
    answer = await act(cases, "supervisor", "extensions", case_id, reason="暴雨", until=until.isoformat())
    assert answer == (201, "")
    assert (await cases.now(case_id)).deadline == until
    assert (await request_of(cases, case_id))["state"] == "granted"


async def test_more_time_is_asked_for_in_time(cases: Cases) -> None:
    case_id = await cases.put("assigned")
    with clock.moved(3 * HOUR):
        assert await act(cases, "handler", "extensions", case_id, reason="要调吊车") == (409, "deadline_passed")
    closed_to_it = await cases.put("assigned", allow_extension=False)
    assert (await act(cases, "handler", "extensions", closed_to_it, reason="要"))[1] == "extension_not_allowed"


async def test_where_upstream_decides_the_desk_only_passes_on(cases: Cases) -> None:
    case_id = await cases.put("assigned", decides_above=True)
    assert await act(cases, "supervisor", "extensions", case_id, reason="暴雨") == (201, "")
    assert (await request_of(cases, case_id))["state"] == "forwarded"
    assert await decide(cases, "supervisor", "extension_decisions", case_id, "grant") == (409, "upstream_decides")


async def test_an_unknown_request_is_named(cases: Cases) -> None:
    answer = await act(
        cases, "supervisor", "extension_decisions", await cases.put(), request_id=str(ids.new_id()), verdict="grant"
    )
    assert answer == (422, "bad_field")


async def test_a_pause_holds_the_clock_and_ends_by_itself(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    until = clock.now() + timedelta(days=30)
    with clock.moved(HOUR / 2):
        answer = await act(cases, "operator", "shelvings", case_id, reason="等采购", until=until.isoformat())
        assert answer == (201, "")
        assert await decide(cases, "supervisor", "shelving_decisions", case_id, "grant") == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.state_before, case.clock_state, case.next_at) == (
        "shelved", "in_progress", "paused", until,
    )  # fmt: skip

    async def worker(tx: Tx) -> None:
        locked = await lock_case(tx, case_id)
        assert locked is not None
        await tick(tx, locked, until)

    await cases.world.db.write(worker)
    after = await cases.now(case_id)
    assert (after.state, after.clock_state, after.shelved_until) == ("in_progress", "running", None)
    assert after.deadline is not None
    assert abs(after.deadline - (until + 1.5 * HOUR)) < timedelta(seconds=5)
    again = (until + HOUR).isoformat()
    refused = await act(cases, "operator", "shelvings", case_id, reason="还要等", until=again)
    assert refused == (409, "shelved_before")


@pytest.mark.parametrize("days", [-1, 400])
async def test_a_pause_is_at_most_a_year(cases: Cases, days: int) -> None:
    until = (clock.now() + timedelta(days=days)).isoformat()
    answer = await act(cases, "supervisor", "shelvings", await cases.put(), reason="等采购", until=until)
    assert answer == (422, "bad_field")


async def test_upstream_is_asked_to_take_its_case_back(cases: Cases) -> None:
    own = await cases.put("received")
    assert await act(cases, "supervisor", "upstream_handbacks", own, reason="wrong_district") == (409, "no_upstream")
    case_id = await cases.put("received", upstream_id=ids.new_id(), external_case_id="NY-1")
    assert await act(cases, "supervisor", "upstream_handbacks", case_id, reason="wrong_district") == (201, "")
    case = await cases.now(case_id)
    assert (case.state, case.state_before, case.clock_state) == ("returning", "received", "running")


async def test_an_appeal_leaves_the_figures_once_per_kind(cases: Cases) -> None:
    case_id = await cases.put("closed")
    members = {"appeal_kind": "weather", "reason": "暴雨红色预警"}
    assert await act(cases, "operator", "appeals", case_id, **members) == (201, "")
    assert await act(cases, "operator", "appeals", case_id, **members) == (409, "appealed_before")
    assert await decide(cases, "operator", "appeal_decisions", case_id, "grant") == (403, "not_your_act")
    assert await decide(cases, "supervisor", "appeal_decisions", case_id, "grant") == (201, "")
    assert (await cases.now(case_id)).flags == " exempt "
    long_ago = await cases.put("closed", ended_at=clock.now() - timedelta(days=8))
    assert await act(cases, "operator", "appeals", long_ago, **members) == (409, "appeal_too_late")


async def test_an_order_waits_for_its_reply(cases: Cases) -> None:
    case_id = await cases.put("in_progress")
    assert await act(cases, "operator", "supervision_replies", case_id, opinion="已办") == (409, "nothing_to_reply")
    reply_by = (clock.now() + HOUR).isoformat()
    answer = await act(cases, "leader", "supervisions", case_id, opinion="今天必须清完", reply_by=reply_by)
    assert answer == (201, "")
    assert await act(cases, "supervisor", "urgings", case_id, opinion="请抓紧") == (201, "")
    assert (await cases.now(case_id)).flags == " supervised urged "
    assert await act(cases, "operator", "supervision_replies", case_id, opinion="十点前清完") == (201, "")
    request = await request_of(cases, case_id)
    assert (request["state"], request["decision_reason"]) == ("answered", "十点前清完")
    assert await act(cases, "leader", "urgings", case_id, opinion="快") == (403, "not_your_act")


async def test_what_waited_is_refused_when_the_case_is_cancelled(cases: Cases) -> None:
    case_id = await cases.put("assigned")
    await act(cases, "leader_of_crew", "extensions", case_id, reason="人手不够")
    assert await act(cases, "supervisor", "cancellations", case_id, reason="重复") == (201, "")
    assert (await request_of(cases, case_id))["state"] == "refused"
    case = await cases.now(case_id)
    assert (case.state, case.clock_state, case.next_at) == ("cancelled", "stopped", None)
