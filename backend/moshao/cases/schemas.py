"""What every act carries and what it is answered. The bodies of the acts stand with the acts."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from moshao.places.geojson import Point

NOTE_MOST = 2000
PHOTOS_MOST = 40
HELPERS_MOST = 20
# Three centuries: further off, a clock says nothing.
FAR_S = 1e10

Instant = Annotated[datetime, Meta(tz=True)]
Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="one of a list; unknown ones are kept")]
Words = Annotated[str, Meta(min_length=1, max_length=NOTE_MOST)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
PersonIds = Annotated[list[UUID], Meta(max_length=HELPERS_MOST)]


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A member nobody knows is refused, not overlooked."""


class Place(Strict):
    """Where the phone was."""

    location: Point
    accuracy_m: Annotated[float, Meta(ge=0)] | None = None
    fixed_at: Instant | None = None
    datum: Literal["wgs84", "cgcs2000", "gcj02", "bd09"] = "wgs84"


class DeviceClock(Strict):
    """The phone's clock at its last contact: server minus phone, and how long ago by a clock that never jumps."""

    offset_s: Annotated[float, Meta(ge=-FAR_S, le=FAR_S)]
    age_s: Annotated[float, Meta(ge=0, le=FAR_S)]


class NamedPhoto(Strict):
    photo_id: UUID
    sha256: Sha256


class ActBody(Strict):
    """What each act may carry. Desks send `done_at` only."""

    done_at: Instant
    place: Place | None = None
    no_place_reason: Code | None = None
    clock: DeviceClock | None = None
    photos: Annotated[list[NamedPhoto], Meta(max_length=PHOTOS_MOST)] = []
    note: Annotated[str, Meta(max_length=NOTE_MOST)] | None = None


class Receipt(msgspec.Struct, kw_only=True):
    """What the phone may now forget: this act, and of its photos those in `photos` (id → SHA-256)."""

    act_id: UUID
    case_id: UUID | None
    photos: dict[UUID, str]
    photos_missing: list[UUID]
    photos_refused: dict[UUID, str]
    seq: int
    heard_at: datetime


class ActAnswer(msgspec.Struct, kw_only=True):
    """`kept`: it came too late to change the case, is stored and shown to the supervisor. A handover has no `case_id`:
    `cases` went over, `left` are those for which nobody was found, or who was named is of another unit."""

    verdict: Literal["done", "kept"]
    case_id: UUID | None
    receipt: Receipt
    cases: tuple[UUID, ...] | UnsetType = UNSET
    left: tuple[UUID, ...] | UnsetType = UNSET
