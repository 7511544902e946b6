"""What the screen of figures is told."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

By = Literal["unit", "class", "grid", "post", "day", "source"]
Figure = Literal[
    "due", "closed", "closed_on_time", "handled", "handled_on_time", "worked_on", "reworked", "received", "extended",
    "handbacks", "overdue_left",
]  # fmt: skip


class FigureRow(msgspec.Struct, frozen=True, kw_only=True):
    """A unit with all below it, or a class, grid, post, day or source. Rates in ten-thousandths, null where nothing
    was to do.

    `depth`: how far below the topmost unit shown. `median_s`: seconds from the dispatch to the handing in, in wall
    time, of those due that were handed in.
    """

    id: str
    name: str
    depth: int
    due: int
    closed: int
    closed_on_time: int
    handled: int
    handled_on_time: int
    worked_on: int
    reworked: int
    received: int
    extended: int
    handbacks: int
    overdue_left: int
    closed_rate: int | None
    closed_on_time_rate: int | None
    handled_rate: int | None
    handled_on_time_rate: int | None
    rework_rate: int | None
    extension_rate: int | None
    handback_rate: int | None
    median_s: int | None


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """What a figure is called and how it is made: a rate is `numerator` ÷ `denominator`, a count has its cases."""

    figure: str
    numerator: str | None
    denominator: str | None
    cases: str | None
    name_zh: str
    name_en: str
    says_zh: str
    says_en: str


class FiguresAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Both days are inside the period, in the district's zone. `total`: of everything the reader may see."""

    from_: date = msgspec.field(name="from")
    to: date
    as_of: datetime
    by: By
    total: FigureRow
    rows: list[FigureRow]
    definitions_version: int
    definitions: list[Definition]


class CountedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case that a number counts. `amount`: how much it adds."""

    id: UUID
    case_no: str
    title: str | None
    address: str | None
    unit: str | None
    state: str
    deadline: datetime | None
    ended_at: datetime | None
    on_time: bool | None
    amount: int


class CountedCases(msgspec.Struct, frozen=True, kw_only=True):
    """`sum`: the number itself. `cases`: the first of those behind it, by deadline."""

    figure: Figure
    sum: int
    count: int
    cases: list[CountedCase]
