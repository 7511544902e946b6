"""The ladder: which step comes when. Pure."""

from datetime import datetime, timedelta
from typing import Literal, cast
from uuid import UUID

import msgspec

from moshao.people.settings import BellSettings, LadderTimes

Kind = Literal["first", "gateway", "second", "crew_leader", "supervisor", "leader", "call_list"]
ORDER: tuple[Kind, ...] = ("first", "gateway", "second", "crew_leader", "supervisor", "leader", "call_list")
# Other people are rung in all ways at once: time has passed already.
PEOPLE: tuple[Kind, ...] = ("second", "crew_leader", "supervisor", "leader")


class Step(msgspec.Struct, frozen=True):
    """`number`: which gateway."""

    kind: Kind
    number: int = 0

    def __str__(self) -> str:
        return f"{self.kind}.{self.number}" if self.kind == "gateway" else self.kind


FIRST = Step("first")


def step_called(text: str) -> Step:
    """As `str` wrote it."""
    kind, _, number = text.partition(".")
    return Step(cast(Kind, kind), int(number or 0))


def times_for(settings: BellSettings, unit_id: UUID | None, *, urgent: bool) -> LadderTimes:
    """The unit's own times, else the district's."""
    of = settings.by_unit.get(str(unit_id), settings)
    return of.urgent if urgent else of.normal


def step_after(
    taken: Step, times: LadderTimes, gateways: int, started_at: datetime, *, people: bool
) -> tuple[Step, datetime] | None:
    """What follows, and when; None at the top. `gateways`: how many the district has; `people`: whether others are
    rung, or the call list comes at once."""
    steps = sorted(_steps(gateways, people=people), key=lambda step: _place(step, times))
    after = next((step for step in steps if _place(step, times) > _place(taken, times)), None)
    return (after, started_at + timedelta(seconds=_seconds(after, times))) if after else None


def _steps(gateways: int, *, people: bool) -> list[Step]:
    others = [Step(kind) for kind in PEOPLE] if people else []
    return [*(Step("gateway", number) for number in range(gateways)), *others, Step("call_list")]


def _place(step: Step, times: LadderTimes) -> tuple[int, int, int]:
    """By time; steps of one moment in their usual order."""
    return _seconds(step, times), ORDER.index(step.kind), step.number


def _seconds(step: Step, times: LadderTimes) -> int:
    if step.kind == "first":
        return -1
    if step.kind == "gateway":
        return times.gateways + step.number * times.next_gateway
    return int(getattr(times, step.kind))
