"""The one way in which a case changes: conditionally, with its journal line, seen by whoever has it in his list."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.cases.case import Case, case_of
from moshao.cases.kinds import KINDS
from moshao.cases.saying import Remark, put_words
from moshao.cases.scopes import followed, units_over
from moshao.cases.sealed_rows import seal_of_case, seal_of_verbatim, seals_of_requests, verbatim_of
from moshao.journal.appending import Line, append_with
from moshao.journal.numbers import LAST
from moshao.journal.seals import SALT_OCTETS
from moshao.kit import clock, errors, ids
from moshao.kit.db import Statement, Tx, inserted

someone_was_first = errors.refusal("someone_was_first", 409, "已有人先一步处理了此案件，请刷新后再看")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One change: `kind` in the journal's past tense, `changes` the columns it sets, `facts` as in the journal.

    `said`: the words that came with it. `requests`: those of `case_requests` that were asked or decided before it;
    `gone`: what it took out, by the name that its digest has (an id). The line seals all of them.
    """

    kind: str
    changes: Mapping[str, Any] = {}
    act_id: UUID | None = None
    person_id: UUID | None = None
    unit_id: UUID | None = None
    done_at: datetime | None = None
    facts: Mapping[str, Any] = {}
    content: str | None = None
    said: Remark | None = None
    requests: tuple[UUID, ...] = ()
    gone: tuple[str, ...] = ()


def alone(step: Step, **changes: Any) -> Step:
    """The step with other members, for a further line or another case: the words and requests stay where they were."""
    return msgspec.structs.replace(step, said=None, requests=(), gone=(), **changes)


def nothing_beside(_: Case) -> Sequence[Statement]:
    return ()


async def move(
    tx: Tx, case: Case, *steps: Step, beside: Callable[[Case], Sequence[Statement]] = nothing_beside
) -> Case:
    """Apply `steps` in order, each with its own journal line; the case as it stands after them.

    Its lists follow: persons, crew and unit of the case. `beside`: what else is to be written with the lines, for the
    case as it will stand (`changed_seq` is not known yet: `LAST`).
    Raises `someone_was_first` where the case is no longer as `case` says (state, round and last change).
    """
    after, lines = case, []
    for step in steps:
        after = msgspec.structs.replace(after, **step.changes)
        lines.append(_line(after, step, await _seals(tx, after, step)))
    lines[-1] = _sealing(lines[-1], after)
    changes: dict[str, Any] = {}
    for step in steps:
        changes |= step.changes
    # A column named anew is an index written anew.
    changes = {name: value for name, value in changes.items() if getattr(case, name) != value}
    units = await units_over(tx, after.unit_id) if case.unit_id != after.unit_id else []
    changes["changed_seq"] = LAST
    sets = ", ".join(f"{name} = ?" for name in changes)
    moved = (
        f"UPDATE cases SET {sets} WHERE id = ? AND state = ? AND round = ? AND changed_seq = ?",
        (*changes.values(), case.id, case.state, case.round, case.changed_seq),
    )
    others = (*followed(case, after, units, clock.now()), *beside(after))
    seq, (touched, *_) = await append_with(tx, case.district_id, lines, moved, *others)
    if not touched:
        raise someone_was_first()
    return msgspec.structs.replace(after, changed_seq=seq)


async def start(
    tx: Tx, row: Mapping[str, Any], *steps: Step, beside: Callable[[Case], Sequence[Statement]] = nothing_beside
) -> Case:
    """Put a new case on record: `row` holds the columns of `cases`, the first step is the journal line of its coming.
    Further ones take it on at once: nobody sees it where it was between them. `beside`: as in `move`."""
    changes: dict[str, Any] = {"salt": ids.new_secret(SALT_OCTETS)}
    case, lines = case_of({**row, **changes}), []
    for step in steps:
        case = msgspec.structs.replace(case, **step.changes)
        lines.append(_line(case, step, await _seals(tx, case, step)))
        changes |= step.changes
    lines[-1] = _sealing(lines[-1], case, row.get("verbatim"))
    units = await units_over(tx, case.unit_id)
    whole = {**row, **changes, "changed_seq": LAST}
    made = inserted("cases", ", ".join(whole), [list(whole.values())])
    others = (*followed(None, case, units, clock.now()), *beside(case))
    seq, _ = await append_with(tx, case.district_id, lines, made, *others)
    return msgspec.structs.replace(case, changed_seq=seq)


async def _seals(tx: Tx, case: Case, step: Step) -> dict[str, str | None]:
    """Puts the step's words on record; the digests of them and of the requests that it is about."""
    seals: dict[str, str | None] = dict.fromkeys(step.gone)
    if step.said is not None:
        seals |= await put_words(tx, case, step.kind, step.said, step.act_id, step.person_id)
    return seals | await seals_of_requests(tx, step.requests)


def _sealing(line: Line, case: Case, verbatim: str | None = None) -> Line:
    """The line after which the case stands like this."""
    seals = {**line.seals, str(case.id): seal_of_case(case)}
    if verbatim is not None:
        seals[verbatim_of(case.id)] = seal_of_verbatim(case.id, case.salt, verbatim)
    return msgspec.structs.replace(line, seals=seals)


def _line(case: Case, step: Step, seals: dict[str, str | None]) -> Line:
    return Line(
        kind=KINDS.known(step.kind), case_id=case.id, act_id=step.act_id, person_id=step.person_id,
        unit_id=step.unit_id or case.unit_id, round=case.round, state=case.state, done_at=step.done_at,
        facts=step.facts, content=step.content, seals=seals,
    )  # fmt: skip
