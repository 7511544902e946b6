"""What crosses the wire in sign-in and roster. Times carry an offset; bodies refuse members they do not know."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from moshao.kit.qr import Qr
from moshao.kit.tiles import MapTiles
from moshao.people.wording import Language

Name = Annotated[str, Meta(min_length=1, max_length=60)]
StaffNo = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z._@-]+$")]
Phone = Annotated[str, Meta(min_length=3, max_length=30, pattern=r"^[0-9+() -]+$")]
Instant = Annotated[datetime, Meta(tz=True)]
Role = Literal["handler", "inspector", "crew_leader", "unit_operator", "supervisor", "leader", "admin"]


class Body(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A request's body."""


class DeviceSaid(Body):
    """What a phone tells about itself; both are only shown."""

    name: Annotated[str, Meta(max_length=400)] = ""
    platform: Annotated[str, Meta(max_length=400)] = ""


class PairingBody(Body):
    """`public_key` is a JWK (EC, P-256) whose private part never leaves the phone."""

    staff_no: Annotated[str, Meta(min_length=1, max_length=40)]
    code: Annotated[str, Meta(min_length=1, max_length=40)]
    public_key: dict[str, Any]
    device: DeviceSaid = msgspec.field(default_factory=DeviceSaid)


class PairingAnswer(msgspec.Struct, kw_only=True):
    """`base_url` is the `aud` of renewal proofs. `post`: the phone is a post's, and serves these people by PIN."""

    device_id: UUID
    base_url: str
    post: "PostPeople | None" = None


class SessionBody(Body):
    """One of: staff_no, password (and device_id) · device_id, staff_no, pin · device_id, proof (and deliver)."""

    staff_no: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    password: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    pin: Annotated[str, Meta(min_length=1, max_length=20)] | None = None
    device_id: UUID | None = None
    proof: Annotated[str, Meta(min_length=1, max_length=4000)] | None = None
    deliver: bool | None = None


class Named(msgspec.Struct, kw_only=True):
    id: UUID
    name: str


class SignedInPerson(msgspec.Struct, kw_only=True):
    id: UUID
    name: str
    staff_no: str
    role: Role
    unit: Named
    district: Named


class SessionAnswer(msgspec.Struct, kw_only=True):
    """`deliver_only`: this session sends what was done before and reads nothing. `token`: one asked for by `deliver`
    is no cookie, so whoever is signed in stays so; it goes as `Authorization: Bearer`."""

    person: SignedInPerson
    device_id: UUID | None
    deliver_only: bool
    expires_at: datetime
    base_url: str
    token: str | None = None


class PhoneSettings(msgspec.Struct, kw_only=True):
    """What a phone needs to know of its district's settings; docs/district-settings.md explains each."""

    zone: str
    code_set: str
    acceptance: str
    unit_review: str
    report_roles: tuple[str, ...]
    fence_m: int
    nearby_m: int
    handback_hours: int
    extensions_most: int
    appeal_days: int
    photo_px: int
    photo_kb: int


class MyUnit(Named, kw_only=True):
    code: str
    phone: str | None


class MyDevice(Named, kw_only=True):
    state: Literal["active", "replaced"]
    post_id: UUID | None


class MeAnswer(msgspec.Struct, kw_only=True):
    """`roster` differs after a change of role, unit or duty. `map`: the pictures under maps, where there are any."""

    person: SignedInPerson
    unit: MyUnit
    device: MyDevice | None
    settings: PhoneSettings
    crew_ids: tuple[UUID, ...]
    roster: int
    base_url: str
    server_time: datetime
    map: MapTiles | None


class Finding(Body):
    """What a phone's self-check found about one thing: `poor` works, less well than it should. `detail`: a number or
    a name that belongs to it, for who helps."""

    topic: Literal["bell", "storage", "camera", "place", "network", "clock", "worker", "key"]
    state: Literal["good", "poor", "bad"]
    detail: Annotated[str, Meta(max_length=80)] = ""


class DeviceReport(Body):
    """How many items wait on this phone, and since when the oldest does. `findings`: of its self-check, where it has
    just made one; left out, those reported before stay."""

    unsent: Annotated[int, Meta(ge=0, le=1_000_000)]
    oldest_at: Instant | None = None
    app_version: Annotated[str, Meta(max_length=40)] | None = None
    findings: Annotated[list[Finding], Meta(max_length=20)] | None = None


class EndingBody(Body):
    how: Literal["lost", "returned", "replaced"] = msgspec.field(name="as")


class PairingCodeBody(Body):
    """`valid_days` for a printed sheet, else ten minutes; `post_id`: the phone becomes that post's."""

    valid_days: Annotated[int, Meta(ge=1, le=30)] | None = None
    post_id: UUID | None = None


class PairingCodeAnswer(msgspec.Struct, kw_only=True):
    """`link` opens the app with number and code filled in; `qr` is the same for a camera."""

    code: str
    staff_no: str
    expires_at: datetime
    link: str
    qr: Qr


class PairingSheetBody(Body):
    """Whom to print slips for, how long their codes are good, in which language the sheet speaks."""

    people: Annotated[list[UUID], Meta(min_length=1, max_length=100)]
    valid_days: Annotated[int, Meta(ge=1, le=30)] = 7
    language: Language = "zh"


class PostPerson(msgspec.Struct, kw_only=True):
    """Somebody who may sign in by PIN; `has_pin` False: he was given none yet, his password lets him in."""

    id: UUID
    name: str
    staff_no: str
    has_pin: bool


class PostPeople(msgspec.Struct, kw_only=True):
    """Whom a post's phone serves."""

    post: "Named"
    items: list[PostPerson]


class OwnPasswordBody(Body):
    old: Annotated[str, Meta(min_length=1, max_length=200)]
    new: Annotated[str, Meta(min_length=1, max_length=200)]


class OwnPinBody(Body):
    password: Annotated[str, Meta(min_length=1, max_length=200)]
    pin: Annotated[str, Meta(min_length=1, max_length=20)]


class PasswordBody(Body):
    password: Annotated[str, Meta(min_length=1, max_length=200)]


class PinBody(Body):
    pin: Annotated[str, Meta(min_length=1, max_length=20)]


class DeviceView(msgspec.Struct, kw_only=True):
    """`unsent` items were waiting on the phone when it last spoke (`seen_at`). `findings` of its self-check are from
    `checked_at`."""

    id: UUID
    person: Named | None
    post_id: UUID | None
    name: str
    platform: str
    state: Literal["active", "replaced", "lost", "returned"]
    paired_at: datetime
    ended_at: datetime | None
    unsent: int
    oldest_unsent_at: datetime | None
    app_version: str | None
    seen_at: datetime | None
    findings: list[Finding]
    checked_at: datetime | None


class DeviceList(msgspec.Struct, kw_only=True):
    items: list[DeviceView]
    next: UUID | None


class QuarantinedAct(msgspec.Struct, kw_only=True):
    """What a phone called lost sent in somebody's name: `body` is the text as it came."""

    id: UUID
    person: Named
    path: str
    signature: str | None
    device_time: str | None
    body: str
    heard_at: datetime


class QuarantineList(msgspec.Struct, kw_only=True):
    items: list[QuarantinedAct]
