"""Which unit a case goes to, and which person: decided on plain values, no clock, no database."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.people.rules import DAY_MINUTES, covers

# Somebody has to look before a case with one of these goes on.
HOLDING = frozenset({"no_place", "outside_district", "unknown_class"})


class Rule(msgspec.Struct, frozen=True):
    """A row of `dispatch_rules`."""

    priority: int
    unit_id: UUID
    grids: tuple[str, ...]
    classes: tuple[str, ...]
    from_minute: int
    until_minute: int


class Candidate(msgspec.Struct, frozen=True):
    """Somebody on duty who answers for the case."""

    person_id: UUID
    staff_no: str


def is_held(flags: str) -> bool:
    """Whether the case waits for a person to place it."""
    return not HOLDING.isdisjoint(flags.split())


def class_of(case: Case) -> str | None:
    """`kind:major` + minor as duties and rules write it."""
    return f"{case.kind}:{case.major}{case.minor}" if case.kind and case.major and case.minor else None


def unit_by_rule(rules: Iterable[Rule], grid: str | None, case_class: str | None, minute: int) -> UUID | None:
    """The unit of the first fitting rule by priority; `minute` of the day on the district's clock."""
    for rule in sorted(rules, key=lambda rule: rule.priority):
        if in_hours(rule, minute) and covers(rule.grids, rule.classes, grid, case_class):
            return rule.unit_id
    return None


def in_hours(rule: Rule, minute: int) -> bool:
    """Half open; hours that end before they begin run over midnight."""
    early, late = rule.from_minute, rule.until_minute
    if early < late:
        return early <= minute < min(late, DAY_MINUTES) or minute + DAY_MINUTES < late
    return minute >= early or minute < late


def least_burdened(candidates: Iterable[Candidate], open_cases: Mapping[UUID, int]) -> UUID | None:
    """Whoever has the fewest open cases, then the smallest staff number; None where nobody is on duty."""
    best = min(
        candidates,
        key=lambda person: (open_cases.get(person.person_id, 0), person.staff_no),
        default=None,
    )
    return best.person_id if best else None
