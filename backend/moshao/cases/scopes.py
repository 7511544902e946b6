"""Whose lists a case stands in: follows from its columns, so no act has to think of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.journal.numbers import LAST
from moshao.kit import clock, ids
from moshao.kit.db import Statement, Tx, inserted, marks

NOT_GIVEN = "reporter"
# Whoever did the work once keeps the case in his list, whoever has it now.
DID_IT = "handed"

_COLUMNS = "id, case_id, scope_id, why, current, given_at, ended_at, changed_seq"
_SHOW_AGAIN = """
ON CONFLICT (case_id, scope_id) DO UPDATE SET current = excluded.current, changed_seq = excluded.changed_seq,
    ended_at = excluded.ended_at, given_at = coalesce(case_scopes.given_at, excluded.given_at),
    why = CASE WHEN case_scopes.why = 'handed' THEN case_scopes.why ELSE excluded.why END
"""


def followed(before: Case | None, after: Case, units: Sequence[UUID], at: datetime) -> list[Statement]:
    """What brings the lists up to date with a case that was `before` (None: it is new) and is now `after`, changed at
    `at`; of `units` (`units_over`) where its unit is another one. To be run with the lines of the change.

    Who loses it learns so by the number of this change; who had it before keeps the moment of the first time.
    """
    had = persons_of(before) if before else {}
    has = persons_of(after)
    new: dict[UUID, str] = {scope_id: why for scope_id, why in has.items() if had.get(scope_id) != why}
    gone = [scope_id for scope_id in had if scope_id not in has]
    left_unit = before is not None and before.unit_id not in (None, after.unit_id)
    new |= dict.fromkeys(units, "unit")
    statements = [] if before is None else _kept_and_lost(after, new, gone, left_unit=left_unit)
    if new:
        rows = [
            (ids.new_id(), after.id, scope_id, why, True, _given(why, at), after.ended_at, LAST)
            for scope_id, why in new.items()
        ]
        statements.append(inserted("case_scopes", _COLUMNS, rows, _SHOW_AGAIN))
    return statements


def _kept_and_lost(after: Case, new: Collection[UUID], gone: Sequence[UUID], *, left_unit: bool) -> list[Statement]:
    """One statement for every list that has it, but for the `new` ones: it stays there, or is `gone`."""
    stays, values = [], []
    if gone:
        stays.append(f"(why = ? OR scope_id NOT IN ({marks(len(gone))}))")
        values += [DID_IT, *gone]
    if left_unit:
        stays.append("why <> ?")
        values.append("unit")
    but_new = f" AND scope_id NOT IN ({marks(len(new))})" if new else ""
    sql = (
        f"UPDATE case_scopes SET changed_seq = ?, ended_at = ?, current = {' AND '.join(stays) or 'current'} "
        f"WHERE case_id = ? AND current = ?{but_new}"
    )
    return [(sql, (LAST, after.ended_at, *values, after.id, True, *new))]


async def show_to_units(tx: Tx, case_id: UUID, unit_id: UUID, changed_seq: int) -> set[UUID]:
    """The lists of its unit and of those above it, as the tree is now; the units that have it newly or no more."""
    units = await units_over(tx, unit_id)
    named = marks(len(units))
    lost = await tx.all(
        f"UPDATE case_scopes SET current = ? WHERE case_id = ? AND why = ? AND current AND scope_id NOT IN ({named}) "
        "RETURNING scope_id",
        False, case_id, "unit", *units,
    )  # fmt: skip
    has = await tx.all(
        f"SELECT scope_id FROM case_scopes WHERE case_id = ? AND current AND scope_id IN ({named})", case_id, *units
    )
    new = set(units) - {row["scope_id"] for row in has}
    if new:
        rows = [(ids.new_id(), case_id, unit, "unit", True, clock.now(), None, changed_seq) for unit in sorted(new)]
        sql, values = inserted("case_scopes", _COLUMNS, rows, _SHOW_AGAIN)
        await tx.run(sql, *values)
    return new | {row["scope_id"] for row in lost}


async def units_over(tx: Tx, unit_id: UUID | None) -> list[UUID]:
    """A case's unit and those above it: in the lists of all of them it stands."""
    if unit_id is None:
        return []
    path = await tx.once(("unit_path", unit_id), lambda: tx.value("SELECT path FROM units WHERE id = ?", unit_id))
    return [UUID(part) for part in str(path).split("/") if part] if path else [unit_id]


def _given(why: str, at: datetime) -> datetime | None:
    return None if why == NOT_GIVEN else at


def persons_of(case: Case) -> Mapping[UUID, str]:
    """The persons and the crew in whose lists the case stands, with the strongest reason of each.

    A case merged under a lead is on the lead's card: of those who work, nobody has it apart.
    """
    wanted: dict[UUID, str] = {}
    if case.lead_case_id is not None:
        return {case.reporter_id: NOT_GIVEN} if case.reporter_id else wanted
    weakest_first = [
        (case.reporter_id, NOT_GIVEN),
        *((helper, "helper") for helper in helpers_of(case)),
        (case.crew_id, "crew"),
        (case.inspector_id, "inspector"),
        (case.handler_id, "handler"),
        (case.handled_by, DID_IT),
    ]
    for scope_id, why in weakest_first:
        if scope_id is not None:
            wanted[scope_id] = why
    return wanted


def helpers_of(case: Case) -> tuple[UUID, ...]:
    if case.helpers == "[]":
        return ()
    return msgspec.json.decode(case.helpers, type=tuple[UUID, ...])
