"""What crosses the wire about the roster. Bodies refuse members they do not know."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from moshao.people.codes import AbsenceKind, ClassPrefix, GridCode
from moshao.people.schemas import Body, Instant, Name, Named, Phone, Role, StaffNo
from moshao.people.settings import DistrictSettings

Code = Annotated[str, Meta(min_length=1, max_length=30, pattern=r"^[0-9A-Za-z._-]+$")]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
UnitKind = Literal["district", "street", "department", "community", "team", "owner"]


class UnitBody(Body):
    name: Name
    code: Code
    kind: UnitKind
    parent_id: UUID | None = None
    street_code: Annotated[str, Meta(max_length=12)] | None = None
    phone: Phone | None = None
    active: bool = True


class PersonBody(Body):
    unit_id: UUID
    staff_no: StaffNo
    name: Name
    role: Role
    phone: Phone | None = None
    active: bool = True


class PostBody(Body):
    unit_id: UUID
    name: Name
    shared: bool = False


class ShiftBody(Body):
    """`until_minute` past 1440 ends tomorrow."""

    name: Name
    from_minute: Annotated[int, Meta(ge=0, lt=1440)]
    until_minute: Annotated[int, Meta(gt=0, le=2880)]
    weekdays: Annotated[str, Meta(pattern=r"^1?2?3?4?5?6?7?$", min_length=1)] = "1234567"
    holidays: Literal["as_usual", "off", "only"] = "as_usual"


class DutyBody(Body):
    unit_id: UUID
    person_id: UUID
    shift_id: UUID
    post_id: UUID | None = None
    grids: Annotated[list[GridCode], Meta(min_length=1, max_length=2000)] = msgspec.field(default_factory=lambda: ["*"])
    classes: Annotated[list[ClassPrefix], Meta(min_length=1, max_length=500)] = msgspec.field(
        default_factory=lambda: ["*"]
    )
    level: Annotated[int, Meta(ge=0, le=3)] = 0
    from_day: Day | None = None
    until_day: Day | None = None


class AbsenceBody(Body):
    """`hand_over`: his open cases go to whoever stands in, once it begins."""

    person_id: UUID
    from_at: Instant
    until_at: Instant
    kind: AbsenceKind = "leave"
    stand_in_id: UUID | None = None
    hand_over: bool = False


class CrewBody(Body):
    unit_id: UUID
    name: Name
    people: Annotated[list[UUID], Meta(max_length=200)] = []


class UnitView(msgspec.Struct, kw_only=True):
    id: UUID
    parent_id: UUID | None
    path: list[UUID]
    code: str
    name: str
    kind: UnitKind
    street_code: str | None
    phone: str | None
    active: bool


class PersonView(msgspec.Struct, kw_only=True):
    """`staff_no` is null for who needs only to name or call him."""

    id: UUID
    unit: Named
    staff_no: str | None
    name: str
    role: Role
    phone: str | None
    active: bool


class PostView(msgspec.Struct, kw_only=True):
    id: UUID
    unit_id: UUID
    name: str
    shared: bool


class ShiftView(msgspec.Struct, kw_only=True):
    id: UUID
    name: str
    from_minute: int
    until_minute: int
    weekdays: str
    holidays: str


class DutyView(msgspec.Struct, kw_only=True):
    id: UUID
    unit_id: UUID
    post_id: UUID | None
    person: Named
    shift_id: UUID
    grids: list[str]
    classes: list[str]
    level: int
    from_day: str | None
    until_day: str | None


class AbsenceView(msgspec.Struct, kw_only=True):
    id: UUID
    person: Named
    from_at: datetime
    until_at: datetime
    kind: str
    stand_in: Named | None
    hand_over: bool
    handed_over_at: datetime | None


class CrewView(msgspec.Struct, kw_only=True):
    id: UUID
    unit_id: UUID
    name: str
    people: list[Named]


class OnDutyView(msgspec.Struct, kw_only=True):
    """`stands_in_for`: the absent person whose duty this is."""

    duty_id: UUID
    unit_id: UUID
    post_id: UUID | None
    person: Named
    level: int
    grids: list[str]
    classes: list[str]
    stands_in_for: UUID | None


class Contact(msgspec.Struct, kw_only=True):
    id: UUID
    name: str
    role: Role
    unit: Named
    phone: str | None


class UnitList(msgspec.Struct, kw_only=True):
    """`next`: give it as `after` for the following page."""

    items: list[UnitView]
    next: UUID | None


class PersonList(msgspec.Struct, kw_only=True):
    items: list[PersonView]
    next: UUID | None


class PostList(msgspec.Struct, kw_only=True):
    items: list[PostView]
    next: UUID | None


class ShiftList(msgspec.Struct, kw_only=True):
    items: list[ShiftView]
    next: UUID | None


class DutyList(msgspec.Struct, kw_only=True):
    items: list[DutyView]
    next: UUID | None


class AbsenceList(msgspec.Struct, kw_only=True):
    items: list[AbsenceView]
    next: UUID | None


class CrewList(msgspec.Struct, kw_only=True):
    items: list[CrewView]
    next: UUID | None


class OnDutyList(msgspec.Struct, kw_only=True):
    items: list[OnDutyView]


class ContactList(msgspec.Struct, kw_only=True):
    items: list[Contact]


class SettingsView(msgspec.Struct, kw_only=True):
    district: Named
    code: str
    settings: DistrictSettings


class GapView(msgspec.Struct, kw_only=True):
    """Nobody answers for this grid and class from one instant to the other; `*`: any that no duty names."""

    grid: str
    class_: str = msgspec.field(name="class")
    from_at: datetime
    until_at: datetime


class GapList(msgspec.Struct, kw_only=True):
    """`more`: there are further gaps than fit into one answer."""

    items: list[GapView]
    more: bool


class UnitGaps(msgspec.Struct, kw_only=True):
    """In so many hours nobody of this unit answers for one of its grids and classes, or more."""

    unit_id: UUID
    hours: int


class GapCounts(msgspec.Struct, kw_only=True):
    items: list[UnitGaps]


class StandBy(msgspec.Struct, kw_only=True):
    """Somebody who answers by a duty: `level` 0 on duty, 1 and 2 on call, 3 leader on call. `stands_in_for`: the
    absent person whose duty it is."""

    duty_id: UUID
    person: Named
    level: int
    post_id: UUID | None
    stands_in_for: UUID | None


class StandBySpan(msgspec.Struct, kw_only=True):
    from_at: datetime
    until_at: datetime
    people: list[StandBy]


class StandByWeek(msgspec.Struct, kw_only=True):
    """Every hour asked for stands in one span; one without people is an hour in which nobody answers."""

    spans: list[StandBySpan]
