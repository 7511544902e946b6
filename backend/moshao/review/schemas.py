"""What the desk is told."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from moshao.cases.schemas_shown import CaseDocument, Named, ShownClock
from moshao.places.geojson import Point

DESK_MOST = 200
GIVEN_MOST = 100
PASSED_OVER_MOST = 1000


class BoardRow(msgspec.Struct, frozen=True, kw_only=True):
    """A case as a line of the board: its members are those of the case whole, as far as a line needs them.

    `asked`: the kinds of requests that wait for a decision.
    """

    id: UUID
    seq: int
    case_no: str
    external_case_id: str | None
    source_name: str | None
    state: str
    round: int
    flags: list[str]
    urgency: str
    kind: str | None
    major: str | None
    minor: str | None
    major_name: str | None
    minor_name: str | None
    title: str | None
    description: str | None
    address: str | None
    location: Point | None
    grid_code: str | None
    deadline: datetime | None
    clock: ShownClock
    unit: Named | None
    turn_unit: Named | None
    handler: Named | None
    crew: Named | None
    inspector: Named | None
    lead_case_id: UUID | None
    asked: list[str]
    dispatched_at: datetime | None
    handled_at: datetime | None
    ended_at: datetime | None


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the board in journal order: ask on with `after` = `next` while there is `more`.

    Then follow `GET /api/changes` from the FIRST page's `seq`, with its `epoch` and `roster` and `until` 0.
    """

    epoch: str
    seq: int
    roster: int
    rows: list[BoardRow]
    more: bool
    next: int


class SeenPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a phone was, in WGS-84. `distance_m`: from the case's place, where that is known."""

    lon: float
    lat: float
    accuracy_m: float | None
    distance_m: int | None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did about the case on the spot: `act` closures · checks · verifications · reports · registrations.

    `done_at` by his phone, `counts_at` as clocks and figures count it, `heard_at` when the server had it. `kept`: it
    came too late to change anything.
    """

    act_id: UUID
    act: str
    round: int
    kept: bool
    by: Named | None
    on_behalf_of: Named | None
    done_at: datetime
    counts_at: datetime
    heard_at: datetime
    clock_doubt: bool
    place: SeenPlace | None
    no_place_reason: str | None
    off_site_reason: str | None
    no_photo_reason: str | None
    outcome: str | None
    verdict: str | None
    reason: str | None
    note: str | None


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """A photo that came before and shows the same."""

    photo_id: UUID
    case_id: UUID
    case_no: str
    held_at: datetime


class PhotoFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a photo beside its picture; `length` in octets."""

    id: UUID
    taken_at: datetime | None
    held_at: datetime | None
    place: SeenPlace | None
    source: str | None
    width: int | None
    height: int | None
    length: int
    earlier: list[Earlier]


class ReviewDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A case with all that its judge needs. `inspector`: whom a check would be sent to now."""

    case: CaseDocument
    looks: list[Look]
    photos: list[PhotoFacts]
    inspector: Named | None


class DeskBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What lies on a desk, and how much more it wants. Whatever it does not name goes back.

    `passed_over`: not these now. `plain`: only what nothing is marked on.
    """

    holding: Annotated[list[UUID], Meta(max_length=DESK_MOST)] = []
    want: Annotated[int, Meta(ge=0, le=GIVEN_MOST)] = 0
    passed_over: Annotated[list[UUID], Meta(max_length=PASSED_OVER_MOST)] = []
    plain: bool = False


class DeskAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`kept`: what still lies there and waits; the rest of `holding` is decided, or lies on another desk. `given`: laid
    on it now, in the order in which they are to be looked at. `waiting`: all that wait and lie on no other desk.
    `elsewhere`: what waits, too, and lies on other desks just now."""

    kept: list[UUID]
    given: list[ReviewDocument]
    waiting: int
    elsewhere: int
    until: datetime


class JudgementBody(msgspec.Struct, frozen=True):
    """Whether there was something to the mark; null takes the judgement back."""

    is_right: bool | None


class MarkPrecision(msgspec.Struct, frozen=True, kw_only=True):
    """A mark, and of its last 100 judgements how many there are and how many found it right. `quiet_since`: it was
    wrong in more than half of at least 20, and is shown to nobody since."""

    mark: str
    judged: int
    right: int
    quiet_since: datetime | None


class MarkTable(msgspec.Struct, frozen=True):
    """Every mark there is."""

    marks: list[MarkPrecision]
