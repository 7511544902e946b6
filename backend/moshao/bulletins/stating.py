"""What a bulletin stated and answers for later, and whose unit's line a case stands in."""

from collections.abc import Sequence
from uuid import UUID

from moshao.figures.sight import Unit

# What is late at some moment, or rates that follow from these, are not corrected.
STATED = ("received", "due", "closed", "closed_on_time", "reworked", "extended", "handbacks")


def third_tier(units: Sequence[Unit]) -> dict[UUID | None, str]:
    """Unit → name of the third-tier unit that it is or lies below; the district's centre is itself."""
    names = {str(unit.id): unit.name for unit in units}
    return {unit.id: names[unit.path[min(1, len(unit.path) - 1)]] for unit in units}
