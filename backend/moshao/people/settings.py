"""What a district decides for itself. Every member has a default that works; unknown members are refused."""

from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Review = Literal["always", "marked_only", "off"]
Count = Annotated[int, Meta(ge=0, le=1_000)]
AtLeastOne = Annotated[int, Meta(ge=1, le=1_000)]
Metres = Annotated[int, Meta(ge=0, le=100_000)]
Seconds = Annotated[int, Meta(ge=0, le=86_400)]


class LimitSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: AtLeastOne
    unit: Literal["urgent_hour", "urgent_day", "work_hour", "work_day"]


class LadderTimes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """After how many seconds without a receipt an alert takes each step of its ladder, from its first ring on."""

    gateways: Seconds = 60
    next_gateway: Seconds = 30
    second: Seconds = 180
    crew_leader: Seconds = 300
    supervisor: Seconds = 600
    leader: Seconds = 900
    call_list: Seconds = 1200


URGENT_TIMES = LadderTimes(
    gateways=20, next_gateway=15, second=60, crew_leader=120, supervisor=240, leader=360, call_list=480
)


class UnitTimes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    normal: LadderTimes = LadderTimes()
    urgent: LadderTimes = URGENT_TIMES


class BellSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`by_unit`: unit id → times of its own. `on_call`: whether every case rings those on call when nobody is on
    duty, or urgent ones alone; what does not ring waits for the shift."""

    normal: LadderTimes = LadderTimes()
    urgent: LadderTimes = URGENT_TIMES
    by_unit: dict[str, UnitTimes] = {}
    on_call: Literal["all", "urgent"] = "all"


class ScoreWeights(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """综合得分: what each rate is worth, in points."""

    closed: Count = 40
    on_time: Count = 40
    no_rework: Count = 20
    no_extension: Count = 0


class UnitGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Units that are ranked among themselves, by their codes."""

    name: Annotated[str, Meta(min_length=1, max_length=30)]
    units: tuple[str, ...]


class BulletinSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`scheduled`: which bulletins are drafted by themselves on the day after the period, from `at_hour` on. `groups`:
    none is a group for each kind of unit. `issuer`: whose name stands on it; empty: the district's centre."""

    scheduled: tuple[Literal["day", "week", "month", "quarter"], ...] = ("week", "month", "quarter")
    at_hour: Annotated[int, Meta(ge=0, le=23)] = 7
    score: ScoreWeights = ScoreWeights()
    groups: tuple[UnitGroup, ...] = ()
    issuer: Annotated[str, Meta(max_length=60)] = ""


class DistrictSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Stored as JSON in `districts.settings`; docs/district-settings.md explains each member."""

    zone: str = "Asia/Shanghai"
    calendar: str = "wancheng_duty"
    code_set: str = "GB/T 47678.5-2026"
    default_limit: LimitSetting = LimitSetting(1, "work_day")
    acceptance: Literal["explicit", "on_open", "off"] = "explicit"
    unit_review: Review = "always"
    unit_review_by_unit: dict[str, Review] = {}
    unit_review_by_class: dict[str, Review] = {}
    parent_reviews_too: bool = False
    clock_stops: Literal["unit_pass", "handing_in"] = "unit_pass"
    rework_limit: Literal["same", "fresh"] = "same"
    auto_dispatch: bool = True
    auto_assign: bool = True
    auto_file_reports: bool = False
    report_roles: tuple[Literal["inspector", "handler", "crew_leader"], ...] = ("inspector", "handler")
    fence_m: Metres = 100
    nearby_m: Metres = 50
    handback_hours: Count = 24
    extensions_most: Count = 2
    appeal_days: Count = 7
    photo_px: Annotated[int, Meta(ge=640, le=8_000)] = 1_600
    photo_kb: Annotated[int, Meta(ge=60, le=8_000)] = 400
    devices_per_person: AtLeastOne = 2
    session_days: AtLeastOne = 30
    desk_idle_minutes: Annotated[int, Meta(ge=5, le=100_000)] = 12 * 60
    bell: BellSettings = msgspec.field(default_factory=BellSettings)
    bulletins: BulletinSettings = msgspec.field(default_factory=BulletinSettings)


@lru_cache(maxsize=1024)
def read_settings(text: str) -> DistrictSettings:
    """The settings stored in a district's row; an empty text is all defaults."""
    return msgspec.json.decode(text or "{}", type=DistrictSettings)
