"""Counts of a period, a line for each unit, class or grid, cut from the cases by one statement for each base."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from moshao.cases.visibility import DISTRICT_ROLES
from moshao.catalogue.queries import catalogue_of
from moshao.figures.measures import BASES, MEASURES, Base, Measure, rates_of
from moshao.figures.schemas import By, FigureRow
from moshao.figures.wording import TOTAL, UNNAMED
from moshao.kit.db import Reader, Row, marks
from moshao.people.actor import Actor

GROUPS: dict[By, str] = {"unit": "unit_id", "class": "code_set, kind, major, minor", "grid": "grid_code"}
Key = tuple[Any, ...]


class Period(msgspec.Struct, frozen=True):
    """From `start` to before `end`, as things stand at `now`."""

    start: datetime
    end: datetime
    now: datetime


class Unit(msgspec.Struct, frozen=True):
    """`path`: the ids from the topmost unit down to itself."""

    id: UUID
    name: str
    path: tuple[str, ...]


def period_of(first: date, last: date, zone: str, now: datetime) -> Period:
    """Whole days of the district."""
    city = ZoneInfo(zone)
    start, end = (datetime.combine(day, time(), city) for day in (first, last + timedelta(days=1)))
    return Period(start, end, now)


async def count(reader: Reader, actor: Actor, period: Period, by: By) -> tuple[FigureRow, list[FigureRow]]:
    """The total of what `actor` may see, and its lines."""
    units = await units_seen(reader, actor)
    whose, args = within(actor, units)
    found: dict[Key, dict[str, int]] = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for base in BASES:
        names = [name for name, measure in MEASURES.items() if measure.base == base]
        for row in await reader.all(_statement(base, names, by, whose), *args, *times_of(base, period)):
            key = tuple(row[column] for column in GROUPS[by].split(", "))
            for name in names:
                found[key][name] += row[name]
    return _line("", TOTAL, 0, found.values()), await _lines(reader, actor, by, found, units)


async def units_seen(reader: Reader, actor: Actor) -> list[Unit]:
    """Of the district, or his own and those below; parents before children."""
    rows = await reader.all("SELECT id, name, path FROM units WHERE district_id = ? ORDER BY path", actor.district_id)
    units = [Unit(row["id"], row["name"], tuple(row["path"].split("/"))) for row in rows]
    return units if actor.role in DISTRICT_ROLES else [unit for unit in units if str(actor.unit_id) in unit.path]


def within(actor: Actor, units: Iterable[Unit]) -> tuple[str, list[Any]]:
    """What of the cases he may see, as a condition."""
    if actor.role in DISTRICT_ROLES:
        return "district_id = ?", [actor.district_id]
    ids = [unit.id for unit in units]
    return f"district_id = ? AND unit_id IN ({marks(len(ids))})", [actor.district_id, *ids]


def times_of(base: Base, period: Period) -> list[datetime]:
    """What the marks of a base stand for."""
    return [period.now] if base == "left" else [period.start, period.end]


def _statement(base: Base, names: Iterable[str], by: By, whose: str) -> str:
    sums = ", ".join(f"{summed(MEASURES[name])} AS {name}" for name in names)
    return f"SELECT {GROUPS[by]}, {sums} FROM cases WHERE {whose} AND {BASES[base]} GROUP BY {GROUPS[by]}"


def summed(measure: Measure) -> str:
    """A measure as a column of sums."""
    return f"CAST(sum(CASE WHEN {measure.where} THEN {measure.amount} ELSE 0 END) AS BIGINT)"


async def _lines(
    reader: Reader, actor: Actor, by: By, found: dict[Key, dict[str, int]], units: list[Unit]
) -> list[FigureRow]:
    if by == "unit":
        return _tree(found, units)
    if by == "grid":
        lines = [_line(key[0] or "", key[0] or UNNAMED, 0, [counts]) for key, counts in found.items()]
    else:
        catalogue = await catalogue_of(reader, actor.district_id)
        lines = []
        for key, counts in found.items():
            one = catalogue.find(*key)
            lines.append(_line(class_key(key), one.name_zh if one else UNNAMED, 0, [counts]))
    return sorted(lines, key=lambda line: (-line.due, -line.received, line.id))


def _tree(found: dict[Key, dict[str, int]], units: list[Unit]) -> list[FigureRow]:
    """Each unit with all below it; units that nothing is counted of are left out."""
    top = min((len(unit.path) for unit in units), default=0)
    lines = []
    for unit in units:
        below = [found[(one.id,)] for one in units if str(unit.id) in one.path and (one.id,) in found]
        if below:
            lines.append(_line(str(unit.id), unit.name, len(unit.path) - top, below))
    if (None,) in found:
        lines.append(_line("", UNNAMED, 0, [found[(None,)]]))
    return lines


def class_key(parts: Iterable[Row | str | None]) -> str:
    """The class of a case as one word: "GB/T 47678.5-2026|matter|06|010"."""
    return "|".join(str(part or "") for part in parts)


def _line(key: str, name: str, depth: int, parts: Iterable[dict[str, int]]) -> FigureRow:
    counts = dict.fromkeys(MEASURES, 0)
    for part in parts:
        for measure, number in part.items():
            counts[measure] += number
    return msgspec.convert({"id": key, "name": name, "depth": depth, **counts, **rates_of(counts)}, FigureRow)
