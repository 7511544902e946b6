"""A number opened: the cases that it counts, found by the very conditions that counted them."""

from typing import Any

from moshao.figures.counting import times_of
from moshao.figures.cutting import line_where
from moshao.figures.measures import BASES, MEASURES
from moshao.figures.periods import Period
from moshao.figures.schemas import By, CountedCase, CountedCases, Figure
from moshao.figures.sight import Sight, units_seen, within
from moshao.kit.db import Reader, Row

CASES_MOST = 500
_COLUMNS = "id, case_no, title, address, unit_id, state, deadline, ended_at, on_time"


async def open_figure(
    reader: Reader, sight: Sight, period: Period, figure: Figure, by: By, key: str | None
) -> CountedCases:
    """`key`: a line's; without one, the total."""
    measure, units = MEASURES[figure], await units_seen(reader, sight)
    whose, args = within(sight, units)
    where = f"{whose} AND {BASES[measure.base]} AND {measure.where}"
    args += times_of(measure.base, period)
    if key is not None:
        more, more_args = await line_where(reader, by, measure.base, key, units, period)
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
