"""Give the open cases of one person to another, or to whoever is on duty for each. What handing over stands on."""

from collections import Counter
from datetime import datetime
from uuid import UUID

import msgspec

from moshao.cases.acting import Handed
from moshao.cases.case import COLUMNS, Case, case_of
from moshao.cases.giving import give_to_person
from moshao.cases.kinds import KINDS
from moshao.cases.moving import Step, move
from moshao.cases.scopes import helpers_of
from moshao.dispatch.choosing import BURDEN, WORKERS, Roster
from moshao.dispatch.inspecting import name_inspector
from moshao.dispatch.placing import locate
from moshao.journal.appending import Line, append
from moshao.kit.db import Tx, marks
from moshao.people.queries import Person

LOOKS = {"verifying": "verify_asked", "checking": "check_asked"}


async def pass_on(
    tx: Tx, whose: Person, to: Person | None, roster: Roster, *, at: datetime, step: Step, away: bool = False
) -> Handed:
    """Each case he works on or is to look at goes to `to`, where its unit is his; with no `to` by the roster.

    `step` says who and why. Every case has its own line; each who got some has one more that counts them, for
    the bell; where nobody did, one says so. Helpers stay.
    """
    got: Counter[UUID] = Counter()
    gone, left = [], []
    for case in await _held(tx, whose.id):
        next_id = await _next(tx, case, whose, to, roster)
        if next_id is None:
            left.append(case.id)
            continue
        await _give(tx, case, next_id, at, step)
        got[next_id] += 1
        gone.append(case.id)
    if not got:
        return Handed(left=tuple(left), seq=await note_nothing_yet(tx, whose, step, away=away))
    lines = [_counted(whose.id, next_id, cases, step, away) for next_id, cases in sorted(got.items())]
    seq = await append(tx, whose.district_id, lines)
    return Handed(cases=tuple(gone), left=tuple(left), seq=seq)


async def note_nothing_yet(tx: Tx, whose: Person, step: Step, *, away: bool) -> int:
    """Its line, for an act that moves no case (now); the line's number."""
    return await append(tx, whose.district_id, [_counted(whose.id, None, 0, step, away)])


async def _held(tx: Tx, person_id: UUID) -> list[Case]:
    """What he is responsible for, locked. A merged case goes with its lead."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM cases WHERE lead_case_id IS NULL AND "
        f"((handler_id = ? AND state IN ({marks(len(BURDEN))})) OR "
        f"(inspector_id = ? AND state IN ({marks(len(LOOKS))}))) ORDER BY id" + tx.for_update(),
        person_id, *BURDEN, person_id, *LOOKS,
    )  # fmt: skip
    return [case_of(row) for row in rows]


async def _next(tx: Tx, case: Case, whose: Person, to: Person | None, roster: Roster) -> UUID | None:
    if case.state in LOOKS:
        if to is None:
            return await name_inspector(tx, case, but=whose.id)
        return to.id if to.role == "inspector" else None
    if case.unit_id is None:
        return None
    if to is None:
        return await roster.choose(case.unit_id, case, await locate(tx, case), but=whose.id)
    return to.id if to.role in WORKERS and case.unit_id in to.unit_path else None


async def _give(tx: Tx, case: Case, next_id: UUID, at: datetime, step: Step) -> None:
    facts = {**step.facts, "handover": True}
    if case.state in LOOKS:
        looks = msgspec.structs.replace(
            step, kind=LOOKS[case.state], changes={"inspector_id": next_id}, facts={"person_id": next_id, **facts}
        )
        await move(tx, case, looks)
        return
    await give_to_person(
        tx, case, person_id=next_id, crew_id=case.crew_id,
        helpers=[helper for helper in helpers_of(case) if helper != next_id], at=at,
        step=msgspec.structs.replace(step, kind="transferred", facts=facts),
    )  # fmt: skip


def _counted(from_id: UUID, to_id: UUID | None, cases: int, step: Step, away: bool) -> Line:
    return Line(
        kind=KINDS.known("handed_over"), act_id=step.act_id, person_id=step.person_id, done_at=step.done_at,
        facts={"from_id": from_id, "to_id": to_id, "cases": cases, "away": away}, content=step.content,
    )  # fmt: skip
