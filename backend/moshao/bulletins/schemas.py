"""What crosses the wire about bulletins, and what of it is kept. Rates in ten-thousandths, times with offset."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

PeriodKind = Literal["day", "week", "month", "quarter"]
Section = Literal["overview", "ranking", "overdue", "classes", "days", "repeats", "typical", "supervised", "demands"]
# All but text are numbers: rates and points (a difference of rates) in ten-thousandths, scores in hundredths, hours in
# seconds.
CellKind = Literal["text", "count", "change", "rate", "points", "score", "hours", "hours_change"]
TYPICAL_MOST = 6
Written = Annotated[str, Meta(max_length=4000)]


class TotalLine(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of the district beside the period before. `before` is null where nobody knows it."""

    figure: str
    now: int | None
    before: int | None


class RankLine(msgspec.Struct, frozen=True, kw_only=True):
    """A unit with all below it. `score` in hundredths; `rank` and `score` are null where nothing was due."""

    unit_id: UUID
    unit: str
    rank: int | None
    rank_before: int | None
    score: int | None
    received: int
    due: int
    closed: int
    closed_on_time: int
    reworked: int
    extended: int
    overdue_left: int
    closed_rate: int | None
    closed_on_time_rate: int | None
    rework_rate: int | None
    extension_rate: int | None
    median_s: int | None


class RankGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Units that are compared with each other, the best first."""

    name: str
    lines: list[RankLine]


class OverdueLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit and those below it have that is late still."""

    unit: str
    cases: int
    oldest_deadline: datetime


class ClassLine(msgspec.Struct, frozen=True, kw_only=True):
    """One of the most frequent classes. `share` of all received."""

    id: str
    name: str
    received: int
    share: int
    before: int


class DayLine(msgspec.Struct, frozen=True, kw_only=True):
    day: date
    received: int
    due: int
    closed: int
    closed_on_time: int
    closed_on_time_rate: int | None


class RepeatLine(msgspec.Struct, frozen=True, kw_only=True):
    """A place where the same class came up again and again in the last 30 days. `address`, `unit`: of the last."""

    name: str
    address: str
    unit: str
    cases: int
    case_nos: list[str]


class SupervisedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A 督办 of the period, or an older one that nobody has replied to."""

    case_no: str
    title: str
    unit: str
    asked_at: datetime
    reply_by: datetime | None
    reply: Literal["replied", "waits", "late"]


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """更正: what a published bulletin said and what is true now. `unit_id` null: the district."""

    bulletin_id: UUID
    bulletin: str
    unit_id: UUID | None
    unit: str
    figure: str
    published: int
    now: int


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of a unit (null: of the district) that later bulletins may have to correct."""

    unit_id: UUID | None
    unit: str
    counts: dict[str, int]


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """All numbers of a bulletin, as counted at `counted_at`. `score` explains itself; the days of `span_before`."""

    district: str
    issuer: str
    zone: str
    first: date
    last: date
    first_before: date
    last_before: date
    counted_at: datetime
    definitions_version: int
    totals: list[TotalLine]
    groups: list[RankGroup]
    score: str
    overdue: list[OverdueLine]
    classes: list[ClassLine]
    days: list[DayLine]
    repeats: list[RepeatLine]
    supervised: list[SupervisedLine]
    corrections: list[Correction]
    stated: list[Stated]


class PhotoRef(msgspec.Struct, frozen=True, kw_only=True):
    photo_id: UUID
    sha256: str
    media_type: str


class Typical(msgspec.Struct, frozen=True, kw_only=True):
    """A typical case: its photos and what is said of it."""

    case_id: UUID
    case_no: str
    words: str
    before: PhotoRef
    after: PhotoRef


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A case that was closed in the period, with the photos to choose from; `words` as they would be drafted."""

    case_id: UUID
    case_no: str
    title: str
    unit: str
    class_name: str
    on_time: bool | None
    marked: bool
    words: str
    before: list[PhotoRef]
    after: list[PhotoRef]


class CandidateList(msgspec.Struct, frozen=True, kw_only=True):
    items: list[Candidate]


class Cell(msgspec.Struct, frozen=True):
    """`text` is what people read of `value`."""

    value: int | str | None
    kind: CellKind
    text: str


class Column(msgspec.Struct, frozen=True):
    """`width`: its share of the line. `numeric`: stands on the right."""

    name: str
    width: int
    numeric: bool


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A table."""

    title: str
    columns: list[Column]
    rows: list[list[Cell]]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A section: heading, words, tables; the typical cases stand in the section of that name. `words` are a person's,
    or as drafted. `section` is null where nobody can write anything."""

    section: Section | None
    heading: str
    words: str
    edited: bool
    sheets: list[Sheet]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What every format shows, in this order."""

    title: str
    number: str
    issuer: str
    period: str
    dated: str
    parts: list[Part]
    typical: list[Typical]
    notes: list[str]


class BulletinLine(msgspec.Struct, frozen=True, kw_only=True):
    """A bulletin in the list. `made_by` null: by the schedule. `can_publish`: a draft counted after its last day."""

    id: UUID
    period: PeriodKind
    from_: date = msgspec.field(name="from")
    to: date
    state: Literal["draft", "published"]
    title: str
    number: str
    revision: int
    counted_at: datetime
    can_publish: bool
    made_by: str | None
    published_at: datetime | None
    published_by: str | None


class BulletinView(BulletinLine, frozen=True, kw_only=True):
    """With everything in it. `files`: format → SHA-256 of the bytes it was published as."""

    document: Document
    contents: Contents
    files: dict[str, str]


class BulletinList(msgspec.Struct, frozen=True, kw_only=True):
    items: list[BulletinLine]


class BulletinBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`from`: any day of the period."""

    period: PeriodKind
    from_: date = msgspec.field(name="from")


class ChosenCase(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    case_id: UUID
    before_photo_id: UUID
    after_photo_id: UUID
    words: Written


class WordsBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`revision`: what the writer saw. `words`: section → text, null for as drafted; sections left out stay as they
    are. `typical`: all of them, in order; left out: they stay."""

    revision: int
    words: dict[Section, Written | None] = {}
    typical: Annotated[list[ChosenCase], Meta(max_length=TYPICAL_MOST)] | None = None


class PublicationBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`revision`: what the publisher saw."""

    revision: int


class TemplateView(msgspec.Struct, frozen=True, kw_only=True):
    """The district's own letterhead; all null while ours is used."""

    sha256: str | None = None
    put_at: datetime | None = None
    put_by: str | None = None
