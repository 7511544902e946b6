"""What upstream says beats ours, from every state, and never makes an illegal one."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from moshao.cases.above import (
    Said,
    amended,
    cancelled,
    closed_above,
    merged,
    reopened,
    return_visited,
    rework_ordered,
    supervised,
    urged,
)
from moshao.cases.above_asking import check_requested, report_accepted, report_rejected, verify_requested
from moshao.cases.above_deciding import extension_decided, handback_decided, shelving_decided
from moshao.cases.case import Case, lock_case
from moshao.cases.filing import ClockFrom
from moshao.cases.kinds import KINDS
from moshao.cases.moving import Step
from moshao.cases.states import STATES
from moshao.hours.limits import Limit
from moshao.kit import clock, ids
from moshao.kit.db import Tx
from tests.api.cases.doing import act, request_of
from tests.api.cases.making import Cases

Told = Callable[[Tx, Case], Awaitable[Case]]
STEP = Step(kind="event", content="sha256:0")


def said(words: str = "请尽快") -> Said:
    return Said(at=clock.now(), words=words, by="市平台王科长")


async def tell(cases: Cases, case_id: Any, told: Told) -> Case:
    async def work(tx: Tx) -> Case:
        case = await lock_case(tx, case_id)
        assert case is not None
        return await told(tx, case)

    after = await cases.world.db.write(work)
    assert after == await cases.now(case_id)
    return after


EVENTS: dict[str, Told] = {
    "urged": lambda tx, case: urged(tx, case, STEP, said()),
    "supervised": lambda tx, case: supervised(tx, case, STEP, said(), clock.now() + timedelta(hours=1)),
    "cancelled": lambda tx, case: cancelled(tx, case, STEP, said()),
    "closed": lambda tx, case: closed_above(tx, case, STEP, said(), forced=True),
    "reopened": lambda tx, case: reopened(tx, case, STEP, said()),
    "rework_ordered": lambda tx, case: rework_ordered(tx, case, STEP, said()),
    "amended": lambda tx, case: amended(tx, case, STEP, said(), {"address": "东关大街 8 号"}),
    "report_accepted": lambda tx, case: report_accepted(tx, case, STEP, said(), {"external_case_id": "NY-9"}),
    "report_rejected": lambda tx, case: report_rejected(tx, case, STEP, said()),
    "verify_requested": lambda tx, case: verify_requested(tx, case, STEP, said(), None),
    "check_requested": lambda tx, case: check_requested(tx, case, STEP, said(), None),
    "extension": lambda tx, case: extension_decided(tx, case, STEP, said(), granted=True, request_id=None, until=None),
    "shelving": lambda tx, case: shelving_decided(
        tx, case, STEP, said(), granted=True, request_id=None, until=clock.now() + timedelta(days=9)
    ),
    "handback": lambda tx, case: handback_decided(tx, case, STEP, said(), granted=False, request_id=None),
    "return_visited": lambda tx, case: return_visited(tx, case, STEP, said(), satisfied=True),
}
# event → where it leads from each state it moves; from the others it moves nothing.
OPEN = ["received", "dispatched", "assigned", "in_progress", "handled", "feedback", "checking"]
HANDED_IN = ["handled", "feedback", "checking", "reported_up", "closed"]
LEADS: dict[str, dict[str, str]] = {
    "cancelled": dict.fromkeys(STATES, "cancelled"),
    "closed": dict.fromkeys(STATES, "closed"),
    "reopened": {"closed": "dispatched", "cancelled": "dispatched", "rejected": "received"},
    "rework_ordered": dict.fromkeys(HANDED_IN, "in_progress"),
    "report_accepted": dict.fromkeys(["reported", "verifying", "rejected"], "received"),
    "report_rejected": dict.fromkeys(["reported", "verifying", "rejected"], "rejected"),
    "verify_requested": dict.fromkeys(["reported", "verifying"], "verifying"),
    "check_requested": dict.fromkeys(HANDED_IN, "checking"),
    "shelving": dict.fromkeys(OPEN[:-1], "shelved"),
    "handback": {"returning": "dispatched"},
}


@pytest.mark.parametrize("event", sorted(EVENTS))
async def test_every_event_in_every_state(cases: Cases, event: str) -> None:
    for state in STATES:
        case_id = await cases.put(state)
        after = await tell(cases, case_id, EVENTS[event])
        assert after.state == LEADS.get(event, {}).get(state, state), state
        assert set(await cases.kinds(case_id)) <= set(KINDS)


async def test_words_from_above_are_kept_with_who_said_them(cases: Cases) -> None:
    case_id = await cases.put("feedback")
    await tell(cases, case_id, EVENTS["rework_ordered"])
    row = await cases.world.db.one("SELECT kind, round, said_by, words FROM case_words WHERE case_id = ?", case_id)
    assert row == {"kind": "reworked", "round": 2, "said_by": "市平台王科长", "words": "请尽快"}


async def test_rework_may_bring_its_own_deadline(cases: Cases) -> None:
    case_id, deadline = await cases.put("closed"), clock.now() + timedelta(days=2)
    after = await tell(cases, case_id, lambda tx, case: rework_ordered(tx, case, STEP, said(), deadline))
    assert (after.deadline, after.clock_state, after.ended_at) == (deadline, "running", None)


async def test_a_new_deadline_runs_unless_the_clock_stands(cases: Cases) -> None:
    new = ClockFrom(at=clock.now(), limit=Limit(1, "work_day"), deadline=clock.now() + timedelta(hours=9))

    async def told(tx: Tx, case: Case) -> Case:
        return await amended(tx, case, STEP, said(), {"urgency": "urgent"}, new)

    open_case = await tell(cases, await cases.put("assigned"), told)
    assert (open_case.deadline, open_case.urgency, open_case.clock_state) == (new.deadline, "urgent", "running")
    case_id = await cases.put("feedback")
    stopped_at = clock.now() + timedelta(hours=5)
    await cases.change(case_id, clock_state="stopped", clock_stopped_at=stopped_at, on_time=False, next_at=None)
    after = await tell(cases, case_id, told)
    assert (after.clock_state, after.on_time, after.next_at) == ("stopped", True, None)


async def test_a_reopened_case_begins_again(cases: Cases) -> None:
    case_id = await cases.put("closed")
    after = await tell(cases, case_id, EVENTS["reopened"])
    assert (after.round, after.handler_id, after.closure_id, after.unit_id, after.clock_state) == (
        2, None, None, cases.cast.units["street"], "running",
    )  # fmt: skip


async def test_upstream_merges_what_is_open(cases: Cases) -> None:
    lead_id, case_id = await cases.put("assigned"), await cases.put()

    async def told(tx: Tx, case: Case) -> Case:
        lead = await lock_case(tx, lead_id)
        assert lead is not None
        return await merged(tx, case, lead, STEP, said())

    assert (await tell(cases, case_id, told)).lead_case_id == lead_id
    ended = await cases.put("closed")
    assert (await tell(cases, ended, told)).lead_case_id is None


async def test_upstreams_word_on_what_was_asked(cases: Cases) -> None:
    case_id = await cases.put("assigned", decides_above=True)
    deadline = (await cases.now(case_id)).deadline
    await act(cases, "leader_of_crew", "extensions", case_id, reason="人手不够")
    await tell(
        cases,
        case_id,
        lambda tx, case: extension_decided(tx, case, STEP, said(), granted=False, request_id=None, until=None),
    )
    assert (await request_of(cases, case_id))["state"] == "refused"
    await act(cases, "leader_of_crew", "extensions", case_id, reason="人手还不够")
    request_id = (await request_of(cases, case_id))["id"]
    after = await tell(
        cases,
        case_id,
        lambda tx, case: extension_decided(tx, case, STEP, said(), granted=True, request_id=request_id, until=None),
    )
    assert deadline is not None
    assert (after.deadline, after.extensions) == (deadline + timedelta(hours=2), 1)


async def test_what_upstream_took_back_is_cancelled_here(cases: Cases) -> None:
    case_id = await cases.put("received", upstream_id=ids.new_id(), external_case_id="NY-1")
    await act(cases, "supervisor", "upstream_handbacks", case_id, reason="wrong_district")
    after = await tell(
        cases,
        case_id,
        lambda tx, case: handback_decided(tx, case, STEP, said(), granted=True, request_id=None),
    )
    assert after.state == "cancelled"
    assert await cases.kinds(case_id) == ["return_requested", "return_decided", "cancelled"]
