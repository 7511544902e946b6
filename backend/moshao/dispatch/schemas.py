"""What crosses the wire about rules and known cases nearby."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from moshao.people.codes import ClassPrefix, GridCode
from moshao.places.geojson import Point

Minute = Annotated[int, Meta(ge=0, le=1440)]


class RuleBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which unit answers: for these grids or streets, these classes, in these minutes of the day. `until_minute`
    at or before `from_minute` runs over midnight. The smallest `priority` that fits wins."""

    priority: Annotated[int, Meta(ge=0, le=100_000)]
    unit_id: UUID
    grids: Annotated[list[GridCode], Meta(min_length=1, max_length=5000)]
    classes: Annotated[list[ClassPrefix], Meta(min_length=1, max_length=1000)]
    from_minute: Minute = 0
    until_minute: Minute = 1440


class RuleView(RuleBody, kw_only=True):
    id: UUID


class RuleList(msgspec.Struct):
    rules: list[RuleView]


class KnownCase(msgspec.Struct, kw_only=True):
    """An open case nearby, as much of it as a reporter needs."""

    id: UUID
    kind: str | None
    major: str | None
    minor: str | None
    location: Point
    state: str
    distance_m: int


class KnownCases(msgspec.Struct):
    """The nearest first."""

    cases: list[KnownCase]


Why = Literal[
    "no_place", "outside_district", "unknown_class", "handed_back", "sent_by_hand", "no_rule", "nobody_on_duty"
]


class CaseLine(msgspec.Struct, kw_only=True):
    """A case as a list of the dispatcher names it."""

    id: UUID
    case_no: str
    kind: str | None
    major: str | None
    minor: str | None
    class_name: str | None
    title: str | None
    address: str | None
    grid_code: str | None
    created_at: datetime


class UnplacedCase(CaseLine, kw_only=True):
    """`why`: what keeps rules and roster from placing it. `nobody_on_duty`: its unit is known (`unit_name`), and
    nobody there answers for this grid and class now. `suggested_unit_id`: where the rules would send it if somebody
    lets them."""

    why: list[Why]
    deadline: datetime | None
    unit_name: str | None
    suggested_unit_id: UUID | None
    suggested_unit: str | None


class UnplacedCases(msgspec.Struct, kw_only=True):
    """The one due first first."""

    cases: list[UnplacedCase]
    more: bool


class PreviewBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A rule that is not in force: `rule` as it would stand under `rule_id` (None: it would be ended), against cases
    of the last `days`."""

    rule_id: UUID
    rule: RuleBody | None = None
    days: Annotated[int, Meta(ge=1, le=31)] = 7


class PreviewedCase(CaseLine, kw_only=True):
    """`before`: the unit that the rules in force and the streets name, `after`: the one that they would name then."""

    before: str | None
    after: str | None


class RulePreview(msgspec.Struct, kw_only=True):
    """Of `looked_at` cases the rule `places` so many, of which `moves` would go elsewhere than by today's rules;
    `newly` of them nobody places today. `cases`: those that would go elsewhere, the last first; none for who sees no
    cases. `more`: not every case of these days was looked at."""

    looked_at: int
    places: int
    moves: int
    newly: int
    cases: list[PreviewedCase]
    more: bool
