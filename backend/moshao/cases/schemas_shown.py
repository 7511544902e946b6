"""A case as it goes over the wire."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from moshao.places.geojson import Point


class Named(msgspec.Struct, frozen=True):
    """`id` is null for somebody outside (upstream)."""

    id: UUID | None
    name: str


class ShownUnit(msgspec.Struct, frozen=True):
    """`phone` is the unit's duty desk."""

    id: UUID
    name: str
    phone: str | None


class ShownSource(msgspec.Struct, frozen=True):
    """Where the case came from, as upstream codes and names it."""

    code: str | None
    name: str | None
    no: str | None


class ShownReporter(msgspec.Struct, frozen=True):
    """Masked: 张**, 138****1234."""

    name: str | None
    phone: str | None


class ShownLimit(msgspec.Struct, frozen=True):
    """`provisional` (暂定): the district's default, since neither upstream nor the catalogue named one."""

    value: int
    unit: str
    provisional: bool


class WorkTime(msgspec.Struct, frozen=True, kw_only=True):
    """What a limit in work time counts: `periods` of the day ("08:00-12:00"), so many hours a work day."""

    hours_per_day: float
    periods: list[str]
    holidays_excluded: bool


class ClosingCondition(msgspec.Struct, frozen=True, kw_only=True):
    """`class_gone`: what the class names is there no more, and the place is in order again."""

    code: Literal["class_gone"]
    class_zh: str
    class_en: str


class ShownClock(msgspec.Struct, frozen=True, kw_only=True):
    """`remaining_s` in the limit's own time, as it stood when this was sent; stopped: as it was left; negative: late.

    `warn_at`: the instants at which 50 % and 80 % of the time are used up. `why`: one line for people, in
    Chinese; for other languages `why_code` beside `limit` (with `work_time` where the limit counts that alone) says it.
    """

    state: Literal["running", "paused", "stopped"]
    limit: ShownLimit | None
    started_at: datetime | None
    stopped_at: datetime | None
    remaining_s: int | None
    warn_at: list[datetime]
    why: str | None
    why_code: Literal["from_above", "urgent_hour", "urgent_day", "work_hour", "work_day"] | None
    work_time: WorkTime | None


class ShownPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """`missing`: named, not here yet. `refused`: why its bytes were not taken. `marks` are for who reviews."""

    id: UUID
    sha256: str | None
    usage: str
    round: int
    act_id: UUID | None
    missing: bool
    refused: str | None
    marks: list[str]


class ShownRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Something asked for: extension · shelving · appeal · upstream_handback · supervision."""

    id: UUID
    kind: str
    state: str
    by: Named | None
    reason: str | None
    detail: dict[str, Any]
    until: datetime | None
    reply_by: datetime | None
    asked_at: datetime
    decided_at: datetime | None
    decided_by: Named | None
    decision_reason: str | None


class ShownReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why the case came back; `code` as chosen from a list, `photos` the ids of those that failed or prove it."""

    kind: str
    round: int
    code: str | None
    words: str | None
    by: Named | None
    at: datetime
    photos: list[UUID]


class ShownLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the journal: `note` is what was written with it, `code` the reason chosen from a list, `to` the
    person or unit it went to, `facts` what else the kind says (kinds.py), `act_id` the note whose photos and voice
    stand in `photos`. The last four are left out where there is nothing to say."""

    seq: int
    kind: str
    at: datetime
    done_at: datetime | None
    by: Named | None
    round: int
    note: str | None
    code: str | UnsetType = UNSET
    to: Named | UnsetType = UNSET
    facts: dict[str, Any] | UnsetType = UNSET
    act_id: UUID | UnsetType = UNSET


class ShownPhotoNeed(msgspec.Struct, frozen=True):
    after_min: int
    before_min: int


class ShownPhotoRule(msgspec.Struct, frozen=True, kw_only=True):
    """How many photos a closure of this class needs at least, for some outcomes others; what is asked, and why."""

    after_min: int
    before_min: int
    outcomes: dict[str, ShownPhotoNeed]
    asked: str
    why: str


class Allowed(msgspec.Struct, frozen=True):
    """What upstream lets us ask for."""

    handback: bool
    extension: bool


class MergedCase(msgspec.Struct, frozen=True):
    """A case whose work goes on under this one; its number, clock and reply are its own."""

    id: UUID
    case_no: str
    state: str
    deadline: datetime | None


class CaseDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A case whole, as contracts §8 says, and what else its screen needs."""

    id: UUID
    seq: int
    case_no: str
    external_case_id: str | None
    source: ShownSource
    state: str
    round: int
    flags: list[str]
    urgency: str
    code_set: str | None
    kind: str | None
    major: str | None
    minor: str | None
    major_name: str | None
    minor_name: str | None
    condition: str | None
    title: str | None
    description: str | None
    address: str | None
    location: Point | None
    grid_code: str | None
    component_code: str | None
    reporter: ShownReporter | None
    reporter_id: UUID | None
    deadline: datetime | None
    handback_deadline: datetime | None
    reply_due_at: datetime | None
    contact_required: bool
    allow: Allowed
    clock: ShownClock
    closing_condition: str | None
    closing_condition_is: ClosingCondition | None
    photo_rule: ShownPhotoRule
    unit: ShownUnit | None
    turn_unit: ShownUnit | None
    handler: Named | None
    crew: Named | None
    inspector: Named | None
    helpers: list[Named]
    lead_case_id: UUID | None
    merged: list[MergedCase]
    outcome: str | None
    reported_at: datetime | None
    dispatched_at: datetime | None
    handled_at: datetime | None
    ended_at: datetime | None
    on_time: bool | None
    shelved_until: datetime | None
    extensions: int
    photos: list[ShownPhoto]
    requests: list[ShownRequest]
    reasons: list[ShownReason]
    journal: list[ShownLine]
