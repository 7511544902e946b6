"""What is counted, as conditions on a case. Pure: a number and the list behind it are cut by the same words.

Each measure stands on a base: the cases it can count at all. words.md §5 is where the formulas come from.
"""

from typing import Literal

import msgspec

Base = Literal["due", "filed", "left"]

# Neither shelved nor cancelled ones (a granted handback to upstream ends as one) are asked for; nor is what was
# granted on appeal.
_OPEN = (
    "'reported', 'verifying', 'received', 'dispatched', 'assigned', 'in_progress', 'handled', 'feedback', 'checking', "
    "'returning', 'reported_up'"
)
_NOT_EXEMPT = "flags NOT LIKE '% exempt %'"
BASES: dict[Base, str] = {
    "due": f"deadline >= ? AND deadline < ? AND state IN ({_OPEN}, 'closed') AND {_NOT_EXEMPT}",
    "filed": "filed_at >= ? AND filed_at < ?",
    # Whatever the period: what is late still, now. (Without the closed ones, or their index is walked through.)
    "left": f"deadline < ? AND clock_state = 'running' AND ended_at IS NULL AND state IN ({_OPEN}) AND {_NOT_EXEMPT}",
}
# The time that puts a case of a base on one day or another.
TIMES: dict[Base, str] = {"due": "deadline", "filed": "filed_at", "left": "deadline"}
_HANDED_IN = "(handled_at IS NOT NULL OR state = 'closed')"
_IN_TIME = "(handled_at <= deadline OR (handled_at IS NULL AND on_time))"
# A round is also what a reopening adds: the journal says which it was.
_REWORKED = "(round > 1 AND EXISTS (SELECT 1 FROM journal_lines j WHERE j.case_id = cases.id AND j.kind = 'reworked'))"


class Measure(msgspec.Struct, frozen=True):
    """`amount`: what a case adds to the sum, where that is not 1."""

    base: Base
    where: str = "1 = 1"
    amount: str = "1"


MEASURES: dict[str, Measure] = {
    "due": Measure("due"),
    "closed": Measure("due", "state = 'closed'"),
    "closed_on_time": Measure("due", "state = 'closed' AND on_time"),
    "handled": Measure("due", _HANDED_IN),
    "handled_on_time": Measure("due", f"{_HANDED_IN} AND {_IN_TIME}"),
    "worked_on": Measure("due", f"({_HANDED_IN} OR {_REWORKED})"),
    "reworked": Measure("due", _REWORKED),
    "received": Measure("filed"),
    "extended": Measure("filed", "extensions > 0"),
    "handbacks": Measure("filed", "handbacks > 0", "handbacks"),
    "overdue_left": Measure("left"),
}
# Rate → (part, whole).
RATES: dict[str, tuple[str, str]] = {
    "closed_rate": ("closed", "due"),
    "closed_on_time_rate": ("closed_on_time", "due"),
    "handled_rate": ("handled", "due"),
    "handled_on_time_rate": ("handled_on_time", "due"),
    "rework_rate": ("reworked", "worked_on"),
    "extension_rate": ("extended", "received"),
    "handback_rate": ("handbacks", "received"),
}


def rate(part: int, whole: int) -> int | None:
    """In ten-thousandths, half of one upwards; None where there is nothing to be a part of."""
    return None if whole == 0 else (part * 20_000 + whole) // (2 * whole)


def rates_of(counts: dict[str, int]) -> dict[str, int | None]:
    """Every rate of these counts."""
    return {name: rate(counts[part], counts[whole]) for name, (part, whole) in RATES.items()}
