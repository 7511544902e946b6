"""Who answers when, for what, and who may put whom in charge of it. Decisions only: no clock, no database."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from moshao.people.actor import ROLES

DAY_MINUTES = 1440
WORKING_WEEK = frozenset("12345")
EVERYWHERE = "*"
STAND_INS_MOST = 3
# A unit grid's code is whole (15 characters, older ones 14); a shorter one is a street or community: a prefix.
GRID_CODE_LEAST = 14
STREET_CODE = 12

DayKind = Literal["free", "work"]

MAY_KEEP: Mapping[str, frozenset[str]] = {
    "admin": ROLES,
    "unit_operator": frozenset({"handler", "inspector", "crew_leader", "unit_operator"}),
}
MAY_HELP: Mapping[str, frozenset[str]] = {
    "admin": ROLES,
    "supervisor": frozenset({"handler", "inspector", "crew_leader", "unit_operator"}),
    "unit_operator": frozenset({"handler", "inspector", "crew_leader"}),
    "crew_leader": frozenset({"handler", "inspector"}),
}


class Hours(msgspec.Struct, frozen=True):
    """A shift: minutes from midnight, `until_minute` past 1440 ends tomorrow; `weekdays` "1" Monday to "7".

    `from_day` and `until_day` (ISO, inclusive) bound the days on which it begins.
    """

    from_minute: int
    until_minute: int
    weekdays: str
    holidays: str = "as_usual"
    from_day: str | None = None
    until_day: str | None = None


class Moment(msgspec.Struct, frozen=True):
    """An instant on the district's wall clock, and what the holiday table says about days."""

    day: date
    minute: int
    days: Mapping[date, DayKind] = {}


def on_shift(hours: Hours, moment: Moment) -> Iterator[date]:
    """The days on which a shift began that is running now: today, or yesterday and past midnight."""
    if hours.from_minute <= moment.minute < hours.until_minute and begins_on(hours, moment.day, moment.days):
        yield moment.day
    yesterday = moment.day - timedelta(days=1)
    if moment.minute + DAY_MINUTES < hours.until_minute and begins_on(hours, yesterday, moment.days):
        yield yesterday


def begins_on(hours: Hours, day: date, days: Mapping[date, DayKind]) -> bool:
    """Whether this shift begins on `day`."""
    text = day.isoformat()
    if not (hours.from_day or text) <= text <= (hours.until_day or text):
        return False
    kind = days.get(day)
    if hours.holidays == "only":
        return kind == "free"
    if hours.holidays == "off" and kind == "free":
        return False
    if hours.holidays == "off" and kind == "work":
        return not WORKING_WEEK.isdisjoint(hours.weekdays)
    return str(day.isoweekday()) in hours.weekdays


def covers(grids: Collection[str], classes: Collection[str], grid: str | None, case_class: str | None) -> bool:
    """Whether a duty answers for this grid and class (`kind:major` + minor); what is unknown only `*` answers for."""
    return _covers_grid(grids, grid) and _covers_class(classes, case_class)


def lies_in(grid: str, code: str) -> bool:
    """Whether a unit grid is the one with this code, or lies in the street or community that has it."""
    if len(code) >= GRID_CODE_LEAST:
        return grid == code
    # 12 digits are a statistical code: a street's ends in 000, where its grids have their community's number.
    return grid.startswith(code[:9] if len(code) == STREET_CODE and code.endswith("000") else code)


def _covers_grid(grids: Collection[str], grid: str | None) -> bool:
    return EVERYWHERE in grids or (grid is not None and any(lies_in(grid, code) for code in grids))


def _covers_class(classes: Collection[str], case_class: str | None) -> bool:
    if EVERYWHERE in classes:
        return True
    return case_class is not None and any(case_class.startswith(prefix) for prefix in classes)


def answers_for(person_id: UUID, away: Mapping[UUID, UUID | None]) -> UUID | None:
    """Who answers in his place: himself, who stands in for him (or for that one), or nobody.

    `away`: those who are absent, each with his stand-in, if he has one.
    """
    standing: UUID | None = person_id
    for _ in range(STAND_INS_MOST + 1):
        if standing is None or standing not in away:
            return standing
        standing = away[standing]
    return None


def may_keep(role: str, before: str | None, after: str) -> bool:
    """Whether `role` may put a person on the roster, or change him, with these roles before and after."""
    allowed = MAY_KEEP.get(role, frozenset())
    return after in allowed and (before is None or before in allowed)


def may_help(role: str, whose: str) -> bool:
    """Whether `role` may pair phones, reset passwords and end devices for a person of role `whose`."""
    return whose in MAY_HELP.get(role, frozenset())
