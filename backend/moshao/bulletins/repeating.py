"""Places where the same comes up again and again. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import cos, floor, radians
from typing import Any

from moshao.kit.db import Row
from moshao.places.distance import metres

RADIUS_M = 50.0
TIMES_LEAST = 3
DAYS = 30
# Shorter than any degree of latitude, so that cells are rather too large than too small.
DEGREE_M = 110_500.0


def repeated(rows: Iterable[Row]) -> list[list[Row]]:
    """Groups of cases of one class, each within `RADIUS_M` of another of its group, at least `TIMES_LEAST` of them;
    the largest first. A row has `class_key`, `lon`, `lat`; the order inside a group is the rows' own."""
    by_class: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        by_class[row["class_key"]].append(row)
    groups = [group for same in by_class.values() for group in _joined(same) if len(group) >= TIMES_LEAST]
    return sorted(groups, key=lambda group: (-len(group), str(group[-1]["case_no"])))


def _joined(rows: Sequence[Row]) -> list[list[Row]]:
    leader = list(range(len(rows)))

    def lead(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    # As wide as the radius where a degree is narrowest, so that only neighbouring cells hold neighbours.
    across = RADIUS_M / (DEGREE_M * max(0.01, cos(radians(max(abs(row["lat"]) for row in rows)))))
    along = RADIUS_M / DEGREE_M
    cells: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        x, y = floor(row["lon"] / across), floor(row["lat"] / along)
        for near_x in (x - 1, x, x + 1):
            for near_y in (y - 1, y, y + 1):
                for other in cells[near_x, near_y]:
                    if lead(other) != lead(at) and _near(rows[other], row):
                        leader[lead(at)] = lead(other)
        cells[x, y].append(at)
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for at, row in enumerate(rows):
        groups[lead(at)].append(row)
    return list(groups.values())


def _near(one: Row, other: Row) -> bool:
    return metres(one["lon"], one["lat"], other["lon"], other["lat"]) <= RADIUS_M
