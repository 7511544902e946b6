"""Counts of a period, a line for each unit, class, grid, post, day or source: days that were kept, and the rest counted
from its cases, a statement for each base."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import add
from typing import Any

import msgspec

from moshao.catalogue.queries import catalogue_of
from moshao.figures.cutting import Cut, cut, posts_of
from moshao.figures.kept import KEPT, Line, read_kept
from moshao.figures.lasting import MEASURED, Minutes, median_s, minutes_sql
from moshao.figures.measures import BASES, MEASURES, Base, Measure, rates_of
from moshao.figures.periods import Period
from moshao.figures.schemas import By, FigureRow
from moshao.figures.sight import Sight, Unit, units_seen, within
from moshao.figures.wording import TOTAL, UNNAMED
from moshao.kit.db import Reader, Row, as_id

Key = tuple[Any, ...]


class Found:
    """What was counted of one line, before rates are made of it."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(MEASURES, 0)
        self.minutes: Minutes = Counter()

    def add(self, other: "Found") -> None:
        for name, number in other.counts.items():
            self.counts[name] += number
        self.minutes.update(other.minutes)


async def count(reader: Reader, sight: Sight, period: Period, by: By) -> tuple[FigureRow, list[FigureRow]]:
    """The total of what is in sight, and its lines."""
    units = await units_seen(reader, sight)
    found = await _found(reader, sight, units, period, by)
    if by != "day":
        return _line("", TOTAL, 0, found.values()), await _lines(reader, sight, by, found, units)
    # What is late since before the period stands on none of its days.
    total, _ = await count(reader, sight, period, "unit")
    none = Found()
    return total, [_line(str(day), str(day), 0, [found.get((str(day),), none)]) for day in period.days()]


async def _found(reader: Reader, sight: Sight, units: list[Unit], period: Period, by: By) -> dict[Key, Found]:
    """Days as they were kept, the others from their cases, and what is late now."""
    kept = await read_kept(reader, sight.district_id, period, by)
    found = await count_from_cases(reader, sight, units, period, by, bases=("left",))
    for part in kept.live:
        for key, counts in (await count_from_cases(reader, sight, units, part, by)).items():
            found[key].add(counts)
    for key, (numbers, minutes) in _added_up(kept.days, sight, units, by).items():
        one = found[key]
        for name, number in zip(KEPT, numbers, strict=True):
            one.counts[name] += number
        one.minutes.update(minutes)
    return found


def _added_up(
    days: dict[str, list[Line]], sight: Sight, units: list[Unit], by: By
) -> dict[Key, tuple[list[int], list[int]]]:
    """Counts and minutes of each key: tens of thousands of lines in a quarter by grid, so little is done for each."""
    seen = None if sight.below is None else {unit.id for unit in units}
    sums: dict[Key, tuple[list[int], list[int]]] = {}
    for day, lines in days.items():
        for line in lines:
            if seen is not None and line.unit_id not in seen:
                continue
            key = _key_of(line, by, day)
            if (known := sums.get(key)) is None:
                sums[key] = (line.counts, line.minutes)
            else:
                known[0][:] = map(add, known[0], line.counts)
                known[1].extend(line.minutes)
    return sums


def _key_of(line: Line, by: By, day: str) -> Key:
    if by == "unit":
        return (line.unit_id,)
    return (day,) if by == "day" else line.key


async def count_from_cases(
    reader: Reader,
    sight: Sight,
    units: list[Unit],
    period: Period,
    by: By,
    *,
    bases: Iterable[Base] = ("due", "filed"),
    each_unit: bool = False,
) -> defaultdict[Key, Found]:
    """A statement for each base, grouped as `cutting.cut` says."""
    whose, args = within(sight, units)
    found: defaultdict[Key, Found] = defaultdict(Found)
    for base in bases:
        names = [name for name, measure in MEASURES.items() if measure.base == base]
        way = cut(by, base, period, reader.dialect, each_unit=each_unit)
        asked = (*way.args, *args, *times_of(base, period))
        for row in await reader.all(_sums(base, names, way, whose), *asked):
            line = found[_key(row, way)]
            for name in names:
                line.counts[name] += row[name]
        if base == "due":
            for row in await reader.all(_minutes(way, whose, minutes_sql(reader.dialect)), *asked):
                found[_key(row, way)].minutes[row["minutes"]] += row["times"]
    return found


def _key(row: Row, way: Cut) -> Key:
    """A person is named by the words of his id, as a kept day names him."""
    return tuple(str(row[name]) if name == "person_id" and row[name] else row[name] for name in way.keys)


def times_of(base: Base, period: Period) -> list[Any]:
    """What the marks of a base stand for."""
    return [period.now] if base == "left" else [period.start, period.end]


def _sums(base: Base, names: Iterable[str], way: Cut, whose: str) -> str:
    sums = ", ".join(f"{summed(MEASURES[name])} AS {name}" for name in names)
    return _grouped(way, f"{whose} AND {BASES[base]}", sums)


def _minutes(way: Cut, whose: str, minutes: str) -> str:
    own = {**way.keys, "minutes": minutes}
    return _grouped(
        msgspec.structs.replace(way, keys=own), f"{whose} AND {BASES['due']} AND {MEASURED}", "count(*) AS times"
    )


def _grouped(way: Cut, where: str, counted: str) -> str:
    keys = ", ".join(f"{expression} AS {name}" for name, expression in way.keys.items())
    groups = ", ".join(way.keys.values())
    return f"{way.ahead}SELECT {keys}, {counted} FROM {way.source} WHERE {where} GROUP BY {groups}"


def summed(measure: Measure) -> str:
    """A measure as a column of sums."""
    return f"CAST(sum(CASE WHEN {measure.where} THEN {measure.amount} ELSE 0 END) AS BIGINT)"


async def _lines(reader: Reader, sight: Sight, by: By, found: dict[Key, Found], units: list[Unit]) -> list[FigureRow]:
    if by == "unit":
        return _tree(found, units)
    if by == "post":
        lines = _posts(found, await posts_of(reader, units))
    elif by == "class":
        catalogue = await catalogue_of(reader, sight.district_id)
        lines = []
        for key, counts in found.items():
            one = catalogue.find(*key)
            lines.append(_line(class_key(key), one.name_zh if one else UNNAMED, 0, [counts]))
    else:
        lines = [_line(key[0] or "", key[0] or UNNAMED, 0, [counts]) for key, counts in found.items()]
    return sorted(lines, key=lambda line: (-line.due, -line.received, line.id))


def _tree(found: dict[Key, Found], units: list[Unit]) -> list[FigureRow]:
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


def _posts(found: dict[Key, Found], posts: dict[Any, tuple[str, str]]) -> list[FigureRow]:
    by_post: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for (person_id,), counts in found.items():
        post = posts.get(as_id(person_id)) if person_id else None
        by_post[post or ("", UNNAMED)].append(counts)
    return [_line(post_id, name, 0, parts) for (post_id, name), parts in by_post.items()]


def class_key(parts: Iterable[Row | str | None]) -> str:
    """The class of a case as one word: "GB/T 47678.5-2026|matter|06|010"."""
    return "|".join(str(part or "") for part in parts)


def _line(key: str, name: str, depth: int, parts: Iterable[Found]) -> FigureRow:
    parts = list(parts)
    counts = {name: sum(part.counts[name] for part in parts) for name in MEASURES}
    median = median_s(part.minutes for part in parts)
    said = {"id": key, "name": name, "depth": depth, "median_s": median, **counts, **rates_of(counts)}
    return msgspec.convert(said, FigureRow)
