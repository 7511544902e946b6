"""What crosses the wire about rules and known cases nearby."""

from typing import Annotated
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
