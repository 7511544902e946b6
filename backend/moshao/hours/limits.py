"""A time limit as cases carry it: so many hours or days, on the wall clock or in duty time."""

from typing import Literal, get_args

import msgspec

LimitUnit = Literal["urgent_hour", "urgent_day", "work_hour", "work_day"]

HOUR_SECONDS = 3600
# Above this a limit is a typing error.
LIMIT_MOST = 9999


class Limit(msgspec.Struct, frozen=True):
    """紧急工作时, 紧急工作日 (24 hours), 工作时, 工作日 (so many hours as the calendar says)."""

    value: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if not 1 <= self.value <= LIMIT_MOST:
            raise ValueError(f"a limit is 1 to {LIMIT_MOST} hours or days")

    @property
    def on_wall_clock(self) -> bool:
        """Nights and holidays count."""
        return self.unit in ("urgent_hour", "urgent_day")

    def seconds(self, hours_per_work_day: float) -> int:
        """The limit's length in its own time."""
        hours = {"urgent_hour": 1, "urgent_day": 24, "work_hour": 1, "work_day": hours_per_work_day}
        return round(self.value * hours[self.unit] * HOUR_SECONDS)


def limit_of(value: object, unit: object) -> Limit | None:
    """A limit from what another system sent, or None where it makes no sense."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LIMIT_MOST:
        return None
    return Limit(value, unit) if unit in get_args(LimitUnit) else None  # type: ignore[arg-type]
