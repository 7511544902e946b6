"""How the cases of a period are cut into lines: by what, and which cases belong to one line."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from moshao.figures.measures import TIMES, Base
from moshao.figures.periods import Period, midnight
from moshao.figures.schemas import By
from moshao.figures.sight import Unit
from moshao.kit.db import Dialect, Reader, marks

# Name → the expression that gives it. Whoever did the work stands where he is on duty now.
PERSON = "coalesce(handled_by, handler_id)"
SOURCE = "coalesce(source_name, source_code)"
_COLUMNS: dict[By, dict[str, str]] = {
    "unit": {"unit_id": "unit_id"},
    "class": {name: name for name in ("code_set", "kind", "major", "minor")},
    "grid": {"grid_code": "grid_code"},
    "source": {"source": SOURCE},
    "post": {"person_id": PERSON},
}


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """Of one base. `ahead`: what the statement begins with, and its arguments; `source`: what it reads from;
    `keys`: name → expression."""

    ahead: str
    args: list[Any]
    source: str
    keys: dict[str, str]


def cut(by: By, base: Base, period: Period, dialect: Dialect, *, each_unit: bool = False) -> Cut:
    """How a statement over a base is cut; `each_unit`: first by unit, then by `by` (no day)."""
    if each_unit:
        rest = {} if by == "unit" else _COLUMNS[by]
        return Cut(ahead="", args=[], source="cases", keys={**_COLUMNS["unit"], **rest})
    if by != "day":
        return Cut(ahead="", args=[], source="cases", keys=_COLUMNS[by])
    # A day is no column: it is where the time that counts lies between two midnights of the district.
    mark = "(?, CAST(? AS TIMESTAMPTZ), CAST(? AS TIMESTAMPTZ))" if dialect == "postgres" else "(?, ?, ?)"
    days = period.days()
    ends = [midnight(day, period.zone) for day in days[1:]] + [period.end]
    args = [part for day, end in zip(days, ends, strict=True) for part in (str(day), midnight(day, period.zone), end)]
    return Cut(
        ahead=f"WITH days(day, day_from, day_until) AS (VALUES {', '.join([mark] * len(days))}) ",
        args=args,
        source=f"days JOIN cases ON {TIMES[base]} >= day_from AND {TIMES[base]} < day_until",
        keys={"day": "day"},
    )


async def line_where(
    reader: Reader, by: By, base: Base, key: str, units: Iterable[Unit], period: Period
) -> tuple[str, list[Any]]:
    """The condition of one line, by its id."""
    if by == "unit" and key:
        ids = [unit.id for unit in units if key in unit.path]
        return (f"unit_id IN ({marks(len(ids))})", ids) if ids else ("1 = 0", [])
    if by == "day":
        day = next((day for day in period.days() if str(day) == key), None)
        if day is None:
            return "1 = 0", []
        one = Period(day, day, period.zone, period.now)
        return f"{TIMES[base]} >= ? AND {TIMES[base]} < ?", [one.start, one.end]
    if by == "post":
        return _of_post(key, await posts_of(reader, units))
    columns = list(_COLUMNS[by].values())
    parts = dict(zip(columns, key.split("|") if by == "class" else [key], strict=False))
    conditions = [f"{column} = ?" if parts.get(column) else f"{column} IS NULL" for column in columns]
    return " AND ".join(conditions), [part for part in parts.values() if part]


def _of_post(key: str, posts: dict[UUID, tuple[str, str]]) -> tuple[str, list[Any]]:
    ids = [person_id for person_id, (post_id, _) in posts.items() if not key or post_id == key]
    if key:
        return (f"{PERSON} IN ({marks(len(ids))})", ids) if ids else ("1 = 0", [])
    others = f" OR {PERSON} NOT IN ({marks(len(ids))})" if ids else f" OR {PERSON} IS NOT NULL"
    return f"({PERSON} IS NULL{others})", ids


async def posts_of(reader: Reader, units: Iterable[Unit]) -> dict[UUID, tuple[str, str]]:
    """Person → id and name of his post; of several, the first by name."""
    seen = {unit.id: unit.name for unit in units}
    rows = await reader.all(
        "SELECT d.person_id, p.id, p.unit_id, p.name FROM duties d JOIN posts p ON p.id = d.post_id "
        f"WHERE p.unit_id IN ({marks(len(seen))}) ORDER BY p.name DESC, p.id DESC", *seen,
    )  # fmt: skip
    return {row["person_id"]: (str(row["id"]), f"{seen[row['unit_id']]} · {row['name']}") for row in rows}
