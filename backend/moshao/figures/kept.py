"""Days that were counted before: which of a period still hold, and which are counted from the cases now."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from moshao.figures.measures import MEASURES
from moshao.figures.periods import DAY, Period, day_of
from moshao.figures.schemas import By
from moshao.kit.db import Reader

# What one day has by itself; what is late still has none.
KEPT = [name for name, measure in MEASURES.items() if measure.base != "left"]
COLUMNS: dict[By, str] = {
    "unit": "by_unit", "class": "by_class", "grid": "by_grid", "post": "by_post", "source": "by_source",
    "day": "by_unit",
}  # fmt: skip
# Further behind than this, and counting everything costs less than finding out what still holds.
BEHIND_MOST = 5000
_CHANGED = """
    SELECT c.deadline, c.filed_at, f.due_day, f.filed_day FROM cases c LEFT JOIN figure_cases f ON f.case_id = c.id
    WHERE c.district_id = ? AND c.changed_seq > ?
"""


class Line(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Of one day, unit and key (see `cutting`). `counts` in the order of `KEPT`; `minutes`: each case's (`lasting`)."""

    unit_id: UUID | None
    key: tuple[str | None, ...]
    counts: list[int]
    minutes: list[int]


_lines = msgspec.json.Decoder(list[Line])


class Kept(msgspec.Struct, frozen=True):
    """`days`: day → its lines; `live`: what of the period is to be counted from the cases."""

    days: dict[str, list[Line]]
    live: list[Period]


async def read_kept(reader: Reader, district_id: UUID, period: Period, by: By) -> Kept:
    """What is known of a period. A day without any case is known, too."""
    changed = await changed_days(reader, district_id, period.zone)
    if changed is None:
        return Kept({}, [period])
    column = COLUMNS[by]
    rows = await reader.all(
        f"SELECT day, {column} AS lines FROM figure_days WHERE district_id = ? AND day >= ? AND day <= ?",
        district_id, str(period.first), str(period.last),
    )  # fmt: skip
    waiting = changed | {row["day"] for row in rows if row["lines"] is None}
    days = {row["day"]: _lines.decode(row["lines"]) for row in rows if row["day"] not in waiting}
    return Kept(days, _runs(period, waiting))


async def changed_days(reader: Reader, district_id: UUID, zone: str) -> set[str] | None:
    """The days of the cases that changed since they were followed: where they stood then, and where they stand.
    None: too many, or nobody followed them yet."""
    head = await reader.one(
        "SELECT f.seq, f.zone, j.seq AS last FROM figure_heads f JOIN journal_heads j ON j.district_id = f.district_id "
        "WHERE f.district_id = ?", district_id,
    )  # fmt: skip
    if head is None or head["zone"] != zone or head["last"] - head["seq"] > BEHIND_MOST:
        return None
    return days_of(await reader.all(_CHANGED, district_id, head["seq"]), zone)


def days_of(rows: Iterable[dict[str, Any]], zone: str) -> set[str]:
    """Every day named in rows {due_day, filed_day, deadline, filed_at}."""
    days = set()
    for row in rows:
        days |= {row["due_day"], row["filed_day"], day_of(row["deadline"], zone), day_of(row["filed_at"], zone)}
    return {day for day in days if day is not None}


def _runs(period: Period, waiting: set[str]) -> list[Period]:
    """The waiting days of the period, those that follow each other as one."""
    runs: list[Period] = []
    for day in period.days():
        if str(day) not in waiting:
            continue
        if runs and runs[-1].last == day - DAY:
            runs[-1] = msgspec.structs.replace(runs[-1], last=day)
        else:
            runs.append(msgspec.structs.replace(period, first=day, last=day))
    return runs
