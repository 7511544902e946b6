"""What is always so of a case, its lists and its journal, whatever was done to it."""

from collections.abc import Iterator

from moshao.cases.case import Case
from moshao.cases.kinds import KINDS
from moshao.cases.scopes import persons_of
from moshao.cases.states import ENDED, STATES
from moshao.kit.db import Reader

UNASSIGNED = frozenset({"received", "dispatched", "reported", "verifying"})


def faults_of(case: Case) -> Iterator[str]:
    """Everything about the row that can't be."""
    if case.state not in STATES:
        yield f"no state: {case.state}"
    if case.state in UNASSIGNED and (case.handler_id or case.crew_id):
        yield "somebody has it already"
    if case.state == "assigned" and not (case.handler_id or case.crew_id):
        yield "assigned to nobody"
    if case.state == "in_progress" and not case.handler_id:
        yield "in progress with nobody"
    if case.state in ("dispatched", "assigned", "in_progress", "handled") and not case.unit_id:
        yield "with no unit"
    if (case.state == "handled") != (case.turn_unit_id is not None) and not _beside(case):
        yield "whose turn is it?"
    if case.state in ENDED and case.ended_at is None:
        yield "ended at no time"
    if case.state not in ENDED and case.ended_at is not None and case.state_before != "closed":
        yield "ended and open"
    if (case.state == "shelved") != (case.shelved_until is not None):
        yield "shelved until when?"
    if case.state == "shelved" and case.next_at != case.shelved_until:
        yield "shelved for ever"
    goes_back = case.state in ("shelved", "checking", "returning")
    if case.state != "verifying" and goes_back != (case.state_before is not None):
        yield f"came from {case.state_before}"
    yield from _clock_faults(case)


def _clock_faults(case: Case) -> Iterator[str]:
    if case.clock_state == "running" and case.clock_stopped_at is not None:
        yield "running and stopped"
    if case.clock_state == "running" and case.on_time is not None:
        yield "judged while it runs"
    if case.clock_state != "running" and case.next_at is not None and case.state != "shelved":
        yield "a moment of a clock that stands"
    if case.clock_state == "paused" and case.state != "shelved":
        yield "paused and not shelved"
    if case.state in ("in_progress", "assigned", "dispatched") and case.clock_state != "running":
        yield "nobody counts the time"
    if case.state in ("closed", "reported_up") and case.clock_state != "stopped":
        yield "closed and counting"


def _beside(case: Case) -> bool:
    """Paused or checked while a unit's turn was on: it is again afterwards."""
    return case.state in ("shelved", "checking") and case.state_before == "handled"


async def faults_around(reader: Reader, case: Case) -> list[str]:
    """Where lists or journal say something else than the row."""
    faults = list(faults_of(case))
    lines = await reader.all(
        "SELECT seq, kind, round, state FROM journal_lines WHERE case_id = ? ORDER BY seq", case.id
    )
    last = lines[-1]
    if (last["seq"], last["round"], last["state"]) != (case.changed_seq, case.round, case.state):
        faults.append(f"the journal says {dict(last)}")
    faults += [f"no such kind: {line['kind']}" for line in lines if line["kind"] not in KINDS]
    rows = await reader.all("SELECT scope_id, why, current, changed_seq FROM case_scopes WHERE case_id = ?", case.id)
    listed = {row["scope_id"] for row in rows if row["current"] and row["why"] not in ("unit", "handed")}
    wanted = {scope_id for scope_id, why in persons_of(case).items() if why != "handed"}
    handed = {row["scope_id"] for row in rows if row["current"] and row["why"] == "handed"}
    if not listed <= set(persons_of(case)) or not wanted <= listed | handed:
        faults.append("it stands in the wrong lists")
    if any(row["current"] and row["changed_seq"] != case.changed_seq for row in rows):
        faults.append("a list does not know of the last change")
    units = {row["scope_id"] for row in rows if row["current"] and row["why"] == "unit"}
    if (case.unit_id is not None) != bool(units) or (case.unit_id and case.unit_id not in units):
        faults.append("it stands in the wrong units' lists")
    return faults
