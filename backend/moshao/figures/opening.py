"""A number opened: the cases that it counts, found by the very conditions that counted them."""

from typing import Any

from moshao.figures.counting import GROUPS, Period, Unit, times_of, units_seen, within
from moshao.figures.measures import BASES, MEASURES
from moshao.figures.schemas import By, CountedCase, CountedCases, Figure
from moshao.kit.db import Reader, Row, marks
from moshao.people.actor import Actor

CASES_MOST = 500
_COLUMNS = "id, case_no, title, address, unit_id, state, deadline, ended_at, on_time"


async def open_figure(
    reader: Reader, actor: Actor, period: Period, figure: Figure, by: By, key: str | None
) -> CountedCases:
    """`key`: a line's; without one, the total."""
    measure, units = MEASURES[figure], await units_seen(reader, actor)
    whose, args = within(actor, units)
    where = f"{whose} AND {BASES[measure.base]} AND {measure.where}"
    args += times_of(measure.base, period)
    if key is not None:
        more, more_args = _of_line(by, key, units)
        where, args = f"{where} AND {more}", args + more_args
    whole = await reader.one(
        f"SELECT count(*) AS count, CAST(coalesce(sum({measure.amount}), 0) AS BIGINT) AS total FROM cases "
        f"WHERE {where}", *args,
    )  # fmt: skip
    assert whole is not None
    rows = await reader.all(
        f"SELECT {_COLUMNS}, {measure.amount} AS amount FROM cases WHERE {where} ORDER BY deadline, id LIMIT ?",
        *args, CASES_MOST,
    )  # fmt: skip
    names = {unit.id: unit.name for unit in units}
    return CountedCases(
        figure=figure, sum=whole["total"], count=whole["count"], cases=[_case(row, names) for row in rows]
    )


def _of_line(by: By, key: str, units: list[Unit]) -> tuple[str, list[Any]]:
    if by == "unit" and key:
        ids = [unit.id for unit in units if key in unit.path]
        return (f"unit_id IN ({marks(len(ids))})", ids) if ids else ("1 = 0", [])
    columns = GROUPS[by].split(", ")
    parts = dict(zip(columns, key.split("|"), strict=False))
    conditions = [f"{column} = ?" if parts.get(column) else f"{column} IS NULL" for column in columns]
    return " AND ".join(conditions), [part for part in parts.values() if part]


def _case(row: Row, units: dict[Any, str]) -> CountedCase:
    return CountedCase(
        id=row["id"],
        case_no=row["case_no"],
        title=row["title"],
        address=row["address"],
        unit=units.get(row["unit_id"]),
        state=row["state"],
        deadline=row["deadline"],
        ended_at=row["ended_at"],
        on_time=None if row["on_time"] is None else bool(row["on_time"]),
        amount=row["amount"],
    )
