"""Put a case on record: its number, its first state, its clock."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from moshao.cases.case import Case, case_of, with_flags
from moshao.cases.clocks import started
from moshao.cases.district import duty_time
from moshao.cases.moving import Step, nothing_beside, start
from moshao.hours.limits import Limit
from moshao.kit import clock, ids
from moshao.kit.db import Statement, Tx
from moshao.people.queries import settings_of


class ClockFrom(msgspec.Struct, frozen=True, kw_only=True):
    """A clock that runs from the first moment: `at` the dispatch from above. `deadline` beats `limit`."""

    at: datetime
    limit: Limit | None = None
    deadline: datetime | None = None
    provisional: bool = False


Onward = Callable[[Case], Awaitable[Sequence[Step]]]


async def put_on_record(
    tx: Tx,
    district_id: UUID,
    *,
    state: str,
    step: Step,
    columns: dict[str, Any],
    flags: Collection[str] = (),
    case_no: str | None = None,
    clock_from: ClockFrom | None = None,
    case_id: UUID | None = None,
    onward: Onward | None = None,
    beside: Callable[[Case], Sequence[Statement]] = nothing_beside,
) -> Case:
    """A new case in `state`, in the lists of whoever `columns` names (unit, handler, reporter, inspector).

    `columns`: of `cases`, as they are known. `case_no`: upstream's, kept unless another case here has it. Without
    `clock_from` the clock starts when the case is first given to a unit, by the limit in `columns`. `onward`: the
    steps that take the new case on at once. `beside`: what else is written with it.
    """
    now = clock.now()
    row: dict[str, Any] = {
        "id": case_id or ids.new_id(),
        "district_id": district_id,
        "case_no": await _number(tx, district_id, case_no, now),
        "state": state,
        "flags": with_flags(" ", add=tuple(flags)),
        "created_at": now,
        **columns,
    }
    if clock_from is not None:
        duty = await duty_time(tx, district_id)
        row |= started(
            _as_case(row), clock_from.at, duty, limit=clock_from.limit, deadline_at=clock_from.deadline,
            provisional=clock_from.provisional,
        )  # fmt: skip
    return await start(tx, row, step, *(await onward(_as_case(row)) if onward else ()), beside=beside)


async def _number(tx: Tx, district_id: UUID, wanted: str | None, now: datetime) -> str:
    if wanted:
        taken = await tx.one("SELECT id FROM cases WHERE district_id = ? AND case_no = ?", district_id, wanted)
        if taken is None:
            return wanted
    settings = await settings_of(tx, district_id)
    day = now.astimezone(ZoneInfo(settings.zone)).strftime("%Y%m%d")
    last = await tx.value(
        "INSERT INTO case_numbers (id, district_id, day, last) VALUES (?, ?, ?, 1) "
        "ON CONFLICT (district_id, day) DO UPDATE SET last = case_numbers.last + 1 RETURNING last",
        ids.new_id(), district_id, day,
    )  # fmt: skip
    return f"{day}-{last:04}"


def _as_case(row: dict[str, Any]) -> Case:
    return case_of({name: row[name] for name in row if name in Case.__struct_fields__})
