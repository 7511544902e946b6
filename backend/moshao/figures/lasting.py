"""How long handling takes: the median, from counts of whole minutes, so that lines of a tree can be put together."""

from collections import Counter
from collections.abc import Iterable

from moshao.kit.db import Dialect

MINUTE_S = 60
Minutes = Counter[int]
# Handed in, and somebody was given it: what was fixed when it was reported took no time of anybody's.
MEASURED = "handled_at >= dispatched_at"


def minutes_sql(dialect: Dialect) -> str:
    """Whole minutes from the dispatch to the handing in, in wall time."""
    if dialect == "postgres":
        taken = "CAST(floor(extract(epoch FROM handled_at)) AS BIGINT)"
        return f"(({taken} - {taken.replace('handled_at', 'dispatched_at')}) / {MINUTE_S})"
    return f"((unixepoch(handled_at) - unixepoch(dispatched_at)) / {MINUTE_S})"


def median_s(parts: Iterable[Minutes]) -> int | None:
    """Seconds; of an even number, half way between the two in the middle. None of nothing."""
    together: Minutes = Counter()
    for part in parts:
        together.update(part)
    count = together.total()
    if not count:
        return None
    low, high = _at(together, (count - 1) // 2), _at(together, count // 2)
    return (low + high) * MINUTE_S // 2


def _at(minutes: Minutes, place: int) -> int:
    passed = 0
    for value in sorted(minutes):
        passed += minutes[value]
        if passed > place:
            return value
    raise IndexError(place)
